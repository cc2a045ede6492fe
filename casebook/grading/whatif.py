"""Another response at one incident, on the same luck and with the same decisions around it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from casebook.engagement import (
    Answer,
    Decision,
    Division,
    DivisionAsk,
    Plan,
    PlanAsk,
    Play,
    begin_play,
)
from casebook.engagement.scorecard import AREAS
from casebook.language import _
from casebook.markup import table_html
from casebook.study import policy
from casebook.study.script import STAND_IN

from .failed import CheckFailed

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class OtherStory:
    """A play as it was and as it would have gone.

    Attributes
    ----------
    was, other : Play
        Both to their end.
    met : tuple of str
        Titles of incidents that only the other story meets; the balanced manager answered them.
    """

    was: Play
    other: Play
    met: tuple[str, ...]

    @property
    def difference(self) -> float:
        """Overall points of the other story less those of the play; above 0 it is better."""
        return self.other.outcome.overall - self.was.outcome.overall

    def table(self) -> pd.DataFrame:
        """The scorecards side by side: one row for each area and the overall, in points."""
        import pandas as pd

        was, other = self.was.outcome, self.other.outcome
        rows = [*((area, was.scores[area], other.scores[area]) for area in AREAS),
                ("overall", was.overall, other.overall)]
        table = pd.DataFrame(rows, columns=["area", "as you played", "the other way"])
        table["difference"] = table["the other way"] - table["as you played"]
        return table.round(1).set_index("area")

    def __repr__(self) -> str:
        return f"{self._told()}\n{self.table()}"

    def _repr_html_(self) -> str:
        told = table_html(self.table(), _("One decision changed"))
        return f"<p>{escape(self._told())}</p>{told}"

    def _told(self) -> str:
        was, other = self.was.outcome, self.other.outcome
        told = (f"As you played: “{was.ending.title}”. The other way: “{other.ending.title}”. "
                f"The difference overall is {self.difference:+.1f} points.")
        if self.met:
            told += (" The other story also met what yours did not; the manager called balanced "
                     f"answered it: {', '.join(self.met)}.")
        return told


def other_story(play: Play, incident: str, response: str) -> OtherStory:
    """Play again with another response to one incident.

    Everything else stays: the luck, the plans, and the responses to the other incidents where they
    are on offer. What only the other story meets, the balanced manager answers.

    Raises
    ------
    CheckFailed
        If the play is not over, did not meet the incident, or the response was not on offer.
    """
    if play.outcome is None:
        raise CheckFailed("The play is not over yet.", "Finish it, then compare.")
    _refuse_what_was_not_offered(play, incident, response)
    given = {turn.decision.incident: turn.decision.response for turn in play.turns
             if isinstance(turn.decision, Answer)}
    plans = {(turn.decision.phase, turn.decision.engagement): turn.decision for turn in play.turns
             if isinstance(turn.decision, Plan)}
    divisions = {turn.decision.phase: turn.decision for turn in play.turns
                 if isinstance(turn.decision, Division)}
    wanted = given | {incident: response}
    other, met = begin_play(play.case, play.player, play.attempt), []
    while other.outcome is None:
        made = _as_before(other, wanted, plans, divisions)
        if made is None:
            made = policy(STAND_IN)(other)
            if isinstance(made, Answer):
                met.append(other.ask.incident.title)
        other = other.take(made)
    return OtherStory(play, other, tuple(met))


def _as_before(play: Play, answers, plans, divisions) -> Decision | None:
    """What the student did when asked this, or None where they were not asked it."""
    ask = play.ask
    if isinstance(ask, DivisionAsk):
        return divisions.get(ask.phase.id)
    if isinstance(ask, PlanAsk):
        return plans.get((ask.phase.id, ask.engagement))
    response = answers.get(ask.incident.id)
    offered = {one.id for one in ask.responses}
    return Answer(ask.incident.id, response) if response in offered else None


def _refuse_what_was_not_offered(play: Play, incident: str, response: str) -> None:
    offered = offers(play)
    if incident not in offered:
        raise CheckFailed(f"Your play did not meet an incident {incident!r}.",
                          f"It met: {', '.join(offered)}.")
    chosen, others = offered[incident]
    if response == chosen:
        raise CheckFailed(f"{response!r} is what you chose.",
                          f"Take another one: {', '.join(others)}.")
    if response not in others:
        raise CheckFailed(f"{response!r} was not on offer at {incident!r}.",
                          f"There were: {', '.join(others)}.")


def offers(play: Play) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Every incident that a play met: what was chosen, and what else was on offer (ids)."""
    return {turn.decision.incident: (turn.decision.response, tuple(
                id for id in turn.offered if id != turn.decision.response))
            for turn in play.turns if isinstance(turn.decision, Answer)}
