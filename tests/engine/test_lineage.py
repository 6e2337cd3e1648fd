import html
from itertools import islice
from operator import add
from xml.etree import ElementTree

import pytest

from cme323 import Context
from cme323.graphs.pagerank import power_iteration

SVG = "{http://www.w3.org/2000/svg}"
NAMES = {
    "markup": "<a&b>",
    "quotes": "a\"b'c",
    "lines": "two\nlines",
    "control": "nul\x00",
    "surrogate": "half \ud800",
    "scripts": "é λ 中",
    "long": "x" * 300,
}


def pair(x):
    return x % 4, x


def words_of(picture):
    """The texts in the picture, its title and its description."""
    root = ElementTree.fromstring(picture.svg())
    texts = [text.text for text in root.iter(f"{SVG}text")]
    return texts, root.find(f"{SVG}title").text, root.find(f"{SVG}desc").text


def counted(sc):
    words = ["to", "to", "be", "or", "not", "be"]
    counts = sc.parallelize(words).map(lambda w: (w, 1)).reduceByKey(add)
    counts.collect()
    return counts


def lines_of(picture):
    """Its text, without the place and the words of each line of code."""
    return [line.split("  test_lineage.py")[0] for line in repr(picture).splitlines()]


def test_a_word_count_in_text(sc):
    assert lines_of(counted(sc).show()) == [
        "Lineage of RDD[4] combineByKey: 5 RDDs in 2 stages, 1 shuffle, "
        "5 records and 136 bytes moved.",
        "□ a partition",
        "",
        "┌ Stage 1",
        "│ RDD[0] parallelize   □□□ 3          ",
        "│ RDD[1] map           □□□ 3          ",
        "│ RDD[2] combine       □□□ 3          ",
        "└─▶ RDD[2] shuffled to RDD[3] in stage 2: 5 records, 136 bytes, skew 1.20",
        "",
        "┌ Stage 2",
        "│ RDD[3] shuffle       □□□ 3  from [2]",
        "│ RDD[4] combineByKey  □□□ 3          ",
        "└─",
    ]


def test_each_line_says_what_the_program_says_there(sc):
    ready = sc.range(3).map(pair)
    (line,) = [line for line in repr(ready.show()).splitlines() if "map" in line[:20]]
    assert line.endswith("ready = sc.range(3).map(pair)")
    assert "test_lineage.py:" in line


def test_before_a_job_nothing_has_moved(sc):
    picture = sc.range(9).map(pair).groupByKey().show()
    assert "nothing moved yet" in repr(picture)
    assert "not run yet" in words_of(picture)[0]


def test_the_counts_on_the_arrows_are_those_of_the_jobs(sc):
    left = sc.range(40).map(pair).reduceByKey(add)
    rdd = left.join(sc.range(9).map(pair).groupByKey(5), 4).sortByKey()
    rdd.count()
    moves = {move.source: (move.records, move.bytes) for move in rdd.show().moves}
    stages = [stage for job in sc.jobs for wave in job.rounds for stage in wave]
    assert moves == {stage.rdd_id: (stage.records, stage.bytes) for stage in stages}
    total = sum(records for records, _ in moves.values())
    assert total == sc.cost.records
    assert f"{total} records" in words_of(rdd.show())[1]


def test_skew_is_the_largest_partition_over_the_mean(sc):
    rdd = sc.range(12).map(lambda x: (0, x)).partitionBy(4)
    rdd.count()
    (move,) = rdd.show().moves
    assert move.skew == 4
    assert "skew 4.00" in words_of(rdd.show())[0]


def test_an_rdd_used_twice_is_drawn_once(sc):
    once = sc.range(9).map(pair).setName("twice")
    both = once.join(once)
    both.count()
    texts, _, _ = words_of(both.show())
    assert texts.count(f"RDD[{once.id()}] twice map") == 1
    assert [move.source for move in both.show().moves] == [once.id()] * 2


def test_a_join_in_place_is_one_stage_without_a_shuffle_of_its_own(sc):
    placed = sc.range(9).map(pair).partitionBy(3)
    picture = placed.join(placed.mapValues(str)).show()
    assert (len(picture.stages), len(picture.moves)) == (2, 1)


def test_a_union_takes_its_parents_into_its_stage_whatever_is_above_the_other(sc):
    short, deep = sc.range(3), sc.range(3).map(pair).groupByKey().groupByKey(5)
    picture = short.union(deep).show()
    assert picture.stages[-1] == (short.id(), *range(deep.id() - 1, deep.id() + 2))
    assert picture.levels == [0, 1, 2]
    assert picture.in_place == []


def test_shuffles_that_share_a_round_are_on_one_level(sc):
    deep = sc.range(9).map(pair).groupByKey(2).mapValues(len)
    rdd = deep.join(sc.range(9).map(pair), 5)
    rdd.count()
    levels = rdd.show().levels
    waves = [len(wave) for wave in sc.jobs[0].rounds]
    assert waves == [levels.count(level) for level in range(max(levels))] == [2, 1]


def test_ten_steps_of_pagerank_read_their_links_in_place(sc):
    steps = power_iteration(sc, [(i, (7 * i + 1) % 20) for i in range(20)])
    picture = next(islice(steps, 10, None)).show()
    assert (len(picture.stages), len(picture.moves)) == (12, 11)
    assert {parent for parent, _ in picture.in_place} == {5}
    assert "RDD[5] read in place in stages 3, 4, 5, 6, 7, 8, 9, 10, 11, 12" in repr(
        picture
    )


def test_cached_partitions_are_those_cached_now(sc):
    kept = sc.range(9).map(pair).cache()
    kept.take(1)
    step = kept.show().steps[kept.id()]
    assert step.states == ("cached", "", "")
    assert "3 partitions, 1 cached" in words_of(kept.show())[0]
    assert "■□□ 3, 1 cached" in repr(kept.show())


def test_a_lost_output_is_hatched_until_it_is_there_again():
    with Context(partitions=4, executor="processes", workers=2) as sc:
        rdd = sc.range(20).map(pair).groupByKey()
        rdd.count()
        sc.kill(1)
        picture = rdd.show()
        assert "□▨□▨ 4" in repr(picture)
        assert "2 of 4 outputs lost" in words_of(picture)[0]
        (move,) = picture.moves
        assert (move.ran, move.lost, move.records) == (2, 2, 10)
        rdd.count()
        assert "lost" not in repr(rdd.show())


def test_many_partitions_are_a_few_squares_and_their_number(sc):
    picture = sc.range(9, numSlices=1024).show()
    assert "□□□□□□□□… 1,024" in repr(picture)
    assert "… 1,024 partitions" in words_of(picture)[0]


def test_the_alternative_text_says_the_numbers(sc):
    picture = counted(sc).show()
    _, title, said = words_of(picture)
    assert title == repr(picture).splitlines()[0]
    assert "Stage 1: RDD[0] parallelize, 3 partitions; RDD[1] map from RDD[0]" in said
    assert "Shuffle from RDD[2] to RDD[3] in stage 2: 5 records, 136 bytes" in said
    assert html.escape(said) in picture._repr_html_()


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_any_name_makes_a_picture(sc, name):
    picture = sc.range(3).setName(name).show()
    texts, _, said = words_of(picture)
    assert name[:3] in said
    assert picture.svg().encode()
    assert "<a&b>" not in picture._repr_html_()
    assert len(repr(picture).splitlines()) == 6
    assert all("\n" not in text for text in texts)


def test_a_lineage_longer_than_pythons_stack(sc):
    rdd = sc.range(4)
    for i in range(2_000):
        rdd = rdd.map(pair) if i % 10 else rdd.map(pair).partitionBy(3)
    picture = rdd.show()
    assert f"{len(picture.steps):,} RDDs in 201 stages" in repr(picture)
    ElementTree.fromstring(picture.svg())


def test_the_picture_holds_no_script_and_loads_nothing(sc):
    drawn = counted(sc).show().svg()
    assert "<script" not in drawn
    assert drawn.count("http") == 1, "the namespace"
    assert ElementTree.fromstring(drawn).get("role") == "img"


def test_showing_runs_no_job(sc):
    sc.range(9).map(pair).groupByKey().show()._repr_html_()
    assert sc.jobs == []


@pytest.mark.parametrize(
    ("file", "where"),
    [
        ("/tmp/ipykernel_4711/1193.py", "cell:3"),
        ("<ipython-input-7-c0ffee>", "cell:3"),
        ("/home/me/words.py", "words.py:3"),
        ("<stdin>", "<stdin>:3"),
    ],
)
def test_a_line_of_a_notebook_is_told_without_the_number_of_its_kernel(sc, file, where):
    rdd = sc.range(3)
    rdd.site = file, 3
    assert rdd.show().steps[rdd.id()].made == where


def test_outputs_that_were_cleaned_away_are_not_lost(sc):
    rdd = sc.range(9).map(pair).groupByKey()
    rdd.count()
    rdd.cleanShuffleDependencies()
    assert "not run yet" in repr(rdd.show())


def test_a_checkpoint_cuts_the_picture_too(sc, tmp_path):
    sc.setCheckpointDir(str(tmp_path))
    rdd = sc.range(9).map(pair).groupByKey()
    rdd.checkpoint()
    rdd.count()
    (step,) = rdd.show().steps.values()
    assert step.name == "groupByKey [checkpointed]"
