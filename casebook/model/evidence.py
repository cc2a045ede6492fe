"""Step 2, evidence: what contacts see, set against what they were led to expect.

Negative evidence weighs more than positive, integrity most (Slovic 1993); evidence against a
firm belief is discounted (Poortinga and Pidgeon 2004).

Equations
---------
lean = 2 * belief - 1; sure = (r + s) / (r + s + evidence.prior_weight)
r' = r + units for * (1 - evidence.confirmation * sure * max(-lean, 0))
s' = s + evidence.negativity * units against * (1 - evidence.confirmation * sure * max(lean, 0)),
       both from the belief before the step
each week first: r' = evidence.forgetting * r; s' = evidence.forgetting * s
expected = plan at (week - announced slip), stretched to the agreed date, - familiar gap
seen = clip((reported - expected + evidence.noise * z + evidence.tolerance)
       / evidence.delivery_scale, -1, 1)
units of ability = evidence.delivery * attends * seen;
       attends = evidence.attends . (1, care for the date)
familiar' = familiar + evidence.familiar * (max(plan - reported, 0) - familiar)
lever = evidence.facilitation_floor + (1 - evidence.facilitation_floor) * min(effort, 1)
       / (1 + exp(-(reported / expected - evidence.health_middle) / evidence.health_width))
given(role) = share of the week ^ evidence.facilitating_return
units from a role = (evidence.coach, evidence.entrepreneur, evidence.politician,
       evidence.friend or evidence.marketer) * given(role) * lever * near;
       units against = evidence.overdone * max(share of the week - evidence.overdone_above, 0)
near = 1, but of a friend 2 * relational * exp(evidence.similarity * similarity), of a politician
       evidence.near_politician + (1 - evidence.near_politician) * influence / highest influence;
       marketing reaches only contacts who are ready for a pitch
units of ability from skill = evidence.skill * (skill - 1), where skill is drawn at all
units against from selling = account.pitch_refused * marketer, to contacts who are not ready
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .attention import Spent
from .delivery import measured, planned, reported
from .parameters import Parameters
from .state import (
    ABILITY,
    COACH,
    ENTREPRENEUR,
    FRIEND,
    MARKETER,
    POLITICIAN,
    SCHEDULE,
    Array,
    Setting,
    State,
    plus,
    plus_part,
)
from .trust import trust

Units = Mapping[int, Array]
Mix = tuple[Array, Array]
NONE: Units = {}


def add(state: State, p: Parameters, pros: Units = NONE, cons: Units = NONE) -> State:
    """The state after evidence has been weighed.

    ``pros`` and ``cons`` map a dimension of trustworthiness to units, ``(n, c)`` or what
    broadcasts to it; dimensions that are not named stay as they are.
    """
    e, after, against = p.evidence, state.pros, state.cons
    for k in sorted({*pros, *cons}):
        lean = _lean(*(a[:, :, k] for a in (state.prior, state.pros, state.cons)), p)
        if k in pros:
            after = plus_part(after, k, _heeded(
                pros[k], np.minimum(lean, 0.0), e.confirmation, 1.0))
        if k in cons:
            heavy = e.negativity[k]
            against = plus_part(against, k, _heeded(
                cons[k], np.maximum(lean, 0.0), -e.confirmation * heavy, heavy))
    return state.but(pros=after, cons=against)


def add_mix(state: State, p: Parameters, pros: Mix | None = None,
            cons: Mix | None = None) -> State:
    """The state after evidence that says something of several dimensions at once.

    Each mix is an amount, ``(n, c)`` or what broadcasts to it, and units ``(3,)`` of each
    dimension in one of that amount. The same as :func:`add`, in fewer and longer passes.
    """
    e, changes = p.evidence, {}
    for name, mix, sign in (("pros", pros, 1), ("cons", cons, -1)):
        if mix is None:
            continue
        amount, units = mix
        named = [k for k in range(3) if units[k]]
        if not named:              # nothing is said, as where a mechanism is switched off
            continue
        part = slice(named[0], named[-1] + 1)
        lean = _lean(*(a[:, :, part] for a in (state.prior, state.pros, state.cons)), p)
        if name == "pros":
            contrary, full = np.minimum(lean, 0.0), units[part]
        else:
            contrary, full = np.maximum(lean, 0.0), units[part] * e.negativity[part]
        changes[name] = plus(getattr(state, name), part, _heeded(
            amount[:, :, None], contrary, sign * e.confirmation * full, full))
    return state.but(**changes)


def _lean(prior: Array, pros: Array, cons: Array, p: Parameters) -> Array:
    """How firmly one leans to a belief: ``sure * lean``, in [-1, 1], for evidence of any shape."""
    w = p.evidence.prior_weight
    known = pros + cons
    # lean = 2 * belief - 1 = (r - s + w * (2 * prior - 1)) / (r + s + w), worked in place.
    lean = prior * (2 * w)
    lean += pros
    lean -= cons
    lean -= w
    lean *= known
    known += w
    lean /= known
    lean /= known
    return lean


def _heeded(amount: Array, contrary: Array, slope, full) -> Array:
    """Units that count of an amount: times ``full + slope * contrary``, which is used up."""
    contrary *= slope
    contrary += full
    contrary *= amount
    return contrary


def signed(units: Array) -> tuple[Array, Array]:
    """Units split into those for and those against."""
    return np.maximum(units, 0), np.maximum(-units, 0)


def attends(concern: int, state: State, p: Parameters) -> Array:
    """``(n, c)`` how closely each contact watches a concern: 1 for one who cares evenly."""
    base, slope = p.evidence.attends
    return base + slope * state.cares[:, :, concern]


def announced_plan(state: State, setting: Setting, week: int) -> Array:
    """``(n,)`` planned progress at the end of ``week``, later by the slip that was announced."""
    delayed = np.maximum(week - state.announced, setting.first_week - 1)
    return planned(state, setting, delayed)


def expected_progress(state: State, setting: Setting, week: int) -> Array:
    """``(n,)`` progress that people expect at the end of ``week``.

    The agreed plan, later by the slip announced to them, and lower by the gap that reports have
    made familiar.
    """
    return announced_plan(state, setting, week) - state.familiar


def forget(state: State, p: Parameters) -> State:
    """A week passes: old evidence counts a little less."""
    keep = p.evidence.forgetting
    return state.but(pros=state.pros * keep, cons=state.cons * keep)


def seen_delivery(state: State, noise: Array, setting: Setting, p: Parameters,
                  due: Array | None = None) -> Array:
    """``(n, c)`` reported progress against expectation as seen through noise, in [-1, 1].

    ``due`` is the :func:`announced_plan` for the week, if it is known already.
    """
    e = p.evidence
    due = announced_plan(state, setting, state.week) if due is None else due
    gap = reported(state) / state.scope - (due - state.familiar)
    seen = ((gap + e.tolerance)[:, None] + e.noise * noise) / e.delivery_scale
    return seen.clip(-1.0, 1.0)


def see_delivery(state: State, noise: Array, due: Array, setting: Setting,
                 p: Parameters) -> State:
    """Reported progress against expectation, through noise ``(n, c)``: evidence on ability."""
    seen = seen_delivery(state, noise, setting, p, due)
    pros, cons = signed(p.evidence.delivery * seen * attends(SCHEDULE, state, p))
    return add(state, p, {ABILITY: pros}, {ABILITY: cons})


def see_skill(state: State, setting: Setting, p: Parameters) -> State:
    """Expertise shows in the work, week by week (F11); in a play nobody's is drawn."""
    if setting.skill_variety == 0:
        return state
    pros, cons = signed((p.evidence.skill * (state.skill - 1))[:, None])
    return add(state, p, {ABILITY: pros}, {ABILITY: cons})


def get_used(state: State, due: Array, p: Parameters) -> State:
    """People get used to what reports show: the gap to the plan surprises them less and less."""
    behind = np.maximum(due - reported(state) / state.scope, 0.0)
    return state.but(familiar=state.familiar + p.evidence.familiar * (behind - state.familiar))


@dataclass(frozen=True)
class Shown:
    """What a milestone shows, ``(n,)`` fractions of progress, 0 or more.

    ``missing`` against the contract, ``surprise`` against what people had come to expect, and
    ``overstated`` by how much reports were above what is there.
    """

    missing: Array
    surprise: Array
    overstated: Array


def milestone(state: State, setting: Setting) -> Shown | None:
    """What this week's milestone shows; None in a week without one."""
    due = setting.milestones[min(state.week, setting.last_week)]
    if np.isnan(due):
        return None
    there = measured(state) / state.scope
    plan = planned(state, setting, state.week)
    need = np.maximum(due - (setting.plan[state.week] - plan), 0)
    expected = need - plan + expected_progress(state, setting, state.week)
    return Shown(
        missing=np.maximum(need - there, 0),
        surprise=np.maximum(np.minimum(expected, need) - there, 0),
        overstated=np.maximum(reported(state) - measured(state), 0),
    )


def lever(state: State, spent: Spent, due: Array, p: Parameters) -> Array:
    """``(n,)`` what facilitating roles yield, in [floor, 1]: they work through delivery.

    Implementing and a delivery that people see as sound open the way for the other roles; that
    is how the casebook reads the abstract of Webber and Torti (2004).
    """
    e = p.evidence
    expected = np.maximum(due - state.familiar, 1e-6)
    ratio = reported(state) / state.scope / expected
    # Far beyond either end the curve is flat; the bound keeps the exponential finite.
    off = ((ratio - e.health_middle) / e.health_width).clip(-50.0, 50.0)
    sound = spent.steady / (1 + np.exp(-off))
    return e.facilitation_floor + (1 - e.facilitation_floor) * sound


def see_role(role: int, state: State, spent: Spent, yields: Array, setting: Setting,
             p: Parameters, welcome: Array | None = None) -> State:
    """Evidence from one facilitating role: diminishing returns, and a price if overdone.

    ``welcome`` (n, c) says who is ready for marketing.
    """
    e = p.evidence
    units = {COACH: e.coach, ENTREPRENEUR: e.entrepreneur, POLITICIAN: e.politician,
             FRIEND: e.friend, MARKETER: e.marketer}[role]
    amount = (spent.given[:, role] * yields)[:, None] * _near(role, state, setting, p)
    if welcome is not None:
        amount = amount * welcome
    after = add_mix(state, p, (amount, units))
    return after.but(cons=overdone(role, state, spent, p))


def overdone(role: int, state: State, spent: Spent, p: Parameters) -> Array:
    """Evidence against, ``(n, c, 3)``, after those who overdid a role have paid for it.

    Few do, so that only their engagements are worked out.
    """
    e = p.evidence
    beyond = spent.shares[:, role] - e.overdone_above[role]
    rows = np.flatnonzero(beyond > 0)
    if not rows.size:
        return state.cons
    lean = _lean(state.prior[rows], state.pros[rows], state.cons[rows], p)
    full = e.overdone[role] * e.negativity
    cons = state.cons.copy(order="K")
    cons[rows] += _heeded(beyond[rows, None, None], np.maximum(lean, 0.0),
                          -e.confirmation * full, full)
    return cons


def see_selling(state: State, spent: Spent, welcome: Array, p: Parameters) -> State:
    """Marketing to somebody who is not ready reads as self-interest."""
    early = (1 - welcome) * spent.shares[:, MARKETER, None]
    return add_mix(state, p, cons=(early, p.account.pitch_refused))


def _near(role: int, state: State, setting: Setting, p: Parameters) -> Array:
    """How near a role brings the manager to each contact: ``(n, c)``, or ``(1, c)``."""
    if role == FRIEND:
        return 2 * state.relational * np.exp(p.evidence.similarity * state.similarity)
    if role == POLITICIAN:
        least = p.evidence.near_politician
        return (least + (1 - least) * setting.influence / setting.influence.max())[None, :]
    return np.ones((1, setting.contacts))


def ready_for_more(state: State, p: Parameters) -> Array:
    """``(n, c)`` 1 where trust and satisfaction clear the threshold for a pitch, else 0."""
    ready = (trust(state, p) >= p.account.pitch_trust) & (
        state.satisfaction >= p.account.pitch_satisfaction)
    return ready.astype(float)
