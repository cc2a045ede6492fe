"""The model as it ships, held against published findings: the check that all else is for."""

import pytest

from casebook.commands.facts import ENGAGEMENTS, SEED
from casebook.study import population
from casebook.study.facts import HOLDS, by_fact, check_facts, shortfalls, summary


@pytest.fixture(scope="module")
def usual():
    return check_facts(population(ENGAGEMENTS, SEED))


def test_the_usual_population_passes(usual):
    assert shortfalls(usual) == []


def test_every_sign_and_order_holds_and_nothing_goes_unmeasured(usual):
    gates = usual[usual["kind"] != "band"]
    assert len(gates) > 30 and (gates["verdict"] == HOLDS).all()
    assert usual["simulated"].notna().all()


def test_facts_kept_from_calibration_are_counted_apart(usual):
    counts = summary(usual)
    assert counts["unseen"]["facts"] >= (counts["calibrated"]["facts"]
                                         + counts["unseen"]["facts"]) / 3


def test_another_seed_and_twice_the_population_give_the_same_verdicts(usual):
    again = by_fact(check_facts(population(2 * ENGAGEMENTS, SEED + 1)))
    before = by_fact(usual)
    assert dict(zip(again["fact"], again["verdict"], strict=True)) == dict(
        zip(before["fact"], before["verdict"], strict=True))
