"""What engagements of one account share: facts, your week, talk, and the decision to renew.

Like :mod:`.rules`, it works on *courses*, so that one play and a crowd go by the same rules: each
function takes one course for each engagement of the account, in the account's order.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from casebook.case.account import Account
from casebook.case.conditions import OTHERS
from casebook.model import Decision as AccountDecision
from casebook.model import decide, decide_together, hear
from casebook.model.trust import beliefs

from .rules import AnyCourse, Course, truths
from .scorecard import AREAS, Outcomes, mean_of, score_lines
from .status import CONTACT_FACTS, Facts
from .words import settings

#: What conditions may name of any engagement: ids are unique over the account.
NAMED = ("flags", "chosen", "seen", "kept", "broken", *CONTACT_FACTS)


class SharedFacts(Mapping):
    """What a condition of one engagement may ask: its own project, and names and people of all."""

    def __init__(self, own: Mapping[str, Any], everyone: Mapping[str, Mapping[str, Any]]):
        self._own = own
        self._everyone = everyone

    def __getitem__(self, key: str) -> Any:
        if key == OTHERS:
            return {id: SharedFacts(facts, self._everyone) for id, facts in self._everyone.items()}
        if key in NAMED:
            return ChainMap(*(facts[key] for facts in self._everyone.values()))
        return self._own[key]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((OTHERS, *NAMED, *self._own)))

    def __len__(self) -> int:
        return len(set(self))


def shared_facts(account: Account, courses: Sequence[Course],
                 outcomes: Sequence[Mapping[str, np.ndarray]] | None = None) -> list[SharedFacts]:
    """The facts that conditions of each engagement may ask for, in the account's order."""
    ends = outcomes or [{} for _ in courses]
    every = {part.id: Facts(course, **known) for part, course, known in zip(
        account.parts, courses, ends, strict=True)}
    return [SharedFacts(facts, every) for facts in every.values()]


def even_division(account: Account) -> tuple[int, ...]:
    """Your week over the engagements in proportion to what they need, whole percents."""
    needs = np.array([part.need for part in account.parts], dtype=float)
    exact = needs / needs.sum() * 100
    shares = np.floor(exact).astype(int)
    for k in np.argsort(shares - exact, kind="stable")[:100 - shares.sum()]:
        shares[k] += 1
    return tuple(shares.tolist())


def loads(account: Account, division: np.ndarray) -> np.ndarray:
    """``(n, parts)`` share of the week each engagement gets, as a multiple of what it needs.

    ``division`` (n, parts) is in percent.
    """
    return division / np.array([part.need for part in account.parts], dtype=float)


def opinions(courses: Sequence[Course]) -> tuple[np.ndarray, ...]:
    """What everybody believes of you now, ``(n, c, 3)`` for each engagement."""
    return tuple(beliefs(course.state, course.parameters) for course in courses)


def hold_talks(account: Account, courses: Sequence[AnyCourse], told: Sequence[np.ndarray],
               ledgers: Sequence[Any]) -> tuple[tuple[AnyCourse, ...], tuple[np.ndarray, ...]]:
    """A week's talk across engagements: the courses after it, and what has been told by now.

    ``told`` (n, c, 3) for each engagement is what everybody believed when they last spoke.
    """
    place = {contact.id: (k, i) for k, part in enumerate(account.parts)
             for i, contact in enumerate(part.case.contacts)}
    now = opinions(courses)
    states = [course.state for course in courses]
    for talk in account.talks:
        k, i = place[talk.speaker]
        change = now[k][:, i] - told[k][:, i]
        for listener in talk.listeners:
            other, j = place[listener]
            states[other] = hear(states[other], j, change, talk.share / 100,
                                 courses[other].parameters)
    after = tuple(replace(course, state=ledger.note("hearsay", state)) for course, state, ledger
                  in zip(courses, states, ledgers, strict=True))
    return after, opinions(after)


@dataclass(frozen=True)
class AccountOutcomes(Outcomes):
    """How ``n`` accounts ended; ``parts`` (n, parts) is the place of each engagement's ending."""

    parts: np.ndarray = None


def conclude_account(account: Account, courses: Sequence[Course]) -> AccountOutcomes:
    """The outcomes of accounts whose weeks are over: one decision about all engagements."""
    weights = np.array([part.weight for part in account.parts], dtype=float)
    weights /= weights.sum()
    p = courses[0].parameters
    joint = decide_together([decide(c.state, c.luck, c.setting, p) for c in courses], weights, p)
    live = [~np.isnan(course.state.live) for course in courses]
    known = {"renewed": joint.renewed, "follow_on": joint.follow_on, "reference": joint.reference}
    lines = _lines(courses, joint, weights)
    scores = {area: mean_of(lines[area].values()) for area in AREAS}
    overall = mean_of((scores[area], weight) for area, weight in settings()["scorecard"][
        "overall"].items())
    n = len(joint.score)
    facts = shared_facts(account, courses, [{**known, "delivered": one} for one in live])
    parts = np.stack([_first(part.case.endings, own, n) for part, own in zip(
        account.parts, facts, strict=True)], axis=1)
    delivered = np.all(live, axis=0)
    whole = SharedFacts({**known, "delivered": delivered, "week": courses[0].state.week},
                        facts[0][OTHERS])
    return AccountOutcomes(_first(account.endings, whole, n), **known, delivered=delivered,
                           scores=scores, lines=lines, overall=overall, support=joint.score,
                           parts=parts)


def _first(endings: Sequence, facts: Mapping[str, Any], n: int) -> np.ndarray:
    """``(n,)`` place of the first ending whose condition holds."""
    return np.argmax([truths(ending.when, facts, n) for ending in endings], axis=0)


def _lines(courses: Sequence[Course], joint: AccountDecision, weights: np.ndarray) -> dict:
    """Lines of the scorecard, each the weighted mean over the engagements."""
    each = [score_lines(course, joint) for course in courses]
    return {area: {name: (mean_of((one[area][name][0], weight) for one, weight in zip(
        each, weights, strict=True)), each[0][area][name][1]) for name in each[0][area]}
        for area in AREAS}
