"""What is done with scores once they are there; nothing here changes one.

book.py        the scores of an assignment, read from the grader's files
roster.py      names and numbers of the students, and points given by hand
late.py        due dates, late days and penalties, by a small TOML file
formats.py     the files that Canvas, Moodle, Gradescope and nbgrader know
export.py      `cme323 export`
told.py        what of a reason a student may read
feedback.py    `cme323 feedback`: a page and a notebook for each student
feedback_page.py, feedback_notebook.py
items.py       how hard each task is, and whether it tells students apart
report.py      `cme323 report`: a page for the teacher
similar.py     `cme323 similar`: which submissions share code
"""
