"""Decisions from a file: a transcript, JSON lines, or a JSON list."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casebook.engagement import decision
from casebook.engagement.decisions import Decision
from casebook.engagement.transcript import load
from casebook.errors import MoveError, Place
from casebook.language import _

from ..session import Session

#: Keys of a line that are no part of the decision: what was said before it took effect.
SAID = ("predictions", "because")
#: Lines of a transcript that hold no decision.
OTHER = ("casebook", "outcome", "note")


@dataclass(frozen=True)
class Move:
    """A decision of a file, its line, and what was predicted of it."""

    decision: Decision
    line: int | None = None
    said: Mapping[str, Any] = field(default_factory=dict)


def take_moves(session: Session, path: Path) -> None:
    """Take the decisions of a file, after those that are saved already."""
    wanted = read_moves(path)
    done = [turn.decision for turn in session.play.turns]
    if [move.decision for move in wanted[:len(done)]] != done[:len(wanted)]:
        raise MoveError(_("The saved play took other decisions than this file."),
                        _("Use another --attempt, or another --folder."), Place(str(path)))
    for move in wanted[len(done):]:
        try:
            _take(session, move)
        except MoveError as error:
            raise MoveError(error.wrong, error.mend, Place(str(path), move.line)) from error


def _take(session: Session, move: Move) -> None:
    """Take one decision; with predictions it goes the way a room's action goes."""
    if not move.said:
        session.take(move.decision)
        return
    turn = len(session.play.turns)
    view = session.act({"do": "respond", "turn": turn, **move.decision.record(), **move.said})
    if view["turn"] != turn + 1:
        told = view["message"] or {"text": _("The decision was not taken.")}
        raise MoveError(told["text"])


def read_moves(path: Path) -> list[Move]:
    """The decisions in a file, each with its line and with what was predicted.

    Raises
    ------
    MoveError
        If the file cannot be read or holds something else.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MoveError(_("The file of moves cannot be read: {error}.").format(error=error),
                        _("Give a file of JSON lines."), Place(str(path))) from error
    if not text.lstrip().startswith("["):
        found = load(path)
        if found.problem is None:
            return [_move(line, i) for i, line in enumerate(found.lines, 2)]
    made = []
    for line, entry in _entries(text, path):
        if isinstance(entry, Mapping) and any(key in entry for key in OTHER):
            continue
        try:
            made.append(_move(entry, line))
        except MoveError as error:
            raise MoveError(error.wrong, error.mend, Place(str(path), line)) from error
    return made


def _move(entry: Any, line: int | None) -> Move:
    """A move from a line of a transcript, or from a decision with what was said beside it."""
    known = entry if isinstance(entry, Mapping) else {}
    said = {key: known[key] for key in SAID if known.get(key)}
    return Move(decision(known.get("decision", entry)), line, said)


def _entries(text: str, path: Path) -> Iterable[tuple[int | None, Any]]:
    try:
        if text.lstrip().startswith("["):
            yield from ((None, entry) for entry in json.loads(text))
            return
        for number, row in enumerate(text.splitlines(), start=1):
            if row.strip():
                yield number, json.loads(row)
    except ValueError as error:
        raise MoveError(_("The file of moves is not JSON: {error}.").format(error=error),
                        _('Write one decision a line, such as {"incident": ID, "response": ID}.'),
                        Place(str(path))) from error
