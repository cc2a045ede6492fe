"""Many plays at once, managers to compare with, populations, facts, and plays as tables."""

from .policies import POLICIES, policy
from .population import population
from .tables import causes, look_back, turns, why

__all__ = ["POLICIES", "causes", "look_back", "policy", "population", "turns", "why"]
