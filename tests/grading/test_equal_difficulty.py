"""Variants of a case are equally hard: the same manager earns much the same on anybody's luck.

Each named manager, and one who decides by chance, is taken as a student whose luck is that of 2,000
different players; the managers that place a score are the other ones.
"""

import numpy as np
import pytest

from casebook import case as cases
from casebook.grading.assignment import defaults
from casebook.study import POLICIES, compare
from casebook.study.par import on_average_luck
from casebook.study.policies import BENCHMARKS

RULE = defaults()["equal_difficulty"]
CREDIT = defaults()["credit"]
CASES = sorted(cases.bundled())


@pytest.fixture(scope="module")
def points_of():
    """Overall points on the luck of 2,000 players, by case and manager: (players,) each."""
    made = {}

    def find(case):
        if case not in made:
            studies = compare(case, tuple(POLICIES), RULE["players"], seed=11)
            made[case] = {name: study.table["overall"].to_numpy() for name, study in studies.items()}
        return made[case]

    return find


def earned(points, student):
    """Share of the points for decisions that a manager earns with each player: (players,)."""
    field = [name for name in BENCHMARKS if name != student]
    usual = np.array([points[name].mean() for name in field])
    level = on_average_luck(points[student], [points[name] for name in field], usual)
    ends = [points[name].mean() for name in BENCHMARKS]
    return credit_of(level, ends)


def credit_of(level, ends):
    share = (level - min(ends)) / (max(ends) - min(ends))
    return np.clip((share - CREDIT["nothing"]) / (CREDIT["full"] - CREDIT["nothing"]), 0, 1)


def quarters(points):
    """Players with the hardest and with the easiest luck: where the best manager reaches least and most."""
    best = np.max([points[name] for name in BENCHMARKS], axis=0)
    low, high = np.quantile(best, [0.25, 0.75])
    return best <= low, best >= high


@pytest.mark.parametrize("case", CASES)
def test_the_same_manager_earns_much_the_same_with_everybody(points_of, case):
    points = points_of(case)
    assert np.mean([earned(points, one).std() for one in BENCHMARKS]) <= RULE["spread"]


@pytest.mark.parametrize("case", CASES)
def test_easy_luck_earns_little_more_than_hard_luck(points_of, case):
    points = points_of(case)
    hard, easy = quarters(points)
    apart, plain = [], []
    for one in POLICIES:
        given = earned(points, one)
        score = credit_of(points[one], [points[name].mean() for name in BENCHMARKS])
        apart.append(abs(given[easy].mean() - given[hard].mean()))
        plain.append(abs(score[easy].mean() - score[hard].mean()))
    assert np.mean(apart) <= RULE["easy_against_hard"]
    # Marks for the plain score would hang on luck at least twice as much.
    assert np.mean(apart) <= np.mean(plain) / 2


@pytest.mark.parametrize("case", CASES)
def test_chance_earns_less_than_any_sensible_manager(points_of, case):
    points = points_of(case)
    chance = earned(points, "random").mean()
    assert 0.1 < chance < min(earned(points, one).mean() for one in ("balanced", "implementer", "trust-first"))
