"""One week of an engagement: the six steps, in the order in which people live them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from . import account, delivery, evidence, politics, reckoning, repair, satisfaction
from . import trust as trusting
from .ledger import Ledger, NoLedger
from .luck import Luck
from .parameters import Parameters
from .state import COACH, ENTREPRENEUR, FRIEND, MARKETER, POLITICIAN, Setting, State

ROLE_CAUSES = {COACH: "coach", ENTREPRENEUR: "entrepreneur", POLITICIAN: "politician",
               FRIEND: "friend", MARKETER: "marketer"}


def play_week(state: State, attention: np.ndarray, luck: Luck, setting: Setting, p: Parameters,
              ledger: Ledger | NoLedger | None = None) -> State:
    """The state after ``state.week`` has been worked.

    Parameters
    ----------
    attention : ndarray, (n, 6)
        Share of the week for each role; rows sum to 1.
    luck : Luck
        The luck of the whole engagement; this week's is read from it.
    ledger : Ledger, optional
        Collects named causes of every change.
    """
    note = (ledger or NoLedger()).note
    index = state.week - setting.first_week
    state = delivery.deliver(state, attention, luck.delivery[:, index], setting, p)
    yields = evidence.lever(state, attention, setting, p)
    state = note("time", evidence.forget(repair.fade(state, p), p))
    state = note("progress", evidence.see_delivery(
        state, luck.perception[:, index], setting, p))
    state = evidence.get_used(state, setting, p)
    state = note("rework", reckoning.see_rework(state, setting, p))
    state = note("live_errors", reckoning.see_live_errors(state, setting, p))
    state = note("disproved", reckoning.disprove(state, setting, p))
    state = note("milestone", satisfaction.surprise(
        reckoning.miss_milestone(state, setting, p), setting, p))
    state = note("found_out", reckoning.find_out(state, setting, p))
    for role, cause in ROLE_CAUSES.items():
        state = note(cause, evidence.see_role(role, state, attention, yields, setting, p))
    state = note("selling", evidence.see_selling(state, attention, setting, p))
    state = note("citizenship", replace(state, citizenship=trusting.grow_citizenship(
        state, attention, yields, setting, p)))
    state = politics.learn(politics.align(state, attention, yields, p), attention, setting, p)
    state = note("conflict", politics.settle(state, attention, p))
    state = note("experience", satisfaction.satisfy(state, attention, setting, p))
    state = account.develop(state, attention, yields, setting, p)
    state = note("commitment", satisfaction.commit(state, setting, p))
    return replace(state, week=state.week + 1)
