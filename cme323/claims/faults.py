"""Part B, losing a machine: what lineage computes again, and what copies would cost.

A simulated cluster has one partition on each machine, so that losing a machine is
losing a partition. Its counters tell which partitions were computed again.
"""

from functools import reduce
from operator import add
from random import Random
from statistics import fmean

from cme323.claims.claim import Claim, Experiment
from cme323.claims.dataflow import SPARK_PAPER, increment
from cme323.claims.verdicts import Crossover, Equal
from cme323.engine import Cluster, Context, StorageLevel

CHAINS = tuple((length, p) for length in (1, 2, 4, 8, 16) for p in (2, 4, 16))


def on_machines(partitions):
    return Context(cluster=Cluster(machines=partitions))


def again(rdd, machine):
    """Compute `rdd`, lose a machine, compute it once more: the job of that."""
    rdd.count()
    rdd.ctx.kill(machine)
    rdd.count()
    return rdd.ctx.jobs[-1]


def chain(rdd, length):
    return reduce(lambda rdd, _: rdd.map(increment), range(length), rdd)


def narrow_loss(length, partitions):
    """Partitions computed again after a loss, `length` maps from the source."""
    sc = on_machines(partitions)
    return again(chain(sc.range(100), length).cache(), 0).recomputed


def machines_at_work(length, partitions):
    """How many partitions a loss makes anyone compute again."""
    sc = on_machines(partitions)
    job = again(chain(sc.range(100), length).cache(), 0)
    return sum(report.recomputed > 0 for s in job.stages for report in s.reports)


B4 = Claim(
    id="B4",
    title="Recovery by lineage, narrow steps",
    statement=(
        "An RDD is cached at the end of a chain of $L$ narrow transformations, each "
        "machine holding one of $P$ partitions. Losing a machine makes one machine "
        "compute again $L + 1$ partitions: that of each step, and of the source."
    ),
    source=SPARK_PAPER + ", section 4",
    experiments=(
        Experiment(
            "a loss costs L + 1 partitions",
            "partitions computed again",
            "L, P",
            CHAINS,
            predict=lambda length, p: length + 1,
            run=narrow_loss,
            verdict=Equal(),
        ),
        Experiment(
            "and they are all those of one machine",
            "tasks that compute anything again",
            "L, P",
            CHAINS,
            predict=lambda length, p: 1,
            run=machines_at_work,
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "all P machines start again: P(L + 1)",
            "partitions computed again",
            "L, P",
            CHAINS,
            predict=lambda length, p: p * (length + 1),
            run=narrow_loss,
            verdict=Equal(),
        ),
    ),
)


def reduced(sc, mappers, reducers):
    pairs = sc.range(100, numSlices=mappers).map(lambda x: (x, 1))
    return pairs.reduceByKey(add, reducers).cache()


def tasks_again(job):
    return sum(bool(r.counts.computed) for s in job.stages for r in s.reports)


def wide_loss(partitions):
    """Tasks that run again if a machine had a map output and a cached partition."""
    return tasks_again(
        again(reduced(on_machines(partitions), partitions, partitions), 0)
    )


def loss_of_a_reducer_alone(partitions):
    """The same, but the lost machine, the last, had no map output."""
    rdd = reduced(on_machines(partitions), partitions - 1, partitions)
    return tasks_again(again(rdd, partitions - 1))


def loss_without_outputs(partitions):
    """The same, but the outputs of the shuffle had been deleted before."""
    rdd = reduced(on_machines(partitions), partitions, partitions)
    rdd.count()
    rdd.cleanShuffleDependencies()
    rdd.ctx.kill(0)
    rdd.count()
    return tasks_again(rdd.ctx.jobs[-1])


MACHINES = (2, 4, 8, 16, 64)

B5 = Claim(
    id="B5",
    title="Recovery by lineage, across a shuffle",
    statement=(
        "One of $P$ cached partitions behind a shuffle is lost. If the outputs of the "
        "shuffle are gone, it takes all $P$ map tasks and $1$ more to have it back. "
        "Where they are kept, it takes that $1$ task, and a map task for each output "
        "that was lost with it."
    ),
    source=SPARK_PAPER + ", section 4",
    experiments=(
        Experiment(
            "no output kept: P + 1 tasks",
            "tasks run again",
            "P",
            MACHINES,
            predict=lambda p: p + 1,
            run=loss_without_outputs,
            verdict=Equal(),
        ),
        Experiment(
            "all outputs kept: 1 task",
            "tasks run again",
            "P",
            MACHINES,
            predict=lambda p: 1,
            run=loss_of_a_reducer_alone,
            verdict=Equal(),
        ),
        Experiment(
            "one output lost with it: 2 tasks",
            "tasks run again",
            "P",
            MACHINES,
            predict=lambda p: 2,
            run=wide_loss,
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "as behind narrow steps: 1 task, whatever was kept",
            "tasks run again",
            "P",
            MACHINES,
            predict=lambda p: 1,
            run=loss_without_outputs,
            verdict=Equal(),
        ),
    ),
)


def replicated(machines, copies, length):
    """An RDD of `length` + 1 steps with a partition, and `copies` of it, on each."""
    sc = on_machines(machines)
    level = StorageLevel(False, True, False, False, copies)
    return chain(sc.range(100), length).persist(level)


def copies_written(copies, machines):
    rdd = replicated(machines, copies, 3)
    rdd.count()
    reports = [r for s in rdd.ctx.jobs[-1].stages for r in s.reports]
    return sum(len(others) for r in reports for _, *others in r.counts.stored)


def computed_again(failure_rate, length, machines, seed):
    """Partitions that lineage computes again, if machines die by chance."""
    rng, rdd = Random(seed), replicated(machines, 1, length)
    rdd.count()
    for machine in range(machines):
        if rng.random() < failure_rate:
            rdd.ctx.kill(machine)
    rdd.count()
    return rdd.ctx.jobs[-1].recomputed


def lead_of_copies(failure_rate, copies, length, machines):
    """By how many partitions of work lineage was dearer, on average of 30 runs."""
    again = [computed_again(failure_rate, length, machines, s) for s in range(30)]
    return fmean(again) - copies_written(copies, machines)


RATES = (0.04, 0.08, 0.12, 0.16, 0.2, 0.24, 0.28, 0.32)
LENGTH, SIXTEEN = 8, 16


def crossover(copies, predicted, says):
    return Experiment(
        says,
        "partitions of work by lineage, less those by copies",
        "p",
        RATES,
        predict=predicted,
        run=lambda p: lead_of_copies(p, copies, LENGTH, SIXTEEN),
        verdict=Crossover(),
    )


B6 = Claim(
    id="B6",
    title="Lineage against replication",
    statement=(
        "Keeping $r$ copies of $P$ partitions writes $(r - 1)P$ more of them, always. "
        "Lineage writes none, and computes $L + 1$ again for each that is lost. If "
        "each machine dies with probability $p$, and to write a partition elsewhere "
        "costs as much as a step, lineage is cheaper as long as $p(L + 1) < r - 1$."
    ),
    source=SPARK_PAPER + ", section 2.3; the crossover derived",
    experiments=(
        Experiment(
            "r copies write (r - 1)P more partitions, lineage (r = 1) none",
            "copies written",
            "r, P",
            tuple((r, p) for r in (1, 2, 3) for p in (4, 16)),
            predict=lambda r, p: (r - 1) * p,
            run=copies_written,
            verdict=Equal(),
        ),
        Experiment(
            "with 2 copies a loss costs no computing",
            "partitions computed again",
            "P",
            (4, 16),
            predict=lambda p: 0,
            run=lambda p: again(replicated(p, 2, LENGTH), 0).recomputed,
            verdict=Equal(),
        ),
        crossover(
            2,
            lambda p: SIXTEEN * (p * (LENGTH + 1) - 1),
            "2 copies are cheaper from p = 1/(L + 1) = 0.111",
        ),
        crossover(
            3,
            lambda p: SIXTEEN * (p * (LENGTH + 1) - 2),
            "3 copies are cheaper from p = 2/(L + 1) = 0.222",
        ),
    ),
    controls=(
        crossover(
            3,
            lambda p: SIXTEEN * (p * (LENGTH + 1) - 1),
            "the third copy costs nothing: 3 are cheaper from p = 0.111",
        ),
    ),
)

CLAIMS = (B4, B5, B6)
