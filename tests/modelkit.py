"""A small setting to try the model on, and short words for situations."""

from dataclasses import fields, replace

import numpy as np

from casebook.model import (
    Luck,
    Move,
    Setting,
    begin,
    draw_many,
    measures,
    parameters,
    play_week,
    respond,
    settle_promise,
)
from casebook.model.state import NO_REPAIR
from casebook.roles import ROLE_IDS

P = parameters()
BALANCED = {"implementer": 40, "coach": 15, "entrepreneur": 10, "politician": 15, "friend": 12,
            "marketer": 8}
REPAIRS = {"apologise": 0, "explain": 1, "deny": 2, "compensate": 3, "penance": 4}


def small_setting(contacts: int = 2, **changes) -> Setting:
    """Twenty weeks, of which the last ten are played; contacts are alike and in the middle."""
    plan = np.arange(21) / 20.0
    milestones = np.full(21, np.nan)
    milestones[15] = 0.75
    values = {
        "first_week": 11, "last_week": 20, "go_live": 20, "plan": plan, "milestones": milestones,
        "done": 0.45, "hidden": 0.05, "budget": 1000.0, "spent": 500.0, "weekly_cost": 50.0,
        "error_share": 0.2, "volatility": 0.0, "variety": 0.0,
        "skill_variety": 0.0, "influence": np.full(contacts, 1 / contacts),
        "propensity": np.zeros(contacts), "orientation": np.full(contacts, 0.5),
        "start": np.zeros(contacts), "cares": np.full((contacts, 5), 0.2),
    }
    values |= {k: np.array(v, dtype=float) if isinstance(v, list) else v
               for k, v in changes.items()}
    return Setting(**values)


def no_luck(setting: Setting, n: int = 1) -> Luck:
    """Luck that does nothing: every draw in the middle."""
    drawn = draw_many(np.random.default_rng(0), n, setting.weeks, setting.contacts)
    middle = {field.name: np.zeros_like(getattr(drawn, field.name)) for field in fields(Luck)}
    return Luck(**middle | {"severe": np.full(n, 0.5)})


def attention(n: int = 1, **shares) -> np.ndarray:
    """Percents by role as an ``(n, 6)`` array of shares."""
    given = shares or BALANCED
    return np.tile([given.get(role, 0) / 100 for role in ROLE_IDS], (n, 1))


def a_move(setting: Setting, n: int = 1, weight: float = 2.0, **changes) -> Move:
    """A response that does nothing but what ``changes`` say.

    ``signals`` and ``fairness`` are given as {(contact, dimension): steps}, ``repair`` as
    {(contact, kind): name}, ``pitch`` and the like as contacts.
    """
    c = setting.contacts
    zero = {"signals": (n, c, 3), "fairness": (n, c, 3), "citizenship": (n, c), "steps": (n, 6),
            "project": (n, 6), "pitch": (n, c), "side_for": (n, c), "side_against": (n, c),
            "promised": (n, c)}
    arrays = {name: np.zeros(shape) for name, shape in zero.items()}
    arrays["repair"] = np.full((n, c, 2), NO_REPAIR)
    arrays["amount"] = np.ones((n, c))
    arrays["reporting"] = np.full(n, changes.pop("reporting", -1))
    for name, entries in changes.items():
        for place, value in entries.items():
            place = place if isinstance(place, tuple) else (place,)
            arrays[name][(slice(None), *place)] = REPAIRS.get(value, value)
    return Move(weight=np.full(n, weight), **arrays)


class Situation:
    """One engagement that can be told what happens, one sentence after another."""

    def __init__(self, contacts: int = 2, parameters=P, **changes):
        self.p = parameters
        self.setting = small_setting(contacts, **changes)
        self.luck = no_luck(self.setting)
        self.state = begin(self.setting, self.luck, self.p)

    def with_state(self, **arrays) -> "Situation":
        """Set parts of the state; numbers fill the array."""
        full = {k: np.full_like(getattr(self.state, k), v) for k, v in arrays.items()}
        self.state = replace(self.state, **full)
        return self

    def answer(self, weight: float = 2.0, **changes) -> "Situation":
        """Answer an incident."""
        self.state = respond(self.state, a_move(self.setting, 1, weight, **changes),
                             self.luck.taking[:, 0], self.setting, self.p)
        return self

    def settle_promise(self, kept: bool, contact: int = 0) -> "Situation":
        """A promise to one contact falls due."""
        self.state = settle_promise(self.state, contact, np.array([kept]), self.p)
        return self

    def work(self, weeks: int = 1, **shares) -> "Situation":
        """Work some weeks."""
        for _ in range(weeks):
            self.state = play_week(self.state, attention(**shares), self.luck, self.setting, self.p)
        return self

    def of(self, measure: str, contact: int = 0) -> float:
        """A measure of one contact now."""
        return float(measures(self.state, self.p)[measure][0, contact])
