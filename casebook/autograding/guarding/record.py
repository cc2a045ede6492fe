"""What a kernel was made of before any code of the student's ran, and what has changed since."""

from __future__ import annotations

import importlib
import json
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
    "ast", "codeop", "traceback", "marshal", "binascii", "zlib", "importlib._bootstrap", "sys",
    "types")
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
    failed: str
    places: tuple[list[int], list[tuple[str, str, int]]] | None

    @classmethod
    def read(cls, text: str | None) -> Seen | None:
        """The answer, or None where it is none."""
        try:
            return cls(*json.loads(text or ""))
        except (ValueError, TypeError, RecursionError):
            return None


def folded(key: int, hashes: Iterable[int]) -> int:
    """What ``inside.look`` makes of its numbers with a fresh key."""
    total = key
    for one in hashes:
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
        self.hashes, places = seen.places
        self.places = _by_place(places)
        self.sizes, self.added = seen.sizes, seen.added
        self._count(seen.modules)

    def extend(self, seen: Seen) -> bool:
        """Modules have come, each of which is one container: they belong to it from now on.

        False where the kernel did not tell of each of them once.
        """
        old = len(self.modules)
        try:
            hashes, places = seen.places
            told = [*zip(self.modules, self.hashes[-old:], self.sizes[-old:], strict=True),
                    *zip(seen.modules, hashes, seen.sizes, strict=True)]
            found = _by_place(places)
            # Modules come last; those of the checks come first among them.
            told.sort(key=lambda one: not one[0].startswith(inside.FAMILY))
        except (ValueError, TypeError, AttributeError):
            return False
        self.hashes = self.hashes[:-old] + [one for _, one, _ in told]
        self.sizes = self.sizes[:-old] + [one for _, _, one in told]
        self.places |= found
        self._count(name for name, _, _ in told)
        return True

    def _count(self, modules: Iterable[str]) -> None:
        self.modules = tuple(modules)
        self.family = tuple(name for name in self.modules if name.startswith(inside.FAMILY))
        self.core = len(self.hashes) - len(self.modules) + len(self.family)

    def _by_module(self, hashes: list[int]) -> dict[str, int]:
        return dict(zip(self.modules, hashes[-len(self.modules):], strict=True))

    def holds(self, key: int, seen: Seen) -> bool:
        """Whether all is as it was, and the road that the question took.

        An answer may leave out modules beside those of the checks.
        """
        short = len(seen.modules) < len(self.modules)
        hashes = self.hashes[:self.core] if short else self.hashes
        added = [one for one in self.added if not short or one[0] in seen.modules]
        return (seen.total == folded(key, hashes) and seen.added == added
                and seen.road == self.start.road)

    def hooked(self, seen: Seen) -> list[str]:
        """What has been hooked in since, or taken out, without what modules do for themselves."""
        before = {(what, one) for what, one, _ in self.start.hooks}
        new = [what for what, one, library in seen.hooks if (what, one) not in before
               and not (library and what.startswith(_ALLOWED))]
        now = {(what, one) for what, one, _ in seen.hooks}
        gone = [what for what, one in before if (what, one) not in now
                and not what.startswith(("excepthook", "SIG"))]
        return sorted({*new, *gone})

    def changed(self, seen: Seen) -> list[tuple[str, str]]:
        """The places of what is not as it was, the harmless ones left out."""
        assert seen.places is not None
        before, now = self.places, _by_place(seen.places[1])
        found = [place for place, ids in before.items() if now.get(place) != ids]
        found += [(where, name) for where, name in seen.added if [where, name] not in self.added]
        # Of some modules no places are told, only that something in them is another.
        told, then, since = {where for where, _ in before}, self._by_module(self.hashes), {}
        if len(seen.places[0]) >= len(seen.modules):
            since = dict(zip(seen.modules, seen.places[0][-len(seen.modules):], strict=True))
        found += [(name, "") for name, one in then.items()
                  if name not in told and since.get(name) != one]
        if seen.road != self.start.road:
            found.append(("shell", "run_cell"))
        return [place for place in found
                if not (place[0] == "builtins" and place[1] in HARMLESS)]


def _by_place(places: Iterable[tuple[str, str, int]]) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = {}
    for where, name, one in places:
        found.setdefault((where, name), []).append(one)
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
        told: dict[str, Any] = dict(json.loads(text or ""))
    except (ValueError, TypeError, RecursionError):
        return list(names)
    return [name for name in names if told.get(name) is None or told[name] != should_be(name)]
