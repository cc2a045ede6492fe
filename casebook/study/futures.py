"""Futures of a play: its past and its people, with the luck that was still to come drawn anew.

Whether a contract is renewed hangs on a threshold, and a play often comes close to it in few of
its futures. A mean over futures would then rest on a handful of jumps, and its interval would miss
them where none was drawn. The last luck, what is remembered and the vote, touches nothing but the
decision itself; so each future is decided :data:`VOTES` times, and its points are the mean
(conditional Monte Carlo). The same votes go to every story that is compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from casebook.engagement import AccountCrowd
from casebook.engagement.scorecard import conclude
from casebook.engagement.together import conclude_account
from casebook.model import BLOCK, Luck

from .game import AnyCrowd, AnyLuck, Game, rows

VOTES = 16           # decisions about each future

#: What a vote owes to chance, ``(n, c)`` of remembering and of the vote, for each engagement.
Votes = tuple[tuple[np.ndarray, np.ndarray], ...]


def futures(own: Luck, fresh: Luck, week: int, taken: bool = False) -> Luck:
    """A luck of one engagement, then others that share its past and its people.

    Parameters
    ----------
    own : Luck, of one engagement
    fresh : Luck, of ``n``
    week : int
        Number of weeks that are past.
    taken : bool
        Whether a response was taken in that week already, so that this luck is past too.

    Returns
    -------
    Luck
        Of ``1 + n`` engagements.
    """
    n = len(fresh.severe)
    out = {name: np.repeat(value, 1 + n, axis=0) for name, value in vars(own).items()}
    for name, past in (("delivery", week), ("perception", week), ("taking", week + taken)):
        out[name][1:, past:] = getattr(fresh, name)[:, past:]
    for name in ("renewal", "recall"):
        out[name][1:] = getattr(fresh, name)
    return Luck(**out)


def fresh(game: Game, n: int) -> tuple[AnyLuck, tuple[Votes, ...]]:
    """The luck of ``n`` futures, and the votes on them; no vote is used twice."""
    blocks = -(-n * VOTES // BLOCK)
    luck = game.lucks(range(blocks))
    each = luck if isinstance(luck, tuple) else (luck,)
    votes = tuple(tuple((one.recall[k * n:(k + 1) * n], one.renewal[k * n:(k + 1) * n])
                        for one in each) for k in range(VOTES))
    return rows(luck, slice(0, n)), votes


def decided_again(crowd: AnyCrowd, votes: Sequence[Votes]) -> np.ndarray:
    """``(n,)`` overall points of plays that are over, as the mean over these votes on each."""
    return np.mean([_overall(crowd, one) for one in votes], axis=0)


def _overall(crowd: AnyCrowd, votes: Votes) -> np.ndarray:
    parts = crowd.parts if isinstance(crowd, AccountCrowd) else (crowd,)
    turned = tuple(replace(part, luck=replace(part.luck, recall=recall, renewal=renewal))
                   for part, (recall, renewal) in zip(parts, votes, strict=True))
    if isinstance(crowd, AccountCrowd):
        return conclude_account(crowd.case, turned).overall
    return conclude(turned[0]).overall
