"""Replay: take a transcript's decisions again and say whether it is what it claims to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from casebook.case.types import Case
from casebook.errors import CasebookError, MoveError
from casebook.language import N_, _

from .allowed import HINT_TIERS
from .begin import Play, begin_play
from .decisions import Answer, decision
from .predictions import Said, said
from .transcript import (
    FORMAT,
    Branch,
    Contents,
    load,
    one_spelling,
    outcome_record,
    states_digest,
)

VERDICTS = ("whole", "edited", "truncated", "foreign", "other-version", "unreadable")

MENDS = {
    "whole": "",
    "edited": N_("Hand in the file as the casebook saved it; play another attempt if it is lost."),
    "truncated": N_("If the play is not over, open it in its notebook and finish it; otherwise "
                    "look for a complete copy of the file."),
    "foreign": N_("Hand in the transcript of your own play of this case."),
    "other-version": N_("Open it with the version of the casebook and of the case that wrote "
                        "it."),
    "unreadable": N_("Look for the file whose name ends in .casebook.jsonl in your work folder."),
}


@dataclass(frozen=True)
class Expected:
    """Whose transcript is expected; None where anybody's will do.

    ``branch`` is the number of the way that was tried, 0 for the play that counts.
    """

    case: str | None = None
    player: str | None = None
    attempt: int | None = None
    branch: int | None = None


@dataclass(frozen=True)
class Note:
    """Something noted in a transcript after ``turns`` turns: ``record`` is as it stands there."""

    kind: str
    turns: int
    after_the_end: bool
    record: Mapping[str, Any]


@dataclass(frozen=True)
class Replay:
    """The verdict on a transcript.

    ``play`` is the engagement as replayed up to the first damage, or None where nothing could
    be replayed; ``line`` is the line at fault. ``said`` has what was predicted, by turn; ``notes``
    what else was noted on the way, each with the number of turns that had been taken.
    """

    verdict: str
    text: str
    mend: str
    play: Play | None = None
    line: int | None = None
    header: dict[str, Any] | None = None
    said: Mapping[int, Said] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    @property
    def branch(self) -> int:
        """The number of the other way that this is; 0 for the play itself."""
        found = Branch.of(self.header or {})
        return found.number if found else 0

    @property
    def hints(self) -> dict[int, int]:
        """The hints that were opened before each turn: its number to their number."""
        opened: dict[int, int] = {}
        for note in self.notes:
            if note.kind == "hint":
                turn, tier = note.turns + 1, note.record.get("tier")
                # Whoever writes a note by hand may write anything into it.
                if type(tier) is int and 1 <= tier <= HINT_TIERS:
                    opened[turn] = max(opened.get(turn, 0), tier)
        return opened

    @property
    def tried_before_the_end(self) -> int:
        """How many other ways were tried before the play was over."""
        return sum(note.kind == "branch" and not note.after_the_end for note in self.notes)

    def record(self) -> dict[str, Any]:
        """The verdict as plain data."""
        outcome = self.play.outcome if self.play else None
        return {
            "verdict": self.verdict, "text": self.text, "mend": self.mend, "line": self.line,
            "turns": len(self.play.turns) if self.play else 0,
            "finished": outcome is not None,
            "outcome": outcome_record(outcome) if outcome else None,
            **{key: (self.header or {}).get(key)
               for key in ("case", "case_version", "player", "attempt")},
            "branch": self.branch,
        }


def replay(path: str | Path, find_case: Callable[[str], Case],
           expected: Expected | None = None) -> Replay:
    """Replay a transcript.

    Parameters
    ----------
    path : path of the transcript
    find_case : callable
        Gives the case for an id; raises a CasebookError for one that is not known.
    expected : Expected, optional
        Whose transcript it should be; another one is ``foreign``.

    Returns
    -------
    Replay
        Never raises for a damaged file.
    """
    return replayed(load(Path(path)), find_case, expected)


def replayed(contents: Contents, find_case: Callable[[str], Case],
             expected: Expected | None = None) -> Replay:
    """Replay a transcript that has been read: what :func:`replay` does with a file."""
    result = _judge(contents, find_case, expected or Expected())
    taken = len(result.play.turns) if result.play else 0
    return replace(result, header=dict(contents.header) or None, notes=_notes(contents, taken),
                   said=_said(contents, result.play) if result.play else {})


def _notes(contents: Contents, taken: int) -> tuple[Note, ...]:
    """The notes up to the last turn that was taken again, and those after it."""
    notes, turns, ended = [], 0, False
    for line in contents.body:
        if "decision" in line:
            turns += 1
        ended = ended or "outcome" in line
        note = line.get("note")
        if isinstance(note, Mapping) and turns <= taken:
            notes.append(Note(str(note.get("kind", "")), turns, ended, note))
    return tuple(notes)


def _said(contents: Contents, play: Play) -> dict[int, Said]:
    """What was predicted before each turn; what nobody could have said there is passed over."""
    contacts = [contact.id for contact in play.case.contacts]
    out = {}
    for line, turn in zip(contents.lines, play.turns, strict=False):
        if not isinstance(turn.decision, Answer):
            continue
        try:
            told = said(line, contacts)
        except MoveError:
            continue
        if told != Said():
            out[turn.number] = told
    return out


def _judge(contents: Contents, find_case, expected: Expected) -> Replay:
    head = contents.header
    if contents.problem == "unreadable":
        return _verdict("unreadable", _("This is not a transcript: {why}.").format(
            why=_(contents.text)))
    if head["casebook"] != FORMAT:
        return _verdict("other-version", _(
            "It was written in format {theirs}; this casebook reads format {ours}.").format(
                theirs=head["casebook"], ours=FORMAT))
    if contents.problem == "edited" and not contents.lines and contents.line == 1:
        return _verdict("edited", _("Line 1: the header was changed."), line=1)
    stranger = _stranger(head, expected) or _other_branch(head, expected)
    if stranger:
        return _verdict("foreign", stranger)
    try:
        case = find_case(head["case"])
        play = begin_play(case, head["player"], head["attempt"])
    except CasebookError as error:
        return _verdict("foreign", _("It is for the case {case}: {error}").format(
            case=repr(head["case"]), error=error))
    version = _other_version(head, play)
    if version:
        return _verdict("other-version", version)
    return _take_all(contents, play)


def _take_all(contents: Contents, play: Play) -> Replay:
    """Take every whole decision again, then compare the ending."""
    for number, line in enumerate(contents.body, start=2):
        if "decision" not in line:
            continue
        try:
            if line.get("turn") != len(play.turns) + 1:
                raise MoveError(_("It is numbered {number}.").format(
                    number=repr(line.get("turn"))))
            play = play.take(decision(line["decision"]))
        except CasebookError as error:
            return _verdict("edited", _(
                "Line {line} holds a decision that could not be taken there: {error}").format(
                    line=number, error=error), play, number)
    if contents.problem:
        return _verdict(contents.problem, _(
            "Line {line}: {what}. The {turns} turns before it are whole.").format(
                line=contents.line, what=_(contents.text), turns=len(play.turns)),
            play, contents.line)
    if contents.outcome is None:
        text = _("It stops after turn {turn}, at the end of the play, before its outcome: the play "
                 "is not finished, or the end of the file was cut off.") if play.outcome else _(
            "It stops after turn {turn}, before the end: the play is not finished, or the end of "
            "the file was cut off.")
        return _verdict("truncated", text.format(turn=len(play.turns)), play)
    if play.outcome is None:
        return _verdict("edited", _(
            "It claims an ending, but the decisions do not reach one."), play)
    if contents.outcome["outcome"] != outcome_record(play.outcome) or (
            contents.outcome.get("states") != states_digest(play)):
        text = _("The outcome it claims is not the one that its decisions lead to.")
        return _verdict("edited", text, play, contents.body.index(contents.outcome) + 2)
    return _verdict("whole", _(
        "All {turns} turns are as they were taken, and lead to “{ending}”.").format(
            turns=len(play.turns), ending=play.outcome.ending.title), play)


def _stranger(head, expected: Expected) -> str | None:
    for key, told in (("case", _("It is for the case {theirs}; {wanted} was expected.")),
                      ("player", _("It is for the player {theirs}; {wanted} was expected.")),
                      ("attempt", _("It is for the attempt {theirs}; {wanted} was expected."))):
        wanted = getattr(expected, key)
        given = head[key]
        if key == "player" and wanted is not None and one_spelling(given) == one_spelling(wanted):
            continue
        if wanted is not None and given != wanted:
            return told.format(theirs=repr(head[key]), wanted=repr(wanted))
    return None


def _other_branch(head, expected: Expected) -> str | None:
    branch = Branch.of(head)
    number = branch.number if branch else 0
    if expected.branch is None or ("branch" in head) == bool(expected.branch) and (
            number == expected.branch):
        return None
    if expected.branch == 0:
        return _("It is another way that was tried in a play, not the play itself.")
    return _("It is not the way number {n} that was tried in this play.").format(
        n=expected.branch)


def _other_version(head, play: Play) -> str | None:
    case = play.case
    if head["case_version"] != case.version:
        return _("It was played with version {theirs} of the case; here is version {ours}.").format(
            theirs=head["case_version"], ours=case.version)
    if head["case_digest"] != case.digest:
        return _(
            "The text of case {case} has changed since, without a new version number.").format(
                case=case.id)
    if head["model"] != play.model_version:
        return _("It was played with client model {theirs}; here is {ours}.").format(
            theirs=head["model"], ours=play.model_version)
    return None


def _verdict(verdict: str, text: str, play: Play | None = None,
             line: int | None = None) -> Replay:
    return Replay(verdict, text, _(MENDS[verdict]), play, line)
