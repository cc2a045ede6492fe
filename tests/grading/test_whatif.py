"""Another response at one incident, on the same luck, with everything else as it was."""

import pytest

from casebook.engagement import Answer, Plan, begin_play
from casebook.grading.failed import CheckFailed
from casebook.grading.whatif import offers, other_story

from .kit import played

CASES = ("green-dashboard", "the-reference", "account-plan")


@pytest.mark.parametrize("case", CASES)
def test_only_the_one_decision_differs_up_to_it_and_plans_stay(case):
    play = played(case, "mia", manager="balanced")
    incident = list(offers(play))[2]
    story = other_story(play, incident, offers(play)[incident][1][0])
    at = next(turn.number for turn in play.turns if getattr(turn.decision, "incident", None) == incident)
    for was, other in zip(play.turns, story.other.turns, strict=False):
        if was.number < at:
            assert was.decision == other.decision
            assert all((was.after[name] == other.after[name]).all() for name in was.after)
    changed = story.other.turns[at - 1].decision
    assert changed.incident == incident and changed.response != play.turns[at - 1].decision.response
    plans = [turn.decision for turn in play.turns if isinstance(turn.decision, Plan)]
    assert [turn.decision for turn in story.other.turns if isinstance(turn.decision, Plan)] == plans


@pytest.mark.parametrize("case", CASES)
def test_the_difference_is_that_of_the_two_scores(case):
    play = played(case, "mia")
    incident, (_, others) = list(offers(play).items())[-1]
    story = other_story(play, incident, others[0])
    table = story.table()
    assert story.difference == story.other.outcome.overall - play.outcome.overall
    assert table.loc["overall", "difference"] == pytest.approx(story.difference, abs=0.051)
    assert f"{story.difference:+.1f} points" in repr(story) and "<table" in story._repr_html_()


def test_going_back_to_what_was_chosen_gives_the_play_itself():
    play = played("two-rooms", "mia", manager="sell-first")
    went_back = 0
    for incident, (chosen, others) in offers(play).items():
        there = other_story(play, incident, others[0])
        if not there.met:                     # both stories ask the same, so that nobody stood in
            back = other_story(there.other, incident, chosen)
            assert back.other.outcome.overall == pytest.approx(play.outcome.overall, abs=1e-12)
            went_back += 1
    assert went_back >= 3


def test_what_was_on_offer_is_what_the_play_offered():
    play = played("green-dashboard", "mia")
    again, seen = begin_play(play.case, "mia"), {}
    for turn in play.turns:
        if isinstance(turn.decision, Answer):
            seen[turn.decision.incident] = {response.id for response in again.ask.responses}
        again = again.take(turn.decision)
    assert {incident: {chosen, *others} for incident, (chosen, others) in offers(play).items()} == seen


@pytest.mark.parametrize(("incident", "response", "said"), [
    ("no-such-incident", "x", "Your play did not meet an incident"), (None, None, "is what you chose"), (None, "no-such-response", "was not on offer")])
def test_what_cannot_be_compared_is_said(incident, response, said):
    play = played("green-dashboard", "mia")
    first, (chosen, _) = next(iter(offers(play).items()))
    with pytest.raises(CheckFailed, match=said):
        other_story(play, incident or first, response or chosen)


def test_a_play_that_is_not_over_is_not_compared():
    with pytest.raises(CheckFailed, match="not over yet"):
        other_story(played("green-dashboard", "mia", turns=6), "x", "y")
