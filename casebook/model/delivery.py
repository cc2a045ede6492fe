"""Step 1, delivery: attention becomes progress, through the rework cycle.

Some work comes out wrong and looks done until it is found (Abdel-Hamid and Madnick 1991;
Lyneis and Ford 2007). Reported progress counts it as done unless reports rest on tests.

Equations
---------
ordinary pace = (1 - plan at the start) / weeks to go-live / (1 - case's share of errors)
effort = max(implementer / delivery.implementer_reference, 0.02) ^ delivery.implementer_return
pace = effort * skill ^ delivery.skill_pace * capability
       * (1 + delivery.morale_weight * (morale - delivery.morale_rest))
       * (1 - delivery.latency_cost * (1 - decided) ^ 2) * (1 + delivery.pace_pressure * pressure)
       * max(1 - delivery.distraction * max(entrepreneur - delivery.distraction_above, 0), 0)
decided = clip(alignment + delivery.latency_cooperation * (cooperation by influence - 0.5), 0, 1)
error_share = case's share of errors * (1 - delivery.error_coach * given(coach))
       * (1 + delivery.error_pressure * pressure)
       / (capability ^ delivery.error_capability * skill ^ delivery.skill_error),
       within delivery.error_range
closed = ordinary pace * pace * staff * exp(delivery.shock * volatility * z) / difficulty,
       times delivery.team_after_live once the system is live, no more than is left
wrong = closed * min(error_share * exp(delivery.shock * volatility * z), 0.9)
found = hidden * (delivery.discovery_base + delivery.discovery_coverage * coverage)
done' = done + closed - wrong; hidden' = hidden + wrong - found
reported = done + hidden, or done alone where reports rest on tests
cost' = cost + weekly cost * staff * (1 + delivery.overtime_cost * pressure),
       times delivery.team_after_live once the system is live
live from the week, not before the agreed one, in which
       done + hidden >= delivery.live_share * scope and hidden <= delivery.live_hidden * scope
forecast = week + (delivery.live_share * scope - done) / rate, never before the agreed week;
       rate = (work done since the start + delivery.forecast_steady * usual)
       / (weeks since the start + delivery.forecast_steady);
       usual = (1 - plan at the start) / weeks to go-live
capability' = capability + delivery.coach_capability * given(coach) * min(effort, 1),
       then back to 1 at delivery.capability_return, within delivery.capability_range
morale' = morale + delivery.morale_coach * given(coach) - delivery.morale_pressure * pressure
       + delivery.morale_return * (delivery.morale_rest - morale)
readiness' = readiness + 2 * delivery.readiness_coach * given(coach) * min(effort, 1)
       - delivery.readiness_drift
coverage' = coverage + delivery.coverage_rate * (delivery.coverage_rest
       + delivery.coverage_implementer * effort - coverage)
pressure' = pressure * (1 - delivery.pressure_decay)
shares of 0 to 1 are clipped to that, capability to delivery.capability_range
"""

from __future__ import annotations

import numpy as np

from .attention import Spent
from .parameters import Parameters
from .state import COACH, ENTREPRENEUR, Setting, State, by_influence


def pace(state: State, spent: Spent, setting: Setting, p: Parameters) -> np.ndarray:
    """``(n,)`` the team's pace, as a multiple of ordinary."""
    d = p.delivery
    morale = 1 + d.morale_weight * (state.morale - d.morale_rest)
    helped = d.latency_cooperation * (by_influence(state.cooperation, setting) - 0.5)
    waiting = 1 - d.latency_cost * (1 - (state.alignment + helped).clip(0.0, 1.0)) ** 2
    distracted = np.maximum(spent.shares[:, ENTREPRENEUR] - d.distraction_above, 0.0)
    pushed = 1 + d.pace_pressure * state.pressure
    return (spent.effort * state.skill ** d.skill_pace * state.capability * morale
            * waiting * pushed * np.maximum(1 - d.distraction * distracted, 0.0))


def error_share(state: State, spent: Spent, setting: Setting, p: Parameters):
    """``(n,)`` share of new work that comes out wrong."""
    d = p.delivery
    coached = 1 - d.error_coach * spent.given[:, COACH]
    pressed = 1 + d.error_pressure * state.pressure
    able = state.capability ** d.error_capability * state.skill ** d.skill_error
    share = setting.error_share * coached * pressed / able
    return share.clip(*d.error_range)


def ordinary_pace(setting: Setting) -> float:
    """Work closed in an ordinary week, fraction of scope: what the plan needs, errors included."""
    before = setting.plan[setting.first_week - 1]
    weeks = setting.go_live - setting.first_week + 1
    return (1 - before) / weeks / (1 - setting.error_share)


def measured(state: State) -> np.ndarray:
    """``(n,)`` progress that passed its tests: work that is wrong does not."""
    return state.done


def reported(state: State) -> np.ndarray:
    """``(n,)`` progress as the client is told: tasks closed, or work that passed its tests."""
    return np.where(state.tested > 0, measured(state), state.done + state.hidden)


def deliver(state: State, spent: Spent, shocks: np.ndarray, setting: Setting,
            p: Parameters) -> State:
    """The project after a week's work. ``shocks`` (n, 2): pace and share of errors."""
    d = p.delivery
    live = ~np.isnan(state.live)
    shock = np.exp(d.shock * setting.volatility * shocks)
    left = np.maximum(state.scope - state.done - state.hidden, 0)
    usual = ordinary_pace(setting) * state.staff / state.difficulty
    closed = usual * pace(state, spent, setting, p) * shock[:, 0]
    closed = np.minimum(np.where(live, closed * d.team_after_live, closed), left)
    wrong = closed * (error_share(state, spent, setting, p) * shock[:, 1]).clip(0.0, 0.9)
    found = state.hidden * (d.discovery_base + d.discovery_coverage * state.coverage)
    team = np.where(live, d.team_after_live, 1.0) * state.staff
    team = team * (1 + d.overtime_cost * state.pressure)
    after = state.but(
        done=state.done + closed - wrong,
        hidden=state.hidden + wrong - found,
        known=found,
        cost=state.cost + setting.weekly_cost * team,
    )
    return people(go_live(after, p), spent, p)


def go_live(state: State, p: Parameters) -> State:
    """The system goes live once the agreed week has come, work is closed and tests pass."""
    due = state.week >= state.go_live
    closed = state.done + state.hidden >= p.delivery.live_share * state.scope
    enough = closed & (state.hidden <= p.delivery.live_hidden * state.scope)
    starts = np.isnan(state.live) & due & enough
    return state.but(live=np.where(starts, float(state.week), state.live))


def people(state: State, spent: Spent, p: Parameters) -> State:
    """Capability, morale, readiness and coverage after a week."""
    d = p.delivery
    coach = spent.given[:, COACH]
    taught = coach * spent.steady
    low, high = d.capability_range
    capability = state.capability + d.coach_capability * taught
    capability = capability + d.capability_return * (1 - capability)
    morale = (state.morale + d.morale_coach * coach - d.morale_pressure * state.pressure
              + d.morale_return * (d.morale_rest - state.morale))
    readiness = state.readiness + 2 * d.readiness_coach * taught - d.readiness_drift
    target = (d.coverage_rest + d.coverage_implementer * spent.effort).clip(0.0, 1.0)
    coverage = state.coverage + d.coverage_rate * (target - state.coverage)
    return state.but(
        capability=capability.clip(low, high), morale=morale.clip(0.0, 1.0),
        readiness=readiness.clip(0.0, 1.0), coverage=coverage.clip(0.0, 1.0),
        pressure=state.pressure * (1 - d.pressure_decay),
    )


def planned(state: State, setting: Setting, week: int | np.ndarray) -> np.ndarray:
    """``(n,)`` planned progress at the end of ``week``, stretched to the agreed go-live.

    When the date moves by agreement, the plan that is left is stretched over the new time.
    """
    first = setting.first_week - 1
    stretch = (setting.go_live - first) / np.maximum(state.go_live - first, 1)
    at = first + (week - first) * stretch
    return np.interp(at, np.arange(len(setting.plan)), setting.plan)


def forecast(state: State, setting: Setting, week: int, p: Parameters) -> np.ndarray:
    """``(n,)`` the week of go-live to be expected, as seen at the end of ``week``.

    Earned schedule: the pace so far carries on (Lipke 2003); a few weeks of the plan's own pace
    steady the first forecasts. Once the system is live, the week in which it went live.
    """
    usual = (1 - setting.plan[setting.first_week - 1]) / (
        setting.go_live - setting.first_week + 1)
    steady = p.delivery.forecast_steady
    gained = np.maximum(measured(state) - setting.done, 0)
    rate = (gained + steady * usual) / (max(week - setting.first_week + 1, 0) + steady)
    left = np.maximum(p.delivery.live_share * state.scope - measured(state), 0)
    expected = np.maximum(week + left / np.maximum(rate, 1e-9), state.go_live)
    return np.where(np.isnan(state.live), expected, state.live)
