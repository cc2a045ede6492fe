"""Many plays at once, managers to compare with, and plays as tables."""

from .policies import POLICIES, policy
from .tables import look_back, turns

__all__ = ["POLICIES", "look_back", "policy", "turns"]
