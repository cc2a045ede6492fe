"""The exercises that are done by hand: what counts as right, and what a wrong answer is told."""

import pytest

from casebook.errors import CasebookError
from casebook.explore.answers import check, read_number
from casebook.explore.exercises import COUNT, PERCENT, belief, exercise, exercises
from casebook.model import parameters
from tests.modelkit import Situation


@pytest.mark.parametrize("typed", ["62", "62 %", "62%", "0.62", "0,62", "62.0", "62,0", " 62 ",
                                   "62 percent", "62 per cent", "62\u00a0%", "31/50", "６２"])
def test_a_percent_may_be_typed_in_many_ways(typed):
    assert read_number(typed, PERCENT) == pytest.approx(62)


@pytest.mark.parametrize("typed", ["", " ", "abc", "62 % of it", "6/0", "--", "1e999", "nan", "%",
                                   "inf", "2 + 2", "=62", "1/2/3", "<b>62</b>", "٪", "6" * 400])
@pytest.mark.parametrize("id", list(exercises()))
def test_what_cannot_be_right_is_told_so_and_never_raises(id, typed):
    verdict = check(exercise(id), typed)
    assert not verdict.right and len(verdict.text) > 10


@pytest.mark.parametrize("id", list(exercises()))
def test_the_right_answer_is_right_in_every_form(id):
    one = exercise(id)
    whole = round(one.answer)
    forms = [str(whole), f"{one.answer:.2f}", f"{one.answer:.1f}".replace(".", ",")]
    if one.unit == PERCENT:
        forms += [f"{whole} %", f"{whole}%", f"0.{whole}", f"0,{whole}", f"{one.answer / 100:.4f}"]
    else:
        forms = [str(whole)]
    for typed in forms:
        verdict = check(one, typed)
        assert verdict.right and verdict.text.startswith("Right. "), (typed, verdict)
        assert one.working in verdict.text


@pytest.mark.parametrize("id", list(exercises()))
def test_a_slip_with_a_name_is_told_its_reason_and_no_slip_is_right(id):
    one = exercise(id)
    for slip in one.slips:
        verdict = check(one, str(slip.value))
        assert not verdict.right and slip.why in verdict.text
        if one.unit == PERCENT and slip.value <= 100:
            assert slip.why in check(one, f"{round(slip.value)} %").text


@pytest.mark.parametrize(("typed", "told"), [
    ("140", "between 0 % and 100 %"), ("-3", "between 0 % and 100 %"), ("66", "very near"),
    ("12", "too low"), ("95", "too high"), ("57 apples", "could not read"), ("", "Type your answer"),
])
def test_other_wrong_answers_are_told_why(typed, told):
    assert told in check(exercise("second-promise"), typed).text


def test_a_count_is_not_read_as_a_share():
    assert exercise("way-back").unit == COUNT
    assert not check(exercise("way-back"), "0.04").right
    assert "too many" in check(exercise("way-back"), "9").text


def test_a_belief_by_hand_is_the_models_belief():
    story = Situation(1).with_state(pros=3.0, cons=2.0, prior=0.6)
    weight = float(parameters().evidence.prior_weight)
    assert belief(3, 2, weight, 60) == pytest.approx(100 * story.of("integrity"))
    assert belief(2, 2, 4, 50) == 50.0


def test_the_working_ends_in_the_answer_that_is_checked():
    for one in exercises().values():
        if one.unit == PERCENT:
            assert f"= {one.answer:.0f} %" in one.working


def test_a_wrong_name_is_a_plain_error():
    with pytest.raises(CasebookError, match="no exercise 'nope'"):
        exercise("nope")
