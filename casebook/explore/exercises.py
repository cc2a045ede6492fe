"""The exercises that are done by hand: data in ``exercises.yaml``, right answers computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import numpy as np

from casebook import model
from casebook.errors import CasebookError
from casebook.model.trust import beliefs
from casebook.yaml_text import from_yaml

PERCENT, COUNT = "percent", "count"
MOST = 50        # a count is looked for up to here
_FILE = Path(__file__).with_name("exercises.yaml")


@dataclass(frozen=True)
class Slip:
    """A wrong answer that has a name."""

    value: float
    why: str


@dataclass(frozen=True)
class Exercise:
    """One box: its label, the right answer in ``unit``, and what to say to which answer."""

    id: str
    label: str
    unit: str
    answer: float
    working: str
    hint: str
    slips: tuple[Slip, ...]


def belief(pros: float, cons: float, weight: float, first: float) -> float:
    """A belief in percent, by the model's own rule; ``first`` in percent, the rest in units."""
    p = model.parameters().changed(evidence__prior_weight=weight)
    person = SimpleNamespace(pros=np.array(pros), cons=np.array(cons), prior=np.array(first / 100))
    return float(beliefs(person, p)) * 100


@lru_cache(maxsize=1)
def exercises() -> Mapping[str, Exercise]:
    """Every exercise by id."""
    data = from_yaml(_FILE.read_text(encoding="utf-8"))
    return MappingProxyType({id: Exercise(
        id, entry["label"], entry["unit"], _answer(entry), entry["working"], entry["hint"],
        tuple(Slip(float(slip["value"]), slip["why"]) for slip in entry["slips"]),
    ) for id, entry in data.items()})


def exercise(id: str) -> Exercise:
    """One exercise.

    Raises
    ------
    CasebookError
        If there is none of this name.
    """
    if id not in exercises():
        raise CasebookError(f"There is no exercise {id!r}.",
                            f"The exercises are: {', '.join(exercises())}.")
    return exercises()[id]


def _answer(entry: Mapping[str, Any]) -> float:
    if entry["kind"] == "mean":
        return float(np.mean(entry["of"]))
    evidence = [entry[name] for name in ("pros", "cons", "weight", "first")]
    if entry["kind"] == "belief":
        return belief(*evidence)
    pros, *rest = evidence
    return float(next(more for more in range(MOST)
                      if belief(pros + more, *rest) >= entry["until"] - 1e-6))
