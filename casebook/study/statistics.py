"""Estimates from a table whose rows come in clusters, with 95 % intervals that allow for it.

People of one engagement live through the same project, so their rows are not independent. Every
estimate here keeps its *pulls*: how far each cluster pulls it from its value, to first order (its
influence function, summed by cluster). The spread of the pulls is the cluster-robust standard
error (Liang and Zeger 1986), and since differences and ratios of estimates have pulls of their
own, the difference of two correlations from the same people gets its interval without a bootstrap,
and the same table always gives the same interval.

Intervals are estimate ± 1.96 standard errors; they need a fair number of clusters, so fewer than
:data:`FEWEST` are refused. Rows with a missing value in a column that is used are left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: Fewer clusters than this give no trustworthy interval.
FEWEST = 30
NORMAL_95 = 1.959963984540054


class Unmeasurable(Exception):
    """An estimate that the rows given cannot support; the text says why."""


@dataclass(frozen=True)
class Clusters:
    """Which cluster each row belongs to.

    Parameters
    ----------
    codes : ndarray of int, shape (rows,)
        From 0 to ``count`` - 1.
    count : int
        Number of clusters, with or without rows.
    """

    codes: np.ndarray
    count: int

    @classmethod
    def of(cls, labels: Sequence) -> Clusters:
        """Clusters of rows that carry the same label."""
        names, codes = np.unique(np.asarray(labels), return_inverse=True)
        return cls(codes, len(names))

    def total(self, values: np.ndarray) -> np.ndarray:
        """``(count,)`` sum of the rows' values in each cluster."""
        return np.bincount(self.codes, weights=values, minlength=self.count)


@dataclass(frozen=True)
class Estimate:
    """A number measured on clustered rows.

    Parameters
    ----------
    value : float
        The estimate.
    pulls : ndarray, shape (clusters,)
        How far each cluster pulls it; they sum to about 0. Estimates can be combined when their
        pulls are over the same clusters.
    """

    value: float
    pulls: np.ndarray

    @property
    def error(self) -> float:
        """The cluster-robust standard error."""
        used = np.count_nonzero(self.pulls)
        return math.sqrt(used / (used - 1) * float(self.pulls @ self.pulls)) if used > 1 else 0.0

    @property
    def low(self) -> float:
        """The lower end of the 95 % interval."""
        return self.value - NORMAL_95 * self.error

    @property
    def high(self) -> float:
        """The upper end of the 95 % interval."""
        return self.value + NORMAL_95 * self.error

    def __sub__(self, other: Estimate) -> Estimate:
        return Estimate(self.value - other.value, self.pulls - other.pulls)

    def __truediv__(self, other: Estimate) -> Estimate:
        ratio = self.value / other.value
        return Estimate(ratio, (self.pulls - ratio * other.pulls) / other.value)

    def __abs__(self) -> Estimate:
        return Estimate(abs(self.value), math.copysign(1.0, self.value) * self.pulls)


def mean(x: np.ndarray, clusters: Clusters) -> Estimate:
    """The mean of a column; of a column of 0 and 1, the proportion of 1."""
    (x,), rows = _whole(clusters, x)
    value = x.mean()
    return Estimate(float(value), rows.total(x - value) / len(x))


def correlation(x: np.ndarray, y: np.ndarray, clusters: Clusters) -> Estimate:
    """Pearson's correlation of two columns."""
    (x, y), rows = _whole(clusters, x, y)
    x, y = _standard(x), _standard(y)
    r = (x * y).mean()
    return Estimate(float(r), rows.total(x * y - r / 2 * (x**2 + y**2)) / len(x))


def partial(y: np.ndarray, xs: Sequence[np.ndarray], clusters: Clusters) -> tuple[Estimate, ...]:
    """Standardised partial slopes of ``y`` on each of ``xs``, given the others.

    The pulls allow for the standard deviations being estimates too.
    """
    (y, *xs), rows = _whole(clusters, y, *xs)
    y, x = _standard(y), np.column_stack([_standard(column) for column in xs])
    among, with_y = x.T @ x / len(y), x.T @ y / len(y)
    slopes = _solve(among, with_y)
    pulls = (x * (y - x @ slopes)[:, None] - with_y / 2 * (y**2)[:, None]
             + x**2 @ (among * slopes).T / 2)
    return _estimates(slopes, _solve(among, pulls.T), rows)


def slopes(y: np.ndarray, xs: Sequence[np.ndarray], clusters: Clusters) -> tuple[Estimate, ...]:
    """Least-squares slopes of ``y`` on each of ``xs``, given the others, in the columns' units."""
    (y, *xs), rows = _whole(clusters, y, *xs)
    spreads = np.array([column.std() for column in xs])
    x = np.column_stack([_standard(column) for column in xs])
    among = x.T @ x / len(y)
    found = _solve(among, x.T @ (y - y.mean()) / len(y))
    left = y - y.mean() - x @ found
    pulls = _solve(among, (x * left[:, None]).T)
    return _estimates(found / spreads, pulls / spreads[:, None], rows)


def bent(y: np.ndarray, x: np.ndarray, knot: float, clusters: Clusters,
         given: Sequence[np.ndarray] = ()) -> tuple[Estimate, Estimate]:
    """Slopes of ``y`` on ``x`` below and above a knot where the line may bend.

    One least-squares fit of a line that is unbroken at the knot. The knot counts as known.
    """
    below, above = slopes(y, [np.minimum(x - knot, 0), np.maximum(x - knot, 0), *given],
                          clusters)[:2]
    return below, above


def difference(y: np.ndarray, treated: np.ndarray, clusters: Clusters,
               baseline: np.ndarray | None = None) -> Estimate:
    """Standardised mean difference (Cohen's d): treated less others, over the spread in groups.

    Parameters
    ----------
    y : ndarray
        The outcome.
    treated : ndarray
        1 for treated rows, 0 for those to compare with, nan for rows left out.
    baseline : ndarray, optional
        The outcome before treatment. The difference is then that between rows that were alike
        before, and so is the spread: that of an experiment in which all start from one point.
    """
    given = [] if baseline is None else [baseline]
    (y, treated, *given), rows = _whole(clusters, y, treated, *given)
    gap, *slope = slopes(y, [treated, *given], rows)
    if given:
        y = y - slope[0].value * given[0]
    return gap / _spread_in_groups(y, treated, rows)


def _spread_in_groups(y: np.ndarray, treated: np.ndarray, rows: Clusters) -> Estimate:
    """The standard deviation within two groups, pooled."""
    apart = y - np.where(treated == 1, y[treated == 1].mean(), y[treated == 0].mean())
    if np.allclose(apart, 0):
        raise Unmeasurable("the outcome does not vary within the groups")
    variance = float(apart @ apart) / (len(y) - 2)
    spread = math.sqrt(variance)
    return Estimate(spread, rows.total(apart**2 - variance) / len(y) / (2 * spread))


def _whole(clusters: Clusters, *columns: np.ndarray) -> tuple[list[np.ndarray], Clusters]:
    """The columns without rows where one is missing, and those rows' clusters."""
    keep = np.isfinite(np.column_stack(columns)).all(axis=1)
    rows = Clusters(clusters.codes[keep], clusters.count)
    having = int(np.count_nonzero(np.bincount(rows.codes, minlength=rows.count)))
    if having < FEWEST:
        raise Unmeasurable(f"only {having} engagements have what it takes; {FEWEST} are needed")
    return [column[keep] for column in columns], rows


def _standard(x: np.ndarray) -> np.ndarray:
    """A column with mean 0 and standard deviation 1."""
    spread = x.std()
    if spread <= 1e-12 * max(1.0, float(np.abs(x).max())):
        raise Unmeasurable("a column does not vary over the rows that count")
    return (x - x.mean()) / spread


def _solve(among: np.ndarray, right: np.ndarray) -> np.ndarray:
    if np.linalg.eigvalsh(among)[0] < 1e-9:
        raise Unmeasurable("the columns move together and cannot be told apart")
    return np.linalg.solve(among, right)


def _estimates(values: np.ndarray, pulls: np.ndarray, rows: Clusters) -> tuple[Estimate, ...]:
    """An estimate for each value; ``pulls`` has a row for each, over the table's rows."""
    return tuple(Estimate(float(value), rows.total(pull) / pulls.shape[1])
                 for value, pull in zip(values, pulls, strict=True))
