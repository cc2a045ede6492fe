"""A play or a verdict on it, as text and as plain data."""

from __future__ import annotations

import json
import re
import sys
import textwrap
from pathlib import Path
from typing import Any, TextIO

from casebook import case as cases
from casebook.engagement import Expected, Play, Replay, replay
from casebook.engagement.explain import cited, whole_play
from casebook.engagement.transcript import lines_of, outcome_record
from casebook.language import _, number

from ..ending import scorecard
from ..parts import title
from ..session import Session
from .screen import WIDTH


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


def report(session: Session, width: int = WIDTH) -> str:
    """The ending and the scorecard as text."""
    play, lines = session.play, []
    if play.outcome is None:
        lines.append(_("The play stops in week {week}, after turn {turn}.").format(
            week=play.state.week, turn=len(play.turns)))
    else:
        lines += [play.outcome.ending.title, "", wrap(plain(play.outcome.ending.text), width), ""]
        for id, ending in play.outcome.parts.items():
            lines += [f"{title(play, id)}: {ending.title}", "", wrap(plain(ending.text), width),
                      ""]
        for area in scorecard(play):
            lines.append(f"{area['name']:<24}{area['score']:>4}")
            lines += [f"  {line['name']:<32}{line['score']:>4}   {line['value']}"
                      for line in area["lines"]]
        lines.append(_overall(play))
        lines += ["", _("What moved them most, in points of trust or satisfaction:"),
                  *moved(play, width)]
    if session.path:
        lines += ["", where_saved(session)]
    return "\n".join(lines)


def where_saved(session: Session) -> str:
    """Where the play is kept."""
    return _("Transcript: {path}").format(path=session.path)


def _overall(play: Play) -> str:
    return f"{_('Overall'):<24}{round(play.outcome.overall):>4}"


def moved(play: Play, width: int = WIDTH) -> list[str]:
    """The largest causes of how each contact came to see the manager, with rule and source."""
    lines = []
    for i, contact in enumerate(play.case.contacts):
        lines.append(contact.name)
        for one in whole_play(play.turns, i):
            sources = "; ".join(finding["citation"] for finding in cited(one.findings))
            said = f"{_(one.because)} {_(one.principle)}" + (f" ({sources})" if sources else "")
            points = number(100 * one.change, sign=True)
            lines.append(textwrap.fill(said, width, subsequent_indent=" " * 9,
                                       initial_indent=f"  {points:>5}  "))
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
        lines.append(_overall(result.play))
    return "\n".join(lines)


def wrap(text: str, width: int = WIDTH) -> str:
    """Paragraphs set to the width of a terminal."""
    return "\n\n".join(textwrap.fill(" ".join(part.split()), width)
                       for part in text.split("\n\n"))


def plain(text: str) -> str:
    """Markdown without its marks."""
    return re.sub(r"\*\*|__|(?<!\w)[*_]|[*_](?!\w)|`|^#+ ", "", text, flags=re.M).strip()
