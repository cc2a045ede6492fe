"""A story and its file: one way through an engagement, saved line by line as it is played."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from casebook.case import Account, Case
from casebook.engagement import Expected, Play, begin_play, replay
from casebook.engagement.decisions import Decision
from casebook.engagement.predictions import Said
from casebook.engagement.transcript import (
    Branch,
    Contents,
    append,
    header,
    load,
    outcome_line,
    sealed,
)
from casebook.errors import CasebookError, TranscriptError
from casebook.language import _

SEALS = ("prev", "digest")


class Story:
    """One way through an engagement. ``play`` is where it stands, ``path`` its transcript.

    A story without a path is kept in memory only. What is taken counts once it is on the disk.
    """

    def __init__(self, play: Play, path: Path | None, branch: Branch | None = None):
        self.play, self.path, self.branch = play, path, branch
        self.said: dict[int, Said] = {}           # what was predicted, by turn
        self.hints: dict[int, int] = {}           # hints opened, by turn
        self.entries: list[dict[str, Any]] = []   # every line after the header, without its seals
        self.last: str | None = None              # digest of the last saved line; None before
        self.trouble: str | None = None           # why the last save failed

    @property
    def number(self) -> int:
        """0 for the play, and the number of the branch for another way."""
        return self.branch.number if self.branch else 0

    def take(self, made: Decision, time: str | None, told: Said | None = None) -> None:
        """Take a decision and save it (MoveError, TranscriptError: the story stays as it was)."""
        after = self.play.take(made)
        number = len(after.turns)
        told = told or Said()
        entries = [{"turn": number, "time": time, "decision": made.record(), **told.record()}]
        if after.outcome:
            entries.append(_ending(after))
        self.save(entries, after)
        self.play = after
        if told != Said():
            self.said[number] = told

    def note(self, note: Mapping[str, Any], time: str | None) -> None:
        """Save something that is no decision (TranscriptError if it cannot be saved)."""
        self.save([{"note": dict(note), "time": time}], self.play)

    def open_hint(self, tier: int, time: str | None) -> None:
        """Note that the hints up to this tier have been opened before the coming turn."""
        turn = len(self.play.turns) + 1
        if tier > self.hints.get(turn, 0):
            self.note({"kind": "hint", "turn": turn, "tier": tier}, time)
            self.hints[turn] = tier

    def save(self, entries: list[dict[str, Any]], play: Play) -> None:
        """Write lines at the end of the file, with the header where it is the first time."""
        if self.path is not None:
            # What was played before it could be saved, in a folder that was full, comes along.
            pending = entries if self.last is not None else [*self.entries, *entries]
            last = self._write(pending, play, self.last)
            self.last = last
        self.entries += entries

    def _write(self, entries: list[dict[str, Any]], play: Play, last: str | None) -> str:
        lines = []
        if last is None:
            lines.append(header(play, self.branch))
            last = lines[0]["digest"]
        for entry in entries:
            lines.append(sealed(entry, last))
            last = lines[-1]["digest"]
        try:
            append(self.path, lines)
        except TranscriptError as error:
            self.trouble = str(error)
            raise
        self.trouble = None
        return last

    def write_again(self) -> None:
        """Write the whole story anew, where its file has gone."""
        self.last = self._write(self.entries, self.play, None)

    def is_current(self) -> bool:
        """Whether the file still ends where this story does."""
        if self.path is None:
            return True
        try:
            contents = load(self.path) if self.path.exists() else None
        except OSError:
            return True
        if contents is not None and contents.problem:
            return False
        return (contents.last if contents else None) == self.last

    def in_case(self, case: Case | Account) -> Story:
        """The same story told by another edition of its case: in another language."""
        play = begin_play(case, self.play.player, self.play.attempt)
        for turn in self.play.turns:
            play = play.take(turn.decision)
        other = Story(play, self.path, self.branch)
        other.said, other.hints, other.entries = self.said, self.hints, self.entries
        other.last, other.trouble = self.last, self.trouble
        return other

    def branched(self, start: int, number: int, path: Path | None) -> Story:
        """Another way from before turn ``start``, saved at once under ``path``."""
        play = begin_play(self.play.case, self.play.player, self.play.attempt)
        other = Story(play, path, Branch(number, self.number, start))
        for turn in self.play.turns[:start - 1]:
            play = play.take(turn.decision)
        other.entries = [entry for entry in self.entries if entry.get("turn", start) < start]
        other.said = {turn: told for turn, told in self.said.items() if turn < start}
        other.play = play
        if path is not None:
            other.write_again()
        return other


def resumed(path: Path, case: Case | Account, player: str, attempt: int,
            number: int = 0) -> tuple[Story, str]:
    """Go on with a saved story; and what to tell its player, if something was amiss.

    A file that is damaged is kept under another name, and what is whole before it is saved again.
    """
    fresh = begin_play(case, player, attempt)
    result = replay(path, lambda id: _only(case, id),
                    Expected(case.id, fresh.player, fresh.attempt, number))
    contents = load(path)
    branch = Branch.of(contents.header) if number else None
    if number and branch is None:
        branch = Branch(number, 0, 1)
    story = Story(result.play or fresh, path, branch)
    turns = len(story.play.turns)
    story.entries = _entries(contents, turns)
    story.said, story.hints = dict(result.said), result.hints
    if result.verdict == "whole" or result.verdict == "truncated" and not contents.problem:
        story.last = contents.last
        if result.play.outcome and contents.outcome is None:
            story.save([_ending(result.play)], result.play)
        return story, ""
    if story.play.outcome:
        story.entries = _with_ending(story.entries, story.play)
    kept = set_aside(path)
    if story.entries:
        story.write_again()
    return story, _("The saved play could not be read to its end. {why} It was kept as {file}; you "
                    "go on from turn {turn}.").format(why=result.text, file=kept.name, turn=turns)


def _entries(contents: Contents, turns: int) -> list[dict[str, Any]]:
    """The lines that are whole up to the last turn that was taken again, without their seals."""
    entries, taken = [], 0
    for line in contents.body:
        taken += "decision" in line
        if taken > turns:
            break
        entries.append({key: value for key, value in line.items() if key not in SEALS})
    return entries


def _ending(play: Play) -> dict[str, Any]:
    line = outcome_line(play, "")
    return {key: line[key] for key in line if key not in SEALS}


def _with_ending(entries: list[dict[str, Any]], play: Play) -> list[dict[str, Any]]:
    """Lines of a play that is over with the outcome that it has, whatever was claimed."""
    last = max(i for i, entry in enumerate(entries) if "decision" in entry)
    after = [entry for entry in entries[last + 1:] if "note" in entry]
    return [*entries[:last + 1], _ending(play), *after]


def _only(case: Case | Account, id: str) -> Case | Account:
    if id != case.id:
        raise CasebookError(_("There is no case {id} here.").format(id=repr(id)))
    return case


def set_aside(path: Path) -> Path:
    """Rename a damaged transcript; nothing that a user made is ever lost."""
    number = 1
    while (kept := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    try:
        path.rename(kept)
    except OSError as error:
        raise TranscriptError(
            _("The saved play is damaged and could not be set aside: {why}.").format(
                why=error.strerror),
            _("Move the file to another folder and try again.")) from error
    return kept


def claimed(folder: Path, name: Callable[[int], str]) -> tuple[int, Path]:
    """The first number of a branch that is free, and its file, made so that no other tab has it.

    ``name`` gives the file's name for a number.
    """
    number = 1
    while True:
        path = folder / name(number)
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
            return number, path
        except FileExistsError:
            number += 1
        except OSError as error:
            raise TranscriptError(
                _("The other way could not be saved: {why}.").format(
                    why=error.strerror or error),
                _("Free some disk space, or open the notebook in a folder you may write to.")
            ) from error
