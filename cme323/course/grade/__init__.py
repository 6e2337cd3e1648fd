"""Grades notebooks in nbgrader's format; the tests never meet the student's code.

    from cme323.course.grade.grader import grade
    scores, unreadable = grade("solutions/a5/a5.py", "submissions", "out")

    advice.py    tests of other courses that seem to need a line
    grader.py    all submissions: who gets which score, and why
    scores.py    a score, and the files of scores
    notebook.py  the instructor's cells and the student's, matched by grade_id
    examiner.py  runs the instructor's cells here, in a namespace of their own
    prints.py    what a function prints, for a test that listens
    student.py   what a test sees of a student: data by name, handles of objects
    renewed.py   their process, started again whenever it has ended; session.py is one
    handles.py   a handle: the object stays in the child; told.py is what we know of it,
                 held.py which of them a test holds, places.py where one came from
    instances.py a handle of an instance: attributes, items, operators
    arguments.py what a test sends: the only pickles there are, and only that way
    changes.py   what a function did to its arguments, for tests that ask for it
    lastcall.py  what a failed test called last, for the student to read
    twins.py     a Context or a PRAM that a test sends, and what it cost
    bounds.py    what a test may use, whatever the student returned
    session.py   one child process: start, ask, time, kill
    process.py   the same process, as pipes and an exit status
    sandbox.py   what the child can see: bubblewrap, namespaces, or limits alone
    namespaces.py, masks.py, calls.py   Linux's part of that
    forkserver.py  starts a child in milliseconds, and ends all that it started
    child.py     the program of that process: the student's cells run there
    objects.py   the objects of that process that tests have handles of
    unchecked.py the `check` that cells find there, which does nothing
    code.py      the Python in a cell, and what it imports
    wire.py      plain data with exact types, as JSON; decode.py reads it
    arrays.py, collisions.py   numpy's part of that; what takes forever to build

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

The child lives in a sandbox: Python and its libraries to read, a folder of its own to
write to, a network with nobody else in it. Modules that answer a task are empty there,
and so is what `check` compares with. When it ends, so does all that it started, and the
next student's child finds nothing of it. What we tried: tests/course/grade/hostile.md.

What a function does to its arguments stays in the child, or it could rewrite the x in
`f(x) == slow(x)`. A test that wants to see it has a line that says so: see changes.py.

What can still be forged or taken, in a sandbox too:

- In a test with that line the arguments are the student's, and so is what it, or a
  later test, computes from them after the call.
- A cost is counted in the child: a program can lie about what its Context or PRAM did.
- The arguments of a hidden test are known to the function that it calls, which can put
  them into the words of an error, and so into the reason that its author reads.
- A right answer by someone else is right: a text copied from a friend, or from what the
  course has published, is an answer. `hide` keeps a module away, not its author.
- Names of folders on this machine, but not their contents (/proc/self/mountinfo).
- A flaw of Linux itself, for the child runs on the same kernel.

With `limits` alone the child is a process of this user, with limits of time, memory,
processes and file size. Then it can also read the user's files (the instructor's
notebook, other submissions, the text of hidden modules; imports of those are refused,
but who repairs `sys.modules` gets past that), use the network, write where the user
may, kill what is the user's, and leave behind a process that hides well. Grade
strangers in a sandbox.

What a Windows child allocates is not limited.

This file imports nothing, so that the child starts in the time that Python needs.
"""
