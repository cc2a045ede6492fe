"""Single answers: what counts, what each slip is told, and that nothing a student types breaks a check."""

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.grading import answers, checks
from casebook.grading.failed import CheckFailed


def test_a_choice_counts_in_upper_and_lower_case():
    assert checks.choice("C", "C", "Exhibit 4.", points=2) == 2.0
    assert checks.choice(" c ", "C", "Exhibit 4.", points=2) == 2.0


@pytest.mark.parametrize(("answer", "said"), [
    (..., "You have not answered this yet. Replace the three dots by one of A, B, C or D."),
    (None, "You have not answered this yet"), ("", "You have not answered this yet"), ("...", "You have not answered this yet"),
    ("E", "The answer is 'E'. Write one of A, B, C or D."), ("AB", "Write one of A, B, C or D"),
    (3, "with quotation marks"), (["A"], "with quotation marks"), ("B", "B is not the answer that the case supports best. Exhibit 4.")])
def test_what_is_no_right_choice_is_told(answer, said):
    with pytest.raises(CheckFailed) as caught:
        checks.choice(answer, "C", "Exhibit 4.", points=2)
    assert said in str(caught.value)


@pytest.mark.parametrize("answer", [0.93, np.float64(0.931), 0.9269, np.float32(0.93)])
def test_a_number_counts_within_its_tolerance(answer):
    assert checks.number(answer, 0.93, 0.005, "EV by AC.", points=2) == 2.0


@pytest.mark.parametrize(("answer", "why"), [(93.0, "factor of 100"), (93, "factor of 100"), (-0.93, "its sign")])
def test_a_right_number_in_the_wrong_dress_earns_half(answer, why, capsys):
    assert checks.number(answer, 0.93, 0.005, "EV by AC.", points=2) == 1.0
    assert why in capsys.readouterr().out


def test_a_share_written_as_a_fraction_earns_half(capsys):
    assert checks.number(0.42, 42.0, 0.5, "In percent.", points=2, unit="percent") == 1.0


@pytest.mark.parametrize(("answer", "expected", "tolerance"), [(0, 4.9, 0.06), (0.0, 5.9, 0.06), (5, 0.9, 0.06)])
def test_a_number_that_is_merely_small_is_not_a_factor_of_100_off(answer, expected, tolerance):
    with pytest.raises(CheckFailed):
        checks.number(answer, expected, tolerance, "Read the last line.", points=4)


@pytest.mark.parametrize(("answer", "said"), [
    (1.07, "1.07 was given and 0.93 expected. EV by AC."), (..., "not answered this yet"), ("0.93", "without quotation marks"),
    (True, "not a number"), (float("nan"), "not a number"), (pd.Series([0.93]), "not a number"), (1j, "not a number")])
def test_another_number_is_told_with_where_to_look(answer, said):
    with pytest.raises(CheckFailed) as caught:
        checks.number(answer, 0.93, 0.005, "EV by AC.", points=2)
    assert said in str(caught.value)


def test_any_of_several_equal_names_counts():
    people = ["Ada Bo", "Cem Dee", "Eva Fox"]
    assert checks.name("cem dee", ["Ada Bo", "Cem Dee"], people, "Column trust.", points=2) == 2.0
    with pytest.raises(CheckFailed, match="Eva Fox was given and Ada Bo or Cem Dee expected. Column trust."):
        checks.name("Eva Fox", ["Ada Bo", "Cem Dee"], people, "Column trust.", points=2)
    with pytest.raises(CheckFailed, match="Write one of Ada Bo, Cem Dee or Eva Fox"):
        checks.name("Nobody", "Ada Bo", people, "Column trust.", points=2)


def test_letters_may_be_written_with_spaces_or_commas():
    assert answers.letters("i c, e P", 4, "ICEPFM") == "ICEP"
    for wrong, said in (("IC", "There are 2 letters and 4 were expected"), ("ICEX", "X stands for nothing here"), (..., "not answered"), (5, "between quotation marks")):
        with pytest.raises(CheckFailed, match=said):
            checks.letters(wrong, 4, "ICEPFM")


ANYTHING = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.lists(st.integers()),
                     st.dictionaries(st.text(), st.integers()), st.just(...), st.complex_numbers(), st.just(datetime.date(2026, 1, 1)))


def test_whether_something_is_answered_is_said_without_a_value_that_could_be_points(capsys):
    assert checks.answered("b", "ABCD") is None and checks.a_number(9.9, "points") is None and checks.letters("icep", 4, "ICEPFM") is None
    said = capsys.readouterr().out
    assert "Answered: B." in said and "Answered: 9.9 points." in said and "Answered: ICEP." in said


@given(ANYTHING)
def test_nothing_that_a_student_types_breaks_a_check(answer):
    for check in (lambda: checks.choice(answer, "C", "", points=1), lambda: checks.number(answer, 0.5, 0.01, "", points=1),
                  lambda: checks.name(answer, "Ada", ["Ada", "Bo"], "", points=1), lambda: checks.letters(answer, 3, "ABC"),
                  lambda: checks.answered(answer, "AB"), lambda: checks.a_number(answer), lambda: checks.who(answer)):
        try:
            assert check() in (None, 0.5, 1.0) or isinstance(answer, str)
        except CheckFailed as error:
            assert str(error) and "Traceback" not in str(error)


def test_a_failed_check_shows_its_sentence_and_no_traceback(capsys):
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.run_cell("from casebook.grading.failed import CheckFailed\nraise CheckFailed('Nothing yet.', 'Do this.')")
    said = capsys.readouterr()
    assert "Not yet: Nothing yet. Do this." in said.out + said.err
    assert "Traceback" not in said.out + said.err and "line" not in said.out + said.err
