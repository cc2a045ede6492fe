"""The population: many engagements across all cases' clients, as a table.

The facts that the client model answers to are measured on it (:mod:`casebook.study.facts`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from casebook import case as cases
from casebook import model
from casebook.case.types import Case
from casebook.engagement import translate
from casebook.engagement.crowd import Crowd, play_crowd
from casebook.errors import StudyError
from casebook.model import (
    BLOCK,
    Luck,
    Parameters,
    Setting,
    State,
    begin,
    decide,
    draw_block,
    measures,
    pick,
    play_week,
    respond,
    settle_promises,
)
from casebook.model.delivery import forecast
from casebook.model.luck import uniforms
from casebook.model.start import propensity
from casebook.model.trust import trust
from casebook.roles import ROLE_IDS

from .broad import ANSWERS, KINDS, WITH_PEOPLE, Broad, at_large, managers
from .diary import Diary
from .policies import Policy
from .policies import policy as find

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int], None]


def population(n: int = 4000, seed: int = 1, policy: Policy | str = "broad",
               parameters: Parameters | None = None,
               progress: Progress | None = None) -> pd.DataFrame:
    """Engagements with the clients of all cases.

    Parameters
    ----------
    n : int
        Engagements. They are drawn in blocks, a case and a length of project for each block,
        so the first engagements of a larger population are those of a smaller one.
    seed : int
    policy : Policy or str
        ``broad``: managers of all sorts, in projects at large from their first week, with moves
        that no case holds; the facts are measured on these. Or a policy of
        ``casebook.study.policies``, which plays the cases as they are written; nothing then
        fails by lot, so that the columns of the trial are empty.
    parameters : Parameters, optional
        Those of the casebook unless given.
    progress : callable, optional
        Told ``(done, n)`` after each block.

    Raises
    ------
    StudyError
        If ``n`` or ``seed`` is not a whole number, or too small.

    Returns
    -------
    DataFrame
        One row per contact and engagement; ``columns.yaml`` beside this module says what each
        column is, in which unit and range.
    """
    import pandas as pd

    _check(n, seed)
    p = parameters or model.parameters()
    known = cases.bundled_engagements()
    play_block = broad_block if policy == "broad" else partial(
        case_block, find(policy) if isinstance(policy, str) else policy)
    tables = []
    for block in range(-(-n // BLOCK)):
        take = min(BLOCK, n - block * BLOCK)
        columns = play_block(known[block % len(known)], seed, block, p)
        tables.append(pd.DataFrame({
            name: values[:take].ravel() for name, values in columns.items()}))
        if progress:
            progress(block * BLOCK + take, n)
    return pd.concat(tables, ignore_index=True)


def _check(n: int, seed: int) -> None:
    for name, value, least in (("n", n, 1), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise StudyError(f"{name} is {value!r}.", f"Give a whole number from {least}.")


def broad_block(case: Case, seed: int, block: int, p: Parameters) -> dict[str, np.ndarray]:
    """One block of the population as ``(BLOCK, c)`` columns."""
    key = ("population", seed)
    low, high = managers()["length"]
    length = low + (high - low) * float(uniforms((*key, "length", block), 1)[0])
    setting = at_large(translate.setting(case), length)
    luck = draw_block(key, block, setting.weeks, setting.contacts)
    crew = Broad(key, block, setting)
    state, diary, trial = play(crew, luck, setting, p)
    return {
        **_who(case, block, setting, luck, state, p),
        **measures(state, p),
        **diary.columns(state), **trial, **_account(state, luck, setting, p),
        **_all({**diary.delivery(state), **_attention(crew.managers.shares)}, setting.contacts),
    }


def case_block(policy: Policy, case: Case, seed: int, block: int,
               p: Parameters) -> dict[str, np.ndarray]:
    """One block of a policy's plays of a case as written, as ``(BLOCK, c)`` columns."""
    key, setting = ("population", seed), translate.setting(case)
    luck = draw_block(key, block, setting.weeks, setting.contacts)
    watch = Watcher(Diary(setting, luck, p))
    crowd = play_crowd(case, luck, policy.for_crowd(case, BLOCK, key, block), p, watch)
    state, shape = crowd.state, (BLOCK, setting.contacts)
    weeks = np.array([phase.weeks[1] - phase.weeks[0] + 1 for phase in case.phases])
    shares = np.tensordot(crowd.plans, weeks / weeks.sum(), axes=(1, 0)) / 100
    never = np.full(shape, np.nan)
    return {
        **_who(case, block, setting, luck, state, p), **measures(state, p),
        **watch.diary.columns(state), "failure_kind": np.full(shape, ""),
        "answer": np.full(shape, ""), "compensation": np.zeros(shape),
        "trust_before_failure": never, "trust_before_answer": never, "trust_after_answer": never,
        "recovered": np.zeros(shape, dtype=bool), **_account(state, luck, setting, p),
        **_all({**watch.diary.delivery(state), **_attention(shares)}, setting.contacts),
    }


class Watcher:
    """Writes a diary of a crowd."""

    def __init__(self, diary: Diary):
        self.diary = diary

    def answered(self, before: Crowd, after: Crowd, incident: int, rows: np.ndarray,
                 picks: np.ndarray) -> None:
        """Note what a response was to each contact."""
        self.diary.responded(pick(before.state, rows), pick(after.state, rows),
                             pick(before.history.options.moves(incident), picks), rows)

    def worked(self, before: Crowd, after: Crowd) -> None:
        """Note a week."""
        self.diary.worked(before.state, after.state)


def play(crew: Broad, luck: Luck, setting: Setting,
         p: Parameters) -> tuple[State, Diary, dict[str, np.ndarray]]:
    """Let a block of broad managers work from the first week to the last."""
    state, diary = begin(setting, luck, p), Diary(setting, luck, p)
    when = crew.managers.trial.week
    trial = {name: np.full(when.shape, np.nan) for name in (
        "trust_before_failure", "trust_before_answer", "trust_after_answer")}
    shares = crew.managers.shares
    for index in range(setting.weeks):
        slip = forecast(state, setting, state.week - 1, p) - state.go_live
        move = crew.moves(index, slip)
        answered = respond(state, move, luck.taking[:, index], setting, p)
        diary.responded(state, answered, move)
        # An answer is given in the week after the failure; its worth is seen at once.
        next_week = (when == index - 1) & (when >= 0)
        for name, hit, at in (("trust_before_failure", when == index, state),
                              ("trust_before_answer", next_week, state),
                              ("trust_after_answer", next_week, answered)):
            trial[name] = np.where(hit, trust(at, p), trial[name])
        worked = play_week(answered, shares, luck, setting, p)
        worked = settle_promises(worked, *crew.promises(index), p)
        diary.worked(answered, worked)
        state = worked
    return state, diary, _trial(crew, trial, trust(state, p))


def _trial(crew: Broad, seen: dict[str, np.ndarray],
           end: np.ndarray) -> dict[str, np.ndarray]:
    """The failure of the trial: which, how answered, and trust before it and after the answer."""
    trial = crew.managers.trial
    happened = ~np.isnan(seen["trust_after_answer"])
    answers = np.array([*ANSWERS, "none"])[trial.answer]
    paid = happened & (trial.answer == ANSWERS.index("compensate"))
    return {
        "failure_kind": np.where(happened, np.array(KINDS)[trial.kind], ""),
        "answer": np.where(happened, answers, ""),
        "compensation": np.where(paid, trial.amount, 0),
        **seen, "recovered": happened & (end >= seen["trust_before_failure"]),
    }


def _who(case: Case, block: int, setting: Setting, luck: Luck, state: State,
         p: Parameters) -> dict[str, np.ndarray]:
    n, c = luck.renewal.shape
    contacts = case.contacts

    def each(values) -> np.ndarray:
        return np.broadcast_to(np.array(values), (n, c))

    numbers = np.arange(block * BLOCK, block * BLOCK + n)
    return {
        "engagement": np.repeat(numbers[:, None], c, axis=1), "case": each([case.id] * c),
        "contact": each([contact.id for contact in contacts]),
        "part": each([contact.part for contact in contacts]),
        "influence": each(setting.influence), "propensity": propensity(setting, luck, p),
        "similarity": state.similarity, "weeks": np.full((n, c), setting.weeks),
        "skill": np.repeat(state.skill[:, None], c, axis=1),
    }


def _account(state: State, luck: Luck, setting: Setting, p: Parameters) -> dict[str, np.ndarray]:
    decided = decide(state, luck, setting, p)
    return {
        "cooperation": state.cooperation, "loyalty": np.clip(decided.votes, 0, 1),
        "remembered": decided.recalled,
        **_all({"opportunities": state.opportunities, "converted": state.qualified,
                "renewed": decided.renewed, "follow_on": decided.follow_on,
                "reference": decided.reference}, setting.contacts),
    }


def _attention(shares: np.ndarray) -> dict[str, np.ndarray]:
    """``(n,)`` share of the week for each role, and for those that are spent with people."""
    return {"contact_time": shares[:, WITH_PEOPLE].sum(axis=1),
            **{f"attention_{role}": shares[:, k] for k, role in enumerate(ROLE_IDS)}}


def _all(columns: dict[str, np.ndarray], c: int) -> dict[str, np.ndarray]:
    """What holds for an engagement, repeated for each of its contacts."""
    return {name: np.repeat(values[:, None], c, axis=1) for name, values in columns.items()}
