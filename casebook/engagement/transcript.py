"""The transcript: a play's decisions as JSON lines, each carrying the digest of those before.

First a header (case, versions, player, attempt), then a line for each decision with its time and
what was predicted, then, when the play is over, a line with its outcome. Notes stand between
them, and after the end: a hint that was opened, another way that was tried from here. States are
not stored: replay makes them again. Every line holds ``prev``, the digest of the line before it,
and ``digest``, its own; so a changed line, a missing one, and a line that belongs to another play
can be told apart.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

from casebook.errors import Place, TranscriptError
from casebook.language import N_, _

from .decisions import Decision
from .turns import Outcome

if TYPE_CHECKING:
    from .begin import Play

FORMAT = 1
SUFFIX = ".casebook.jsonl"
MAX_BYTES = 5_000_000
LOCK_TRIES, LOCK_WAIT = 40, 0.05            # two seconds in all
LONGEST_LINE = 200_000                      # bytes; a line with a long reason has 20,000
KINDS = ("decision", "outcome", "note")     # what a line after the header can be
DIGITS = 9


def sealed(content: Mapping[str, Any], prev: str) -> dict[str, Any]:
    """A line: its content, the digest of the line before, and its own."""
    line = {**content, "prev": prev}
    return {**line, "digest": seal(line)}


def seal(line: Mapping[str, Any]) -> str:
    """The digest of a line: sha256 of its canonical JSON, without its ``digest``."""
    content = {key: value for key, value in line.items() if key != "digest"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def header(play: Play, branch: Branch | None = None) -> dict[str, Any]:
    """The first line of this play's transcript, or of that of a branch of it."""
    own = {} if branch is None else {"branch": branch.record()}
    return sealed({
        "casebook": FORMAT, "case": play.case.id, "case_version": play.case.version,
        "case_digest": play.case.digest, "model": play.model_version,
        "player": play.player, "attempt": play.attempt, **own,
    }, prev="")


@dataclass(frozen=True)
class Branch:
    """Another way that was tried: its number, whose branch it is (0: the play), from which turn."""

    number: int
    parent: int
    start: int

    def record(self) -> dict[str, int]:
        """The branch as it stands in a header."""
        return {"number": self.number, "parent": self.parent, "from": self.start}

    @classmethod
    def of(cls, first: Mapping[str, Any]) -> Branch | None:
        """The branch that a header speaks of; None for the play itself, and for nonsense."""
        record = first.get("branch")
        keys = ("number", "parent", "from")
        if not isinstance(record, Mapping) or not all(
                type(record.get(key)) is int for key in keys):
            return None
        return cls(*(record[key] for key in keys))


def decision_line(decision: Decision, turn: int, prev: str, time: str | None,
                  said: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The line of one decision; ``time`` is an ISO 8601 text, or None where nobody noted it.

    ``said`` is what was predicted before it took effect (:meth:`~.predictions.Said.record`).
    """
    return sealed({"turn": turn, "time": time, "decision": decision.record(), **(said or {})},
                  prev)


def note_line(note: Mapping[str, Any], prev: str, time: str | None) -> dict[str, Any]:
    """The line of something that is no decision: ``{"kind": "hint" or "branch", ...}``."""
    return sealed({"note": dict(note), "time": time}, prev)


def outcome_line(play: Play, prev: str) -> dict[str, Any]:
    """The last line: how it ended, and a digest of the states on the way."""
    return sealed({"outcome": outcome_record(play.outcome), "states": states_digest(play)}, prev)


def outcome_record(outcome: Outcome) -> dict[str, Any]:
    """An outcome as plain data."""
    parts = {"parts": {id: ending.id for id, ending in outcome.parts.items()}}
    return {
        "ending": outcome.ending.id, **(parts if outcome.parts else {}),
        "renewed": outcome.renewed, "follow_on": outcome.follow_on,
        "reference": outcome.reference, "delivered": outcome.delivered,
        "scores": {k: round(v, 6) for k, v in outcome.scores.items()},
        "overall": round(outcome.overall, 6),
    }


def states_digest(play: Play) -> str:
    """Digest of every contact's measures after every turn, rounded to 9 digits.

    Rounding makes it the same on machines whose arithmetic differs in the last bit.
    """
    rows = [
        [turn.number, name, *(f"{value + 0.0:.{DIGITS}f}" for value in turn.after[name])]
        for turn in play.turns for name in sorted(turn.after)
    ]
    text = json.dumps(rows, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def dump(line: Mapping[str, Any]) -> str:
    """A line as text, with its newline."""
    return json.dumps(line, ensure_ascii=False) + "\n"


def file_name(case: str, player: str, attempt: int, branch: int = 0) -> str:
    """A safe file name for this play, different for different players, or for a branch of it."""
    player = one_spelling(player)
    slug = re.sub(r"[^a-z0-9]+", "-", player).strip("-")[:32] or "player"
    if slug != player:
        slug += "-" + hashlib.sha256(player.encode("utf-8")).hexdigest()[:6]
    other = f".branch-{branch}" if branch else ""
    return f"{case}.{slug}.{attempt}{other}{SUFFIX}"


def one_spelling(player: str) -> str:
    """A player's name without spaces around it, in small letters, and composed (NFC)."""
    if not isinstance(player, str):
        return player
    return unicodedata.normalize("NFC", player.strip().casefold())


def lines_of(play: Play, times: Mapping[int, str] | None = None) -> list[dict[str, Any]]:
    """Every line of this play's transcript. ``times`` maps a turn's number to its time."""
    lines = [header(play)]
    for turn in play.turns:
        time = (times or {}).get(turn.number)
        lines.append(decision_line(turn.decision, turn.number, lines[-1]["digest"], time))
    if play.outcome:
        lines.append(outcome_line(play, lines[-1]["digest"]))
    return lines


def append(path: Path, lines: list[Mapping[str, Any]]) -> None:
    """Write lines at the end of the file and see them on the disk before returning.

    Nothing is written where the file does not end with the line that these follow: another tab
    has gone on with the play.

    Raises
    ------
    TranscriptError
        If they cannot be written; what stood in the file before is kept.
    """
    try:
        _write(path, lines)
    except (OSError, UnicodeEncodeError) as error:
        why = error.strerror if isinstance(error, OSError) else None
        raise TranscriptError(
            _("Your play could not be saved: {why}.").format(why=why or error),
            _("Free some disk space or open the notebook in a folder you may write to; nothing "
              "that was saved before is lost."), Place(str(path))) from error


def _write(path: Path, lines: list[Mapping[str, Any]]) -> None:
    data = "".join(dump(line) for line in lines).encode("utf-8")
    there = path.exists()
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
    size = None
    try:
        _lock(file)
        end = _end(file, lines[0]["prev"], path)
        size, data = os.fstat(file).st_size, end + data
        # Without a buffer: what is left in one by a full disk would be written later.
        while data:
            data = data[os.write(file, data):]
        os.fsync(file)
    except BaseException:
        if size is not None:
            _take_back(file, size, path, there)
        raise
    finally:
        os.close(file)


def _take_back(file: int, size: int, path: Path, there: bool) -> None:
    """Half a line must not stay behind, nor an empty file: the next turn would be unreadable."""
    with suppress(OSError):
        os.ftruncate(file, size)
        if not there and not size:
            path.unlink(missing_ok=True)


def _end(file: int, prev: str, path: Path) -> bytes:
    """What is missing of the end of the last line, its newline, where the file was cut just there.

    Refuses (TranscriptError) where the last line is not the one with the digest ``prev``.
    """
    size = os.fstat(file).st_size
    os.lseek(file, max(size - LONGEST_LINE, 0), os.SEEK_SET)
    tail = os.read(file, LONGEST_LINE)
    last = _parse(tail.rstrip().split(b"\n")[-1].decode("utf-8", "replace"))
    digest = last.get("digest") if isinstance(last, Mapping) else None
    if digest != prev if size else prev:
        raise TranscriptError(_("This play has gone on, or was changed, in another tab or window."),
                              _("Repeat your last click to see where it stands."),
                              Place(str(path)))
    return b"" if not size or tail.endswith(b"\n") else b"\n"


def _lock(file: int) -> None:
    """Keep other tabs from writing until the file is closed, where the system can do that.

    It does not wait for long: a lock that a network drive never gives must not stop a play.
    """
    try:
        import fcntl
    except ImportError:
        return
    for _again in range(LOCK_TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            sleep(LOCK_WAIT)
        except OSError:
            return


@dataclass(frozen=True)
class Contents:
    """What could be read of a transcript.

    ``body`` holds the lines whose digests hold and that follow each other; ``problem`` names what
    ended them (``edited``, ``truncated``, ``foreign``, ``unreadable``), at ``line``.
    """

    header: Mapping[str, Any]
    body: tuple[Mapping[str, Any], ...] = ()
    outcome: Mapping[str, Any] | None = None
    problem: str | None = None
    line: int | None = None
    text: str = ""

    @property
    def lines(self) -> tuple[Mapping[str, Any], ...]:
        """The lines of decisions."""
        return tuple(line for line in self.body if "decision" in line)

    @property
    def notes(self) -> tuple[Mapping[str, Any], ...]:
        """The lines of notes."""
        return tuple(line for line in self.body if "note" in line)

    @property
    def times(self) -> dict[int, str | None]:
        """When each turn was taken, by its number."""
        return {line["turn"]: line.get("time") for line in self.lines
                if isinstance(line.get("turn"), int)}

    @property
    def last(self) -> str:
        """The digest of the last whole line."""
        return (self.body[-1] if self.body else self.header).get("digest", "")


def load(path: Path) -> Contents:
    """Read a transcript as far as it is whole. Damage is described, never raised."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return _unreadable(f"it is larger than {MAX_BYTES // 1_000_000} MB")
        raw = path.read_bytes()
    except OSError as error:
        return _unreadable(error.strerror or str(error))
    return contents(raw)


def contents(raw: bytes) -> Contents:
    """Read the bytes of a transcript as :func:`load` reads a file."""
    try:
        raw.split(b"\n", 1)[0].decode("utf-8")
    except UnicodeDecodeError:
        return _unreadable(N_("it is not UTF-8 text"))
    # A line that was cut within a sign is damaged; those before it are whole.
    text = raw.decode("utf-8", "surrogateescape")
    # A mail program or a version control system may have changed every line end; that is no edit.
    rows = text.replace("\r\n", "\n").split("\n")
    if not text.strip():
        return _unreadable(N_("it is empty"))
    first = _parse(rows[0])
    if not _is_header(first):
        return _unreadable(N_("its first line is not the header of a transcript"))
    if first.get("digest") != seal(first) or rows[0] != dump(first)[:-1]:
        return Contents(first, (), None, "edited", 1, N_("the header was changed"))
    return _follow(first, rows)


def _follow(first: Mapping[str, Any], rows: list[str]) -> Contents:
    """Follow the chain of digests from the header, and stop where it breaks."""
    whole_tail = rows[-1] == ""
    body = rows[1:-1] if whole_tail else rows[1:]
    kept: list[Mapping[str, Any]] = []
    outcome = None
    for number, row in enumerate(body, start=2):
        last = number == len(body) + 1
        line = _parse(row)
        problem = _problem(line, first, kept, outcome, torn=last and not whole_tail)
        if problem is None and row != dump(line)[:-1]:
            problem = ("edited", N_("the line was changed after it was written"))
        if problem:
            return Contents(first, tuple(kept), outcome, problem[0], number, problem[1])
        kept.append(line)
        outcome = line if "outcome" in line else outcome
    return Contents(first, tuple(kept), outcome)


def _problem(line, first, kept, outcome, torn: bool) -> tuple[str, str] | None:
    """What is wrong with one line after the header, if anything."""
    if not isinstance(line, Mapping):
        if torn:
            return "truncated", N_("the last line is cut off")
        return "edited", N_("the line is damaged")
    if line.get("digest") != seal(line) or sum(kind in line for kind in KINDS) != 1:
        return "edited", N_("the line was changed after it was written")
    prev = (kept[-1] if kept else first)["digest"]
    if outcome is not None and "note" not in line:
        return "edited", N_("a line stands after the end of the play")
    if line.get("prev") != prev:
        if not kept:
            return "foreign", N_("the decisions belong to another play than the header")
        return "edited", N_("a line before it was taken out, put in or moved")
    return None


def _parse(row: str) -> Any:
    try:
        # A repeated key would be read one way and shown another.
        return json.loads(row, object_pairs_hook=_no_repeats)
    except (ValueError, RecursionError):
        return None


def _no_repeats(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _is_header(line: Any) -> bool:
    return (isinstance(line, Mapping) and isinstance(line.get("casebook"), int)
            and all(isinstance(line.get(key), str)
                    for key in ("case", "case_version", "case_digest", "model", "player", "prev"))
            and isinstance(line.get("attempt"), int))


def _unreadable(reason: str) -> Contents:
    return Contents({}, (), None, "unreadable", None, reason)
