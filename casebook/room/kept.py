"""A story and its file: one way through an engagement, saved line by line as it is played."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from casebook.case import Account, Case
from casebook.engagement import Expected, Play, Replay, begin_play
from casebook.engagement.decisions import Decision
from casebook.engagement.predictions import Said
from casebook.engagement.replay import replayed
from casebook.engagement.transcript import (
    Branch,
    Contents,
    append,
    header,
    load,
    outcome_line,
    sealed,
)
from casebook.errors import CasebookError, Place, TranscriptError
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

    def replace_file(self, why: str) -> Path:
        """Keep the file that is there under a name that says why, and write this story anew.

        Gives the path of the file that was kept. Whatever happens on the way, all that was on the
        disk is there: the new file is whole before the old one gives way to it.
        """
        path, kept = self.path, free_name(self.path, why)
        new = Story(self.play, free_name(path, "new"), self.branch)
        new.entries = self.entries
        if self.entries:
            try:
                new.write_again()
            except TranscriptError as error:
                self.trouble = str(error)
                raise
        try:
            if self.entries:
                _keep(path, kept)
                new.path.replace(path)
            else:
                path.rename(kept)
        except OSError as error:
            with suppress(OSError):
                new.path.unlink(missing_ok=True)
            raise TranscriptError(
                _("The saved play cannot be used as it is, and could not be set aside: "
                  "{why}.").format(why=error.strerror or error),
                _("Move the file to another folder and try again."), Place(str(path))) from error
        self.last, self.trouble = new.last, None
        return kept

    def is_current(self) -> bool:
        """Whether the file still ends where this story does."""
        if self.path is None:
            return True
        try:
            contents = load(self.path) if there(self.path) else None
        except OSError:
            return True                 # saving will say what is wrong
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


def there(path: Path) -> bool:
    """Whether there is a file with something in it: one that is empty was not written to yet."""
    return path.exists() and (not path.is_file() or path.stat().st_size > 0)


def resumed(path: Path, case: Case | Account, player: str, attempt: int,
            number: int = 0) -> tuple[Story, str]:
    """Go on with a saved story; and what to tell its player, if something was amiss.

    A file that is damaged is kept under another name, and what is whole before it is saved again.
    """
    story, result, contents = _read(path, begin_play(case, player, attempt), number)
    if story.last is not None:
        return story, _with_outcome(story, contents)
    kept = story.replace_file(_why(result))
    if result.verdict == "other-version":
        return story, _changed(kept, path, result.text, number)
    return story, _damaged(kept, result.text, len(story.play.turns))


def _why(result: Replay) -> str:
    """What the name of a file says of why it was set aside."""
    return result.verdict if result.verdict in ("other-version", "foreign") else "damaged"


def _damaged(kept: Path, why: str, turns: int) -> str:
    return _("The saved play could not be read to its end. {why} It was kept as {file}; you go on "
             "from turn {turn}.").format(why=why, file=kept.name, turn=turns)


def _changed(kept: Path, path: Path, why: str, number: int) -> str:
    """What to tell where a play was begun with another edition of the case."""
    if number:
        return _("The other ways that were tried in it were kept likewise.")
    return _("{why} The saved play was kept, with every turn, as {kept}, and a new one begins "
             "here. To go on with the old one, use the version of the casebook and of the case "
             "that wrote it, and give that file its name again: {file}.").format(
                 why=why, kept=kept.name, file=path.name)


def _with_outcome(story: Story, contents: Contents) -> str:
    """Add the line of the outcome where a play is over and was cut off just before it."""
    if story.play.outcome is None or contents.outcome is not None:
        return ""
    try:
        story.save([_ending(story.play)], story.play)
    except TranscriptError as error:
        return str(error)
    return ""


def rejoined(story: Story) -> tuple[Story, str]:
    """Where to go on from when a story's file is not as the story left it, and what to tell.

    Another tab went on with it, or it was moved, damaged or put back as it once was. What is on
    the disk counts where it holds more; what only this story holds is saved.
    """
    path, play = story.path, story.play
    if not there(path):
        story.write_again()
        return story, _("The file of this play had been moved or deleted. It was written again, "
                        "with every turn. Please repeat your last click.")
    saved, result, contents = _read(path, begin_play(play.case, play.player, play.attempt),
                                    story.number)
    ours, theirs, usable = story.entries, saved.entries, saved.last is not None
    if theirs[:len(ours)] == ours and (usable or len(theirs) > len(ours)):
        if not usable:
            kept = saved.replace_file("damaged")
            return saved, _damaged(kept, result.text, len(saved.play.turns))
        return saved, _with_outcome(saved, contents) or _(
            "This play went on in another tab or window. Here is where it stands now; your last "
            "click was not counted.")
    if ours[:len(theirs)] == theirs:
        kept = story.replace_file("earlier" if usable else _why(result))
        return story, _("The file of this play was changed or damaged. It was written again, with "
                        "every turn; what was found was kept as {file}. Please repeat your last "
                        "click.").format(file=kept.name)
    # Two ways on from the same turn: what this tab has taken is kept beside what is on the disk.
    aside = Story(play, free_name(path, "other-tab"), story.branch)
    aside.entries = ours
    aside.write_again()
    if not usable:
        saved.replace_file(_why(result))
    return saved, _("This play went another way in another tab or window. Here is where it stands "
                    "now; what you did in this one was kept as {file}.").format(
                        file=aside.path.name)


def _read(path: Path, fresh: Play, number: int) -> tuple[Story, Replay, Contents]:
    """A saved story as far as it is whole; its ``last`` is None where the file cannot be used."""
    try:
        with open(path, "rb"):
            contents = load(path)
    except OSError as error:
        raise TranscriptError(
            _("The saved play cannot be read: {why}.").format(why=error.strerror or error),
            _("Nothing is lost. Make the file readable, or move it to another folder, and try "
              "again."), Place(str(path))) from error
    case = fresh.case
    result = replayed(contents, lambda id: _only(case, id),
                      Expected(case.id, fresh.player, fresh.attempt, number))
    branch = Branch.of(contents.header) if number else None
    if number and (branch is None or branch.number != number):
        branch = Branch(number, 0, 1)
    story = Story(result.play or fresh, path, branch)
    if result.play is not None:
        story.entries = _entries(contents, len(result.play.turns))
        story.said, story.hints = dict(result.said), result.hints
    if result.verdict == "whole" or result.verdict == "truncated" and not contents.problem:
        story.last = contents.last
    elif story.play.outcome:
        story.entries = _with_ending(story.entries, story.play)
    else:
        story.entries = [entry for entry in story.entries if "outcome" not in entry]
    return story, result, contents


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


def _keep(path: Path, kept: Path) -> None:
    """Give a file another name; it has both for a moment where the file system allows that."""
    try:
        os.link(path, kept)
    except OSError:
        path.rename(kept)


def _only(case: Case | Account, id: str) -> Case | Account:
    if id != case.id:
        raise CasebookError(_("There is no case {id} here.").format(id=repr(id)))
    return case


def free_name(path: Path, why: str) -> Path:
    """A name beside a file that is not taken, such as ``….damaged-1``."""
    number = 1
    while (free := path.with_name(f"{path.name}.{why}-{number}")).exists():
        number += 1
    return free


def claimed(folder: Path, name: Callable[[int], str], number: int) -> tuple[int, Path]:
    """The first number of a branch that is free, and its file, made so that no other tab has it.

    ``name`` gives the file's name for a number; ``number`` is the first that may be free.
    """
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
