"""One play of a case: what is asked, what is decided, and what comes of it.

An :class:`Engagement` is frozen. Taking a decision gives a new one, so that an earlier one can
be kept to try another way from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from casebook.case.types import Case, Incident, Response
from casebook.errors import MoveError, PlayerError
from casebook.language import _
from casebook.model import (
    MODEL_VERSION,
    Ledger,
    Luck,
    Parameters,
    Setting,
    State,
    begin,
    draw,
    measures,
    parameters,
)
from casebook.model.luck import uniforms

from . import translate
from .decisions import Answer, Decision, Plan
from .history import KEPT, NONE, History, Named, Options
from .news import promise_news, week_news
from .rules import answer, due_incident, offered, phase_of, work_week
from .scorecard import finish
from .status import Facts
from .turns import IncidentAsk, News, Outcome, PlanAsk, Reaction, Turn, Undertaking
from .words import band, settings

MAX_PLAYER = 64
MAX_ATTEMPT = 999


@dataclass(frozen=True)
class Engagement:
    """A play of ``case`` by ``player``. Use :meth:`start`, then :meth:`take` until ``ask`` is None.

    Attributes
    ----------
    ask : PlanAsk, IncidentAsk or None
        What the student has to decide now; None when the play is over.
    turns : tuple of Turn
        All that was decided so far.
    outcome : Outcome or None
        How it ended.
    """

    case: Case
    player: str
    attempt: int
    setting: Setting
    parameters: Parameters
    luck: Luck
    state: State
    history: History
    ask: PlanAsk | IncidentAsk | None = None
    phase: int = -1
    shares: tuple[int, ...] = ()
    turns: tuple[Turn, ...] = ()
    outcome: Outcome | None = None

    @classmethod
    def start(cls, case: Case, player: str = "you", attempt: int = 1) -> Engagement:
        """A new play, at its first decision.

        Parameters
        ----------
        case : Case
        player : str
            Who plays: decides the luck and the order of responses. 1 to 64 characters.
        attempt : int
            1 for the first play of this case by this player; another attempt has other luck.

        Raises
        ------
        PlayerError
            If the player or the attempt cannot be used.
        """
        check_player(player, attempt)
        return _ask_next(begun(case, player, attempt))

    def take(self, decision: Decision) -> Engagement:
        """The engagement after this decision.

        Raises
        ------
        MoveError
            If the decision is not what is asked for now. The engagement stays as it was.
        """
        if self.ask is None:
            raise MoveError(_("This play is over."), _("Start another attempt to play again."))
        if isinstance(self.ask, PlanAsk):
            return self._plan(self.ask, decision)
        return self._answer(self.ask, decision)

    @property
    def parts(self) -> tuple[Engagement, ...]:
        """The engagements of this play: one, itself. An account has several."""
        return (self,)

    @property
    def model_version(self) -> str:
        """Version of rules and parameters together."""
        return f"{MODEL_VERSION}.{self.parameters.version}"

    def measures(self) -> dict[str, np.ndarray]:
        """Every measure of every contact now, ``(c,)`` each, in [0, 1]."""
        return {k: v[0] for k, v in measures(self.state, self.parameters).items()}

    def facts(self) -> dict[str, Any]:
        """What conditions can ask for now, as plain values."""
        return {key: _plain(value) for key, value in Facts(self).items()}

    @property
    def chosen(self) -> tuple[str, ...]:
        """The responses chosen so far, ``"incident/response"`` each, in order."""
        places = {place: name for name, place in self.history.options.chosen.items()}
        answers = self.history.answers[0]
        return tuple(places[i, int(answers[i])] for i in self._answered())

    @property
    def flags(self) -> frozenset[str]:
        """The flags that the responses chosen have set."""
        return frozenset(_plain(self.history.facts()["flags"]))

    @property
    def promises(self) -> tuple[Undertaking, ...]:
        """The promises made so far, in order."""
        vows, answers = self.history.options.vows, self.history.answers[0]
        return tuple(self.undertaking(v) for i in self._answered() for v, vow in enumerate(vows)
                     if (vow.incident, vow.response) == (i, answers[i]))

    def _answered(self) -> list[int]:
        """Places of the incidents answered, in order."""
        turns = self.history.turns[0]
        return [int(i) for i in np.argsort(turns, kind="stable") if turns[i] != NONE]

    def undertaking(self, v: int) -> Undertaking:
        """The promise at place ``v`` among the promises of the case, as made in this play."""
        vow, came_to = self.history.options.vows[v], self.history.kept[0, v]
        promise, incident = vow.promise, self.case.incidents[vow.incident]
        made = f"{incident.id}/{incident.responses[vow.response].id}"
        return Undertaking(promise.to, promise.what, promise.due, promise.kept_when, made,
                           None if came_to == NONE else bool(came_to == KEPT))

    def _plan(self, ask: PlanAsk, decision: Decision) -> Engagement:
        if not isinstance(decision, Plan) or decision.phase != ask.phase.id or decision.engagement:
            raise MoveError(
                _("An attention plan for the phase {phase} is asked for, not {made}.").format(
                    phase=repr(ask.phase.id), made=decision.record()),
                _("Plan first, then go on."))
        now = self.measures()
        turn = Turn(len(self.turns) + 1, decision, ask.week, ask.phase.id, ask.phase.title,
                    "", (), None, (), now, now, now, {})
        return _ask_next(replace(self, shares=decision.shares, turns=(*self.turns, turn),
                                 phase=self.case.phases.index(ask.phase)))

    def _answer(self, ask: IncidentAsk, decision: Decision) -> Engagement:
        return _ask_next(responded(self, ask, decision))


def begun(case: Case, player: str, attempt: int) -> Engagement:
    """A new play before its first week; nothing has been asked yet."""
    arrays = translate.setting(case)
    numbers = parameters()
    luck = draw((case.id, case.version, player, attempt), arrays.weeks, arrays.contacts)
    state = begin(arrays, luck, numbers)
    history = History.begin(Options.of(case), 1)
    return Engagement(case, player, attempt, arrays, numbers, luck, state, history,
                      shares=tuple(settings()["presets"]["balanced"]["shares"]))


def check_player(player: str, attempt: int) -> None:
    """Refuse a player or attempt that cannot be used (PlayerError)."""
    if not isinstance(player, str) or not player.strip() or len(player) > MAX_PLAYER:
        raise PlayerError(_("The player is {player}.").format(player=repr(player)),
                          _("Give a name or number of 1 to {n} characters.").format(n=MAX_PLAYER))
    if any(not character.isprintable() for character in player):
        raise PlayerError(_("The player {player} holds a character that cannot be printed.").format(
            player=repr(player)), _("Use letters, digits and ordinary signs."))
    if isinstance(attempt, bool) or not isinstance(attempt, int) or not (
            1 <= attempt <= MAX_ATTEMPT):
        raise PlayerError(_("The attempt is {attempt}.").format(attempt=repr(attempt)),
                          _("Give a whole number from 1 to {n}.").format(n=MAX_ATTEMPT))


def responded(play: Engagement, ask: IncidentAsk, decision: Decision) -> Engagement:
    """The engagement once contacts have taken a response in (MoveError if it is not offered)."""
    if not isinstance(decision, Answer) or decision.incident != ask.incident.id:
        raise MoveError(_("A response to the incident {incident} is asked for, not {made}.").format(
            incident=repr(ask.incident.id), made=decision.record()),
            _("Answer it first, then go on."))
    offered = {response.id: response for response in ask.responses}
    if decision.response not in offered:
        raise MoveError(_("The incident {incident} offers no response {response}.").format(
            incident=repr(ask.incident.id), response=repr(decision.response)),
            _("It offers: {those}.").format(those=", ".join(sorted(offered))))
    response = offered[decision.response]
    before = play.measures()
    ledger = Ledger(play.parameters)
    ledger.open(play.state)
    after = answer(play, play.case.incidents.index(ask.incident), np.array([0]),
                   np.array([ask.incident.responses.index(response)]), ledger)
    now = after.measures()
    turn = Turn(
        len(play.turns) + 1, decision, ask.week, phase_of(play.case, ask.week).id,
        ask.incident.title, response.say, _reactions(after, ask.incident, response, now),
        response.why, response.findings, before, now, now, first(ledger.entries),
        offered=tuple(offered))
    return replace(after, turns=(*play.turns, turn))


def _reactions(play: Engagement, incident: Incident, response: Response,
               now: dict[str, np.ndarray]) -> tuple[Reaction, ...]:
    """What each contact who learns of a response answers: the band is the model's doing."""
    told = []
    for i, contact in enumerate(play.case.contacts):
        if contact.id in response.reaction:
            tone = band(float(now["trust"][i]))
            lines = response.reaction[contact.id][tone]
            pick = _chance(play, "lines", incident.id, response.id, contact.id)
            told.append(Reaction(contact.id, tone, lines[int(pick * len(lines))]))
    return tuple(told)


def _ask_next(play: Engagement) -> Engagement:
    """Work through the weeks until something has to be decided, or the play is over."""
    ledger = Ledger(play.parameters)
    ledger.open(play.state)
    news = []
    while play.state.week <= play.setting.last_week:
        ask = _question(play)
        if ask is not None:
            return _close(replace(play, ask=ask), ledger, news)
        play, some = worked(play, np.array([play.shares]) / 100, ledger)
        news += some
    outcome, last = finish(play)
    return _close(replace(play, ask=None, outcome=outcome), ledger, news + last)


def _question(play: Engagement) -> PlanAsk | IncidentAsk | None:
    """What has to be decided before this week is worked."""
    week = play.state.week
    phase = phase_of(play.case, week)
    if play.phase < play.case.phases.index(phase):
        return PlanAsk(phase, week, play.shares)
    return incident_ask(play, Facts(play))


def incident_ask(play: Engagement, known: Mapping[str, Any]) -> IncidentAsk | None:
    """The incident that happens now, by these facts, or None."""
    place = int(due_incident(play, known)[0])
    if place == NONE:
        return None
    incident = play.case.incidents[place]
    on_offer = offered(incident, known, np.array([0]), 1)[0]
    responses = [r for r, can in zip(incident.responses, on_offer, strict=True) if can]
    responses.sort(key=lambda r: _chance(play, "order", incident.id, r.id))
    return IncidentAsk(incident, play.state.week, tuple(responses))


def worked(play: Engagement, attention: np.ndarray,
           ledger: Ledger) -> tuple[Engagement, list[News]]:
    """A week is worked with ``attention`` (1, 6); promises due at its end are settled."""
    before, week = play, play.state.week
    play, settled = work_week(play, attention, ledger)
    return play, week_news(before, play) + [
        promise_news(play.case, play.undertaking(one.vow), week) for one in settled]


def _close(play: Engagement, ledger: Ledger, news) -> Engagement:
    """Book what happened since the decision with the turn that led to it."""
    if not play.turns:
        return play
    turn = replace(play.turns[-1], after=play.measures(), meanwhile=first(ledger.entries),
                   news=tuple(news))
    return replace(play, turns=(*play.turns[:-1], turn))


def first(entries):
    """The ledger's entries for the one engagement of a play: ``(c,)`` instead of ``(1, c)``."""
    return {cause: {k: v[0] for k, v in entry.items()} for cause, entry in entries.items()}


def _chance(play: Engagement, *use: str) -> float:
    """A number in (0, 1) that belongs to this play and this use alone."""
    key = (play.case.id, play.case.version, play.player, play.attempt, *use)
    return float(uniforms(key, 1)[0])


def _plain(value: Any) -> Any:
    """A fact of the one engagement of a play as a plain value."""
    if isinstance(value, Named):
        return {name for name, truth in value.items() if truth[0]}
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return value[0].item() if isinstance(value, np.ndarray) else value
