"""The client-reaction model: pure functions on arrays. It knows neither files of cases nor views.

``begin`` makes a first state, ``play_week`` works a week, ``respond`` answers an incident,
``decide`` takes the renewal decision. All of them are vectorised over engagements.
"""

from .account import Decision, decide, decide_together
from .hearsay import hear
from .ledger import MEASURES, Ledger, NoLedger, measures
from .luck import BLOCK, Luck, draw, draw_block, draw_many
from .parameters import Parameters, findings, parameters
from .reckoning import settle_promise, settle_promises
from .respond import respond
from .start import begin
from .state import Move, Setting, State, pick, put
from .week import play_week

#: Raised whenever the same decisions would give other states: rules, parameters or luck.
MODEL_VERSION = "2"

__all__ = [
    "BLOCK", "MEASURES", "MODEL_VERSION", "Decision", "Ledger", "Luck", "Move", "NoLedger",
    "Parameters", "Setting", "State", "begin", "decide", "decide_together", "draw", "draw_block",
    "draw_many",
    "findings", "hear", "measures", "parameters", "pick", "play_week", "put", "respond",
    "settle_promise", "settle_promises",
]
