"""Grades notebooks in nbgrader's format; the tests never meet the student's code.

    from cme323.course.grade.grader import grade
    scores, unreadable = grade("solutions/a5/a5.py", "submissions", "out")

    grader.py    all submissions: who gets which score, and why
    scores.py    a score, and the files of scores
    notebook.py  the instructor's cells and the student's, matched by grade_id
    examiner.py  runs the instructor's cells here, in a namespace of their own
    student.py   what a test sees of a student: data by name, handles of objects
    handles.py   a handle: the object stays in the child; told.py is what we know of it
    instances.py a handle of an instance: attributes, items, operators
    arguments.py what a test sends: the only pickles there are, and only that way
    twins.py     a Context or a PRAM that a test sends, and what it cost
    session.py   one child process: start, ask, time, kill
    child.py     the program of that process: the student's cells run there
    objects.py   the objects of that process that tests have handles of
    code.py      the Python in a cell, and what it imports
    wire.py      plain data with exact types, as JSON

A test cell runs in the grader's process, on values that the wire made anew there. An
object that is no plain data stays in the child, and a test has a handle of it: what is
asked of that happens in the child, but whether it is equal, true or less than something
is never the student's to say. So patched libraries, objects equal to everything, exits,
loops and crashes cost their own task alone.

A test that sends a function sends it to the child, with all values that it uses: do not
test by a callback that knows the answer. An object answers what it is asked: where the
notebook has a class `Tensor`, `f(x).equals(2)` is for a Tensor to say, so ask for data
and compare it. Whether two handles are of one object, of which class it is, and when an
iterator ends is known from the child alone.

What can still be forged or taken, because the child is a process with limits and no
sandbox yet: it can read the files of this machine (the instructor's notebook and
other submissions too), use the network, write where the user may, and leave processes
behind that moved to another session. The cost of a Context or a PRAM is counted in the
child, so a program can lie about it. `hide` is read from the source and enforced on
imports: who copies the text of a hidden module, or repairs `sys.modules`, gets past it.
`refuse` is enforced on import statements only. What a Windows child allocates is not
limited.

This file imports nothing, so that the child starts in the time that Python needs.
"""
