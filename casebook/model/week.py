"""One week of an engagement: the six steps, in the order in which people live them."""

from __future__ import annotations

from . import account, delivery, evidence, politics, reckoning, repair, satisfaction
from . import trust as trusting
from .ledger import Ledger, NoLedger
from .luck import Luck
from .parameters import Parameters
from .state import COACH, ENTREPRENEUR, FRIEND, MARKETER, POLITICIAN, Array, Setting, State

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
    index = state.week - setting.first_week
    state = delivery.deliver(state, attention, luck.delivery[:, index], setting, p)
    yields = evidence.lever(state, attention, setting, p)
    state = note("time", evidence.forget(repair.fade(state, p), p))
    state = come_to_light(state, luck.perception[:, index], setting, p, note)
    for role, cause in ROLE_CAUSES.items():
        state = note(cause, evidence.see_role(role, state, attention, yields, setting, p))
    welcome = evidence.ready_for_more(state, p)
    state = note("marketer", evidence.see_role(MARKETER, state, attention, yields, setting, p,
                                               welcome))
    state = note("selling", evidence.see_selling(state, attention, welcome, p))
    state = note("citizenship", state.but(citizenship=trusting.grow_citizenship(
        state, attention, yields, p)))
    state = politics.learn(politics.align(state, attention, yields, p), attention, p)
    state = note("conflict", politics.settle(state, attention, p))
    return settle_minds(state, attention, yields, setting, p, note)


def come_to_light(state: State, noise: Array, setting: Setting, p: Parameters, note) -> State:
    """What people see of the work this week, and what that does to what they believed."""
    state = note("progress", evidence.see_delivery(state, noise, setting, p))
    state = note("skill", evidence.see_skill(state, setting, p))
    state = evidence.get_used(state, setting, p)
    state = note("rework", reckoning.see_rework(state, p))
    state = note("live_errors", reckoning.see_live_errors(state, p))
    state = note("disproved", reckoning.disprove(state, setting, p))
    state = note("milestone", satisfaction.surprise(
        reckoning.miss_milestone(state, setting, p), setting, p))
    return note("found_out", reckoning.find_out(state, setting, p))


def settle_minds(state: State, attention: Array, yields: Array, setting: Setting, p: Parameters,
                 note) -> State:
    """Fairness, satisfaction, openings, cooperation and commitment after the week."""
    now = trusting.trust(state, p)
    state = satisfaction.treat(state, attention, yields, now, p)
    state = note("experience", satisfaction.satisfy(state, attention, setting, p))
    state = account.develop(state, attention, yields, now, setting, p)
    state = politics.cooperate(state, now, p)
    state = note("commitment", satisfaction.commit(state, now, p))
    return state.but(week=state.week + 1)
