"""Side by side against the peers, on this machine: `cme323 bench engine`, `... grade`.

suite.py           what a benchmark is: workloads, engines, results, targets
child.py           one workload on one engine, in a process of its own
runner.py          starts the children and lets them run in turn
report.py          the tables, and the same as JSON

engine.py          nine workloads for RDDs, and the plain loops beside them
engine_numpy.py    six of them in numpy
engine_targets.py  what our engine is held against

grade.py              the grader beside nbgrader, and many submissions in a row
grade_submissions.py  what is graded
grade_classroom.py    a folder of it, and three ways to run it
grade_child.py        two of them, each in a process of its own
"""
