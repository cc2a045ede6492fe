"""The population: many engagements across all cases' clients, as a table.

The facts that the client model answers to are measured on it (:mod:`casebook.study.facts`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from casebook import case as cases
from casebook import model
from casebook.case.types import Case
from casebook.engagement import translate
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

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int], None]


def population(n: int = 4000, seed: int = 1, parameters: Parameters | None = None,
               progress: Progress | None = None) -> pd.DataFrame:
    """Engagements of broad managers with the clients of all cases.

    Parameters
    ----------
    n : int
        Engagements. They are drawn in blocks, a case and a length of project for each block,
        so the first engagements of a larger population are those of a smaller one.
    seed : int
    parameters : Parameters, optional
        Those of the casebook unless given.
    progress : callable, optional
        Told ``(done, n)`` after each block.

    Returns
    -------
    DataFrame
        One row per contact and engagement; ``columns.yaml`` beside this module says what each
        column is, in which unit and range.
    """
    import pandas as pd

    p = parameters or model.parameters()
    known = [cases.read(id) for id in sorted(cases.bundled())]
    tables = []
    for block in range(-(-n // BLOCK)):
        take = min(BLOCK, n - block * BLOCK)
        columns = broad_block(known[block % len(known)], seed, block, p)
        tables.append(pd.DataFrame({
            name: values[:take].ravel() for name, values in columns.items()}))
        if progress:
            progress(block * BLOCK + take, n)
    return pd.concat(tables, ignore_index=True)


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
        **_all({**diary.delivery(state), "contact_time": crew.managers.shares[:, WITH_PEOPLE].sum(
            axis=1), **{f"attention_{role}": crew.managers.shares[:, k]
                        for k, role in enumerate(ROLE_IDS)}}, setting.contacts),
    }


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


def _all(columns: dict[str, np.ndarray], c: int) -> dict[str, np.ndarray]:
    """What holds for an engagement, repeated for each of its contacts."""
    return {name: np.repeat(values[:, None], c, axis=1) for name, values in columns.items()}
