"""A play and its file: every turn is saved the moment it is taken, and resumed from there.

Views hold no rule and no choice; they send an action here and show what comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from casebook import case as cases
from casebook.case import Account, Case
from casebook.engagement import Answer, Division, DivisionAsk, Plan, Play, begin_play, replay
from casebook.engagement.decisions import Decision, decision
from casebook.engagement.engagement import check_player
from casebook.engagement.transcript import (
    append,
    decision_line,
    file_name,
    header,
    load,
    outcome_line,
)
from casebook.errors import CasebookError, MoveError, TranscriptError
from casebook.roles import ROLE_IDS

from .view import view


class Session:
    """One play by one player, saved in a folder.

    Use :meth:`open`. ``play`` is the engagement as it stands, ``path`` its transcript, or None
    where nothing can be saved.
    """

    def __init__(self, play: Play, path: Path | None, last: str | None = None,
                 message: dict[str, str] | None = None):
        self.play = play
        self.path = path
        self._last = last              # digest of the last saved line; None before the first
        self._message = message
        self._trouble: str | None = None

    @classmethod
    def open(cls, case: str | Path | Case | Account, player: str = "you", attempt: int = 1,
             folder: str | Path | None = ".") -> Session:
        """Begin a play, or go on with the one that is saved in ``folder``.

        Raises
        ------
        CasebookError
            If the case cannot be read or the player cannot be used. A damaged transcript is not
            an error: it is kept under another name, and the turns before the damage are taken
            again.
        """
        known = case if isinstance(case, Case | Account) else cases.read(case)
        check_player(player, attempt)
        play = begin_play(known, player, attempt)
        if folder is None:
            return cls(play, None)
        path = Path(folder) / file_name(known.id, player, attempt)
        return _resume(path, play, known) if path.exists() else cls(play, path)

    def view(self) -> dict[str, Any]:
        """Everything a room shows, as plain data."""
        message, self._message = self._message, None
        return view(self.play, self._saved(), message)

    def act(self, action: Mapping[str, Any]) -> dict[str, Any]:
        """Take an action of the room and give the new view. A user's mistake becomes a message."""
        try:
            if action.get("turn") == len(self.play.turns) and self._is_current():
                self.take(_decision(action, self.play))
        except CasebookError as error:
            self._message = {"level": "error", "text": str(error)}
        return self.view()

    def take(self, made: Decision, time: str | None = None) -> None:
        """Take a decision and save it. It counts only once it is saved.

        Raises
        ------
        MoveError
            If the decision is not what is asked for now.
        TranscriptError
            If it cannot be saved; the play stays where it was.
        """
        after = self.play.take(made)
        if self.path is not None:
            self._save(after, time or datetime.now(UTC).isoformat(timespec="seconds"))
        self.play = after

    def _save(self, after: Play, time: str) -> None:
        lines = []
        last = self._last
        if last is None:
            lines.append(header(after))
            last = lines[0]["digest"]
        turn = after.turns[-1]
        lines.append(decision_line(turn.decision, turn.number, last, time))
        if after.outcome:
            lines.append(outcome_line(after, lines[-1]["digest"]))
        try:
            append(self.path, lines)
        except TranscriptError as error:
            self._trouble = str(error)
            raise
        self._trouble = None
        self._last = lines[-1]["digest"]

    def _is_current(self) -> bool:
        """Whether the file still ends where this session left it; if not, go on from the file.

        Another tab, or another kernel, may have gone on with the same play.
        """
        if self.path is None:
            return True
        try:
            contents = load(self.path) if self.path.exists() else None
        except OSError:
            return True
        found = _last_digest(contents) if contents else None
        if found == self._last:
            return True
        self._catch_up(contents is not None)
        return False

    def _catch_up(self, exists: bool) -> None:
        fresh = begin_play(self.play.case, self.play.player, self.play.attempt)
        if exists:
            other = _resume(self.path, fresh, self.play.case)
            self.play, self._last = other.play, other._last
            text = ("This play went on in another tab or window. Here is where it stands now; "
                    "your last click was not counted.")
        else:
            self._rewrite()
            text = ("The file of this play had been moved or deleted. It was written again, "
                    "with every turn. Please repeat your last click.")
        self._message = {"level": "warning", "text": text}

    def _rewrite(self) -> None:
        """Write the whole play anew, where its file has gone."""
        self._last = None
        done, self.play = self.play, begin_play(
            self.play.case, self.play.player, self.play.attempt)
        for turn in done.turns:
            self.take(turn.decision)

    def _saved(self) -> dict[str, Any]:
        if self.path is None:
            return {"ok": False, "file": None, "text": "This play is not saved."}
        if self._trouble:
            return {"ok": False, "file": self.path.name, "text": self._trouble}
        text = ("Every turn is saved the moment you take it" if self._last is None else
                f"Saved after turn {len(self.play.turns)}")
        return {"ok": True, "file": self.path.name, "text": f"{text}, in {self.path.name}."}


def _decision(action: Mapping[str, Any], play: Play) -> Decision:
    """The decision in an action of the room."""
    if action.get("do") == "plan" and hasattr(play.ask, "phase"):
        shares = action.get("shares")
        if isinstance(play.ask, DivisionAsk):
            return _division(shares, play)
        record = {"plan": play.ask.phase.id, "shares": shares}
        made = decision(record)
        return Plan(made.phase, tuple(int(made.shares[i]) for i in range(len(ROLE_IDS))),
                    play.ask.engagement)
    if action.get("do") == "respond":
        return Answer(str(action.get("incident")), str(action.get("response")))
    raise MoveError("That cannot be done now.", "Choose one of the things that the room offers.")


def _division(shares: Any, play: Play) -> Division:
    """A division of the week, whose engagements a browser may have put in any order."""
    ids = tuple(part.id for part in play.case.parts)
    known = shares if isinstance(shares, Mapping) else {}
    return Division(play.ask.phase.id, ids, tuple(known.get(id, 0) for id in ids))


def _last_digest(contents) -> str | None:
    if contents.problem == "unreadable":
        return ""
    last = contents.outcome or (contents.lines[-1] if contents.lines else contents.header)
    return last["digest"] if contents.problem is None else ""


def _resume(path: Path, fresh: Play, case: Case | Account) -> Session:
    """Go on with a saved play; where it is damaged, keep it aside and save what is whole."""
    from casebook.engagement import Expected

    result = replay(path, lambda id: _only(case, id),
                    Expected(case.id, fresh.player, fresh.attempt))
    contents = load(path)
    whole = result.verdict == "whole" or (result.verdict == "truncated" and not contents.problem)
    if whole and result.play.outcome and contents.outcome is None:
        append(path, [outcome_line(result.play, _last_digest(contents))])
        return Session(result.play, path, _last_digest(load(path)))
    if whole:
        return Session(result.play, path, _last_digest(contents))
    kept = _set_aside(path)
    session = Session(fresh, path)
    for turn in (result.play.turns if result.play else ()):
        session.take(turn.decision, contents.times.get(turn.number))
    session._message = {"level": "warning", "text": (
        f"The saved play could not be read to its end. {result.text} It was kept as "
        f"{kept.name}; you go on from turn {len(session.play.turns)}.")}
    return session


def _only(case: Case | Account, id: str) -> Case | Account:
    if id != case.id:
        raise CasebookError(f"There is no case {id!r} here.")
    return case


def _set_aside(path: Path) -> Path:
    """Rename a damaged transcript; nothing that a user made is ever lost."""
    number = 1
    while (kept := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    try:
        path.rename(kept)
    except OSError as error:
        raise TranscriptError(
            f"The saved play is damaged and could not be set aside: {error.strerror}.",
            "Move the file to another folder and try again.") from error
    return kept
