"""A lineage in text: one line an RDD, stage after stage, shuffles between them.

    ┌ Stage 1
    │ RDD[0] parallelize  □□ 2   words.py:3  words = sc.parallelize(lines)
    └─▶ shuffle to RDD[1] in stage 2: 17 records, 420 bytes, skew 1.20

The same counts in sentences are the picture's alternative text.
"""

from collections import defaultdict

SQUARES = {"": "□", "cached": "■", "lost": "▨", "cached lost": "▨"}


def text(lineage):
    """The drawing."""
    rows = [
        [_cells(lineage.steps[i], above) for above, i in zip((None, *ids), ids)]
        for ids in lineage.stages
    ]
    columns = zip(*(cells[:-1] for stage in rows for cells in stage))
    widths = [max(map(len, column)) for column in columns]
    lines = [title(lineage), _legend(lineage)]
    for number, (stage, exits) in enumerate(zip(rows, _exits(lineage)), start=1):
        lines += ["", f"┌ Stage {number}"]
        for *cells, code in stage:
            padded = [cell.ljust(n) for cell, n in zip(cells, widths) if n]
            lines.append("│ " + "  ".join([*padded, code]).rstrip())
        *exits, last = exits or ["─"]
        lines += [f"├{line}" for line in exits] + [f"└{last}"]
    return "\n".join(lines)


def title(lineage):
    """The picture in a sentence."""
    steps, moves = lineage.steps, lineage.moves
    return (
        f"Lineage of RDD[{lineage.root}] {cut(steps[lineage.root].name)}: "
        f"{counted(len(steps), 'RDD')} in {counted(len(lineage.stages), 'stage')}, "
        f"{counted(len(moves), 'shuffle')}{_moved(moves)}."
    )


def described(lineage):
    """All that the picture shows, in sentences."""
    said = []
    for number, ids in enumerate(lineage.stages, start=1):
        steps = "; ".join(_step_in_words(lineage.steps[i]) for i in ids)
        said.append(f"Stage {number}: {steps}.")
    for move in lineage.moves:
        stage = lineage.stage_of[move.target] + 1
        said.append(
            f"Shuffle from RDD[{move.source}] to RDD[{move.target}] in stage {stage}: "
            f"{', '.join(counts(move))}."
        )
    said += [f"{words}." for words in _in_place(lineage).values()]
    return " ".join(said)


def counts(move):
    """What a shuffle moved, as short phrases."""
    if not move.ran and not move.lost:
        return ["not run yet"]
    found = [counted(move.records, "record"), size(move.bytes)]
    if move.skew is not None and f"{move.skew:.2f}" != "1.00":
        found.append(f"skew {move.skew:.2f}")
    if move.lost:
        found.append(f"{move.lost} of {counted(move.mappers, 'output')} lost")
    elif move.ran < move.mappers:
        found.append(f"{move.ran} of {counted(move.mappers, 'task')} ran")
    return found


def counted(number, noun):
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def size(number):
    return "unknown bytes" if number is None else counted(number, "byte")


def clean(words):
    """On one line, without what no font and no XML has."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in words)


def cut(words, length=40):
    """The same, clean and not longer."""
    words = clean(words)
    return words if len(words) <= length else f"{words[: length - 1]}…"


def partitions(step):
    """How many, and how many of them are cached."""
    kept = f", {step.cached:,} cached" if step.is_cached else ""
    return counted(step.partitions, "partition") + kept


def _step_in_words(step):
    parents = " and ".join(f"RDD[{i}]" for i in step.parents)
    source = f" from {parents}" if parents else ""
    return f"RDD[{step.id}] {clean(step.name)}{source}, {partitions(step)}"


def _cells(step, above):
    """What a line says of an RDD; of its parents, unless that is the line above."""
    squares = "".join(SQUARES[state] for state in step.states)
    more = "…" if step.partitions > len(step.states) else ""
    kept = f", {step.cached:,} cached" if step.is_cached else ""
    is_next = step.parents in ((), (above,))
    return (
        f"RDD[{step.id}] {cut(step.name)}",
        f"{squares}{more} {step.partitions:,}{kept}",
        "" if is_next else "from " + ", ".join(f"[{i}]" for i in step.parents),
        f"{step.made}  {cut(step.code, 60)}",
    )


def _exits(lineage):
    """Of each stage, a line for each edge that leaves it."""
    exits = [[] for _ in lineage.stages]
    for move in lineage.moves:
        to = f"RDD[{move.target}] in stage {lineage.stage_of[move.target] + 1}"
        exits[lineage.stage_of[move.source]].append(
            f"─▶ RDD[{move.source}] shuffled to {to}: {', '.join(counts(move))}"
        )
    for parent, words in _in_place(lineage).items():
        exits[lineage.stage_of[parent]].append(f"╌▷ {words}")
    return exits


def _in_place(lineage):
    """{RDD id: the stages that read it in place, in words}."""
    readers = defaultdict(dict)
    for parent, child in lineage.in_place:
        readers[parent][lineage.stage_of[child] + 1] = None
    return {
        parent: f"RDD[{parent}] read in place in stage{'s' * (len(stages) > 1)} "
        + ", ".join(map(str, stages))
        for parent, stages in readers.items()
    }


def _legend(lineage):
    """The squares that occur, in words."""
    found = {SQUARES[s] for step in lineage.steps.values() for s in step.states}
    words = {"□": "a partition", "■": "one that is cached", "▨": "its output is lost"}
    return ", ".join(f"{s} {words[s]}" for s in words if s in found)


def _moved(moves):
    """What all shuffles moved; nothing to say where there are none."""
    if not any(move.ran for move in moves):
        return ", nothing moved yet" if moves else ""
    sizes = [move.bytes for move in moves]
    total = None if None in sizes else sum(sizes)
    records = sum(move.records for move in moves)
    return f", {counted(records, 'record')} and {size(total)} moved"
