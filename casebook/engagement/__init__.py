"""One play of a case: turns, transcript, replay, scorecard. It knows nothing of any screen."""

from .decisions import Answer, Decision, Plan, decision
from .engagement import Engagement
from .replay import VERDICTS, Expected, Replay, replay
from .transcript import SUFFIX, file_name
from .turns import IncidentAsk, News, Outcome, PlanAsk, Reaction, Turn

__all__ = [
    "SUFFIX", "VERDICTS", "Answer", "Decision", "Engagement", "Expected", "IncidentAsk", "News",
    "Outcome", "Plan", "PlanAsk", "Reaction", "Replay", "Turn", "decision", "file_name", "replay",
]
