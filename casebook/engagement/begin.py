"""Beginning a play of whatever kind of case it is."""

from __future__ import annotations

from casebook.case.account import Account
from casebook.case.types import Case

from .account import AccountPlay
from .engagement import Engagement
from .transcript import one_spelling

Play = Engagement | AccountPlay


def begin_play(case: Case | Account, player: str = "you", attempt: int = 1) -> Play:
    """A new play of a case, or of an account, at its first decision.

    The player is taken in one spelling, so that a name in capitals has no luck of its own.

    Raises
    ------
    PlayerError
        If the player or the attempt cannot be used.
    """
    kind = AccountPlay if isinstance(case, Account) else Engagement
    return kind.start(case, one_spelling(player), attempt)
