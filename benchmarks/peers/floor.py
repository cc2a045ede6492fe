"""The floor: how long numpy takes for as many passes over as many numbers, and nothing else.

A run of the model is watched once, on arrays that count; then that many additions and
multiplications in place are timed, over arrays of the same sizes that are ready and warm. It is a
hard floor: there, nothing is allocated or looked up, and a power costs no more than a sum.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import fields

import numpy as np


class Counting(np.ndarray):
    """An array that counts the passes made over it, by the size of what they give."""

    passes: Counter = Counter()

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **kwargs):
        if out is not None:
            kwargs["out"] = tuple(bare(array) for array in out)
        return self._booked(getattr(ufunc, method)(*map(bare, inputs), **kwargs))

    def __array_function__(self, function, types, args, kwargs):
        result = function(*map(bare, args), **{k: bare(v) for k, v in kwargs.items()})
        # Of numpy's functions that are no ufuncs the model leans on two that pass over all numbers.
        return self._booked(result) if function in (np.where, np.interp) else counting(result)

    def _booked(self, result):
        Counting.passes[np.size(result)] += 1
        return counting(result)


def bare(value):
    """The plain array of a counting one; anything else as it is."""
    return value.view(np.ndarray) if isinstance(value, Counting) else value


def counting(value):
    """A counting view of an array; anything else as it is."""
    return value.view(Counting) if isinstance(value, np.ndarray) else value


def watched(arrays):
    """A Luck, a Move or a State whose arrays count."""
    changed = {f.name: counting(getattr(arrays, f.name)) for f in fields(arrays)}
    return type(arrays)(**changed)


def count(run: Callable[[], object]) -> Counter:
    """Passes that ``run``, which works on counting arrays, makes: number by size."""
    Counting.passes = Counter()
    run()
    return Counting.passes


def prepare(passes: Counter) -> list[tuple[int, np.ndarray, np.ndarray]]:
    """For each size: how often, and two arrays to pass over."""
    return [(times, np.ones(size), np.ones(size)) for size, times in passes.items() if size > 1]


def passes(prepared: list[tuple[int, np.ndarray, np.ndarray]]) -> None:
    """The passes and nothing else: sums and products in turn, in place."""
    add, multiply = np.add, np.multiply
    for times, left, right in prepared:
        for _ in range(times // 2):
            add(left, right, left)
            multiply(left, right, left)
        if times % 2:
            add(left, right, left)
