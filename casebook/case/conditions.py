"""Conditions: declarative mappings that are true or false of a play. No code in a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from .shape import ListOf, MapOf, Number, Record, Shape, Text, Truth, called, nearest

PROJECT_MEASURES = (
    "progress", "reported_progress", "planned_progress", "undiscovered_rework", "spi", "cpi",
    "cost_overrun", "slip", "morale", "capability", "alignment", "readiness", "open_promises",
    "opportunities", "week",
)
CONTACT_MEASURES = ("trust", "cognitive_trust", "affective_trust", "satisfaction", "commitment",
                    "conflict")
STANDING = ("live",)                                      # true or false at any time
OUTCOMES = ("renewed", "follow_on", "reference", "delivered")       # only known at the end
WORDS = ("flag", "chosen", "seen", "broken", "kept")
JOINS = ("not", "any", "all")
OTHERS = "engagement"     # a condition on other engagements of the same account

_RANGE = Record({"above": Number("at or above this number"), "below": Number(
    "below this number")}, optional=("above", "below"))
_NAMES = ListOf(Text("an id"), least=1)


def holds(condition: Mapping[str, Any], facts: Mapping[str, Any]) -> Any:
    """Whether a condition holds, of one play or of many at once.

    Parameters
    ----------
    condition : mapping
        As ``docs/case-format.md`` describes it; everything in it must hold.
    facts : mapping
        Project measures as numbers; contact measures as mappings from contact to number;
        ``flags``, ``chosen`` ("incident/response"), ``seen``, ``kept``, ``broken`` as sets, or
        as mappings from a name to true or false (a name that is absent is false); outcomes as
        true or false; ``engagement``, in an account, as a mapping from an engagement to its facts.
        Every number and every truth may be an array ``(n,)``: one of each play.

    Returns
    -------
    bool or ndarray
        ``(n,)`` of bool where the facts asked for are arrays; a plain bool where they are not.
    """
    return _all(_holds(key, wanted, facts) for key, wanted in condition.items())


def _holds(key: str, wanted: Any, facts: Mapping[str, Any]) -> Any:
    if key == "not":
        # Unlike ``not`` and ``~``, this is right for a bool and for an array.
        return True ^ holds(wanted, facts)
    if key == "any":
        return _any(holds(part, facts) for part in wanted)
    if key == "all":
        return _all(holds(part, facts) for part in wanted)
    if key == OTHERS:
        return _all(holds(part, facts[OTHERS][id]) for id, part in wanted.items())
    if key == "flag":
        return _named(wanted, facts["flags"])
    if key in ("chosen", "seen"):
        return _any(_named(name, facts[key]) for name in wanted)
    if key in ("kept", "broken"):
        return _named(wanted, facts[key])
    if key in OUTCOMES or key in STANDING:
        return facts[key] == wanted
    if key in CONTACT_MEASURES:
        return _all(_within(facts[key][contact], limits) for contact, limits in wanted.items())
    return _within(facts[key], wanted)


def _named(name: str, known: Any) -> Any:
    return known.get(name, False) if isinstance(known, Mapping) else name in known


def _within(value: Any, limits: Mapping[str, float]) -> Any:
    above = value >= limits["above"] if "above" in limits else True
    return above & (value < limits["below"]) if "below" in limits else above


def _all(truths: Iterable[Any]) -> Any:
    return reduce(and_, truths, True)


def _any(truths: Iterable[Any]) -> Any:
    return reduce(or_, truths, False)


@dataclass(frozen=True)
class Condition(Shape):
    """A condition; ``at_end`` allows outcomes."""

    at_end: bool = False
    about: str = "a condition (docs/case-format.md)"

    def check(self, value, path, report):
        """Known keys, and each with what it needs."""
        if not isinstance(value, dict):
            report(path, f"A condition is a mapping, not {called(value)}.",
                   "Write, for example, {undiscovered_rework: {above: 0.08}}.")
            return
        for key, wanted in value.items():
            shape = self._shapes().get(key)
            if shape:
                shape.check(wanted, (*path, key), report)
            elif key in OUTCOMES:
                report((*path, key), f"{key!r} is known only at the end.",
                       "Use it in endings only.")
            else:
                report((*path, key), f"A condition has no key {key!r}.",
                       nearest(key, self._shapes()).replace(
                           "Choose one of them.", f"The keys are: {', '.join(self._shapes())}."))

    def _shapes(self) -> dict[str, Shape]:
        return {
            **dict.fromkeys(PROJECT_MEASURES, _RANGE),
            **dict.fromkeys(CONTACT_MEASURES, MapOf(_RANGE, least=1)),
            **dict.fromkeys(STANDING, Truth()),
            **(dict.fromkeys(OUTCOMES, Truth()) if self.at_end else {}),
            "flag": Text("a flag that a response sets"), "chosen": _NAMES, "seen": _NAMES,
            "broken": Text("a contact"), "kept": Text("a contact"),
            "not": self, "any": ListOf(self, least=1), "all": ListOf(self, least=1),
            OTHERS: MapOf(self, least=1),
        }

    def schema(self):
        """A reference, because conditions hold conditions."""
        return {"$ref": f"#/definitions/{self.name}"}

    @property
    def name(self) -> str:
        """The name of this kind of condition in the schema."""
        return "ending_condition" if self.at_end else "condition"

    def definition(self) -> dict[str, Any]:
        """What the schema's reference stands for."""
        return {"type": "object", "additionalProperties": False,
                "properties": {key: shape.schema() for key, shape in self._shapes().items()}}


def parts(condition: Any, path: tuple = (), negated: bool = False) -> Iterator[tuple]:
    """Every single demand in a condition: ``(path, key, wanted, negated, is_choice)``.

    ``is_choice`` is True inside ``any``: there, one demand that cannot be met is no fault of the
    whole.
    """
    yield from _parts(condition, path, negated, False)


def _parts(condition: Any, path: tuple, negated: bool, choice: bool) -> Iterator[tuple]:
    if not isinstance(condition, dict):
        return
    for key, wanted in condition.items():
        here = (*path, key)
        if key == "not":
            yield from _parts(wanted, here, not negated, choice or (
                isinstance(wanted, dict) and len(wanted) > 1))
        elif key in ("any", "all") and isinstance(wanted, list):
            free = choice or ((key == "any") != negated)
            for i, part in enumerate(wanted):
                yield from _parts(part, (*here, i), negated, free)
        elif key == OTHERS and isinstance(wanted, dict):
            for id, part in wanted.items():
                yield (*here, id), key, id, negated, choice
                yield from _parts(part, (*here, id), negated, choice or (
                    negated and isinstance(part, dict) and len(part) > 1))
        else:
            yield here, key, wanted, negated, choice
