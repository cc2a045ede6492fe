"""What is measured on a population: one short function for each kind of claim about it.

Each function takes the :class:`People` of a population and ``of``, which says what to measure
(a column, or a list of words), and returns an :class:`~casebook.study.statistics.Estimate` or
raises :class:`~casebook.study.statistics.Unmeasurable` with the reason. The claims that name them
are in ``casebook/model/findings.yaml``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from .statistics import (
    Clusters,
    Estimate,
    Unmeasurable,
    bent,
    correlation,
    difference,
    mean,
    partial,
)

if TYPE_CHECKING:
    import pandas as pd

Column = Callable[[str], np.ndarray]
#: What is worked out from columns of the population table, and how.
DERIVED: Mapping[str, Callable[[Column], np.ndarray]] = {
    "leaving": lambda of: 1 - of("loyalty"),
    "unmet_expectation": lambda of: np.maximum(-of("disconfirmation"), 0),
    "peak_and_end": lambda of: (of("peak") + of("end")) / 2,
    "sales": lambda of: of("converted") + of("follow_on"),
}


class People:
    """The contacts of a population, clustered by engagement.

    Parameters
    ----------
    table : DataFrame
        As ``casebook.study.population`` makes it: one row for each contact and engagement.
    """

    def __init__(self, table: pd.DataFrame):
        self._table = table
        if "engagement" not in table:
            raise Unmeasurable("the table has no column engagement")
        self.clusters = Clusters.of(table["engagement"])

    def column(self, name: str) -> np.ndarray:
        """``(rows,)`` floats: a column of the table, or one of :data:`DERIVED`."""
        return _varying(name, self._number(name))

    def words(self, name: str) -> np.ndarray:
        """``(rows,)`` words of a column of the table."""
        return self._raw(name).to_numpy(dtype=str)

    def among(self, name: str, keep: np.ndarray) -> np.ndarray:
        """A column with nan where a row is not to be kept."""
        return np.where(keep, self.column(name), np.nan)

    def counts(self, name: str) -> np.ndarray:
        """``(rows,)`` floats of a column that may well be the same in every row."""
        return self._number(name)

    def engagements(self) -> Engagements:
        """The same population with a row for each engagement."""
        return Engagements(self)

    def _number(self, name: str) -> np.ndarray:
        if name in DERIVED:
            return DERIVED[name](self._number)
        return self._raw(name).to_numpy(dtype=float)

    def _raw(self, name: str) -> pd.Series:
        if name not in self._table:
            raise Unmeasurable(f"the table has no column {name}")
        return self._table[name]


class Engagements:
    """A row for each engagement: its contacts' mean, weighted by their influence.

    What is repeated on each contact's row, such as an overrun, comes out as it is.
    """

    def __init__(self, people: People):
        self._people = people
        self.clusters = Clusters(np.arange(people.clusters.count), people.clusters.count)

    def column(self, name: str) -> np.ndarray:
        """``(engagements,)`` floats."""
        return _varying(name, self._mean(self._people.counts(name)))

    def quality(self) -> np.ndarray:
        """Relationship quality: trust and satisfaction together, each in standard units."""
        both = [self.column(name) for name in ("trust", "satisfaction")]
        return sum((x - np.nanmean(x)) / np.nanstd(x) for x in both) / 2

    def _mean(self, values: np.ndarray) -> np.ndarray:
        weights = self._people.counts("influence")
        total = self._people.clusters.total
        return total(values * weights) / total(weights)


def _varying(name: str, values: np.ndarray) -> np.ndarray:
    known = values[np.isfinite(values)]
    if not len(known):
        raise Unmeasurable(f"{name} is empty")
    if np.ptp(known) <= 1e-12 * max(1.0, float(np.abs(known).max())):
        raise Unmeasurable(f"{name} is {known[0]:g} in every row")
    return values


def correlated(people: People, of: list[str]) -> Estimate:
    """Correlation of two columns over contacts."""
    return correlation(people.column(of[0]), people.column(of[1]), people.clusters)


def correlated_after_failure(people: People, of: list[str]) -> Estimate:
    """The same over contacts to whom a grave failure happened: those with something to complain of.

    Small failures happen to nearly everybody; the grave ones fell by lot.
    """
    failed = _failed(people, "any")
    return correlation(people.among(of[0], failed), people.column(of[1]), people.clusters)


def correlated_in_accounts(people: People, of: list[str]) -> Estimate:
    """Correlation of two columns over engagements."""
    accounts = people.engagements()
    return correlation(accounts.column(of[0]), accounts.column(of[1]), accounts.clusters)


def effect_of_behaviour(people: People, of: list[str]) -> Estimate:
    """Partial slope of an outcome on citizenship or reliable performance, given the other."""
    return _partial_of(people, of[0], of[1], ("citizenship", "reliable_performance"))


def effect_of_behaviour_in_accounts(people: People, of: list[str]) -> Estimate:
    """The same over engagements, since a client renews as one."""
    return _partial_of(people.engagements(), of[0], of[1],
                       ("citizenship", "reliable_performance"))


def effect_of_quality(people: People, of: None = None) -> Estimate:
    """Partial slope of opportunities on relationship quality, given the search for them."""
    accounts = people.engagements()
    return partial(accounts.column("opportunities"),
                   [accounts.quality(), accounts.column("attention_entrepreneur")],
                   accounts.clusters)[0]


def effect_of_fit(people: People, of: str) -> Estimate:
    """Partial slope of work agreed on skill or similarity, given openings and marketing."""
    return _partial_of(people.engagements(), "converted", of,
                       ("skill", "similarity", "opportunities", "attention_marketer"))


def effect_of_episodes(people: People, of: str) -> Estimate:
    """Partial slope of loyalty on recent, earlier or best satisfaction, given the others."""
    return _partial_of(people, "loyalty", of, ("recent", "earlier", "peak"))


def effect_of_performance(people: People, of: str) -> Estimate:
    """Slope of satisfaction on performance below or above its mean.

    The line may bend at the mean of the population: a survey scale has no zero of its own, so
    performance is good or bad against what contacts commonly meet, and there are people on both
    sides whatever the level of the scale.
    """
    performance = people.column("performance")
    return _side(of, bent(people.column("satisfaction"), performance,
                          float(np.nanmean(performance)), people.clusters))


def step_of_trust(people: People, of: str) -> Estimate:
    """Mean change of trust for each step of good (rise) or bad (fall) signal, at middling trust."""
    return mean(people.column(of), people.clusters)


def effect_of_answer(people: People, of: list[str]) -> Estimate:
    """Standardised difference in trust that an answer to a failure makes against none.

    ``of`` is the answer and the kind of failure, or ``any``. Failures, and the answers to them,
    fell by lot. Trust before the failure is held constant, in the difference and in the spread:
    the experiments compared with start everybody from the same point, and then let the failure
    and the answer happen.
    """
    answer, kind = of
    answers, failed = people.words("answer"), _failed(people, kind)
    if not (failed & (answers == answer)).any() or not (failed & (answers == "none")).any():
        raise Unmeasurable(f"no failure of this kind ({kind}) was answered with {answer} "
                           "and another with none")
    treated = np.where(failed & np.isin(answers, (answer, "none")), answers == answer, np.nan)
    return difference(people.column("trust_after_answer"), treated, people.clusters,
                      people.column("trust_before_failure"))


def effect_of_compensation(people: People, of: list[str]) -> Estimate:
    """Trust after an answer, in its standard deviations, for each whole loss that is offered.

    ``of`` is below or above, the whole loss being where the line may bend, and the kind of
    failure. Trust before the answer is held constant, for a sharper estimate; the
    standard deviation counts as known.
    """
    side, kind = of
    paid = _failed(people, kind) & (people.words("answer") == "compensate")
    if not paid.any():
        raise Unmeasurable(f"no failure of this kind ({kind}) was compensated")
    trust = people.among("trust_after_answer", paid)
    found = bent(trust / np.nanstd(trust), people.column("compensation"), 1.0, people.clusters,
                 [people.column("trust_before_answer")])
    return _side(side, found)


def mean_overrun(people: People, of: str) -> Estimate:
    """Mean overrun over engagements, in plans."""
    accounts = people.engagements()
    return mean(accounts.column(of), accounts.clusters)


def share_of_black_swans(people: People, of: float) -> Estimate:
    """Share of engagements whose cost overran by more than ``of`` plans."""
    accounts = people.engagements()
    cost = accounts.column("cost_overrun")
    return mean(np.where(np.isfinite(cost), cost > of, np.nan), accounts.clusters)


def overrun_of_black_swans(people: People, of: list) -> Estimate:
    """Mean overrun where cost overran by more than some plans; ``of`` is the column and these."""
    accounts = people.engagements()
    swans = accounts.column("cost_overrun") > of[1]
    return mean(np.where(swans, accounts.column(of[0]), np.nan), accounts.clusters)


def _failed(people: People, kind: str) -> np.ndarray:
    kinds = people.words("failure_kind")
    return kinds != "" if kind == "any" else kinds == kind


def _partial_of(rows: People | Engagements, outcome: str, of: str,
                causes: tuple[str, ...]) -> Estimate:
    found = partial(rows.column(outcome), [rows.column(cause) for cause in causes],
                    rows.clusters)
    return found[causes.index(of)]


def _side(of: str, below_and_above: tuple[Estimate, Estimate]) -> Estimate:
    return below_and_above[("below", "above").index(of)]


#: The measures by name, and the unit each is in.
MEASURES: Mapping[str, tuple[Callable[..., Estimate], str]] = {
    "correlated": (correlated, "r"),
    "correlated_after_failure": (correlated_after_failure, "r"),
    "correlated_in_accounts": (correlated_in_accounts, "r"),
    "effect_of_behaviour": (effect_of_behaviour, "beta"),
    "effect_of_behaviour_in_accounts": (effect_of_behaviour_in_accounts, "beta"),
    "effect_of_quality": (effect_of_quality, "beta"),
    "effect_of_fit": (effect_of_fit, "beta"),
    "effect_of_episodes": (effect_of_episodes, "beta"),
    "effect_of_performance": (effect_of_performance, "slope"),
    "step_of_trust": (step_of_trust, "trust"),
    "effect_of_answer": (effect_of_answer, "d"),
    "effect_of_compensation": (effect_of_compensation, "d per loss"),
    "mean_overrun": (mean_overrun, "plans"),
    "share_of_black_swans": (share_of_black_swans, "share"),
    "overrun_of_black_swans": (overrun_of_black_swans, "plans"),
}
