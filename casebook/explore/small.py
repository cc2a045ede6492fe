"""A small engagement to experiment on: one person of the client, no luck, the whole model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from casebook import model
from casebook.model import Luck, Move, Parameters, Setting, State, draw
from casebook.model.repair import surface
from casebook.model.state import (
    ABILITY,
    APOLOGISE,
    COMPENSATE,
    COMPETENCE,
    DENY,
    EXPLAIN,
    HONESTY,
    INTEGRITY,
    NO_REPAIR,
)
from casebook.roles import ROLE_IDS
from casebook.yaml_text import from_yaml, read_only

KINDS = {"ability": (COMPETENCE, ABILITY), "integrity": (HONESTY, INTEGRITY)}
ANSWERS = {"nothing": NO_REPAIR, "apologise": APOLOGISE, "explain": EXPLAIN, "deny": DENY,
           "compensate": COMPENSATE}
ROLE_PLACE = {role: place for place, role in enumerate(ROLE_IDS)}
_FILE = Path(__file__).with_name("small.yaml")


@lru_cache(maxsize=1)
def small() -> Mapping[str, Any]:
    """The numbers of the small engagement."""
    return read_only(from_yaml(_FILE.read_text(encoding="utf-8")))


def setting(error_share: float) -> Setting:
    """The small engagement, with one person who stands in the middle of everything."""
    weeks = small()["weeks"]
    return Setting(
        first_week=1, last_week=weeks, go_live=weeks, plan=np.arange(weeks + 1) / weeks,
        milestones=np.full(weeks + 1, np.nan), done=0.0, hidden=0.0,
        budget=float(small()["budget"]), spent=0.0, weekly_cost=small()["budget"] / weeks,
        error_share=error_share, volatility=0.0, variety=0.0, skill_variety=0.0,
        influence=np.ones(1), propensity=np.zeros(1), orientation=np.full(1, 0.5),
        start=np.zeros(1), cares=np.full((1, 5), 0.2))


@dataclass
class Story:
    """One small engagement that can be told what happens, one thing after another."""

    setting: Setting
    luck: Luck
    parameters: Parameters
    state: State
    before: float = float("nan")      # trust before the last breach, percent

    @classmethod
    def begin(cls, error_share: float, parameters: Parameters | None = None) -> Story:
        """Before the first week; every draw of luck is in the middle."""
        p = parameters or model.parameters()
        plain = setting(error_share)
        drawn = draw(("explore",), plain.weeks, plain.contacts)
        middle = {f.name: np.zeros_like(getattr(drawn, f.name)) for f in fields(Luck)}
        luck = Luck(**middle | {"severe": np.full(1, 0.5)})
        return cls(plain, luck, p, model.begin(plain, luck, p))

    def work(self, shares: Mapping[str, float], seen: float = 0.0) -> Story:
        """A week's work; ``shares`` in percent, ``seen`` in standard units of perception."""
        row = np.zeros((1, len(ROLE_IDS)))
        for role, share in shares.items():
            row[0, ROLE_PLACE[role]] = share / 100
        perception = np.full_like(self.luck.perception, seen)
        luck = replace(self.luck, perception=perception)
        self.state = model.play_week(self.state, row, luck, self.setting, self.parameters)
        return self

    def fail(self, kind: str, steps: int) -> Story:
        """A breach of one kind, ``steps`` from 1 to 3."""
        self.before = self.of("trust")
        signals = np.zeros((1, 1, 3))
        signals[0, 0, KINDS[kind][1]] = -steps
        return self._respond(signals=signals)

    def answer(self, kind: str, answer: str, offer: float = 100.0) -> Story:
        """What is said to a breach; ``offer`` in percent of the loss, for a compensation."""
        by = np.full((1, 1, 2), NO_REPAIR)
        by[0, 0, KINDS[kind][0]] = ANSWERS[answer]
        return self._respond(repair=by, amount=np.full((1, 1), offer / 100))

    def come_out(self) -> Story:
        """The truth comes out, all of it."""
        self.state = surface(self.state, np.ones(1), self.parameters)
        return self

    def of(self, measure: str) -> float:
        """A measure now, in percent."""
        return float(model.measures(self.state, self.parameters)[measure][0, 0]) * 100

    def _respond(self, **changes: np.ndarray) -> Story:
        zero = {"signals": (1, 1, 3), "fairness": (1, 1, 3), "citizenship": (1, 1),
                "steps": (1, 6), "project": (1, 6), "pitch": (1, 1), "side_for": (1, 1),
                "side_against": (1, 1), "promised": (1, 1)}
        arrays = {name: np.zeros(shape) for name, shape in zero.items()}
        arrays |= {"repair": np.full((1, 1, 2), NO_REPAIR), "amount": np.ones((1, 1)),
                   "reporting": np.full(1, -1)} | changes
        move = Move(weight=np.full(1, float(small()["weight"])), **arrays)
        self.state = model.respond(self.state, move, np.zeros((1, 1)), self.setting,
                                   self.parameters)
        return self
