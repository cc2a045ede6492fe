"""Playing a case or an account many times: lucks, managers, crowds of either, by one set of names.

The luck of an account is a tuple, one :class:`~casebook.model.Luck` for each engagement.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from casebook.case import Account, Case
from casebook.engagement import (
    AccountCrowd,
    AccountManager,
    Crowd,
    CrowdManager,
    play_account_crowd,
    play_crowd,
    translate,
)
from casebook.engagement.crowd import join
from casebook.engagement.history import Options
from casebook.engagement.together import even_division
from casebook.model import Luck, draw_block, pick

from .policies import Policy, Several, divide

AnyLuck = Luck | tuple[Luck, ...]
AnyCrowd = Crowd | AccountCrowd
AnyManager = CrowdManager | AccountManager


@dataclass(frozen=True)
class Together:
    """A manager of an account: ``shares`` (n, phases, parts) percents, and who runs each part."""

    case: Account
    shares: np.ndarray
    managers: tuple[CrowdManager, ...]

    def divide(self, crowd: AccountCrowd, phase) -> np.ndarray:
        """``(n, parts)`` the week over the engagements."""
        return self.shares[:, self.case.phases.index(phase)]

    def manager(self, part: int) -> CrowdManager:
        """Who runs the engagement at this place."""
        return self.managers[part]


class Game:
    """A case or an account, played on the lucks that ``key`` names.

    Parameters
    ----------
    case : Case or Account
    key : tuple of str or int
        The same key gives the same lucks and the same chance to those who decide by chance.
    """

    def __init__(self, case: Case | Account, key: tuple[str | int, ...], options: Any = None):
        self.case = case
        self.key = (*key, case.id, case.version)
        self.options = options or self._options()

    @property
    def incidents(self):
        """Every incident, in the order of the columns of ``crowd.answers``."""
        return self.case.incidents

    def luck(self, block: int) -> AnyLuck:
        """The luck of a whole block of engagements."""
        if isinstance(self.case, Account):
            return tuple(_drawn(part.case, (*self.key, part.id), block)
                         for part in self.case.parts)
        return _drawn(self.case, self.key, block)

    def lucks(self, blocks: Iterable[int]) -> AnyLuck:
        """The lucks of several blocks, one after the other."""
        drawn = [self.luck(block) for block in blocks]
        if isinstance(self.case, Account):
            return tuple(join(luck[k] for luck in drawn) for k in range(len(self.case.parts)))
        return join(drawn)

    def play(self, luck: AnyLuck, manager: AnyManager) -> AnyCrowd:
        """A crowd, played to its end."""
        play = play_account_crowd if isinstance(self.case, Account) else play_crowd
        return play(self.case, luck, manager, options=self.options)

    def managers(self, policy: Policy, n: int, block: int) -> AnyManager:
        """Who manages ``n`` engagements by a policy; ``block`` names the chance it may use."""
        if not isinstance(self.case, Account):
            return policy.for_crowd(self.case, n, self.key, block)
        each = tuple(policy.for_crowd(part.case, n, (*self.key, part.id), block)
                     for part in self.case.parts)
        return Together(self.case, divisions(self.case, policy, n, (*self.key, "divide"), block),
                        each)

    def _options(self) -> Any:
        if isinstance(self.case, Account):
            return tuple(Options.of(part.case) for part in self.case.parts)
        return Options.of(self.case)


def divisions(case: Account, policy: Policy, n: int, key: tuple[str | int, ...],
              block: int) -> np.ndarray:
    """``(n, phases, parts)`` how a policy divides the week: by chance, or as needed."""
    parts, phases = len(case.parts), len(case.phases)
    chance = policy.by_chance(key, block) if hasattr(policy, "by_chance") else None
    if chance is None:
        return np.broadcast_to(np.array(even_division(case)), (n, phases, parts))
    return divide(chance.random((n * phases, parts - 1))).reshape(n, phases, parts)


def mixed(managers: list[AnyManager], whose: np.ndarray) -> AnyManager:
    """Managers side by side in one crowd: ``whose`` (n,) is the place of each one's manager."""
    if not isinstance(managers[0], Together):
        return Several(managers, whose)
    first = managers[0]
    shares = np.stack([one.shares for one in managers])[whose, np.arange(len(whose))]
    return Together(first.case, shares, tuple(
        Several([one.managers[k] for one in managers], whose) for k in range(len(first.managers))))


def rows(luck: AnyLuck, wanted: Any) -> AnyLuck:
    """Some engagements of a luck: indices, a slice or a mask."""
    if isinstance(luck, tuple):
        return tuple(pick(one, wanted) for one in luck)
    return pick(luck, wanted)


def size(luck: AnyLuck) -> int:
    """Number of engagements."""
    return len((luck[0] if isinstance(luck, tuple) else luck).severe)


def _drawn(case: Case, key: tuple[str | int, ...], block: int) -> Luck:
    setting = translate.setting(case)
    return draw_block(key, block, setting.weeks, setting.contacts)
