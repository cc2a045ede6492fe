"""A play of an account: several engagements side by side, and one week of you.

An :class:`AccountPlay` is put together from :class:`~.engagement.Engagement`. It asks what they
ask, works their weeks in step, and gives out the names that they have, so that views, transcripts
and replay take either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from casebook.case.account import Account
from casebook.errors import MoveError
from casebook.language import _
from casebook.model import MODEL_VERSION, Ledger, Parameters, State

from .decisions import Decision, Division, Plan
from .engagement import Engagement, begun, check_player, first, incident_ask, responded, worked
from .rules import phase_of
from .scorecard import news_of_the_decision
from .together import (
    conclude_account,
    even_division,
    hold_talks,
    loads,
    opinions,
    shared_facts,
)
from .turns import DivisionAsk, IncidentAsk, News, Outcome, PlanAsk, Turn, Undertaking

Ask = DivisionAsk | PlanAsk | IncidentAsk


@dataclass(frozen=True)
class AccountPlay:
    """A play of ``case`` by ``player``: :meth:`start`, then :meth:`take` until ``ask`` is None.

    Attributes
    ----------
    parts : tuple of Engagement
        The engagements; their own ``turns`` are kept here, in ``turns``.
    division : tuple of int
        Your week over the engagements, percent.
    ask : DivisionAsk, PlanAsk, IncidentAsk or None
    turns : tuple of Turn
        Measures and causes are of all contacts, engagement by engagement.
    outcome : Outcome or None
    """

    case: Account
    player: str
    attempt: int
    parts: tuple[Engagement, ...]
    told: tuple[np.ndarray, ...]
    division: tuple[int, ...]
    ask: Ask | None = None
    phase: int = -1
    turns: tuple[Turn, ...] = ()
    outcome: Outcome | None = None

    @classmethod
    def start(cls, case: Account, player: str = "you", attempt: int = 1) -> AccountPlay:
        """A new play, at its first decision; parameters as :meth:`Engagement.start`."""
        check_player(player, attempt)
        parts = tuple(begun(part.case, player, attempt) for part in case.parts)
        return _ask_next(cls(case, player, attempt, parts, opinions(parts), even_division(case)))

    def take(self, decision: Decision) -> AccountPlay:
        """The play after this decision (MoveError if it is not what is asked for now)."""
        ask = self.ask
        if ask is None:
            raise MoveError(_("This play is over."), _("Start another attempt to play again."))
        if isinstance(ask, IncidentAsk):
            return self._respond(ask, decision)
        return self._divide(ask, decision) if isinstance(ask, DivisionAsk) else self._plan(
            ask, decision)

    @property
    def state(self) -> State:
        """The first engagement's state, for what all share, such as the week."""
        return self.parts[0].state

    @property
    def parameters(self) -> Parameters:
        """The model's numbers."""
        return self.parts[0].parameters

    @property
    def model_version(self) -> str:
        """Version of rules and parameters together."""
        return f"{MODEL_VERSION}.{self.parameters.version}"

    def measures(self) -> dict[str, np.ndarray]:
        """Every measure of every contact now, ``(c,)`` each, in [0, 1]."""
        return _joined([part.measures() for part in self.parts])

    @property
    def chosen(self) -> tuple[str, ...]:
        """The responses chosen so far, ``"incident/response"`` each, in order."""
        return tuple(f"{t.decision.incident}/{t.decision.response}" for t in self.turns
                     if hasattr(t.decision, "incident"))

    @property
    def flags(self) -> frozenset[str]:
        """The flags that the responses chosen have set."""
        return frozenset().union(*(part.flags for part in self.parts))

    @property
    def promises(self) -> tuple[Undertaking, ...]:
        """The promises made so far, engagement by engagement."""
        return tuple(promise for part in self.parts for promise in part.promises)

    def _divide(self, ask: DivisionAsk, decision: Decision) -> AccountPlay:
        if not isinstance(decision, Division) or decision.phase != ask.phase.id:
            raise MoveError(_("Your week over the engagements is asked for, in the phase {phase}, "
                              "not {made}.").format(phase=repr(ask.phase.id),
                                                    made=decision.record()),
                            _("Divide it first."))
        ids = tuple(part.id for part in self.case.parts)
        given = dict(zip(decision.engagements, decision.shares, strict=True))
        unknown = [id for id in given if id not in ids]
        if unknown:
            raise MoveError(_("There is no engagement {id}.").format(id=repr(unknown[0])),
                            _("The engagements are {those}.").format(those=", ".join(ids)))
        made = Division(decision.phase, ids, tuple(given.get(id, 0) for id in ids))
        after = replace(self, division=made.shares, phase=self.case.phases.index(ask.phase))
        return _ask_next(after._turn(made, ask.week, ask.phase.title))

    def _plan(self, ask: PlanAsk, decision: Decision) -> AccountPlay:
        if not isinstance(decision, Plan) or (decision.phase, decision.engagement) != (
                ask.phase.id, ask.engagement):
            raise MoveError(
                _("An attention plan for {engagement} in the phase {phase} is asked for, not "
                  "{made}.").format(engagement=repr(ask.engagement), phase=repr(ask.phase.id),
                                    made=decision.record()), _("Plan first, then go on."))
        k = self.case.place(ask.engagement)
        part = replace(self.parts[k], shares=decision.shares,
                       phase=self.parts[k].case.phases.index(ask.phase))
        title = f"{self.case.parts[k].case.title}: {ask.phase.title}"
        return _ask_next(self._with(k, part)._turn(decision, ask.week, title))

    def _respond(self, ask: IncidentAsk, decision: Decision) -> AccountPlay:
        k = self.case.place(ask.engagement)
        part = responded(self.parts[k], ask, decision)
        before, after = self.measures(), self._with(k, replace(part, turns=()))
        own, now = part.turns[-1], after.measures()
        turn = replace(own, number=len(self.turns) + 1, phase=self.case.phases[self.phase].id,
                       before=before, responded=now, after=now,
                       at_once=self._widened({k: own.at_once}), engagement=ask.engagement)
        return _ask_next(replace(after, turns=(*self.turns, turn)))

    def _with(self, k: int, part: Engagement) -> AccountPlay:
        return replace(self, parts=(*self.parts[:k], part, *self.parts[k + 1:]))

    def _turn(self, decision: Decision, week: int, title: str) -> AccountPlay:
        """With one more turn, in which a plan was made and nobody has reacted yet."""
        now = self.measures()
        turn = Turn(len(self.turns) + 1, decision, week, self.case.phases[self.phase].id, title,
                    "", (), None, (), now, now, now, {},
                    engagement=getattr(decision, "engagement", ""))
        return replace(self, turns=(*self.turns, turn))

    def _widened(self, entries: Mapping[int, Mapping[str, Mapping[str, np.ndarray]]]):
        """Causes of engagements, by place, as causes of all contacts: zero for the others."""
        counts = [len(part.case.contacts) for part in self.case.parts]
        starts = np.cumsum([0, *counts])
        out: dict[str, dict[str, np.ndarray]] = {}
        for k, causes in entries.items():
            for cause, entry in causes.items():
                wide = out.setdefault(cause, {})
                for measure, values in entry.items():
                    whole = wide.setdefault(measure, np.zeros(starts[-1]))
                    whole[starts[k]:starts[k + 1]] += values
        return out


def _ask_next(play: AccountPlay) -> AccountPlay:
    """Work through the weeks until something has to be decided, or the play is over."""
    ledgers = [Ledger(play.parameters) for _ in play.parts]
    for ledger, part in zip(ledgers, play.parts, strict=True):
        ledger.open(part.state)
    news: list[News] = []
    while play.state.week <= play.parts[0].setting.last_week:
        ask = _question(play)
        if ask is not None:
            return _close(replace(play, ask=ask), ledgers, news)
        play, some = _work_week(play, ledgers)
        news += some
    outcome = _finish(play)
    last = news_of_the_decision(outcome, play.parts[0].setting.last_week)
    return _close(replace(play, ask=None, outcome=outcome), ledgers, news + last)


def _question(play: AccountPlay) -> Ask | None:
    """What has to be decided before this week is worked."""
    week, case = play.state.week, play.case
    number = next(k for k, phase in enumerate(case.phases) if week <= phase.weeks[1])
    if play.phase < number:
        return DivisionAsk(case.phases[number], week, play.division)
    for whole, part in zip(case.parts, play.parts, strict=True):
        if part.phase < number:
            return PlanAsk(phase_of(part.case, week), week, part.shares, whole.id)
    known = shared_facts(case, play.parts)
    for whole, part, facts in zip(case.parts, play.parts, known, strict=True):
        ask = incident_ask(part, facts)
        if ask is not None:
            return replace(ask, engagement=whole.id)
    return None


def _work_week(play: AccountPlay, ledgers: Sequence[Ledger]) -> tuple[AccountPlay, list[News]]:
    """All engagements work the week, each with what it gets of you; then people talk."""
    load = loads(play.case, np.array([play.division], dtype=float))[0]
    parts, news = [], []
    for whole, part, share, ledger in zip(play.case.parts, play.parts, load, ledgers, strict=True):
        attention = np.array([part.shares]) / 100 * share
        part, some = worked(part, attention, ledger)
        parts.append(part)
        news += [replace(one, text=f"{whole.case.title}: {one.text}") for one in some]
    after, told = hold_talks(play.case, parts, play.told, ledgers)
    return replace(play, parts=after, told=told), news


def _finish(play: AccountPlay) -> Outcome:
    ends = conclude_account(play.case, play.parts)
    return Outcome(
        play.case.endings[int(ends.ending[0])], bool(ends.renewed[0]), bool(ends.follow_on[0]),
        bool(ends.reference[0]), bool(ends.delivered[0]),
        {area: float(points[0]) for area, points in ends.scores.items()},
        {area: {name: (float(points[0]), weight) for name, (points, weight) in lines.items()}
         for area, lines in ends.lines.items()},
        float(ends.overall[0]), float(ends.support[0]), play.parameters.account.rival,
        {part.id: part.case.endings[int(ends.parts[0, k])]
         for k, part in enumerate(play.case.parts)})


def _close(play: AccountPlay, ledgers: Sequence[Ledger], news: list[News]) -> AccountPlay:
    """Book what happened since the decision with the turn that led to it."""
    if not play.turns:
        return play
    entries = play._widened({k: first(ledger.entries) for k, ledger in enumerate(ledgers)})
    turn = replace(play.turns[-1], after=play.measures(), meanwhile=entries, news=tuple(news))
    return replace(play, turns=(*play.turns[:-1], turn))


def _joined(each: Sequence[Mapping[str, Any]]) -> dict[str, np.ndarray]:
    return {name: np.concatenate([one[name] for one in each]) for name in each[0]}
