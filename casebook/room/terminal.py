"""The terminal view: play, replay and show a scorecard as text."""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO

from casebook import case as cases
from casebook.engagement import (
    Division,
    DivisionAsk,
    Expected,
    IncidentAsk,
    Plan,
    PlanAsk,
    Play,
    Replay,
    decision,
    replay,
)
from casebook.engagement.decisions import Answer, Decision
from casebook.engagement.explain import cited, whole_play
from casebook.engagement.transcript import lines_of, load, outcome_record
from casebook.engagement.words import settings
from casebook.errors import MoveError, Place
from casebook.roles import ROLES

from .ending import scorecard
from .parts import title
from .session import Session
from .story import news

Chooser = Callable[[Play], Decision]
WIDTH = 84


def run(case: str, player: str, attempt: int, folder: str | Path | None,
        moves: str | Path | None = None, policy: Chooser | None = None, as_json: bool = False,
        out: TextIO | None = None) -> int:
    """Play a case in the terminal, from a file of moves, or by a policy.

    Writes the transcript to ``folder`` and prints the scorecard. Returns 0 when the play came to
    its end, 1 when it stopped before.
    """
    out = out or sys.stdout
    session = Session.open(case, player, attempt, folder)
    told = session.view()["message"]
    if told:
        print(told["text"], file=sys.stderr)
    if moves is not None:
        _take_moves(session, Path(moves))
    elif policy is not None:
        while session.play.ask is not None:
            session.take(policy(session.play))
    else:
        _talk(session, out)
    if as_json:
        print(json.dumps(record(session), ensure_ascii=False, indent=2), file=out)
    else:
        print(report(session), file=out)
    return 0 if session.play.outcome else 1


def record(session: Session) -> dict[str, Any]:
    """A play as plain data: who, what was decided, and how it ended."""
    play = session.play
    return {
        "case": play.case.id, "case_version": play.case.version, "model": play.model_version,
        "player": play.player, "attempt": play.attempt, "turns": len(play.turns),
        "decisions": [turn.decision.record() for turn in play.turns],
        "finished": play.outcome is not None,
        "outcome": outcome_record(play.outcome) if play.outcome else None,
        "states": lines_of(play)[-1].get("states"),
        "transcript": str(session.path) if session.path else None,
    }


def report(session: Session) -> str:
    """The ending and the scorecard as text."""
    play, lines = session.play, []
    if play.outcome is None:
        lines.append(f"The play stops in week {play.state.week}, after turn {len(play.turns)}.")
    else:
        lines += [play.outcome.ending.title, "", wrap(plain(play.outcome.ending.text)), ""]
        for id, ending in play.outcome.parts.items():
            lines += [f"{title(play, id)}: {ending.title}", "", wrap(plain(ending.text)), ""]
        for area in scorecard(play):
            lines.append(f"{area['name']:<24}{area['score']:>4}")
            lines += [f"  {line['name']:<32}{line['score']:>4}   {line['value']}"
                      for line in area["lines"]]
        lines.append(f"{'Overall':<24}{round(play.outcome.overall):>4}")
        lines += ["", "What moved them most, in points of trust or satisfaction:", *_moved(play)]
    if session.path:
        lines += ["", f"Transcript: {session.path}"]
    return "\n".join(lines)


def _moved(play: Play) -> list[str]:
    """The largest causes of how each contact came to see the manager, with rule and source."""
    lines = []
    for i, contact in enumerate(play.case.contacts):
        lines.append(contact.name)
        for one in whole_play(play.turns, i):
            sources = "; ".join(finding["citation"] for finding in cited(one.findings))
            said = f"{one.because} {one.principle}" + (f" ({sources})" if sources else "")
            lines.append(textwrap.fill(said, WIDTH, subsequent_indent=" " * 9,
                                       initial_indent=f"  {100 * one.change:+5.0f}  "))
    return lines


def replay_file(path: str | Path, as_json: bool = False, case: str | None = None,
                player: str | None = None, attempt: int | None = None,
                out: TextIO | None = None) -> int:
    """Print the verdict on a transcript; 0 only for a whole one, else 1."""
    result = replay(path, cases.read, Expected(case, player, attempt))
    print(json.dumps(result.record(), ensure_ascii=False, indent=2) if as_json
          else verdict(result, path), file=out or sys.stdout)
    return 0 if result.verdict == "whole" else 1


def verdict(result: Replay, path: str | Path) -> str:
    """The verdict in sentences, with the scorecard where the play is whole."""
    lines = [f"{path}: {result.verdict}", wrap(f"{result.text} {result.mend}".strip())]
    if result.play and result.play.outcome:
        lines += [f"{area['name']:<24}{area['score']:>4}" for area in scorecard(result.play)]
        lines.append(f"{'Overall':<24}{round(result.play.outcome.overall):>4}")
    return "\n".join(lines)


def _take_moves(session: Session, path: Path) -> None:
    """Take the decisions of a file, after those that are saved already."""
    wanted = read_moves(path)
    done = [turn.decision for turn in session.play.turns]
    if [move for _, move in wanted[:len(done)]] != done[:len(wanted)]:
        raise MoveError("The saved play took other decisions than this file.",
                        "Use another --attempt, or another --folder.", Place(str(path)))
    for line, move in wanted[len(done):]:
        try:
            session.take(move)
        except MoveError as error:
            raise MoveError(error.wrong, error.mend, Place(str(path), line)) from error


def read_moves(path: Path) -> list[tuple[int | None, Decision]]:
    """The decisions in a file, each with its line: a transcript, JSON lines, or a JSON list.

    Raises
    ------
    MoveError
        If the file cannot be read or holds something else.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MoveError(f"The file of moves cannot be read: {error}.",
                        "Give a file of JSON lines.", Place(str(path))) from error
    if not text.lstrip().startswith("["):
        found = load(path)
        if found.problem is None:
            return [(i, decision(line["decision"])) for i, line in enumerate(found.lines, 2)]
    made = []
    for line, entry in _entries(text, path):
        entry = entry.get("decision", entry) if isinstance(entry, Mapping) else entry
        if isinstance(entry, Mapping) and ("casebook" in entry or "outcome" in entry):
            continue
        try:
            made.append((line, decision(entry)))
        except MoveError as error:
            raise MoveError(error.wrong, error.mend, Place(str(path), line)) from error
    return made


def _entries(text: str, path: Path) -> Iterable[tuple[int | None, Any]]:
    try:
        if text.lstrip().startswith("["):
            yield from ((None, entry) for entry in json.loads(text))
            return
        for number, row in enumerate(text.splitlines(), start=1):
            if row.strip():
                yield number, json.loads(row)
    except ValueError as error:
        raise MoveError(f"The file of moves is not JSON: {error}.",
                        'Write one decision a line, such as {"incident": ID, "response": ID}.',
                        Place(str(path))) from error


def _talk(session: Session, out: TextIO) -> None:
    """Ask at the terminal until the play is over or the player leaves."""
    case = session.play.case
    print(f"{case.title}\n\n{wrap(case.summary)}\n\nAnswer with a number; q stops, and your play "
          "is kept.\n", file=out)
    while (asked := session.play.ask) is not None:
        try:
            made = _decide(session, asked, out)
        except (EOFError, KeyboardInterrupt):
            return
        if made is None:
            return
        try:
            session.take(made)
        except MoveError as error:
            print(f"{error}\n", file=out)
            continue
        _tell(session, out)


def _decide(session: Session, asked: Any, out: TextIO) -> Decision | None:
    """The student's decision, or None if they stop here."""
    if isinstance(asked, DivisionAsk):
        return _ask_division(session.play, asked, out)
    if isinstance(asked, PlanAsk):
        return _ask_plan(session.play, asked, out)
    return _ask(session, asked, out)


def _ask_division(play: Play, asked: DivisionAsk, out: TextIO) -> Division | None:
    first, last = asked.phase.weeks
    print(f"== {asked.phase.title} (weeks {first} to {last})\n{wrap(plain(asked.phase.brief))}\n",
          file=out)
    print("Divide your week over the engagements:", file=out)
    for part, share in zip(play.case.parts, asked.shares, strict=True):
        print(f"  {part.case.title}: needs {part.need} %, now {share} %", file=out)
    ids = tuple(part.id for part in play.case.parts)
    while True:
        typed = input(f"{len(ids)} percents that add up to 100, or nothing to leave it: ").strip()
        if typed.lower() == "q":
            return None
        words = re.findall(r"-?\d+", typed) if typed else list(map(str, asked.shares))
        try:
            return Division(asked.phase.id, ids, tuple(map(int, words)))
        except MoveError as error:
            print(error, file=out)


def _ask_plan(play: Play, asked: PlanAsk, out: TextIO) -> Plan | None:
    first, last = asked.phase.weeks
    own = title(play, asked.engagement)
    print(f"== {f'{own}: ' if own else ''}{asked.phase.title} (weeks {first} to {last})\n"
          f"{wrap(plain(asked.phase.brief))}\n", file=out)
    presets = list(settings()["presets"].values())
    print("Divide your attention over " + ", ".join(r.name.lower() for r in ROLES) + ":", file=out)
    for number, preset in enumerate(presets, start=1):
        print(f"  {number}  {preset['name']}: {' '.join(map(str, preset['shares']))}", file=out)
    while True:
        typed = input("A number, or six percents that add up to 100: ").strip()
        if typed.lower() == "q":
            return None
        words = re.findall(r"-?\d+", typed)
        if len(words) == 1 and 1 <= int(words[0]) <= len(presets):
            return Plan(asked.phase.id, tuple(presets[int(words[0]) - 1]["shares"]),
                        asked.engagement)
        try:
            return Plan(asked.phase.id, tuple(map(int, words)), asked.engagement)
        except MoveError as error:
            print(error, file=out)


def _ask(session: Session, asked: IncidentAsk, out: TextIO) -> Answer | None:
    everyone = {p.id: p for p in (*session.play.case.contacts, *session.play.case.colleagues)}
    who = everyone[asked.incident.source]
    print(f"-- Week {asked.week}: {asked.incident.title} ({who.name}, {who.title})\n"
          f"{wrap(plain(asked.incident.scene))}\n", file=out)
    for number, response in enumerate(asked.responses, start=1):
        print(textwrap.fill(plain(response.say), WIDTH, initial_indent=f"  {number}  ",
                            subsequent_indent="     "), file=out)
    while True:
        typed = input("What do you do? ").strip()
        if typed.lower() == "q":
            return None
        if typed.isdigit() and 1 <= int(typed) <= len(asked.responses):
            return Answer(asked.incident.id, asked.responses[int(typed) - 1].id)
        print(f"Type a number from 1 to {len(asked.responses)}, or q to stop.", file=out)


def _tell(session: Session, out: TextIO) -> None:
    """What came of the last decision."""
    turn, case = session.play.turns[-1], session.play.case
    print(file=out)
    for reaction in turn.reactions:
        contact = case.contact(reaction.contact)
        print(wrap(f"{contact.name} ({reaction.band}): “{reaction.line}”"), file=out)
    if turn.why:
        print(wrap(f"Why: {turn.why}"), file=out)
    for item in news(turn):
        print(wrap(f"Week {item['week']}: {item['text']}"), file=out)
    print(file=out)


def wrap(text: str) -> str:
    """Paragraphs set to the width of a terminal."""
    return "\n\n".join(textwrap.fill(" ".join(part.split()), WIDTH)
                       for part in text.split("\n\n"))


def plain(text: str) -> str:
    """Markdown without its marks."""
    return re.sub(r"\*\*|__|(?<!\w)[*_]|[*_](?!\w)|`|^#+ ", "", text, flags=re.M).strip()
