"""Calibration: fit the parameters marked ``calibrated`` to the facts that calibration may see.

Facts marked ``calibrate: false`` are never measured here. A step first asks which parameters matter
at all (Morris screening, by SALib); those that do not are left where they are. The others are
fitted by least squares (``scipy.optimize.least_squares``) to the facts' claims, with a weak pull
towards where they started, which decides where facts alone cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from types import SimpleNamespace

import numpy as np

from casebook.errors import CasebookError
from casebook.model import Parameters, findings

from .facts import check_facts
from .free import Free, free_parameters, position, with_values
from .population import population

Report = Callable[[str], None]
STEP = 0.05            # of a range: how far a parameter is moved to see what it does
PULL = 0.3             # weight of the pull to the start, where 1 is a fact missed by its tolerance
CLEAR = 3.0            # half-widths of its interval by which a sign or an order should hold
MATTERS = 0.05         # of the largest effect: a parameter with less is left where it is
LEVELS = 6             # of the Morris design
DIGITS = 3
OPEN = 12 ** -0.5      # standard deviation of a number that may be anywhere in its range


@dataclass(frozen=True)
class Problem:
    """What is fitted: a population's size and seed, the parameters, and what may change."""

    n: int
    seed: int
    start: Parameters
    free: tuple[Free, ...]

    def misses(self, x: np.ndarray) -> np.ndarray:
        """How far each claim is off, 1 being its tolerance; then the pull to the start."""
        table = population(self.n, self.seed, parameters=with_values(self.start, self.free, x))
        claims = check_facts(table, seen())
        pull = PULL * (x - np.array([one.at for one in self.free]))
        return np.concatenate([[_miss(claim) for claim in claims.itertuples()], pull])


@dataclass(frozen=True)
class Fate:
    """What became of one parameter.

    ``effect`` sums up Morris's screening over the claims: the root of the sum of squares of their
    mean absolute effects (mu*) on the misses, each miss first squashed to (-3, 3). ``spread`` is
    the standard deviation that the facts leave it, as a share of its range, nan where it was not
    fitted.
    """

    free: Free
    value: float
    effect: float
    spread: float
    fitted: bool

    @property
    def known(self) -> str:
        """How well the facts pin the value down."""
        if not self.fitted:
            return "does not matter"
        return "well" if self.spread < 0.1 else "roughly" if self.spread < 0.2 else "hardly"


@dataclass(frozen=True)
class Calibration:
    """A finished calibration. ``before`` and ``after`` are sums of squared misses."""

    n: int
    seed: int
    parameters: Parameters
    fates: tuple[Fate, ...]
    before: float
    after: float
    tied: tuple[tuple[str, str, float], ...]


def seen() -> dict:
    """The facts that calibration may see."""
    return {id: fact for id, fact in findings().items() if fact["calibrate"]}


def calibrate(start: Parameters, n: int = 4096, seed: int = 7, trajectories: int = 6,
              rounds: int = 10, pool: Executor | None = None,
              report: Report = lambda text: None) -> Calibration:
    """Fit the parameters marked ``calibrated``.

    Parameters
    ----------
    start : Parameters
        Where to begin, and which the pull is towards.
    n, seed : int
        Engagements of the population on which facts are measured, and its seed. Every trial plays
        the same luck, so that a difference is the parameters' doing.
    trajectories, rounds : int
        Of the screening, and most steps of the fit.
    pool : Executor, optional
        Runs trials side by side; the result is the same without.
    report : callable
        Told, in a sentence, how far it is.
    """
    scipy_optimize, salib = _tools()
    spread_out = pool.map if pool else map
    everything = Problem(n, seed, start, free_parameters(start))
    _all_measured(n, seed, start)
    effects = screen(everything, trajectories, spread_out, salib, report)
    keep = [one for one, effect in zip(everything.free, effects, strict=True)
            if effect >= MATTERS * effects.max()]
    problem = replace(everything, free=tuple(keep))
    report(f"{len(keep)} of {len(everything.free)} numbers matter and are fitted")
    x0 = np.array([one.at for one in keep])
    slopes = partial(jacobian, problem, spread_out=spread_out, report=report)
    found = scipy_optimize.least_squares(
        problem.misses, x0, jac=slopes, bounds=(0, 1), max_nfev=rounds, xtol=1e-3, ftol=1e-2)
    fitted = with_values(start, keep, found.x, DIGITS)
    x = position(fitted, keep)
    facts = len(found.fun) - len(keep)
    slope = slopes(x)
    covariance = left_open(slope[:facts])
    return Calibration(
        n, seed, fitted, _fates(everything, effects, keep, fitted, np.sqrt(np.diag(covariance))),
        _square(problem.misses(x0)[:facts]), _square(problem.misses(x)[:facts]),
        _tied(keep, covariance))


def _all_measured(n: int, seed: int, start: Parameters) -> None:
    """Refuse a population on which a claim cannot be measured (CasebookError)."""
    claims = check_facts(population(n, seed, parameters=start), seen())
    lost = claims[claims["simulated"].isna()]
    if len(lost):
        raise CasebookError(f"The claim {lost['claim'].iloc[0]} cannot be measured on {n} "
                            f"engagements: {lost['reason'].iloc[0]}.", "Take a larger --n.")


def screen(problem: Problem, trajectories: int, spread_out, salib, report: Report) -> np.ndarray:
    """How much every free parameter does: Morris's mu* of each miss, root of the sum of squares."""
    names = [one.label for one in problem.free]
    design = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    trials = salib.sample(design, trajectories, num_levels=LEVELS, seed=problem.seed)
    report(f"screening {len(names)} numbers with {len(trials)} populations")
    misses = np.array(list(spread_out(problem.misses, trials)))[:, :-len(names)]
    # A claim that is far off should count by how much it moves, not by where it stands.
    squashed = np.tanh(misses / 3) * 3
    effects = [salib.analyze(design, trials, squashed[:, k], num_levels=LEVELS)["mu_star"]
               for k in range(squashed.shape[1])]
    return np.sqrt((np.nan_to_num(np.array(effects, dtype=float)) ** 2).sum(axis=0))


def jacobian(problem: Problem, x: np.ndarray, spread_out=map,
             report: Report = lambda text: None) -> np.ndarray:
    """Slopes of the misses, by a step of each parameter towards the inside of its range."""
    steps = np.where(x + STEP <= 1, STEP, -STEP)
    trials = [x, *(x + step * unit for step, unit in zip(steps, np.eye(len(x)), strict=True))]
    here, *moved = spread_out(problem.misses, trials)
    report(f"sum of squared misses {_square(here[:-len(x)]):.2f}")
    return np.array([(there - here) / step
                     for there, step in zip(moved, steps, strict=True)]).T


def left_open(slope: np.ndarray) -> np.ndarray:
    """What the facts leave open: the covariance of the fitted numbers, as shares of their ranges.

    Before any fact, a number may be anywhere in its range; a claim's tolerance counts as two
    standard deviations of what is known about it.
    """
    return np.linalg.inv(4 * slope.T @ slope + np.eye(slope.shape[1]) / OPEN**2)


def _miss(claim) -> float:
    """How far one claim is off: 0 in the middle of a band, 1 at its edge; 0 for a clear order."""
    if not np.isfinite(claim.simulated):
        return 3.0
    if claim.kind == "band":
        nearest = np.clip(claim.simulated, claim.published_low, claim.published_high)
        return float((claim.simulated - nearest) / claim.tolerance)
    half = max((claim.high - claim.low) / 2, 1e-9)
    if claim.published == "not +":
        return float(max(claim.simulated / claim.tolerance, 0))
    sure = -claim.simulated if claim.published == "-" else claim.simulated
    wanted = CLEAR / 2 if claim.published == ">=" else CLEAR
    return float(min(max(wanted - sure / half, 0) / CLEAR, 6))


def _fates(problem: Problem, effects: np.ndarray, keep: Sequence[Free], fitted: Parameters,
           spreads: np.ndarray) -> tuple[Fate, ...]:
    values = position(fitted, problem.free)
    left = dict(zip([one.label for one in keep], spreads, strict=True))
    return tuple(
        Fate(one, one.low + (one.high - one.low) * float(value), float(effect),
             float(left.get(one.label, np.nan)), one.label in left)
        for one, value, effect in zip(problem.free, values, effects, strict=True))


def _tied(keep: Sequence[Free], covariance: np.ndarray) -> tuple[tuple[str, str, float], ...]:
    """Pairs that the facts cannot tell apart: correlated beyond 0.9 in what is left open."""
    scale = np.sqrt(np.diag(covariance))
    r = covariance / np.outer(scale, scale)
    return tuple((keep[i].label, keep[j].label, float(r[i, j]))
                 for i in range(len(keep)) for j in range(i) if abs(r[i, j]) > 0.9)


def _square(misses: np.ndarray) -> float:
    return float((misses ** 2).sum())


def _tools():
    """scipy.optimize, and SALib's Morris screening."""
    try:
        import scipy.optimize
        from SALib.analyze.morris import analyze
        from SALib.sample.morris import sample
    except ImportError as error:
        raise CasebookError(f"Calibration needs a package that is not installed: {error.name}.",
                            'Install it with: pip install -c constraints.txt -e ".[calibrate]"'
                            ) from error

    return scipy.optimize, SimpleNamespace(sample=sample, analyze=analyze)
