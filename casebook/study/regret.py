"""How far a play was from named managers on the same luck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from casebook.engagement import AccountPlay, Play
from casebook.engagement.crowd import shared
from casebook.engagement.scorecard import AREAS
from casebook.errors import StudyError

from .game import AnyLuck, Game, mixed
from .policies import BENCHMARKS

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Regret:
    """A play set beside the benchmark managers on its luck.

    Attributes
    ----------
    table : DataFrame
        One row per manager, best first: ``manager``, ``ending`` (id), ``renewed``, ``overall`` and
        the four areas in points from 0 to 100, ``difference``: its overall less the play's own.
    own : float
        The play's overall.
    best : str
        The best manager.
    regret : float
        The best manager's difference: points that the play missed. Below 0, it beat them all.
    """

    table: pd.DataFrame
    own: float
    best: str
    regret: float


def regret(play: Play) -> Regret:
    """Set a play beside every policy that leaves nothing to chance, on the play's own luck.

    Raises
    ------
    StudyError
        If the play is not over.
    """
    import pandas as pd

    if play.outcome is None:
        raise StudyError("This play is not over.", "Finish it, then compare it.")
    names = list(BENCHMARKS)
    game = Game(play.case, ())
    luck = same_luck(play, len(names))
    whose = np.arange(len(names))
    managers = mixed([game.managers(one, len(names), 0) for one in BENCHMARKS.values()], whose)
    out = game.play(luck, managers).outcome
    own = play.outcome.overall
    table = pd.DataFrame({
        "manager": names, "ending": [play.case.endings[i].id for i in out.ending],
        "renewed": out.renewed, "overall": out.overall,
        **{area: out.scores[area] for area in AREAS}, "difference": out.overall - own,
    }).sort_values("overall", ascending=False, kind="stable", ignore_index=True)
    return Regret(table, own, str(table["manager"][0]), float(table["difference"][0]))


@dataclass(frozen=True)
class Benchmark:
    """How a manager ended on a play's luck: ``manager`` is empty for the play itself.

    ``ending`` is the title of the ending, ``overall`` in points from 0 to 100.
    """

    manager: str
    overall: float
    ending: str


def benchmarks(play: Play) -> tuple[Benchmark, ...]:
    """A play among the managers of :func:`regret`, best first; of equals, the play before them.

    Raises
    ------
    StudyError
        If the play is not over.
    """
    table = regret(play).table
    titles = {ending.id: ending.title for ending in play.case.endings}
    own = Benchmark("", play.outcome.overall, play.outcome.ending.title)
    others = [Benchmark(name, float(overall), titles[ending]) for name, overall, ending in zip(
        table["manager"], table["overall"], table["ending"], strict=True)]
    return tuple(sorted((own, *others), key=lambda one: -one.overall))


def same_luck(play: Play, n: int) -> AnyLuck:
    """The luck of a play, for ``n`` that share it."""
    if isinstance(play, AccountPlay):
        return tuple(shared(part.luck, n) for part in play.parts)
    return shared(play.luck, n)
