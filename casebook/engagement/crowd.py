"""Many engagements of one case, played together.

A crowd is played by a :class:`CrowdManager` and by the same rules as a single
:class:`~casebook.engagement.Engagement`. Arrays keep the engagement as the axis that is contiguous
in memory (:func:`casebook.model.state.along_n`), because a crowd has many engagements and few
contacts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol

import numpy as np

from casebook.case.types import Case, Incident, Phase
from casebook.errors import MoveError
from casebook.model import Luck, Parameters, Setting, State, begin, draw, parameters, pick
from casebook.model.state import Rows
from casebook.roles import ROLE_IDS

from . import translate
from .history import NONE, History, Options
from .rules import answer, due_incident, offered, phase_of, work_week
from .scorecard import Outcomes, conclude
from .status import Facts


class CrowdManager(Protocol):
    """Who decides for all engagements of a crowd at once."""

    def plan(self, crowd: Crowd, phase: Phase) -> np.ndarray:
        """``(n, 6)`` whole percents for a phase, in the order of the roles; rows add up to 100."""

    def answer(self, crowd: Crowd, incident: Incident, rows: np.ndarray,
               offered: np.ndarray) -> np.ndarray:
        """``(m,)`` places in ``incident.responses``, one for each of the engagements ``rows`` (m,).

        ``offered`` (m, r) says which responses are on offer to each.
        """


class Watch(Protocol):
    """Who looks on while a crowd is played, and changes nothing."""

    def answered(self, before: Crowd, after: Crowd, incident: int, rows: np.ndarray,
                 picks: np.ndarray) -> None:
        """The engagements ``rows`` (m,) gave the responses ``picks`` to an incident, by place."""

    def worked(self, before: Crowd, after: Crowd) -> None:
        """A week was worked, and promises due at its end were settled."""


@dataclass(frozen=True)
class Crowd:
    """``n`` engagements of ``case`` under way. :func:`play_crowd` plays them to their end.

    Attributes
    ----------
    state : State
    history : History
        Responses chosen (``history.answers``, places or -1), their weeks, promises kept.
    plans : ndarray, (n, phases, 6)
        Attention plans in whole percents; zeros for a phase that has not begun.
    outcome : Outcomes or None
        How they ended.
    """

    case: Case
    setting: Setting
    parameters: Parameters
    luck: Luck
    state: State
    history: History
    plans: np.ndarray
    outcome: Outcomes | None = None

    @classmethod
    def start(cls, case: Case, luck: Luck, p: Parameters | None = None,
              options: Options | None = None) -> Crowd:
        """A crowd at its first week, one engagement for each of ``luck``.

        ``options`` may be those of an earlier crowd of the same case, to save making them.
        """
        setting, numbers = translate.setting(case), p or parameters()
        luck = _along_n(luck)
        state = _along_n(begin(setting, luck, numbers))
        history = History.begin(options or Options.of(case), len(state.done))
        plans = np.zeros((history.n, len(case.phases), len(ROLE_IDS)), dtype=np.int16, order="F")
        return cls(case, setting, numbers, luck, state, history, plans)

    @property
    def n(self) -> int:
        """Number of engagements."""
        return self.history.n

    @property
    def answers(self) -> np.ndarray:
        """``(n, i)`` places of the responses chosen, or -1."""
        return self.history.answers

    def response(self, incident: str) -> np.ndarray:
        """``(n,)`` id of the response chosen, or ``""`` where the incident did not happen."""
        place = next(i for i, one in enumerate(self.case.incidents) if one.id == incident)
        ids = np.array([*(r.id for r in self.case.incidents[place].responses), ""])
        return ids[self.history.answers[:, place]]


def play_crowd(case: Case, luck: Luck, manager: CrowdManager, p: Parameters | None = None,
               watch: Watch | None = None,
               options: Options | None = None) -> Crowd:
    """Play engagements of a case to their end, all at once.

    Parameters
    ----------
    case : Case
    luck : Luck
        The luck of ``n`` engagements, as :func:`casebook.model.draw_block`, :func:`lucks` or
        :func:`shared` give it.
    manager : CrowdManager
        Decides.
    p : Parameters, optional
    watch : Watch, optional
        Is shown every answer and every week.
    options : Options, optional
        Of an earlier crowd of the case.

    Returns
    -------
    Crowd
        With ``outcome``.

    Raises
    ------
    MoveError
        If the manager decides what is not on offer.
    """
    crowd = Crowd.start(case, luck, p, options)
    while crowd.state.week <= crowd.setting.last_week:
        phase = phase_of(case, crowd.state.week)
        place = case.phases.index(phase)
        if crowd.state.week == max(phase.weeks[0], crowd.setting.first_week):
            crowd = planned(crowd, phase, place, manager)
        before = _answer_incidents(crowd, manager, watch)
        attention = np.asfortranarray(before.plans[:, place] / 100)
        crowd, _ = work_week(before, attention)
        if watch:
            watch.worked(before, crowd)
    return replace(crowd, outcome=conclude(crowd))


def _along_n(whole: Rows) -> Rows:
    """The same numbers, with engagements next to each other in memory; no copy where they are."""
    arrays = (value for value in vars(whole).values() if isinstance(value, np.ndarray))
    near = all(array.strides[0] == array.itemsize for array in arrays)
    return whole if near else pick(whole, slice(None))


def planned(crowd: Crowd, phase: Phase, place: int, manager: CrowdManager) -> Crowd:
    """The crowd once its manager has planned a phase."""
    shares = np.asarray(manager.plan(crowd, phase))
    if shares.shape != (crowd.n, len(ROLE_IDS)) or shares.dtype.kind not in "iu" or (
            shares < 0).any() or (shares.sum(axis=1) != 100).any():
        raise MoveError(f"The plans for the phase {phase.id!r} are not plans.",
                        f"Give whole percents, ({crowd.n}, {len(ROLE_IDS)}), 100 in each row.")
    plans = crowd.plans.copy(order="K")
    plans[:, place] = shares
    return replace(crowd, plans=plans)


def _answer_incidents(crowd: Crowd, manager: CrowdManager, watch: Watch | None) -> Crowd:
    """Work through this week's incidents; an answer can make another one happen."""
    asked = np.ones(crowd.n, dtype=bool)
    while asked.any():
        crowd, asked = answer_incidents(crowd, manager, Facts(crowd), watch=watch)
    return crowd


def answer_incidents(crowd: Crowd, manager: CrowdManager, facts: Mapping[str, Any],
                     among: np.ndarray | None = None,
                     watch: Watch | None = None) -> tuple[Crowd, np.ndarray]:
    """Answer the incident that happens now, by these facts, in each engagement ``among`` (n,).

    Returns
    -------
    Crowd
    ndarray, (n,)
        Where an incident was answered.
    """
    happens = due_incident(crowd, facts)
    if among is not None:
        happens = np.where(among, happens, NONE)
    for place in np.unique(happens[happens != NONE]).tolist():
        incident = crowd.case.incidents[place]
        rows = np.flatnonzero(happens == place)
        on_offer = offered(incident, facts, rows, crowd.n)
        picks = _checked(incident, manager.answer(crowd, incident, rows, on_offer), on_offer)
        before, crowd = crowd, answer(crowd, place, rows, picks)
        if watch:
            watch.answered(before, crowd, place, rows, picks)
    return crowd, happens != NONE


def _checked(incident: Incident, picks: np.ndarray, on_offer: np.ndarray) -> np.ndarray:
    """Answers that a manager gave, as places (MoveError where one is not on offer)."""
    picks = np.asarray(picks)
    count, most = on_offer.shape
    if picks.shape != (count,) or picks.dtype.kind not in "iu" or not (
            (picks >= 0) & (picks < most)).all() or not on_offer[np.arange(count), picks].all():
        raise MoveError(f"The incident {incident.id!r} does not offer all the responses chosen.",
                        "Choose, for each engagement, the place of a response that is on offer.")
    return picks


def join(parts: Iterable[Luck]) -> Luck:
    """Lucks one after the other, as the luck of one crowd."""
    parts = list(parts)
    return Luck(**{
        field.name: np.asfortranarray(np.concatenate([getattr(x, field.name) for x in parts]))
        for field in fields(Luck)})


def lucks(case: Case, players: Iterable[tuple[str, int]]) -> Luck:
    """The lucks that these players have in these attempts: ``(player, attempt)`` each."""
    setting = translate.setting(case)
    return join(draw((case.id, case.version, player, attempt), setting.weeks, setting.contacts)
                for player, attempt in players)


def shared(luck: Luck, n: int) -> Luck:
    """The luck of one engagement, for ``n`` that share it."""
    return pick(luck, np.zeros(n, dtype=int))
