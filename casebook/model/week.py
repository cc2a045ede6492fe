"""One week of an engagement: the six steps, in the order in which people live them."""

from __future__ import annotations

from . import account, delivery, evidence, politics, reckoning, repair, satisfaction
from . import trust as trusting
from .attention import Spent, spend
from .ledger import Ledger, NoLedger
from .luck import Luck
from .parameters import Parameters
from .state import (
    COACH,
    ENTREPRENEUR,
    FRIEND,
    IMPLEMENTER,
    MARKETER,
    POLITICIAN,
    Array,
    Setting,
    State,
)

ROLE_CAUSES = {COACH: "coach", ENTREPRENEUR: "entrepreneur", POLITICIAN: "politician",
               FRIEND: "friend"}


def play_week(state: State, attention: Array, luck: Luck, setting: Setting, p: Parameters,
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
    spent = spend(attention, p)
    index = state.week - setting.first_week
    state = delivery.deliver(state, spent, luck.delivery[:, index], setting, p)
    due = evidence.announced_plan(state, setting, state.week)
    yields = evidence.lever(state, spent, due, p)
    state = note("time", evidence.forget(repair.fade(state, p), p))
    state = come_to_light(state, luck.perception[:, index], due, setting, p, note)
    state = note("implementer", state.but(cons=evidence.overdone(IMPLEMENTER, state, spent, p)))
    for role, cause in ROLE_CAUSES.items():
        state = note(cause, evidence.see_role(role, state, spent, yields, setting, p))
    welcome = evidence.ready_for_more(state, p)
    state = note("marketer", evidence.see_role(MARKETER, state, spent, yields, setting, p,
                                               welcome))
    state = note("selling", evidence.see_selling(state, spent, welcome, p))
    state = note("citizenship", state.but(citizenship=trusting.grow_citizenship(
        state, spent, yields, p)))
    state = politics.learn(politics.align(state, spent, yields, p), spent, p)
    state = note("conflict", politics.settle(state, spent, p))
    return settle_minds(state, spent, yields, setting, p, note)


def come_to_light(state: State, noise: Array, due: Array, setting: Setting, p: Parameters,
                  note) -> State:
    """What people see of the work this week, and what that does to what they believed."""
    state = note("progress", evidence.see_delivery(state, noise, due, setting, p))
    state = note("skill", evidence.see_skill(state, setting, p))
    state = evidence.get_used(state, due, p)
    shown = evidence.milestone(state, setting)
    state = note("rework", reckoning.see_rework(state, p))
    state = note("live_errors", reckoning.see_live_errors(state, p))
    state = note("disproved", reckoning.disprove(state, shown, p))
    if shown is None:
        return state
    state = note("milestone", satisfaction.surprise(
        reckoning.miss_milestone(state, shown, p), shown, p))
    return note("found_out", reckoning.find_out(state, shown, p))


def settle_minds(state: State, spent: Spent, yields: Array, setting: Setting, p: Parameters,
                 note) -> State:
    """Fairness, satisfaction, openings, cooperation and commitment after the week."""
    now = trusting.trust(state, p)
    state = satisfaction.treat(state, spent, yields, now, p)
    state = note("experience", satisfaction.satisfy(state, spent, setting, p))
    state = account.develop(state, spent, yields, now, setting, p)
    state = politics.cooperate(state, now, p)
    state = note("commitment", satisfaction.commit(state, now, p))
    return state.but(week=state.week + 1)
