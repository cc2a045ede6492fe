"""Feedback without hidden tests: what a student may see of a graded notebook."""

import base64
import html
import json

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


SECRET = 'checks.choice(reading_1, "B", "Exhibit 4 says when.", points=2)\nassert x == 42'
LEAKS = {
    "as it is": SECRET,
    "a part of it": SECRET[:30],
    "a short line": "assert  x==42",
    "quoted": repr(SECRET),
    "in JSON": json.dumps({"source": SECRET}),
    "twice quoted": repr(repr(SECRET)),
    "one letter a line": "\n".join(SECRET),
    "backwards": SECRET[::-1],
    "escaped for HTML": html.escape(SECRET),
    "numbers of letters in JSON": "".join(f"\\u{ord(letter):04x}" for letter in SECRET),
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "base64 in lines": base64.encodebytes(SECRET.encode() * 3).decode(),
    "hexadecimal": SECRET.encode().hex(),
}
MARKED = f"checks.answered(reading_1, 'ABCD')\n### BEGIN HIDDEN TESTS\n{SECRET}\n### END HIDDEN TESTS"


def shown(text, test=False):
    """The outputs of a student's cell, or of the test, that print this."""
    mine, hidden = v4.new_code_cell("me = 'ada'"), cell(MARKED)
    (hidden if test else mine).outputs = [
        v4.new_output("stream", text=f"before\n{text}\nafter"), v4.new_output("display_data", data={"text/html": f"<p>{text}</p>"}),
        v4.new_output("error", ename="E", evalue=text, traceback=[text])]
    found = seen(mine, hidden)[1 if test else 0].outputs
    return json.dumps(found), found


@pytest.mark.parametrize("test", [False, True])
@pytest.mark.parametrize("name", LEAKS)
def test_what_was_read_of_hidden_tests_does_not_get_out(name, test):
    text, outputs = shown(LEAKS[name], test)
    for line in filter(None, LEAKS[name].splitlines()):
        assert len(line) < 3 or line not in text
    assert text.count("showed hidden tests") >= 3
    kept = outputs[0].text
    assert name in ("one letter a line", "base64 in lines") or (kept.startswith("before\n") and (kept.endswith("\nafter") or name in ("base64", "hexadecimal")))


def test_a_widget_shows_no_hidden_test():
    nb = v4.new_notebook(cells=[cell(MARKED)], metadata={"widgets": {"state": {"1": {"value": SECRET}}}})
    assert "choice" not in json.dumps(WithoutHiddenTests().preprocess(nb, {})[0])


@pytest.mark.parametrize("text", [
    "C is not the answer that the case supports best. Exhibit 4 says when.", "checks.answered(reading_1, 'ABCD')",
    "me = 'ada'", "reading_1 is B, I think", "x is 42", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="])
def test_what_a_student_may_see_stays(text):
    _, outputs = shown(text, test=True)
    assert outputs[0].text == f"before\n{text}\nafter" and outputs[1].data["text/html"] == f"<p>{text}</p>"
