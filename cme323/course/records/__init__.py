"""What is done with scores once they are there; nothing here changes one.

book.py      the scores of an assignment, read from the grader's files
roster.py    names and numbers of the students, and points given by hand
sandboxes.py in which sandbox it was graded
late.py      how late work is, and what that costs, by the rules of policy.py
formats.py   the files that Canvas, Moodle, Gradescope and nbgrader know
export.py    `cme323 export`
told.py      what of a reason a student may read
work.py      a student's notebook, as text and pictures
feedback.py  `cme323 feedback`, by feedback_page.py and feedback_notebook.py
items.py     how hard each task is, and whether it tells students apart
bars.py      a histogram
item_map.py  the tasks by difficulty and discrimination
report.py    `cme323 report`, by report_parts.py; its frame is sheet.py's
winnow.py    fingerprints of code
similar.py   `cme323 similar`
"""
