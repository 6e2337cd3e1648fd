import pickle
import traceback

import cloudpickle
import numpy as np

from cme323.engine.closures import dumps

WHERE = "/somewhere/script.py"
SCRIPT = """
def outer(n):
    def inner(x):
        return n // x
    return inner
"""


def from_a_script():
    names = {"__name__": "__main__"}
    exec(compile(SCRIPT, WHERE, "exec"), names)
    return names["outer"](6)


def test_a_function_comes_back_with_what_it_closes_over():
    assert pickle.loads(dumps(from_a_script()))(3) == 2


def test_an_error_in_it_tells_its_file_and_line():
    try:
        pickle.loads(dumps(from_a_script()))(0)
    except ZeroDivisionError as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
    assert (last.filename, last.lineno, last.name) == (WHERE, 4, "inner")


def test_functions_in_functions_keep_their_file_too():
    made = pickle.loads(dumps(from_a_script().__code__))
    outer = pickle.loads(dumps(lambda: from_a_script))()
    assert made.co_filename == WHERE
    assert outer.__code__.co_filename == __file__


def test_all_else_is_as_cloudpickle_has_it():
    data = {"a": [1, 2.5, None], "b": np.arange(3)}
    assert dumps(data) == cloudpickle.dumps(data, 5)
