"""Credit for decisions, not for luck: what a score would be worth on average luck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from casebook.engagement import Play
from casebook.study.par import on_average_luck, typical
from casebook.study.regret import regret
from casebook.yaml_text import from_yaml, read_only

from .failed import AssignmentError

if TYPE_CHECKING:
    from .assignment import Credit

LEAST_APART = 1.0     # points, between the weakest and the best manager
FILE = Path(__file__).with_name("typical.yaml")
_PLAYED: dict[tuple[str, str], Mapping[str, float]] = {}


@dataclass(frozen=True)
class Standing:
    """Where a play stands among the named managers.

    Attributes
    ----------
    own : float
        Overall points of the play, from 0 to 100.
    here : mapping of str to float
        Points of each named manager on the play's own luck.
    usual : mapping of str to float
        Their points on average luck.
    """

    own: float
    here: Mapping[str, float]
    usual: Mapping[str, float]

    @property
    def level(self) -> float:
        """The play's points, moved to average luck by its place between the managers."""
        names = list(self.here)
        return float(on_average_luck(self.own, [self.here[name] for name in names],
                                     [self.usual[name] for name in names])[0])

    @property
    def regret(self) -> float:
        """Points that the play missed against the best manager; below 0 it beat them all."""
        return max(self.here.values()) - self.own

    @property
    def share(self) -> float:
        """Part of the way from the weakest to the best manager on average luck."""
        weakest, best = min(self.usual.values()), max(self.usual.values())
        if best - weakest < LEAST_APART:
            raise AssignmentError("All named managers reach the same in this case, so decisions "
                                  "cannot be told apart.", "Give no points for decisions in it.")
        return (self.level - weakest) / (best - weakest)


def standing(play: Play) -> Standing:
    """Where a finished play stands (StudyError if it is not over)."""
    found = regret(play)
    here = dict(zip(found.table["manager"], found.table["overall"].astype(float), strict=True))
    return Standing(found.own, here, usual(play))


def usual(play: Play) -> Mapping[str, float]:
    """What the named managers reach on average luck in the case of a play.

    For the cases of the casebook it is measured beforehand (``typical.yaml``); for another case, or
    another version, it is played now, which takes about a second.
    """
    kept = _measured().get(play.case.id, {})
    if (kept.get("case_digest"), kept.get("model")) == (play.case.digest, play.model_version):
        return kept["points"]
    key = (play.case.digest, play.model_version)
    if key not in _PLAYED:
        _PLAYED[key] = typical(play.case)
    return _PLAYED[key]


def credit(share: float, rule: Credit) -> float:
    """Part of the points, from 0 to 1, that a share of the way earns."""
    return min(1.0, max(0.0, (share - rule.nothing) / (rule.full - rule.nothing)))


@lru_cache(maxsize=1)
def _measured() -> Mapping:
    return read_only(from_yaml(FILE.read_text(encoding="utf-8")) or {})
