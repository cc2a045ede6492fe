"""Feedback without hidden tests: what a student may see of a graded notebook."""

import pytest
from nbformat import v4

from casebook.grading.feedback import WithoutHiddenTests

HIDDEN = '### BEGIN HIDDEN TESTS\nchecks.choice(reading_1, "B", "Exhibit 4.", points=2)\n### END HIDDEN TESTS'


def cell(source, error=None, grade=True, solution=False):
    made = v4.new_code_cell(source)
    made.metadata["nbgrader"] = {"grade_id": "reading_1_test", "grade": grade, "solution": solution, "locked": grade}
    if error:
        made.outputs = [v4.new_output("error", ename=error[0], evalue=error[1], traceback=error[2])]
    return made


def seen(*cells):
    return WithoutHiddenTests().preprocess(v4.new_notebook(cells=list(cells)), {})[0].cells


@pytest.mark.parametrize(("source", "left"), [
    (f'checks.answered(reading_1, "ABCD")\n{HIDDEN}', 'checks.answered(reading_1, "ABCD")'),
    (HIDDEN, ""),
    (f"first\n{HIDDEN}\nbetween\n{HIDDEN}\nlast", "first\nbetween\nlast"),
    (f"first\n    {HIDDEN}", "first"),
    (HIDDEN.removesuffix("### END HIDDEN TESTS"), "")])
def test_hidden_tests_are_taken_out(source, left):
    assert seen(cell(source))[0].source == left


def test_an_error_quotes_no_line_of_a_hidden_test():
    trace = ["Traceback", '----> 3 checks.choice(reading_1, "B", "Exhibit 4.", points=2)', "NameError: name 'reading_1' is not defined"]
    found = seen(cell(f"visible\n{HIDDEN}", ("NameError", "name 'reading_1' is not defined", trace)))
    assert found[0].outputs[0].traceback == ["NameError: name 'reading_1' is not defined"]


def test_the_reason_of_a_failed_check_stays():
    trace = ["Not yet: C is not the answer that the case supports best. Exhibit 4."]
    assert seen(cell(HIDDEN, ("CheckFailed", "C is not", trace)))[0].outputs[0].traceback == trace


def test_what_a_student_wrote_stays_and_stops_nothing():
    mine = f"# I tried this\n### BEGIN HIDDEN TESTS\n{HIDDEN}"
    ordinary = v4.new_code_cell(mine)
    note = v4.new_markdown_cell(mine)
    answer = cell(mine, ("NameError", "x", ["Traceback", "x"]), grade=False, solution=True)
    assert [one.source for one in seen(ordinary, note, answer)] == [mine] * 3
    assert answer.outputs[0].traceback == ["Traceback", "x"]
