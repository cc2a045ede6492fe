"""Many plays at once, managers to compare with, populations, facts, and plays as tables."""

from .policies import POLICIES, policy
from .population import population
from .tables import look_back, turns

__all__ = ["POLICIES", "look_back", "policy", "population", "turns"]
