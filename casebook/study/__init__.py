"""Many plays at once, managers to compare with, populations, facts, and plays as tables."""

from .policies import BENCHMARKS, POLICIES, policy
from .population import population
from .regret import Benchmark, Regret, benchmarks, regret
from .search import BestPlay, best_play
from .simulate import Study, compare, simulate
from .tables import causes, foretold, look_back, predictions, turns, why
from .turning import TurningPoint, turning_points

__all__ = [
    "BENCHMARKS", "POLICIES", "Benchmark", "BestPlay", "Regret", "Study", "TurningPoint",
    "benchmarks", "best_play", "causes", "compare", "foretold", "look_back", "policy", "population",
    "predictions", "regret", "simulate", "turning_points", "turns", "why",
]
