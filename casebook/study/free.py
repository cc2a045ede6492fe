"""What calibration may change: the parameters marked ``calibrated``, as a vector on [0, 1].

An array counts one entry for each element that has a range. Weights are shares: after a step they
are scaled to add up to one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from casebook.errors import CasebookError
from casebook.model import Parameters

WEIGHTS = "weights"


@dataclass(frozen=True)
class Free:
    """One number that calibration may change, within ``low`` and ``high``."""

    name: str
    place: tuple[int, ...]
    low: float
    high: float
    start: float

    @property
    def label(self) -> str:
        """The name, with the place in an array."""
        return self.name + "".join(f"[{i}]" for i in self.place)

    @property
    def at(self) -> float:
        """The start as a share of the way from ``low`` to ``high``."""
        share = (self.start - self.low) / (self.high - self.low)
        # A weight can leave its range a little when weights are scaled to add up to one.
        return min(max(share, 0.0), 1.0)


def free_parameters(p: Parameters) -> tuple[Free, ...]:
    """Every number marked ``calibrated``, in the order of the file.

    Raises
    ------
    CasebookError
        If a calibrated parameter has no range, or stands outside it.
    """
    found = []
    for name, about in p.about.items():
        if about["source"] == "calibrated":
            if "range" not in about:
                raise CasebookError(f"The parameter {name} is marked calibrated and has no range.",
                                    "Give it range: [low, high] in parameters.yaml.")
            found += _entries(name, about["value"], about["range"], (),
                              scaled=about["unit"] == WEIGHTS)
    return tuple(found)


def _entries(name: str, value, limits, place: tuple[int, ...],
             scaled: bool) -> Iterable[Free]:
    if limits is None:
        return
    if not isinstance(value, list):
        low, high = limits
        if not low <= value <= high and not scaled:
            raise CasebookError(f"The parameter {name} is {value}, outside its range of {low} to "
                                f"{high}.", "Mend one of them in parameters.yaml.")
        yield Free(name, place, float(low), float(high), float(value))
        return
    apart = isinstance(limits[0], list) or limits[0] is None
    for i, element in enumerate(value):
        yield from _entries(name, element, limits[i] if apart else limits, (*place, i), scaled)


def with_values(p: Parameters, free: Sequence[Free], x: np.ndarray,
                digits: int | None = None) -> Parameters:
    """The parameters with ``free`` moved to ``x``, shares of their ranges."""
    values = {}
    for one, share in zip(free, x, strict=True):
        array = values.setdefault(one.name, np.array(p.about[one.name]["value"], dtype=float))
        array[one.place] = one.low + (one.high - one.low) * float(share)
    changed = {}
    for name, array in values.items():
        if p.about[name]["unit"] == WEIGHTS:
            array = array / array.sum()
        array = array if digits is None else np.round(array, digits)
        if p.about[name]["unit"] == WEIGHTS and digits is not None:
            array[-1] = round(1 - array[:-1].sum(), digits)
        changed[name.replace(".", "__")] = array.tolist()
    return p.changed(**changed)


def position(p: Parameters, free: Sequence[Free]) -> np.ndarray:
    """Where ``free`` stands in these parameters, as shares of the ranges."""
    values = [np.array(p.about[one.name]["value"], dtype=float)[one.place] for one in free]
    return np.array([(value - one.low) / (one.high - one.low)
                     for one, value in zip(free, values, strict=True)])
