"""Explorations for the lessons: small exercises and experiments on the client model.

Each function here is one line in a lesson. What an exploration shows is computed by the model at
the moment it is shown, so no lesson can disagree with it.
"""

from __future__ import annotations

from .lesson import (
    attention_to_people,
    by_hand,
    good_and_bad_weeks,
    in_the_model,
    one_breach,
    research,
    what_money_buys,
)
from .week import a_week, roles

__all__ = ["a_week", "attention_to_people", "by_hand", "good_and_bad_weeks", "in_the_model",
           "one_breach", "research", "roles", "what_money_buys"]
