"""Many plays at once, managers to compare with, populations, facts, and plays as tables."""

from .policies import BENCHMARKS, POLICIES, policy
from .population import population
from .regret import Regret, regret
from .search import BestPlay, best_play
from .simulate import Study, compare, simulate
from .tables import causes, foretold, look_back, predictions, turns, why

__all__ = [
    "BENCHMARKS", "POLICIES", "BestPlay", "Regret", "Study", "best_play", "causes", "compare",
    "foretold", "look_back", "policy", "population", "predictions", "regret", "simulate", "turns",
    "why",
]
