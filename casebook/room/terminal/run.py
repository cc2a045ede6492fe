"""One run in a terminal: open the play, take its decisions, say how it stands."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from casebook.engagement import Play
from casebook.engagement.decisions import Decision
from casebook.language import speaking

from ..session import Session
from .moves import take_moves
from .report import record, report, where_saved
from .screen import Screen
from .talk import Talk

Chooser = Callable[[Play], Decision]


def run(case: str, player: str, attempt: int, folder: str | Path | None,
        moves: str | Path | None = None, policy: Chooser | None = None, as_json: bool = False,
        out: TextIO | None = None, plain: bool = False, language: str | None = None) -> int:
    """Play a case in the terminal, from a file of moves, or by a policy.

    Writes the transcript to ``folder`` and prints the scorecard. Returns 0 when the play came to
    its end, 1 when it stopped before.
    """
    out = out or sys.stdout
    session = Session.open(case, player, attempt, folder, language)
    view = session.view()
    if view["message"]:
        print(view["message"]["text"], file=sys.stderr)
    with speaking(view["language"]):
        shown = False
        if moves is not None:
            take_moves(session, Path(moves))
        elif policy is not None:
            while session.play.ask is not None:
                session.take(policy(session.play))
        else:
            shown = _talk(session, out, plain)
        if as_json:
            print(json.dumps(record(session), ensure_ascii=False, indent=2), file=out)
        elif not shown:
            print(report(session), file=out)
        elif session.path:
            print(where_saved(session), file=out)
    return 0 if session.play.outcome else 1


def _talk(session: Session, out: TextIO, plain: bool) -> bool:
    """Play by questions and answers; whether the end was shown."""
    talk = Talk(session, Screen(out, plain))
    talk.run()
    return talk.view["stage"] == "end"
