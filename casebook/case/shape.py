"""What shape a value must have: one description that checks, and makes the JSON Schema."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .document import Path

Report = Callable[[Path, str, str], None]      # path, what is wrong, how to mend it


class Shape:
    """A shape. ``check`` reports every fault below a value; ``schema`` is JSON Schema."""

    about = ""

    def check(self, value: Any, path: Path, report: Report) -> None:
        """Report what is wrong with ``value``, which stands at ``path``."""
        raise TypeError

    def schema(self) -> dict[str, Any]:
        """This shape in JSON Schema (draft-07)."""
        raise TypeError


def called(value: Any) -> str:
    """A value as an author would call it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"the truth value {str(value).lower()}"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a mapping"
    text = " ".join(str(value).split())
    return f"the text {text[:40] + '…' if len(text) > 40 else text!r}"


@dataclass(frozen=True)
class Text(Shape):
    """Text; not empty unless ``empty``."""

    about: str = ""
    pattern: str = ""
    hint: str = ""
    empty: bool = False

    def check(self, value, path, report):
        """Text, and in the pattern where there is one."""
        if not isinstance(value, str):
            report(path, f"Text was expected, not {called(value)}.",
                   "Write text; put it in quotes if it looks like a number, a date or yes and no.")
        elif not value.strip() and not self.empty:
            report(path, "The text is empty.", "Write it.")
        elif self.pattern and not re.fullmatch(self.pattern, value):
            report(path, f"{value!r} is not {self.hint}.", f"Write {self.hint}.")

    def schema(self):
        """A string."""
        out = {"type": "string", "description": self.about}
        if self.pattern:
            out["pattern"] = f"^{self.pattern}$"
        return out | ({} if self.empty else {"minLength": 1})


@dataclass(frozen=True)
class Whole(Shape):
    """A whole number from ``low`` to ``high``."""

    low: int
    high: int
    about: str = ""

    def check(self, value, path, report):
        """Whole, and in its range."""
        if isinstance(value, bool) or not isinstance(value, int):
            report(path, f"A whole number from {self.low} to {self.high} was expected, not "
                   f"{called(value)}.", "Write a whole number, without quotes.")
        elif not self.low <= value <= self.high:
            report(path, f"The number {value} is outside {self.low} to {self.high}.",
                   "Choose one in that range.")

    def schema(self):
        """An integer."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high,
                "description": self.about}


@dataclass(frozen=True)
class Number(Shape):
    """Any finite number."""

    about: str = ""

    def check(self, value, path, report):
        """A number."""
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
            report(path, f"A number was expected, not {called(value)}.", "Write a number.")

    def schema(self):
        """A number."""
        return {"type": "number", "description": self.about}


@dataclass(frozen=True)
class Truth(Shape):
    """true or false."""

    about: str = ""

    def check(self, value, path, report):
        """A truth value."""
        if not isinstance(value, bool):
            report(path, f"true or false was expected, not {called(value)}.",
                   "Write true or false, without quotes.")

    def schema(self):
        """A boolean."""
        return {"type": "boolean", "description": self.about}


@dataclass(frozen=True)
class OneOf(Shape):
    """One of a few words."""

    words: tuple[str, ...]
    about: str = ""

    def check(self, value, path, report):
        """One of the words."""
        if value not in self.words or isinstance(value, bool):
            report(path, f"One of {', '.join(self.words)} was expected, not {called(value)}.",
                   nearest(value, self.words))

    def schema(self):
        """An enumeration."""
        return {"enum": list(self.words), "description": self.about}


def nearest(word: Any, known) -> str:
    """A mend: the nearest known word."""
    close = difflib.get_close_matches(str(word), [str(k) for k in known], 1)
    return f"Did you mean {close[0]!r}?" if close else "Choose one of them."


@dataclass(frozen=True)
class ListOf(Shape):
    """A list of one shape with ``least`` to ``most`` entries."""

    item: Shape
    least: int = 0
    most: int = 10_000
    about: str = ""

    def check(self, value, path, report):
        """A list of the right length, and every entry."""
        if not isinstance(value, list):
            report(path, f"A list was expected, not {called(value)}.",
                   "Write [one, two], or one entry a line with a hyphen before it.")
            return
        if not self.least <= len(value) <= self.most:
            limit = f"{self.least} to {self.most}" if self.most < 10_000 else (
                f"at least {self.least}")
            report(path, f"The list has {len(value)} entries; it needs {limit}.",
                   "Add or remove some.")
        for i, entry in enumerate(value):
            self.item.check(entry, (*path, i), report)

    def schema(self):
        """An array."""
        return {"type": "array", "items": self.item.schema(), "minItems": self.least,
                "maxItems": self.most, "description": self.about}


@dataclass(frozen=True)
class MapOf(Shape):
    """A mapping from keys of any name (or one of ``keys``) to one shape."""

    item: Shape
    keys: tuple[str, ...] = ()
    whole_keys: bool = False
    least: int = 0
    about: str = ""

    def check(self, value, path, report):
        """A mapping, its keys and its values."""
        if not isinstance(value, dict):
            report(path, f"A mapping was expected, not {called(value)}.",
                   "Write {name: value}, or one a line, indented.")
            return
        if len(value) < self.least:
            report(path, f"It has {len(value)} entries; it needs at least {self.least}.",
                   "Add some.")
        for key, entry in value.items():
            if self.keys and key not in self.keys:
                report((*path, key), f"{key!r} is not one of {', '.join(self.keys)}.",
                       nearest(key, self.keys))
            elif self.whole_keys != isinstance(key, int):
                wanted = "a whole number" if self.whole_keys else "a word"
                report((*path, key), f"The key {key!r} has to be {wanted}.", "Change it.")
            self.item.check(entry, (*path, key), report)

    def schema(self):
        """An object with free keys."""
        out = {"type": "object", "minProperties": self.least, "description": self.about}
        if self.keys:
            return out | {"properties": {k: self.item.schema() for k in self.keys},
                          "additionalProperties": False}
        pattern = "^[0-9]+$" if self.whole_keys else "^(?![0-9]+$)"
        return out | {"patternProperties": {pattern: self.item.schema()},
                      "additionalProperties": False}


@dataclass(frozen=True)
class Record(Shape):
    """A mapping with known keys. Those in ``optional`` may be left out."""

    fields: Mapping[str, Shape]
    optional: tuple[str, ...] = ()
    about: str = ""

    def check(self, value, path, report):
        """Missing keys, unknown keys, and every value."""
        if not isinstance(value, dict):
            report(path, f"A mapping was expected, not {called(value)}.",
                   f"Write its keys: {', '.join(self.fields)}.")
            return
        for key in self.fields:
            if key not in value and key not in self.optional:
                report(path, f"The key {key!r} is missing.",
                       f"Add it: {self.fields[key].about or key}.")
        for key, entry in value.items():
            if key in self.fields:
                self.fields[key].check(entry, (*path, key), report)
            else:
                report((*path, key), f"There is no key {key!r} here.",
                       nearest(key, self.fields).replace("Choose one of them.", (
                           f"The keys here are: {', '.join(self.fields)}.")))

    def schema(self):
        """An object with known keys."""
        return {
            "type": "object", "additionalProperties": False, "description": self.about,
            "properties": {key: shape.schema() for key, shape in self.fields.items()},
            "required": [key for key in self.fields if key not in self.optional],
        }


@dataclass(frozen=True)
class Either(Shape):
    """One shape or another, told apart by the kind of value."""

    first: Shape
    other: Shape
    is_first: Callable[[Any], bool] = field(default=lambda value: isinstance(value, list))
    about: str = ""

    def check(self, value, path, report):
        """The shape that the kind of value calls for."""
        (self.first if self.is_first(value) else self.other).check(value, path, report)

    def schema(self):
        """Either of two."""
        return {"anyOf": [self.first.schema(), self.other.schema()], "description": self.about}
