"""Many plays at once, managers to compare with, populations, facts, and plays as tables."""

from .policies import BENCHMARKS, POLICIES, policy
from .population import population
from .regret import Regret, regret
from .search import BestPlay, best_play
from .simulate import Study, compare, simulate
from .tables import causes, look_back, turns, why

__all__ = [
    "BENCHMARKS", "POLICIES", "BestPlay", "Regret", "Study", "best_play", "causes", "compare",
    "look_back", "policy", "population", "regret", "simulate", "turns", "why",
]
