"""Credit for decisions, not for luck: where a play stands between managers on the same luck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from casebook.engagement import Play
from casebook.study.regret import regret

if TYPE_CHECKING:
    from .assignment import Credit


@dataclass(frozen=True)
class Standing:
    """Where a play stands between the named managers on its own luck.

    Attributes
    ----------
    own, best, weakest : float
        Overall points from 0 to 100 of the play, and of the best and the weakest manager.
    best_name, weakest_name : str
        These two managers.
    managers : int
        How many there are.
    """

    own: float
    best: float
    weakest: float
    best_name: str
    weakest_name: str
    managers: int

    @property
    def regret(self) -> float:
        """Points that the play missed; below 0 it beat them all."""
        return self.best - self.own

    @property
    def share(self) -> float:
        """The play's part of the way from the weakest to the best manager; may leave 0 to 1."""
        return share(self.own, self.weakest, self.best)


def standing(play: Play) -> Standing:
    """Where a finished play stands (StudyError if it is not over)."""
    found = regret(play)
    best, weakest = found.table.iloc[0], found.table.iloc[-1]
    return Standing(found.own, float(best["overall"]), float(weakest["overall"]),
                    str(best["manager"]), str(weakest["manager"]), len(found.table))


def share(own, weakest, best):
    """Part of the way from ``weakest`` to ``best``, all in points; numbers or arrays."""
    return (own - weakest) / (best - weakest)


def credit(share: float, rule: Credit) -> float:
    """Part of the points, from 0 to 1, that a share of the way earns."""
    return min(1.0, max(0.0, (share - rule.nothing) / (rule.full - rule.nothing)))
