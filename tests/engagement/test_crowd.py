"""Many engagements together are what each would be alone."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import case as cases
from casebook.case.conditions import CONTACT_MEASURES, PROJECT_MEASURES, STANDING
from casebook.engagement import Answer, Engagement, Plan, PlanAsk
from casebook.engagement.crowd import join, lucks, play_crowd, shared
from casebook.engagement.status import Facts
from casebook.errors import MoveError
from casebook.model import draw_block, pick
from casebook.model.luck import uniforms
from casebook.study.policies import BENCHMARKS, POLICIES, Several, divide, policy
from tests.crowdkit import alone, assert_same, assert_same_state

ALL = [*(case.id for case in cases.bundled_engagements()), "small", "crowded"]


class Scripted:
    """Plans and picks by player, phase and incident: alike for a single play and for a crowd."""

    def __init__(self, players):
        self.players = players

    def shares(self, player, phase):
        return divide(np.array([uniforms(("plan", player, phase.id), 5)]))[0]

    def place(self, player, one, places):
        return places[int(float(uniforms(("pick", player, one.id), 1)[0]) * len(places))]

    def plan(self, crowd, phase):
        return np.array([self.shares(player, phase) for player, _ in self.players])

    def answer(self, crowd, one, rows, offered):
        return np.array([self.place(self.players[row][0], one, np.flatnonzero(on))
                         for row, on in zip(rows, offered, strict=True)])

    def alone(self, play):
        if isinstance(play.ask, PlanAsk):
            return Plan(play.ask.phase.id, tuple(self.shares(play.player, play.ask.phase).tolist()))
        one = play.ask.incident
        on = [j for j, r in enumerate(one.responses) if r in play.ask.responses]
        return Answer(one.id, one.responses[self.place(play.player, one, on)].id)


@pytest.mark.parametrize("name", ALL)
def test_a_crowd_of_every_policy_is_what_single_plays_are(case_of, name):
    case = case_of(name)
    players = [(f"p{i}", 1 + i % 2) for i in range(3)]
    everyone = [(who, whose) for whose in range(len(BENCHMARKS)) for who in players]
    crowd = play_crowd(case, lucks(case, [who for who, _ in everyone]), Several(
        tuple(BENCHMARKS.values()), np.array([whose for _, whose in everyone])))
    for row, (who, whose) in enumerate(everyone):
        assert_same(crowd, row, alone(case, *who, list(BENCHMARKS.values())[whose]))


@pytest.mark.parametrize("name", ALL)
def test_a_crowd_of_random_decisions_is_what_single_plays_are(case_of, name):
    case = case_of(name)
    players = [(f"r{i}", 1) for i in range(24)]
    manager = Scripted(players)
    crowd = play_crowd(case, lucks(case, players), manager)
    for row, who in enumerate(players):
        assert_same(crowd, row, alone(case, *who, manager.alone))


def test_the_crowded_case_has_what_it_is_for(case_of):
    case = case_of("crowded")
    crowd = many(case, 512)
    weeks = np.sort(crowd.history.weeks, axis=1)
    twice = (weeks[:, 1:] == weeks[:, :-1]) & (weeks[:, 1:] > 0)
    twice = twice.any(axis=1)
    assert twice.any() and not twice.all()
    assert {-1, 0, 1} == set(np.unique(crowd.history.kept))
    late = [one.id for one in case.incidents].index("late")
    other = [one.id for one in case.incidents].index("other")
    first = np.sign(crowd.history.turns[:, late] - crowd.history.turns[:, other])
    assert {-1, 1} <= set(np.unique(first))          # either of them can come first
    assert (crowd.response("late") == "wait").any()


def many(case, n, watch=None, name="random", block=0):
    start = Engagement.start(case)
    luck = draw_block(("test", case.id), block, start.setting.weeks, start.setting.contacts)
    manager = policy(name).for_crowd(case, 512, ("test", case.id), block)
    return play_crowd(case, pick(luck, np.arange(n)), Cut(manager, n), watch=watch)


class Cut:
    """The first rows of a manager of a whole block."""

    def __init__(self, manager, n):
        self.manager, self.n = manager, n

    def plan(self, crowd, phase):
        return self.manager.plan(crowd, phase)[:self.n]

    def answer(self, crowd, one, rows, offered):
        return self.manager.answer(crowd, one, rows, offered)


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 511), st.sampled_from(["crowded", "small"]))
def test_a_crowd_is_the_sum_of_its_parts(case_of, cut, name):
    case = case_of(name)
    whole, part = many(case, 512), many(case, cut)
    assert_same_state(pick(whole.state, np.arange(cut)), part.state)
    np.testing.assert_array_equal(whole.history.answers[:cut], part.history.answers)
    np.testing.assert_array_equal(whole.outcome.ending[:cut], part.outcome.ending)


def test_a_crowd_in_another_order_gives_the_same_plays(green):
    start = Engagement.start(green)
    luck = draw_block(("order",), 0, start.setting.weeks, start.setting.contacts)
    back = np.arange(40)[::-1]
    manager = POLICIES["balanced"]
    one = play_crowd(green, pick(luck, np.arange(40)), manager)
    other = play_crowd(green, pick(luck, back), manager)
    assert_same_state(pick(one.state, back), other.state)


def test_engagements_that_share_their_luck_and_decide_alike_end_alike(green):
    crowd = play_crowd(green, shared(lucks(green, [("you", 1)]), 5), POLICIES["trust-first"])
    assert_same_state(pick(crowd.state, np.zeros(5, dtype=int)), crowd.state, atol=1e-12)
    assert_same(crowd, 4, alone(green, "you", 1, POLICIES["trust-first"]))


def test_lucks_joined_are_the_lucks_of_each(green):
    two = lucks(green, [("a", 1), ("b", 2)])
    apart = join([lucks(green, [("a", 1)]), lucks(green, [("b", 2)])])
    for field in dataclasses.fields(two):
        np.testing.assert_array_equal(getattr(two, field.name), getattr(apart, field.name))
    assert two.severe[0] != two.severe[1]


class Seen:
    """Keeps what a watch is shown."""

    def __init__(self):
        self.weeks, self.answers = [], []

    def worked(self, before, after):
        self.weeks.append((before, after))

    def answered(self, before, after, incident, rows, picks):
        self.answers.append((before, after, incident, rows, picks))


def test_a_watch_sees_every_week_and_every_answer(case_of):
    seen = Seen()
    crowd = many(case_of("small"), 7, seen)
    assert [after.state.week for _, after in seen.weeks] == list(range(4, 10))
    assert all(before.state.week == after.state.week - 1 for before, after in seen.weeks)
    assert seen.weeks[-1][1].state is crowd.state
    assert all(after.outcome is None for _, after in seen.weeks)
    for before, after, incident, rows, picks in seen.answers:
        assert (before.history.answers[rows, incident] == -1).all()
        np.testing.assert_array_equal(after.history.answers[rows, incident], picks)
    assert sum(len(rows) for *_, rows, _ in seen.answers) == (crowd.history.answers >= 0).sum()


def test_plans_and_answers_are_kept(case_of):
    case = case_of("small")
    crowd = many(case, 50)
    assert (crowd.plans.sum(axis=2) == 100).all()
    answered = crowd.history.answers != -1
    assert ((crowd.history.weeks > 0) == answered).all()
    assert set(crowd.response("first")) == {"yes", "no"}


class Wrong:
    def __init__(self, shares=None, picks=None):
        self.shares, self.picks = shares, picks

    def plan(self, crowd, phase):
        return np.tile([40, 15, 10, 15, 12, 8], (crowd.n, 1)) if self.shares is None else self.shares

    def answer(self, crowd, one, rows, offered):
        return self.picks


@pytest.mark.parametrize("manager", [
    Wrong(np.full((2, 6), 20)), Wrong(np.array([[120, -20, 0, 0, 0, 0]] * 2)),
    Wrong(np.full((3, 6), 100 / 6)), Wrong(np.array([[100, 0, 0, 0, 0, 0]])),
    Wrong(picks=np.array([0, 9])), Wrong(picks=np.array([0, -1])), Wrong(picks=np.array([0])),
    Wrong(picks=np.array([0.0, 1.0])),
], ids=["too much", "below zero", "not whole", "too few plans", "no such response", "none",
        "too few answers", "not a place"])
def test_a_manager_who_decides_what_cannot_be_is_told(case_of, manager):
    with pytest.raises(MoveError):
        play_crowd(case_of("small"), lucks(case_of("small"), [("a", 1), ("b", 1)]), manager)


def test_a_response_that_is_not_on_offer_is_refused(case_of):
    case = case_of("crowded")

    class Insists(Wrong):
        def answer(self, crowd, one, rows, offered):
            return np.full(len(rows), len(one.responses) - 1)

    with pytest.raises(MoveError, match="late"):
        play_crowd(case, lucks(case, [(f"p{i}", 1) for i in range(60)]), Insists())


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_manages_a_crowd(case_of, name):
    crowd = many(case_of("crowded"), 512, name=name)
    assert (crowd.outcome.overall >= 0).all() and (crowd.outcome.overall <= 100).all()


def test_chance_is_that_of_the_key_and_the_block(case_of):
    case = case_of("small")
    one, same, other = (many(case, 512, block=block) for block in (0, 0, 1))
    np.testing.assert_array_equal(one.plans, same.plans)
    assert (one.plans != other.plans).any()


def test_random_answers_are_spread_evenly_over_what_is_on_offer(case_of):
    crowd = many(case_of("small"), 512)
    share = (crowd.response("first") == "yes").mean()
    assert abs(share - 0.5) < 4 * 0.5 / 512 ** 0.5
    assert abs(crowd.plans.mean() - 100 / 6) < 1e-9
    assert (abs(crowd.plans.mean(axis=(0, 1)) - 100 / 6) < 2).all()


@pytest.mark.parametrize("name", ALL)
def test_the_facts_of_a_crowd_are_those_of_each_play(case_of, name):
    """At the end of the play, and for everything a condition may ask for."""
    case = case_of(name)
    players = [(f"r{i}", 1) for i in range(6)]
    manager = Scripted(players)
    facts = Facts(play_crowd(case, lucks(case, players), manager))
    assert set(facts) >= {*PROJECT_MEASURES, *CONTACT_MEASURES, *STANDING}
    for row, who in enumerate(players):
        known = alone(case, *who, manager.alone).facts()
        assert known.keys() == set(facts)
        for key, value in known.items():
            if isinstance(value, set):
                assert {one for one in facts[key] if facts[key][one][row]} == value, key
            elif isinstance(value, dict):
                for contact, number in value.items():
                    assert facts[key][contact][row] == pytest.approx(number, abs=1e-9), key
            else:
                told = np.broadcast_to(facts[key], (len(players),))[row]
                assert told == pytest.approx(value, abs=1e-9, nan_ok=True), key
