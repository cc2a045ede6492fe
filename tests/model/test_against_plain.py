"""The vectorised model against a second one in plain Python, step by step.

``benchmarks/peers/plain.py`` was written from the equations, one engagement at a time and without
numpy; whatever luck, plans and moves come, every field of the state must be the same.
"""

from dataclasses import fields, replace

import numpy as np
import pytest

from benchmarks.peers import plain
from casebook import case
from casebook.engagement import translate
from casebook.model import Move, begin, decide, draw_many, play_week, respond, settle_promises
from casebook.model.state import NO_REPAIR
from tests.model.test_invariants import random_move
from tests.modelkit import P, a_move, small_setting

NUMBERS = plain.numbers(P)
N = 6                      # engagements in a batch
CHANCE = {"all of it": {"volatility": 1.0, "variety": 1.0, "skill_variety": 1.0},
          "none": {"volatility": 0.0, "variety": 0.0, "skill_variety": 0.0},
          "people only": {"volatility": 0.0, "variety": 1.0, "skill_variety": 0.0},
          "work only": {"volatility": 1.0, "variety": 0.0, "skill_variety": 1.0}}


def uneven_setting(rng, contacts: int):
    """A small setting with people who differ, and milestones on the way."""
    milestones = np.full(21, np.nan)
    milestones[[13, 16, 20]] = [0.6, 0.78, 0.97]
    influence = rng.dirichlet(np.full(contacts, 2.0))
    return small_setting(
        contacts, milestones=milestones, go_live=int(rng.integers(17, 21)),
        done=rng.uniform(0.2, 0.8), hidden=rng.uniform(0, 0.15), influence=influence,
        error_share=rng.choice([0.05, 0.2, 0.6]),
        propensity=rng.integers(-2, 3, contacts).astype(float),
        orientation=rng.uniform(0.25, 0.75, contacts),
        start=rng.integers(-2, 3, contacts).astype(float),
        cares=rng.dirichlet(np.ones(5), contacts))


def green_dashboard():
    """The first case's clients."""
    return translate.setting(case.read("green-dashboard"))


def plans(rng, n: int) -> np.ndarray:
    """Attention in whole percents: of every kind, with some roles left out or much overdone."""
    shares = rng.multinomial(100, rng.dirichlet(np.full(6, 0.5)), n)
    shares[0] = [55, 10, 10, 10, 10, 5]
    lone = rng.permutation(6)[:n - 2]
    for engagement, role in enumerate(lone, start=2):
        most = int(rng.integers(40, 101))
        shares[engagement] = rng.multinomial(100 - most, np.full(6, 1 / 6))
        shares[engagement, role] += most
    return shares / 100


def gentle_move(rng, setting, n: int) -> Move:
    """A move as cases have them: a few contacts touched, most things left alone."""
    wild, still = random_move(rng, setting, n), a_move(setting, n)
    touched = rng.random((n, setting.contacts)) < 0.4
    per_contact = ("signals", "fairness", "citizenship", "pitch", "side_for", "side_against",
                   "promised")
    masked = {name: getattr(wild, name) * (
        touched[:, :, None] if getattr(wild, name).ndim == 3 else touched) for name in per_contact}
    repair = np.where(touched[:, :, None], wild.repair, NO_REPAIR)
    return replace(still, weight=wild.weight, repair=repair, amount=wild.amount,
                   steps=wild.steps * (rng.random((n, 6)) < 0.3), **masked)


def agree(state, plays, when: str) -> None:
    """Every field of the state is that of the plain plays."""
    told = [play.fields() for play in plays]
    assert told[0].keys() == {field.name for field in fields(state)}
    for name in told[0]:
        expected = np.array([play[name] for play in told], dtype=float)
        # numpy's own comparison, without the cost of its report while there is nothing to report.
        if not np.allclose(getattr(state, name), expected, rtol=0, atol=1e-9, equal_nan=True):
            np.testing.assert_allclose(np.broadcast_to(getattr(state, name), expected.shape),
                                       expected, rtol=0, atol=1e-9, err_msg=f"{name}, {when}")


def play_both(setting, seed: int, a_random_move) -> None:
    """A whole engagement in both, compared after each step and at the decision."""
    rng = np.random.default_rng(seed)
    n, c, s = N, setting.contacts, plain.plain_setting(setting)
    luck = draw_many(rng, n, setting.weeks, c)
    luck.severe[:2] = 0.1, 0.17            # on either side of the chance of a black swan
    lucks, shares = [plain.row(luck, i) for i in range(n)], plans(rng, n)
    state = begin(setting, luck, P)
    plays = [plain.begin(s, one, NUMBERS) for one in lucks]
    agree(state, plays, "at the start")
    for week in range(setting.weeks):
        if rng.random() < 0.5:
            move = a_random_move(rng, setting, n)
            state = respond(state, move, luck.taking[:, week], setting, P)
            for i, play in enumerate(plays):
                plain.respond(play, plain.row(move, i), lucks[i].taking[week], s, NUMBERS)
            agree(state, plays, f"after a response in week {week}")
        state = play_week(state, shares, luck, setting, P)
        for i, play in enumerate(plays):
            plain.play_week(play, shares[i].tolist(), lucks[i], s, NUMBERS)
        agree(state, plays, f"after week {week}")
        due, kept = rng.random((n, c)) < 0.15, rng.random((n, c)) < 0.5
        state = settle_promises(state, (due & kept).astype(float), (due & ~kept).astype(float), P)
        for i, j in np.argwhere(due):
            plain.settle_promise(plays[i].contacts[j], bool(kept[i, j]), NUMBERS)
        agree(state, plays, f"after promises of week {week}")
    same_decision(decide(state, luck, setting, P),
                  [plain.decide(play, lucks[i], s, NUMBERS) for i, play in enumerate(plays)])


def same_decision(decision, decisions) -> None:
    """Every field of the decision is that of the plain plays."""
    for field in fields(decision):
        expected = np.array([getattr(one, field.name) for one in decisions], dtype=float)
        np.testing.assert_allclose(getattr(decision, field.name), expected, rtol=0, atol=1e-9,
                                   err_msg=field.name)


@pytest.mark.parametrize("moves", [random_move, gentle_move])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("chance", CHANCE)
def test_small_engagements_go_as_the_plain_model_says(chance, seed, moves):
    rng = np.random.default_rng(1000 + seed)
    setting = replace(uneven_setting(rng, int(rng.integers(2, 5))), **CHANCE[chance])
    play_both(setting, seed, moves)


@pytest.mark.parametrize("moves", [random_move, gentle_move])
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("chance", CHANCE)
def test_the_green_dashboard_goes_as_the_plain_model_says(chance, seed, moves):
    play_both(replace(green_dashboard(), **CHANCE[chance]), seed, moves)


def test_the_decisions_compared_are_of_every_kind():
    # An oracle that only ever saw lost accounts would say little about renewal.
    setting, rng = replace(green_dashboard(), **CHANCE["people only"]), np.random.default_rng(7)
    s, n = plain.plain_setting(setting), 60
    luck = draw_many(rng, n, setting.weeks, setting.contacts)
    shares = np.tile([0.45, 0.15, 0.10, 0.12, 0.12, 0.06], (n, 1))
    state, lucks = begin(setting, luck, P), [plain.row(luck, i) for i in range(n)]
    plays = [plain.begin(s, one, NUMBERS) for one in lucks]
    for _ in range(setting.weeks):
        state = play_week(state, shares, luck, setting, P)
        for play, one in zip(plays, lucks, strict=True):
            plain.play_week(play, shares[0].tolist(), one, s, NUMBERS)
    decision = decide(state, luck, setting, P)
    for outcome in (decision.renewed, decision.follow_on, decision.reference):
        assert 0 < outcome.sum() < n
    same_decision(decision, [plain.decide(play, one, s, NUMBERS)
                             for play, one in zip(plays, lucks, strict=True)])
