"""One play of a case: what is asked, what is decided, and what comes of it.

An :class:`Engagement` is frozen. Taking a decision gives a new one, so that an earlier one can
be kept to try another way from there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from casebook.case.conditions import holds
from casebook.case.types import Case, Incident, Phase, Response
from casebook.errors import MoveError, PlayerError
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
    play_week,
    respond,
    settle_promise,
)
from casebook.model.luck import uniforms

from . import translate
from .decisions import Answer, Decision, Plan
from .news import promise_news, week_news
from .scorecard import finish
from .status import facts
from .turns import IncidentAsk, Outcome, PlanAsk, Reaction, Turn, Undertaking
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
    ask: PlanAsk | IncidentAsk | None = None
    phase: int = -1
    shares: tuple[int, ...] = ()
    turns: tuple[Turn, ...] = ()
    flags: frozenset[str] = frozenset()
    chosen: tuple[str, ...] = ()
    promises: tuple[Undertaking, ...] = ()
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
        arrays = translate.setting(case)
        numbers = parameters()
        luck = draw((case.id, case.version, player, attempt), arrays.weeks, arrays.contacts)
        state = begin(arrays, luck, numbers)
        return _ask_next(cls(case, player, attempt, arrays, numbers, luck, state,
                             shares=tuple(settings()["presets"]["balanced"]["shares"])))

    def take(self, decision: Decision) -> Engagement:
        """The engagement after this decision.

        Raises
        ------
        MoveError
            If the decision is not what is asked for now. The engagement stays as it was.
        """
        if self.ask is None:
            raise MoveError("This play is over.", "Start another attempt to play again.")
        if isinstance(self.ask, PlanAsk):
            return self._plan(self.ask, decision)
        return self._answer(self.ask, decision)

    @property
    def model_version(self) -> str:
        """Version of rules and parameters together."""
        return f"{MODEL_VERSION}.{self.parameters.version}"

    def measures(self) -> dict[str, np.ndarray]:
        """Every measure of every contact now, ``(c,)`` each, in [0, 1]."""
        return {k: v[0] for k, v in measures(self.state, self.parameters).items()}

    def facts(self) -> dict[str, Any]:
        """What conditions can ask for now."""
        kept = {p.to for p in self.promises if p.kept}
        broken = {p.to for p in self.promises if p.kept is False}
        history = {
            "flags": set(self.flags), "chosen": set(self.chosen),
            "seen": {name.split("/")[0] for name in self.chosen}, "kept": kept,
            "broken": broken,
            "open_promises": sum(p.kept is None for p in self.promises),
        }
        return facts(self.case, self.state, self.setting, self.parameters, history)

    def _plan(self, ask: PlanAsk, decision: Decision) -> Engagement:
        if not isinstance(decision, Plan) or decision.phase != ask.phase.id:
            raise MoveError(f"An attention plan for the phase {ask.phase.id!r} is asked for, "
                            f"not {decision.record()}.", "Plan first, then go on.")
        now = self.measures()
        turn = Turn(len(self.turns) + 1, decision, ask.week, ask.phase.id, ask.phase.title,
                    "", (), None, (), now, now, now, {})
        return _ask_next(replace(self, shares=decision.shares, turns=(*self.turns, turn),
                                 phase=self.case.phases.index(ask.phase)))

    def _answer(self, ask: IncidentAsk, decision: Decision) -> Engagement:
        if not isinstance(decision, Answer) or decision.incident != ask.incident.id:
            raise MoveError(f"A response to the incident {ask.incident.id!r} is asked for, "
                            f"not {decision.record()}.", "Answer it first, then go on.")
        offered = {response.id: response for response in ask.responses}
        if decision.response not in offered:
            raise MoveError(f"The incident {ask.incident.id!r} offers no response "
                            f"{decision.response!r}.", f"It offers: {', '.join(sorted(offered))}.")
        return _ask_next(_respond(self, ask, decision, offered[decision.response]))


def check_player(player: str, attempt: int) -> None:
    """Refuse a player or attempt that cannot be used (PlayerError)."""
    if not isinstance(player, str) or not player.strip() or len(player) > MAX_PLAYER:
        raise PlayerError(f"The player is {player!r}.",
                          f"Give a name or number of 1 to {MAX_PLAYER} characters.")
    if any(not character.isprintable() for character in player):
        raise PlayerError(f"The player {player!r} holds a character that cannot be printed.",
                          "Use letters, digits and ordinary signs.")
    if isinstance(attempt, bool) or not isinstance(attempt, int) or not (
            1 <= attempt <= MAX_ATTEMPT):
        raise PlayerError(f"The attempt is {attempt!r}.",
                          f"Give a whole number from 1 to {MAX_ATTEMPT}.")


def _respond(play: Engagement, ask: IncidentAsk, decision: Answer,
             response: Response) -> Engagement:
    """The engagement once contacts have taken a response in."""
    before = play.measures()
    ledger = Ledger(play.parameters)
    ledger.open(play.state)
    move = translate.move(play.case, ask.incident, response)
    taking = play.luck.taking[:, play.state.week - play.setting.first_week]
    state = respond(play.state, move, taking, play.setting, play.parameters, ledger)
    name = f"{ask.incident.id}/{response.id}"
    made = tuple(Undertaking(p.to, p.what, p.due, p.kept_when, name) for p in response.promises)
    after = replace(
        play, state=state, flags=play.flags | set(response.sets), chosen=(*play.chosen, name),
        promises=play.promises + made)
    now = after.measures()
    turn = Turn(
        len(play.turns) + 1, decision, ask.week, _phase_of(play.case, ask.week).id,
        ask.incident.title, response.say, _reactions(after, ask.incident, response, now),
        response.why, response.findings, before, now, now, _first(ledger.entries))
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
        before = play
        play, fallen_due = _work_week(play, ledger)
        news += week_news(before, play) + fallen_due
    outcome, last = finish(play)
    return _close(replace(play, ask=None, outcome=outcome), ledger, news + last)


def _question(play: Engagement) -> PlanAsk | IncidentAsk | None:
    """What has to be decided before this week is worked."""
    week = play.state.week
    phase = _phase_of(play.case, week)
    if play.phase < play.case.phases.index(phase):
        return PlanAsk(phase, week, play.shares)
    incident = _due_incident(play, week)
    if incident is None:
        return None
    known = play.facts()
    offered = [r for r in incident.responses if not r.when or holds(r.when, known)]
    offered.sort(key=lambda r: _chance(play, "order", incident.id, r.id))
    return IncidentAsk(incident, week, tuple(offered))


def _due_incident(play: Engagement, week: int) -> Incident | None:
    """The incident that happens now: one a week, or more where a window is closing."""
    answered = {name.split("/")[0] for name in play.chosen}
    busy = any(turn.week == week and isinstance(turn.decision, Answer) for turn in play.turns)
    known = None
    for incident in play.case.incidents:
        first, last = incident.weeks
        if incident.id in answered or not first <= week <= last or (busy and week < last):
            continue
        if incident.when:
            known = known or play.facts()
            if not holds(incident.when, known):
                continue
        return incident
    return None


def _work_week(play: Engagement, ledger: Ledger):
    """A week is worked; promises that fall due at its end are settled."""
    week = play.state.week
    attention = np.array([play.shares], dtype=float) / 100
    state = play_week(play.state, attention, play.luck, play.setting, play.parameters, ledger)
    play = replace(play, state=state)
    news = []
    for i, promise in enumerate(play.promises):
        if promise.kept is None and promise.due <= week:
            kept = holds(promise.kept_when, play.facts())
            place = [c.id for c in play.case.contacts].index(promise.to)
            state = settle_promise(play.state, place, np.array([kept]), play.parameters)
            ledger.note("promise_kept" if kept else "promise_broken", state)
            settled = replace(promise, kept=kept)
            promises = (*play.promises[:i], settled, *play.promises[i + 1:])
            play = replace(play, state=state, promises=promises)
            news.append(promise_news(play.case, settled, week))
    return play, news


def _close(play: Engagement, ledger: Ledger, news) -> Engagement:
    """Book what happened since the decision with the turn that led to it."""
    if not play.turns:
        return play
    turn = replace(play.turns[-1], after=play.measures(), meanwhile=_first(ledger.entries),
                   news=tuple(news))
    return replace(play, turns=(*play.turns[:-1], turn))


def _phase_of(case: Case, week: int) -> Phase:
    return next(phase for phase in case.phases if phase.weeks[0] <= week <= phase.weeks[1])


def _first(entries):
    """The ledger's entries for the one engagement of a play: ``(c,)`` instead of ``(1, c)``."""
    return {cause: {k: v[0] for k, v in entry.items()} for cause, entry in entries.items()}


def _chance(play: Engagement, *use: str) -> float:
    """A number in (0, 1) that belongs to this play and this use alone."""
    key = (play.case.id, play.case.version, play.player, play.attempt, *use)
    return float(uniforms(key, 1)[0])
