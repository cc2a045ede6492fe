"""Plays of a case, one or many at once: turns, transcript, replay, scorecard.

It knows nothing of any screen.
"""

from .account import AccountPlay
from .account_crowd import AccountCrowd, AccountManager, play_account_crowd
from .begin import Play, begin_play
from .crowd import Crowd, CrowdManager, Watch, play_crowd
from .decisions import Answer, Decision, Division, Plan, decision
from .engagement import Engagement
from .replay import VERDICTS, Expected, Replay, replay
from .transcript import SUFFIX, file_name
from .turns import DivisionAsk, IncidentAsk, News, Outcome, PlanAsk, Reaction, Turn

__all__ = [
    "SUFFIX", "VERDICTS", "AccountCrowd", "AccountManager", "AccountPlay", "Answer", "Crowd",
    "CrowdManager", "Decision", "Division", "DivisionAsk", "Engagement", "Expected",
    "IncidentAsk", "News", "Outcome", "Plan", "PlanAsk", "Play", "Reaction", "Replay", "Turn",
    "Watch", "begin_play", "decision", "file_name", "play_account_crowd", "play_crowd", "replay",
]
