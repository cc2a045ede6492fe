"""The population table: what it holds, and that it hangs on its seed alone."""

import numpy as np
import pandas as pd
import pytest

from casebook import case as cases
from casebook.engagement.crowd import play_crowd
from casebook.model import BLOCK, draw_block, parameters
from casebook.roles import ROLE_IDS
from casebook.study import policy, population

P = parameters()


@pytest.fixture(scope="module")
def broad():
    return population(1500, seed=5)


@pytest.fixture(scope="module")
def balanced():
    return population(BLOCK, seed=5, policy="balanced")


def test_there_is_a_row_for_each_contact_of_each_engagement(broad):
    sizes = broad.groupby("engagement")["contact"].agg(["size", "nunique"])
    assert len(sizes) == 1500 and (sizes["size"] == sizes["nunique"]).all()
    case = cases.read("green-dashboard")
    mine = broad[broad["case"] == case.id]
    assert set(mine["contact"]) == {contact.id for contact in case.contacts}
    np.testing.assert_allclose(broad.groupby("engagement")["influence"].sum(), 1)


def test_both_kinds_of_population_have_the_same_columns(broad, balanced):
    assert list(broad) == list(balanced)


@pytest.mark.parametrize("name", [
    "ability", "benevolence", "integrity", "cognitive_trust", "affective_trust", "trust",
    "satisfaction", "commitment", "conflict", "cooperation", "loyalty", "remembered", "equity",
    "expectation", "performance", "citizenship", "peak", "trough", "end", "recent", "earlier"])
def test_measures_lie_between_0_and_1(broad, name):
    assert broad[name].between(0, 1).all()


def test_shares_of_attention_add_up_to_one(broad, balanced):
    for table in (broad, balanced):
        np.testing.assert_allclose(table[[f"attention_{role}" for role in ROLE_IDS]].sum(axis=1), 1)


def test_extremes_enclose_the_end(broad):
    assert (broad["trough"] <= broad["end"]).all() and (broad["end"] <= broad["peak"]).all()


def test_a_smaller_population_is_the_beginning_of_a_larger_one(broad):
    pd.testing.assert_frame_equal(population(700, seed=5),
                                  broad[broad["engagement"] < 700].reset_index(drop=True))


def test_another_seed_is_another_population(broad):
    other = population(200, seed=6)["trust"]
    assert not np.allclose(other, broad["trust"][:len(other)])


def test_failures_fall_by_lot(broad):
    """Nothing that came before tells who fails, in which way, or how it is answered."""
    failed = broad[broad["failure_kind"] != ""]
    assert 0.4 < len(failed) / len(broad) < 0.6
    shares = failed["answer"].value_counts(normalize=True)
    assert len(shares) == 6 and shares.between(0.12, 0.22).all()
    before = failed.groupby("answer")["trust_before_failure"].mean()
    assert before.max() - before.min() < 0.04
    assert (failed.loc[failed["answer"] == "compensate", "compensation"].between(0.2, 2)).all()
    assert (broad.loc[broad["answer"] != "compensate", "compensation"] == 0).all()


def test_a_failure_costs_trust(broad):
    failed = broad[broad["failure_kind"] != ""]
    assert (failed["trust_before_answer"] - failed["trust_before_failure"]).mean() < -0.02


def test_a_policy_plays_the_cases_as_they_are_written(balanced):
    case = cases.bundled_engagements()[0]            # the first block is the first case's
    rows = balanced[balanced["engagement"] == 3]
    assert (balanced["failure_kind"] == "").all() and balanced["trust_after_answer"].isna().all()
    assert (rows["weeks"] == case.project.last_week - case.project.first_week + 1).all()
    assert rows["contact"].nunique() == len(case.contacts)
    weeks = case.project.last_week - case.project.first_week + 1
    luck = draw_block(("population", 5), 0, weeks, len(case.contacts))
    crowd = play_crowd(case, luck, policy("balanced").for_crowd(
        case, BLOCK, ("population", 5), 0))
    assert rows["renewed"].iloc[0] == crowd.outcome.renewed[3]
    np.testing.assert_allclose(rows["satisfaction"], crowd.state.satisfaction[3])
    assert rows["attention_implementer"].iloc[0] == pytest.approx(0.40)


def test_progress_is_told_and_parameters_are_used():
    told = []
    plain = population(600, seed=2, progress=lambda done, n: told.append((done, n)))
    assert told == [(BLOCK, 600), (600, 600)]
    other = population(600, seed=2, parameters=P.changed(trust__conflict=0.9))
    assert other["trust"].mean() < plain["trust"].mean() - 0.01


def test_overruns_are_finite_and_fat_tailed(broad):
    accounts = broad.drop_duplicates("engagement")
    assert np.isfinite(accounts[["cost_overrun", "schedule_overrun", "cpi", "spi"]]).all(axis=None)
    cost = accounts["cost_overrun"]
    assert cost.max() > 1.5 and cost.median() < 0.2
