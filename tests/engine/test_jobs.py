from operator import add
from xml.etree import ElementTree

from cme323 import Cluster, Context
from cme323.engine.jobs import Jobs


def pair(x):
    return x % 4, x


def ran(sc):
    sc.range(12).map(pair).reduceByKey(add).count()
    sc.range(3).cache().sum()
    return sc.jobs


def html_rows(table):
    root = ElementTree.fromstring(table._repr_html_())
    return [[cell.text for cell in row] for row in root.iter("tr")]


def test_jobs_are_a_table_in_text(sc):
    assert repr(ran(sc)).splitlines() == [
        "job  action  rounds  tasks  records  bytes  "
        "cached  recomputed  spilled  failures  skew",
        "  0  count        1      6       12    234  "
        "     0           0        0         0  1.50",
        "  1  sum          0      3        0      0  "
        "     3           0        0         0     -",
    ]


def test_jobs_are_the_same_table_in_html(sc):
    jobs = ran(sc)
    text = [line.split() for line in repr(jobs).splitlines()]
    assert html_rows(jobs) == text


def test_jobs_are_a_list(sc):
    assert sc.jobs == []
    first, second = ran(sc)
    assert (len(sc.jobs), sc.jobs[-1], sc.jobs.index(first)) == (2, second, 0)
    assert sc.jobs == [first, second]


def test_no_jobs_say_so(sc):
    assert repr(sc.jobs) == "Jobs: none"
    assert sc.jobs._repr_html_() == "<p>Jobs: none</p>"


def test_a_slice_keeps_the_numbers_of_its_jobs(sc):
    last = ran(sc)[-1:]
    assert isinstance(last, Jobs)
    assert repr(last).splitlines()[1].split()[:2] == ["1", "sum"]
    assert repr(last[:1]) == repr(last)


def test_of_many_jobs_the_first_and_the_last_are_shown(sc):
    few = sc.range(1, numSlices=1)
    for _ in range(100):
        few.count()
    lines = repr(sc.jobs).splitlines()
    assert len(lines) == 1 + 40 + 1
    assert [lines[i].split()[0] for i in (1, 20, 21, 22, 41)] == (
        ["0", "19", "…", "80", "99"]
    )


def test_a_job_is_a_table_of_its_stages(sc):
    sc.setJobGroup("<g>", "words")
    title, _, map_stage, result = repr(ran(sc)[0]).splitlines()
    assert title == f"Job count (<g>, words): {sc.jobs[0].cost}"
    assert map_stage.split()[:4] == ["1", "0", "combine", "RDD[2]"]
    assert result.split()[:4] == ["result", "1", "combineByKey", "RDD[4]"]
    assert "&lt;g&gt;" in sc.jobs[0]._repr_html_()


def test_a_stage_is_a_table_of_its_tasks(sc):
    stage = ran(sc)[0].stages[0]
    title, headings, *tasks = repr(stage).splitlines()
    assert title == "Stage 0, combine RDD[2]"
    column = headings.split().index("records")
    assert sum(int(task.split()[column]) for task in tasks) == stage.records == 12
    assert stage._repr_html_().count("<tr>") == 1 + 3


def test_the_skew_of_a_job_is_that_of_its_worst_stage(sc):
    sc.range(12).map(lambda x: (0, x)).partitionBy(4).count()
    (job,) = sc.jobs
    assert job.skew == max(stage.skew for stage in job.stages) == 4


def test_a_context_shows_its_cost_and_its_jobs(sc):
    jobs = ran(sc)
    shown = sc._repr_html_()
    assert repr(sc.cost) in shown
    assert jobs._repr_html_() in shown


def test_on_a_simulated_clock_jobs_have_seconds():
    with Context(cluster=Cluster(machines=2)) as sc:
        sc.range(9).count()
        heading, row = repr(sc.jobs).splitlines()
        assert heading.split()[-1] == "seconds"
        assert row.split()[-1] == f"{sc.jobs[0].seconds:,.2f}"
