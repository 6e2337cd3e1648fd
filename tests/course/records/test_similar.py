import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.course.records.similar import pairs, similar
from cme323.course.records.winnow import K, W, fingerprints, hashes, tokens, winnow
from cme323.errors import BadInput

ORIGINAL = '''
def pagerank(edges, damping, steps):  # about 9 lines
    """All ranks."""
    pages = sorted({page for edge in edges for page in edge})
    ranks = {page: 1 / len(pages) for page in pages}
    for _ in range(steps):
        arrived = dict.fromkeys(pages, 0.0)
        for u, v in edges:
            arrived[v] += ranks[u] / degree[u]
        ranks = {p: damping * arrived[p] + (1 - damping) / len(pages) for p in pages}
    return ranks
'''
DISGUISED = """
def pr(e, d, k):
    # I wrote this myself
    p = sorted({a for b in e for a in b})

    r = {a: 1. / len(p) for a in p}
    for i in range(k):
        got = dict.fromkeys(p, 0)
        for s, t in e: got[t] += r[s] / out[s]
        r = {a: d * got[a] + (1 - d) / len(p) for a in p}
    return r
"""
OTHER = """
def pagerank(edges, damping, steps):
    n = max(max(edge) for edge in edges) + 1
    matrix = np.zeros((n, n))
    for u, v in edges:
        matrix[v, u] = 1
    matrix /= np.maximum(matrix.sum(axis=0), 1)
    x = np.full(n, 1 / n)
    while steps > 0:
        x = damping * matrix @ x
        x += (1 - x.sum()) / n
        steps -= 1
    return dict(enumerate(x))
"""


def hand_in(folder, *texts, name="hw"):
    folder.mkdir(parents=True, exist_ok=True)
    cells = [{"cell_type": "code", "source": text, "metadata": {}} for text in texts]
    (folder / f"{name}.ipynb").write_text(json.dumps({"cells": cells}))
    return folder / f"{name}.ipynb"


@pytest.fixture
def released(tmp_path):
    return hand_in(tmp_path / "released", "from operator import add")


def test_other_names_comments_layout_and_literals_hide_nothing(tmp_path, released):
    for name, text in (("ada", ORIGINAL), ("bob", DISGUISED), ("eve", OTHER)):
        hand_in(tmp_path / "in" / name, "x = 1", text)
    found, _ = similar(tmp_path / "in", "hw", released=released)
    assert (found[0].first, found[0].second) == ("ada", "bob")
    assert found[0].share > 0.8
    assert found[0].where.startswith("2 and 2: ")
    assert all(pair.share < 0.1 for pair in found[1:])


def test_what_was_released_is_left_out(tmp_path):
    released = hand_in(tmp_path / "released", ORIGINAL)
    for name in ("ada", "bob"):
        hand_in(tmp_path / "in" / name, ORIGINAL)
    assert similar(tmp_path / "in", "hw", released=released) == ([], [])


def test_what_a_quarter_of_a_class_shares_is_how_it_is_solved():
    base = fingerprints([ORIGINAL], set())
    assert pairs({f"s{n}": base for n in range(3)})
    assert pairs({f"s{n}": base for n in range(4)}) == []


words = st.lists(st.sampled_from(["V", "N", "(", ")", "+", "if", "="]), max_size=60)


@given(words, words, st.lists(st.sampled_from("VN(+="), min_size=K + W, max_size=40))
def test_who_shares_k_plus_w_minus_1_tokens_shares_a_fingerprint(a, b, shared):
    first, second = (set(winnow(hashes(w + shared + w)).tolist()) for w in (a, b))
    assert first & second


@given(words)
def test_a_fingerprint_is_a_hash_of_the_code_and_none_is_far_from_the_next(text):
    values = hashes(text)
    chosen = winnow(values)
    assert set(chosen.tolist()) <= set(values.tolist())
    assert len(chosen) >= len(values) // W


def test_no_two_of_many_grams_collide():
    ids = np.random.default_rng(0).integers(0, 50, 20_000).astype(str)
    assert len(set(hashes(ids.tolist()).tolist())) == 20_000 - K + 1


@given(st.text(max_size=80))
def test_any_text_has_tokens(text):
    assert all(token and not token.isspace() for token in tokens(text))


def test_strings_of_all_kinds_are_one_token():
    assert tokens("f'a' + \"b\\\"c\" + '''d\n'e''' + r\"\"\"x") == list("S+S+S+S")


def test_the_table_is_written_and_reads_back(tmp_path, released):
    for name in ("ada", "bob"):
        hand_in(tmp_path / "in" / name, ORIGINAL)
    hand_in(tmp_path / "in" / "eve", OTHER, "me = 'ada'")
    (tmp_path / "in" / "zoe").mkdir()
    hand_in(tmp_path / "in" / "yan").write_text("{")
    file = tmp_path / "similar.csv"
    found, remarks = similar(tmp_path / "in", "hw", file, released=released)
    assert similar(tmp_path / "in", "hw", released=released) == (found, remarks)
    (row,) = csv.DictReader(file.read_text().splitlines())
    assert (row["first"], row["second"], float(row["share"])) == ("ada", "bob", 1.0)
    assert int(row["shared"]) == found[0].shared
    assert remarks == [
        "eve has worked as ada: their variant is another's",
        "yan is left out: hw.ipynb is damaged: it is not JSON",
        "zoe is left out: there is no notebook: hand in hw.ipynb",
    ]
    with pytest.raises(BadInput, match="is there already"):
        similar(tmp_path / "in", "hw", file, released=released)


def test_among_two_hundred_submissions_the_two_equal_ones_are_found(tmp_path):
    solution = Path(__file__).parents[3] / "solutions/a1_work_depth/a1_work_depth.py"
    text = solution.read_text()
    rng = np.random.default_rng(0)
    for number in range(200):
        lines = text.splitlines()
        rng.shuffle(lines)
        mine = "\n".join(lines) if number > 1 else text
        hand_in(tmp_path / "in" / f"s{number:03}", mine)
    found, _ = similar(tmp_path / "in", "hw")
    assert (found[0].first, found[0].second) == ("s000", "s001")
    assert found[0].share == 1


def test_a_release_that_cannot_be_read_is_one_sentence(tmp_path):
    hand_in(tmp_path / "in" / "ada", ORIGINAL)
    with pytest.raises(BadInput, match="must be the released notebook"):
        similar(tmp_path / "in", "hw", released=tmp_path / "no.ipynb")
