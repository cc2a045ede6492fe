"""Why a contact's readings moved, in words: causes of the ledger, largest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from casebook.model import findings

from .turns import Turn
from .words import causes, settings

#: The measure whose cause is told, and the measures a student sees.
TOLD = ("cognitive_trust", "affective_trust", "satisfaction")
BELIEFS = ("ability", "benevolence", "integrity")


@dataclass(frozen=True)
class Because:
    """One reason: how far the cause moved a measure, in [−1, 1], and the rule behind it."""

    cause: str
    measure: str
    change: float
    because: str
    principle: str
    findings: tuple[str, ...]


def reasons(entries: Mapping[str, Mapping[str, np.ndarray]], contact: int,
            most: int = 4) -> tuple[Because, ...]:
    """The causes that moved one contact most, largest first.

    Each cause is told once, by the measure that it moved most.
    """
    told = []
    for cause, entry in entries.items():
        name = max(TOLD, key=lambda measure: abs(float(entry[measure][contact])))
        change = float(entry[name][contact])
        words = causes().get(cause)
        text = words and words["up" if change > 0 else "down"]
        if text and abs(change) >= settings()["cause_shown"]["value"]:
            told.append(Because(cause, _belief(entry, contact, name), change, text,
                                words["principle"], tuple(words["findings"])))
    return tuple(sorted(told, key=lambda reason: -abs(reason.change))[:most])


def _belief(entry: Mapping[str, np.ndarray], contact: int, measure: str) -> str:
    """The belief that moved, where trust moved because one did; else the measure itself."""
    if measure == "satisfaction":
        return measure
    moved = max(BELIEFS, key=lambda belief: abs(float(entry[belief][contact])))
    return moved if abs(float(entry[moved][contact])) > 1e-12 else measure


def all_causes(turn: Turn, contact: int) -> dict[str, dict[str, float]]:
    """Every cause of one contact's change over a turn, by measure; they add up exactly."""
    total: dict[str, dict[str, float]] = {}
    for entries in (turn.at_once, turn.meanwhile):
        for cause, entry in entries.items():
            booked = total.setdefault(cause, {})
            for measure, values in entry.items():
                booked[measure] = booked.get(measure, 0.0) + float(values[contact])
    return total


def strongest(entries: Mapping[str, Mapping[str, float]], measure: str, up: bool) -> str:
    """What moved one measure most, up or down, in words; empty if nothing did that is told."""
    sign = 1 if up else -1
    changes = {cause: sign * entry.get(measure, 0.0) for cause, entry in entries.items()}
    for cause in sorted(changes, key=changes.__getitem__, reverse=True):
        if changes[cause] < settings()["cause_shown"]["value"]:
            break
        # Conflict is worded by its own measure: where it grows, trust falls.
        rose = not up if cause == "conflict" else up
        if text := causes().get(cause, {}).get("up" if rose else "down"):
            return text
    return ""


def whole_play(turns: Iterable[Turn], contact: int, most: int = 3) -> tuple[Because, ...]:
    """What moved one contact most over many turns, largest first."""
    total: dict[str, dict[str, list[float]]] = {}
    for turn in turns:
        for cause, entry in all_causes(turn, contact).items():
            booked = total.setdefault(cause, dict.fromkeys(entry))
            for measure, change in entry.items():
                booked[measure] = [(booked[measure] or [0.0])[0] + change]
    return reasons(total, 0, most)


def cited(ids) -> list[dict[str, str]]:
    """Findings with these ids as plain data: id, statement, citation, seen."""
    known = findings()
    told = ("statement", "citation", "seen")
    return [{"id": id, **{key: known[id][key] for key in told}} for id in ids if id in known]
