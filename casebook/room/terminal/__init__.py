"""The terminal view: play, replay and show a scorecard as text.

``run`` plays a case, by questions and answers, from a file of moves, or by a policy;
``replay_file`` says whether a transcript is whole.
"""

from __future__ import annotations

from .moves import read_moves
from .report import record, replay_file, report
from .run import run

__all__ = ["read_moves", "record", "replay_file", "report", "run"]
