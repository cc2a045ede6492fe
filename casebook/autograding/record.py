"""What a kernel was made of before any code of the student's ran, and what has changed since."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from . import described, inside
from .names import HARMLESS

#: Where IPython's road from a message to a result runs through.
ROAD = (
    "IPython.core.interactiveshell", "IPython.core.compilerop", "IPython.core.displayhook",
    "IPython.core.inputtransformer2", "IPython.core.async_helpers", "IPython.core.events",
    "IPython.core.error", "ipykernel.zmqshell", "ipykernel.ipkernel", "ipykernel.kernelbase",
    "ipykernel.displayhook", "ipykernel.iostream", "ipykernel.jsonutil", "jupyter_client.session",
    "traitlets.traitlets:TraitType", "traitlets.traitlets:Instance", "traitlets.traitlets:List",
    "ast", "codeop", "traceback", "marshal", "zlib", "importlib._bootstrap", "sys", "types")
#: Python's own modules that tests compute with.
TOOLS = ("math", "operator", "numbers", "re", "json", "inspect", "importlib")
TABLES = ("pandas.core.frame:DataFrame", "pandas.core.series:Series",
          "pandas.core.generic:NDFrame", "pandas.core.base:IndexOpsMixin",
          "pandas.core.arraylike:OpsMixin")
#: Hooks that installed modules may set; nothing of a test's result goes through them.
_ALLOWED = ("event ", "finder", "garbage", "excepthook", "SIG", "shell.showtraceback",
            "shell._showtraceback", "shell.showsyntaxerror", "shell.showindentationerror")
_KNOWN: dict[str, int | None] = {}


@dataclass
class Seen:
    """One answer of ``inside.look``."""

    total: int
    sizes: list[int]
    added: list[tuple[str, str]]
    hooks: list[tuple[str, int, int]]
    road: list[int]
    result: tuple[str, str]
    named: list[tuple[str, str, int, int]]
    interactivity: str
    arrived: list[str]
    modules: list[str]
    places: tuple[list[tuple[str, str]], list[int]] | None

    @classmethod
    def read(cls, text: str | None) -> Seen | None:
        """The answer, or None where it is none."""
        try:
            return cls(*ast.literal_eval(text or ""))
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            return None


def folded(key: int, ids: Iterable[int]) -> int:
    """What ``inside.look`` makes of addresses with a fresh key."""
    total = key
    for one in ids:
        total = (total * key + one) % inside.PRIME
    return total


class Record:
    """Addresses taken at the start, kept by the grader and never in the kernel."""

    def __init__(self, seen: Seen):
        self.start = seen
        self.take(seen)

    def take(self, seen: Seen) -> None:
        """From now on, what was seen is what should be there."""
        assert seen.places is not None
        self.places, self.ids = seen.places
        self.sizes, self.modules, self.added = seen.sizes, tuple(seen.modules), seen.added

    def holds(self, key: int, seen: Seen) -> bool:
        """Whether all addresses are as they were, and the road that the question took."""
        return (seen.total == folded(key, self.ids) and seen.added == self.added
                and seen.road == self.start.road)

    def hooked(self, seen: Seen) -> list[str]:
        """What has been hooked in since, or taken out, without what modules do for themselves."""
        before = [(what, one) for what, one, _ in self.start.hooks]
        new = [what for what, one, library in seen.hooks if (what, one) not in before
               and not (library and what.startswith(_ALLOWED))]
        now = [(what, one) for what, one, _ in seen.hooks]
        gone = [what for what, one in before if (what, one) not in now
                and not what.startswith(("excepthook", "SIG"))]
        return sorted({*new, *gone})

    def changed(self, seen: Seen) -> list[tuple[str, str]]:
        """The places of what is not as it was, the harmless ones left out."""
        assert seen.places is not None
        before, now = _by_place(self.places, self.ids), _by_place(*seen.places)
        found = [place for place, ids in before.items() if now.get(place) != ids]
        found += [tuple(place) for place in seen.added if place not in self.added]
        if seen.road != self.start.road:
            found.append(("shell", "run_cell"))
        return [place for place in found
                if not (place[0] == "builtins" and place[1] in HARMLESS)]


def _by_place(labels: list, ids: list[int]) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = {}
    for label, one in zip(labels, ids, strict=False):
        found.setdefault(tuple(label), []).append(one)
    return found


def should_be(name: str) -> int | None:
    """What the grader's own copy of a module or class comes to; None if there is none."""
    if name not in _KNOWN:
        try:
            importlib.import_module(name.partition(":")[0])
            _KNOWN[name] = described.one(name)
        except Exception:      # whatever a module does on import: it is not there to compare
            _KNOWN[name] = None
    return _KNOWN[name]


def replaced(text: str | None, names: Iterable[str]) -> list[str]:
    """Modules that are not what the grader's own copy is."""
    try:
        told: dict[str, Any] = dict(ast.literal_eval(text or ""))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return list(names)
    return [name for name in names if told.get(name) is None or told[name] != should_be(name)]
