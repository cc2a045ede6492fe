"""Commit, then reveal: what can be predicted, how it is scored, and that honesty pays."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.engagement.predictions import (
    BANDS,
    BLIND,
    GUESS,
    LONGEST,
    SURE,
    SUREST,
    Prediction,
    Said,
    brier,
    calibration,
    came,
    said,
)
from casebook.engagement.words import settings
from casebook.errors import MoveError

CONTACTS = ("ann", "bob")

# By hand: sure 0.7 leaves 0.15 for each other. Right: 0.09 + 2 * 0.0225. Wrong: 0.49 + 0.7225 + 0.0225.
BY_HAND = [(0.7, True, 0.135), (0.7, False, 1.235), (0.5, True, 0.375), (0.5, False, 0.875),
           (0.9, True, 0.015), (0.9, False, 1.715), (1.0, True, 0.0), (1.0, False, 2.0),
           (1 / 3, True, 2 / 3), (1 / 3, False, 2 / 3), (0.34, True, 0.6534)]


@pytest.mark.parametrize(("sure", "hit", "score"), BY_HAND)
def test_the_score_is_the_one_reckoned_by_hand(sure, hit, score):
    assert math.isclose(brier(sure, hit), score, abs_tol=1e-12)


@given(st.floats(0, 1), st.booleans())
def test_a_score_is_that_of_the_three_probabilities(sure, hit):
    said_of = (sure, (1 - sure) / 2, (1 - sure) / 2)
    truth = (1, 0, 0) if hit else (0, 1, 0)
    whole = sum((p - t) ** 2 for p, t in zip(said_of, truth, strict=True))
    assert math.isclose(brier(sure, hit), whole, abs_tol=1e-12) and 0 <= whole <= 2


def expected_score(true, sure):
    return true * brier(sure, True) + (1 - true) * brier(sure, False)


@given(st.floats(0, 1), st.floats(0, 1))
def test_saying_what_one_believes_scores_best(true, other):
    assert expected_score(true, true) <= expected_score(true, other) + 1e-12


@given(st.tuples(*[st.integers(1, 1000)] * 3), st.integers(GUESS, SUREST))
def test_naming_the_likeliest_outcome_scores_best(weights, sure):
    """However sure one says one is: the best that a likelier outcome allows is never worse."""
    true = [weight / sum(weights) for weight in weights]
    best = min(expected_score(max(true), percent / 100) for percent in range(GUESS, SUREST + 1))
    assert all(best <= expected_score(one, sure / 100) + 1e-12 for one in true)


def test_guessing_blindly_is_nothing_and_certainty_all_or_worse_than_nothing():
    blind = calibration([(GUESS, True), (GUESS, False), (GUESS, False)])
    assert abs(blind.points) < 0.1 and math.isclose(BLIND, brier(1 / 3, False))
    assert calibration([(SUREST, True)] * 3).points > 99.9
    assert calibration([(SUREST, False)]).points < -190


def test_every_percent_that_can_be_said_is_in_one_band():
    for sure in range(GUESS, SUREST + 1):
        assert sum(low <= sure <= high for low, high in BANDS) == 1
    assert SURE[0] == GUESS and SURE[-1] == SUREST and list(SURE) == sorted(SURE)


def test_the_calibration_of_a_small_example():
    found = calibration([(70, True), (72, False), (90, True), (34, False)])
    assert (found.n, found.hits) == (4, 2)
    assert found.bands == ((34, 44, 34.0, 0.0, 1), (65, 74, 71.0, 50.0, 2), (85, 94, 90.0, 100.0, 1))
    one_by_one = [brier(0.7, True), brier(0.72, False), brier(0.9, True), brier(0.34, False)]
    assert math.isclose(found.score, sum(one_by_one) / 4)
    assert math.isclose(found.points, 100 * (1 - found.score * 3 / 2))
    assert calibration([]) is None


@given(st.lists(st.tuples(st.integers(GUESS, SUREST), st.booleans()), min_size=1))
def test_the_bands_hold_every_prediction_once(made):
    found = calibration(made)
    assert sum(n for *_, n in found.bands) == found.n == len(made)
    assert math.isclose(sum(came * n / 100 for *_, came, n in found.bands), found.hits, abs_tol=1e-9)
    assert all(low <= mean <= high for low, high, mean, _came, _n in found.bands)


def one(**change):
    return {"contact": "ann", "expects": "more", "sure": 70} | change


def test_what_was_said_goes_through_plain_data_unchanged():
    told = said({"predictions": [one(), one(contact="bob", sure=34)], "because": "  She knows. "},
                CONTACTS)
    assert told == Said((Prediction("ann", "more", 70), Prediction("bob", "more", 34)), "She knows.")
    assert said(told.record(), CONTACTS) == told
    assert Said().record() == {} and said({}, CONTACTS) == Said()
    assert said({"predictions": None, "because": None}, CONTACTS) == Said()


WRONG = {
    "nobody there": ({"predictions": [one(contact="eve")]}, "nobody who is there"),
    "no contact": ({"predictions": [{"expects": "more", "sure": 70}]}, "nobody who is there"),
    "a list for a contact": ({"predictions": [one(contact=["ann"])]}, "nobody who is there"),
    "no mapping": ({"predictions": ["ann"]}, "nobody who is there"),
    "no list": ({"predictions": {"ann": "more"}}, "cannot be read"),
    "text": ({"predictions": "ann"}, "cannot be read"),
    "another word": ({"predictions": [one(expects="better")]}, "what you expect"),
    "a list for a word": ({"predictions": [one(expects=[])]}, "what you expect"),
    "less than a guess": ({"predictions": [one(sure=33)]}, "how sure"),
    "certain": ({"predictions": [one(sure=100)]}, "how sure"),
    "half a percent": ({"predictions": [one(sure=70.5)]}, "how sure"),
    "a truth": ({"predictions": [one(sure=True)]}, "how sure"),
    "a word for a percent": ({"predictions": [one(sure="70")]}, "how sure"),
    "the same person twice": ({"predictions": [one(), one(sure=80)]}, "two predictions"),
    "a number for a reason": ({"because": 5}, "cannot be read"),
    "a long reason": ({"because": "x" * (LONGEST + 1)}, "longer than 2000"),
}


@pytest.mark.parametrize("what", WRONG)
def test_refused_is(what):
    record, told = WRONG[what]
    with pytest.raises(MoveError, match=told) as error:
        said(record, CONTACTS)
    assert error.value.mend


def test_what_came_is_what_became_of_trust_when_the_response_was_taken_in(played):
    """Neither what weeks of work did to it afterwards, nor another measure."""
    for turn in played.turns:
        for i, _contact in enumerate(played.case.contacts):
            change = 100 * (turn.responded["trust"][i] - turn.before["trust"][i])
            expected = "same" if abs(change) < settings()[
                "words"]["level"] else "more" if change > 0 else "less"
            assert came(turn, i) == expected
    answers = [turn for turn in played.turns if turn.offered]
    seen = {came(turn, i) for turn in answers for i in range(len(played.case.contacts))}
    assert seen == {"more", "same", "less"}, "all three outcomes happen"
