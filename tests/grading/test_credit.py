"""Credit for decisions: scores moved to average luck, and the points that come of them."""

import numpy as np
import pytest
import yaml

from casebook import case as cases
from casebook.engagement import begin_play
from casebook.grading.assignment import Credit
from casebook.grading.credit import FILE, Standing, credit, standing, usual
from casebook.grading.failed import AssignmentError
from casebook.study.par import on_average_luck, typical
from casebook.study.regret import regret

from .kit import played

RULE = Credit(0.1, 0.9)


def test_a_score_goes_where_the_manager_of_its_rank_usually_is():
    # Three managers reach 20, 40, 60 here and 30, 60, 90 usually, whoever of them it is.
    here, here_in_another_order, usually = [40, 20, 60], [60, 40, 20], [60, 30, 90]
    for order in (here, here_in_another_order):
        assert on_average_luck([20, 40, 60], np.array(order)[:, None] * np.ones(3), usually) == pytest.approx([30, 60, 90])
    assert on_average_luck(50, here, usually) == pytest.approx([75])      # half-way between two of them
    assert on_average_luck([10, 65], np.array(here)[:, None] * np.ones(2), usually) == pytest.approx([20, 95])


def test_managers_who_reach_the_same_count_in_the_middle_of_where_they_usually_are():
    assert on_average_luck([50, 50.5, 49.5], np.full((3, 3), 50.0), [30, 60, 90]) == pytest.approx([60, 60.5, 59.5])
    assert on_average_luck([40, 50], np.array([[40, 40], [40, 40], [60, 60]]), [30, 60, 90]) == pytest.approx([45, 67.5])


def test_where_all_managers_are_alike_decisions_cannot_be_graded():
    with pytest.raises(AssignmentError, match="reach the same in this case"):
        Standing(50.0, {"a": 50.0, "b": 50.0}, {"a": 50.0, "b": 50.0}).share  # noqa: B018


@pytest.mark.parametrize(("share", "part"), [(-1, 0), (0.1, 0), (0.3, 0.25), (0.5, 0.5), (0.9, 1), (2, 1)])
def test_credit_is_linear_between_nothing_and_full(share, part):
    assert credit(share, RULE) == pytest.approx(part)


def test_a_standing_by_hand():
    stands = Standing(50.0, {"a": 20.0, "b": 40.0, "c": 60.0}, {"a": 30.0, "b": 60.0, "c": 90.0})
    assert stands.level == pytest.approx(75)
    assert stands.share == pytest.approx(0.75)
    assert stands.regret == pytest.approx(10)


@pytest.mark.parametrize("case", ["green-dashboard", "account-plan"])
def test_the_standing_of_a_play_is_that_of_its_regret(case):
    play = played(case, "mia", manager="balanced")
    stands, found = standing(play), regret(play)
    assert stands.own == found.own and stands.regret == pytest.approx(found.regret)
    assert stands.here["balanced"] == pytest.approx(play.outcome.overall)
    assert 0 < stands.share <= 1.2


@pytest.mark.parametrize("case", sorted(cases.bundled()))
def test_what_managers_usually_reach_is_measured_for_this_case_and_model(case):
    kept = yaml.safe_load(FILE.read_text(encoding="utf-8"))[case]
    play = begin_play(cases.read(case))
    assert (kept["case_digest"], kept["model"]) == (play.case.digest, play.model_version), "run scripts/measure-typical"
    assert kept["points"] == pytest.approx(typical(play.case), abs=1e-3), "run scripts/measure-typical"
    assert usual(play) == kept["points"]


def test_another_case_is_measured_when_it_is_needed(case_of):
    play = begin_play(case_of("small"))
    assert usual(play) == typical(play.case)
