"""Where the time of a submission went."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

#: What a submission's time goes to, in this order. The first four are a worker's, in all ``worker``
#: (which holds the worker's share of ``conversion`` as well); the last is the grader's own.
PARTS = ("kernel start", "cells", "questions", "conversion", "gradebook")
WORKER = "worker"


@contextlib.contextmanager
def spent(parts: dict[str, float], name: str) -> Iterator[None]:
    """Add the seconds that the block takes to a part; they are wall clock time."""
    began = time.perf_counter()
    try:
        yield
    finally:
        add(parts, name, time.perf_counter() - began)


def add(parts: dict[str, float], name: str, seconds: float) -> None:
    """Add seconds to a part."""
    parts[name] = parts.get(name, 0.0) + seconds


def add_all(parts: dict[str, float], others: dict[str, float]) -> None:
    """Add each of the others to the part of its name."""
    for name, seconds in others.items():
        add(parts, name, seconds)
