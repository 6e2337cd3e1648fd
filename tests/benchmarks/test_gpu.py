"""benchmarks/gpu.py: its programs agree, on a CPU too; without a GPU it says so."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SMALL = {"matmul": 96, "product": 5000, "copy": 1000, "cnn": 2}


@pytest.fixture
def gpu(monkeypatch):
    pytest.importorskip("psutil")
    pytest.importorskip("torch", reason="needs torch")
    monkeypatch.syspath_prepend(ROOT)
    from benchmarks import gpu

    return gpu


@pytest.mark.filterwarnings("ignore:Sparse CSR tensor support")
@pytest.mark.parametrize(("name", "size"), SMALL.items())
def test_every_program_gives_the_answer_of_the_cpu(gpu, monkeypatch, name, size):
    monkeypatch.setattr(gpu, "DEVICE", "cpu")
    workload = gpu.SUITE.workloads[name]
    data = workload.data(size)
    expected = workload.programs["cpu"](data)
    with gpu.Device() as device:
        assert not workload.wrong(workload.programs["cuda"](device, data), expected)


def test_tiles_in_triton_give_it_too(gpu, monkeypatch):
    pytest.importorskip("triton", reason="needs triton")
    monkeypatch.setattr(gpu, "DEVICE", "cpu")
    monkeypatch.setattr(gpu, "TIMES", 1)
    data = gpu.matrices(96)
    workload = gpu.SUITE.workloads["matmul"]
    with gpu.Device() as device:
        answer = gpu.triton(device, data)
    assert not workload.wrong(answer, gpu.np_matmul(data))


def test_without_a_gpu_there_is_one_sentence(gpu):
    import torch

    if torch.cuda.is_available():
        pytest.skip("a CUDA device is here")
    with pytest.raises(gpu.BadInput, match="no CUDA device is here"), gpu.Device():
        pass


def test_targets_are_judged_by_ratios(gpu):
    from benchmarks.suite import Result

    took = {
        ("matmul", "cuda"): (4096, 0.8),
        ("matmul", "triton"): (4096, 1.0),
        ("product", "cuda"): (10**7, gpu.product_bytes(10**7) / 1.2e9),
        ("copy", "cuda"): (10**8, 0.4),
    }
    results = [Result(*names, n, seconds=[s] * 3) for names, (n, s) in took.items()]
    judged = [(t.figure, t.verdict) for t in gpu.targets(results, [])]
    assert judged == [(0.8, "met"), (pytest.approx(0.6), "met"), (None, "not judged")]
