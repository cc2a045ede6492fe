"""Many plays at once, managers to compare with, the best play found, and plays as tables."""

from .policies import BENCHMARKS, POLICIES, policy
from .regret import Regret, regret
from .search import BestPlay, best_play
from .simulate import Study, compare, simulate
from .tables import look_back, turns

__all__ = [
    "BENCHMARKS", "POLICIES", "BestPlay", "Regret", "Study", "best_play", "compare", "look_back",
    "policy", "regret", "simulate", "turns",
]
