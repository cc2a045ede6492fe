"""Plays of a case, one or many at once: turns, transcript, replay, scorecard.

It knows nothing of any screen.
"""

from .crowd import Crowd, CrowdManager, Watch, play_crowd
from .decisions import Answer, Decision, Plan, decision
from .engagement import Engagement
from .replay import VERDICTS, Expected, Replay, replay
from .transcript import SUFFIX, file_name
from .turns import IncidentAsk, News, Outcome, PlanAsk, Reaction, Turn

__all__ = [
    "SUFFIX", "VERDICTS", "Answer", "Crowd", "CrowdManager", "Decision", "Engagement", "Expected",
    "IncidentAsk", "News", "Outcome", "Plan", "PlanAsk", "Reaction", "Replay", "Turn", "decision",
    "Watch", "file_name", "play_crowd", "replay",
]
