"""Steps of the model worked by hand: the arithmetic stands in the comments, as numbers.

Every parameter that matters is given here, so that calibrating the model moves none of them.
"""

from dataclasses import replace
from math import exp

import numpy as np
import pytest

from casebook.model import Decision, decide, decide_together, hear, parameters
from casebook.model.account import pitch
from casebook.model.attention import spend
from casebook.model.delivery import deliver, forecast, planned
from casebook.model.evidence import add
from casebook.model.repair import mend, violate
from casebook.model.satisfaction import commit, remember, satisfy
from casebook.model.trust import beliefs, cognitive_and_affective, trust
from tests.modelkit import REPAIRS, Situation, attention

ABILITY, BENEVOLENCE, INTEGRITY = 0, 1, 2
COMPETENCE, HONESTY = 0, 1


def story(numbers: dict, contacts: int = 2, setting: dict | None = None, **state) -> Situation:
    """A situation with these parameters, and these numbers throughout the state's arrays."""
    return Situation(contacts, parameters().changed(**numbers), **(setting or {})).with_state(
        **state)


def test_belief_is_evidence_and_first_impression_by_their_weights():
    s = story({"evidence__prior_weight": 4.0}, prior=0.5, pros=2.0, cons=1.0)
    # (2 + 4 * 0.5) / (2 + 1 + 4) = 4 / 7
    assert beliefs(s.state, s.p) == pytest.approx(np.full((1, 2, 3), 4 / 7))


def test_the_two_kinds_of_trust_separate_with_experience_and_conflict_takes_a_part():
    s = story({"evidence__prior_weight": 4.0, "trust__cognition": [0.6, 0.0, 0.4],
               "trust__affect": [0.0, 0.5, 0.5], "trust__affect_citizenship": 0.2,
               "trust__one_factor": 6.0, "trust__conflict": 0.25},
              prior=0.5, pros=[4, 1, 1], cons=0.0, citizenship=0.3, relational=0.25, conflict=0.4)
    # beliefs: (4 + 2) / 8 = 0.75, (1 + 2) / 5 = 0.6, 0.6
    # cognition = 0.6 * 0.75 + 0.4 * 0.6 = 0.69; affect = 0.8 * 0.6 + 0.2 * 0.3 = 0.54
    # experience = 6 units, so together = 0.5 * exp(-6 / 6) = 0.18394
    together = 0.5 * exp(-1)
    cognitive, affective = cognitive_and_affective(s.state, s.p)
    assert cognitive[0, 0] == pytest.approx(0.69 - together * 0.15)          # 0.66241
    assert affective[0, 0] == pytest.approx(0.54 + together * 0.15)          # 0.56759
    # 0.75 * 0.66241 + 0.25 * 0.56759 = 0.63870; times 1 - 0.25 * 0.4 = 0.9
    assert trust(s.state, s.p)[0, 0] == pytest.approx(0.574834, abs=1e-6)


def test_evidence_against_weighs_more_and_a_firm_belief_discounts_it():
    s = story({"evidence__prior_weight": 4.0, "evidence__confirmation": 0.5,
               "evidence__negativity": [1.5, 1.0, 1.0]}, prior=0.5, pros=4.0, cons=0.0)
    after = add(s.state, s.p, {ABILITY: np.ones((1, 2))}, {ABILITY: np.ones((1, 2))})
    # belief = (4 + 2) / 8 = 0.75, so lean = 0.5; sure = 4 / 8 = 0.5
    # kept of the evidence against = 1 - 0.5 * 0.5 * 0.5 = 0.875; cons = 1.5 * 0.875 = 1.3125
    assert after.cons[0, 0, ABILITY] == pytest.approx(1.3125)
    # evidence for agrees with the belief and counts in full: 4 + 1
    assert after.pros[0, 0, ABILITY] == pytest.approx(5.0)
    # the other dimensions stay as they were
    assert after.cons[0, 0, INTEGRITY] == 0 and after.pros[0, 0, INTEGRITY] == 4


def test_a_week_of_work_closes_some_gets_some_wrong_and_finds_some():
    s = story({"delivery__implementer_reference": 0.5, "delivery__implementer_return": 0.25,
               "delivery__latency_cost": 0.4, "delivery__latency_cooperation": 0.3,
               "delivery__error_range": [0.05, 0.6], "delivery__discovery_base": 0.02,
               "delivery__discovery_coverage": 0.2, "delivery__overtime_cost": 0.1,
               "delivery__pace_pressure": 0.0, "delivery__error_pressure": 0.0},
              setting={"done": 0.45, "hidden": 0.10},
              alignment=0.5, cooperation=0.5, coverage=0.5, pressure=1.0)
    s = s.with_state(morale=s.p.delivery.morale_rest)
    after = deliver(s.state, spend(attention(implementer=50, friend=50), s.p), np.zeros((1, 2)), s.setting,
                    s.p)
    # The plan leaves 0.5 for 10 weeks, of which 0.8 comes out right: 0.5 / 10 / 0.8 = 0.0625.
    # Half agreement costs 0.4 * (1 - 0.5)^2 = 0.1 of the pace: closed = 0.0625 * 0.9 = 0.05625.
    # wrong = 0.2 * 0.05625 = 0.01125; found = 0.10 * (0.02 + 0.2 * 0.5) = 0.012
    assert after.done[0] == pytest.approx(0.45 + 0.05625 - 0.01125)          # 0.495
    assert after.hidden[0] == pytest.approx(0.10 + 0.01125 - 0.012)          # 0.09925
    assert after.known[0] == pytest.approx(0.012)
    # one step of pressure: 50 a week and a tenth of it
    assert after.cost[0] == pytest.approx(500 + 55)


def test_a_forecast_carries_the_pace_so_far_on():
    s = story({"delivery__forecast_steady": 4.0, "delivery__live_share": 0.95}, done=0.57)
    # Three weeks worked, 0.12 gained; four weeks of the plan's own 0.05 steady it:
    # (0.12 + 4 * 0.05) / (3 + 4) = 0.32 / 7 a week
    # left = 0.95 - 0.57 = 0.38, so 0.38 * 7 / 0.32 = 8.3125 weeks after week 13
    assert forecast(s.state, s.setting, 13, s.p)[0] == pytest.approx(21.3125)
    # never sooner than agreed, and once live, when that was
    assert forecast(s.with_state(done=0.9).state, s.setting, 13, s.p)[0] == 20
    assert forecast(s.with_state(live=19.0).state, s.setting, 21, s.p)[0] == 19


def test_a_date_that_moves_stretches_what_is_left_of_the_plan():
    s = story({}, go_live=25.0)
    # 10 weeks of plan over 15: week 15 stands where week 10 + 5 * 10 / 15 = 13.333 stood
    assert planned(s.state, s.setting, 15)[0] == pytest.approx(13 / 20 + 1 / 60)


def test_disconfirmation_hurts_more_than_it_pleases():
    numbers = {"satisfaction__equity_mix": [0.5, 0.2, 0.3], "satisfaction__gap": 1.0,
               "satisfaction__loss_aversion": 2.0, "satisfaction__rest": 0.5, "satisfaction__equity": 1.0,
               "satisfaction__performance": 0.5, "satisfaction__expectation": 0.2,
               "satisfaction__rate": 0.1, "satisfaction__adaptation": 0.1,
               "satisfaction__marketing_raise": 0.05}
    only_budget = {"cares": [[0, 1, 0, 0, 0], [0, 1, 0, 0, 0]]}
    middle = {"expectation": 0.5, "satisfaction": 0.5, "outside": 0.0}
    bad = story(numbers, setting=only_budget, fairness=0.3, **middle)
    bad = satisfy(bad.state, spend(attention(implementer=100), bad.p), bad.setting, bad.p)
    # equity 0.3 is all that counts, so performance = 0.3 and the gap is -0.2:
    # aim = 0.5 - 2 * 0.2 + 1 * 2 * (0.3 - 0.5) + 0.5 * 2 * (0.3 - 0.5) + 0.2 * 0 = -0.5
    # satisfaction = 0.5 + 0.1 * (-0.5 - 0.5) = 0.4; expectation = 0.5 - 0.1 * 0.2
    assert bad.performance[0, 0] == pytest.approx(0.3)
    assert bad.satisfaction[0, 0] == pytest.approx(0.4)
    assert bad.expectation[0, 0] == pytest.approx(0.48)
    good = story(numbers, setting=only_budget, fairness=0.7, **middle)
    good = satisfy(good.state, spend(attention(implementer=60, marketer=40), good.p),
                   good.setting, good.p)
    # the same above: aim = 0.5 + 0.2 + 0.2 + 0.1 = 1, satisfaction = 0.5 + 0.1 * 0.5 = 0.55
    # marketing adds to what is expected: 0.5 + 0.1 * 0.2 + 0.05 * 0.4
    assert good.satisfaction[0, 0] == pytest.approx(0.55)
    assert good.expectation[0, 0] == pytest.approx(0.54)


def test_striking_weeks_are_remembered_more():
    s = story({"satisfaction__salience": [4.0, 1.0], "satisfaction__memory_keep": 0.9},
              satisfaction=0.8, memory=0.5, memory_weight=2.0)
    after = remember(s.state, s.p)
    # note = 1 + 4 * 0.3 = 2.2; weight = 0.9 * 2 + 2.2 = 4; memory = 0.5 + 2.2 / 4 * 0.3
    assert after.memory_weight[0, 0] == pytest.approx(4.0)
    assert after.memory[0, 0] == pytest.approx(0.665)
    after = remember(s.state.but(satisfaction=np.full_like(s.state.memory, 0.2)), s.p)
    # note = 1 + 1 * 0.3 = 1.3; weight = 0.9 * 2 + 1.3 = 3.1; memory = 0.5 - 1.3 / 3.1 * 0.3
    assert after.memory[0, 0] == pytest.approx(0.5 - 0.39 / 3.1)


def test_a_repeated_failure_costs_more():
    s = story({"evidence__negativity": [1.0, 1.0, 2.0], "evidence__confirmation": 0.0,
               "repair__repeat": 0.5, "repair__failure": 0.25}, cons=0.0, harm=0.1, failures=2.0)
    after = violate(s.state, HONESTY, np.array([[0.4, 0.2]]), s.p)
    # 0.4 * (1 + 0.5 * 2) = 0.8, twice as heavy as evidence: 1.6; harm = 0.1 + 0.8
    assert after.cons[0, :, INTEGRITY] == pytest.approx([1.6, 0.8])
    assert after.harm[0, :, HONESTY] == pytest.approx([0.9, 0.5])
    # 0.2 is below 0.25, so it is no failure of its own
    assert after.failures[0, :, HONESTY].tolist() == [3, 2]


def test_compensation_gives_back_no_more_than_was_lost():
    s = story({"repair__effect": [[0.4, 0.2, 0.1, 0.5, 0.3], [0.2, 0.1, 0.2, 0.0, 0.3]],
               "repair__satisfied": 0.05, "evidence__negativity": [1.5, 1.0, 2.0]},
              cons=2.0, harm=0.8, satisfaction=0.5)
    by = np.full((1, 2, 2), -1)
    by[:, :, COMPETENCE] = REPAIRS["compensate"]
    after = mend(s.state, by, np.array([[0.5, 3.0]]), s.p)
    # half offered: 0.5 * 0.5 * 0.8 = 0.2 mended, 1.5 * 0.2 = 0.3 of evidence taken back
    # three times offered counts as all: 0.5 * 0.8 = 0.4 mended, 0.6 taken back
    assert after.cons[0, :, ABILITY] == pytest.approx([1.7, 1.4])
    assert after.harm[0, :, COMPETENCE] == pytest.approx([0.6, 0.4])
    assert after.satisfaction[0] == pytest.approx([0.51, 0.52])
    assert after.harm[0, :, HONESTY].tolist() == [0.8, 0.8]


def test_a_pitch_is_welcome_only_where_trust_and_satisfaction_are_there():
    s = story({"account__pitch_trust": 0.5, "account__pitch_satisfaction": 0.5,
               "account__pitch_welcome": [0.3, 0.2, 0.0],
               "account__pitch_refused": [0.0, 1.4, 0.5], "evidence__confirmation": 0.0,
               "evidence__negativity": [1.0, 1.5, 2.0]},
              prior=0.7, citizenship=0.7, conflict=0.0, pros=0.0, cons=0.0)
    s.state = replace(s.state, satisfaction=np.array([[0.6, 0.4]]))
    after = pitch(s.state, np.ones((1, 2)), s.p)
    # Both trust by 0.7, but only the first is satisfied: units for, and against by 1.5 and 2.
    assert after.pros[0].tolist() == [[0.3, 0.2, 0.0], [0, 0, 0]]
    assert after.cons[0].ravel() == pytest.approx([0, 0, 0, 0, 2.1, 1.0])
    assert after.opportunities[0] == after.qualified[0] == 1


def test_commitment_follows_and_falls_faster():
    s = story({"satisfaction__commitment_mix": [0.5, 0.3, 0.2], "satisfaction__commitment_up": 0.1,
               "satisfaction__commitment_down": 0.2}, satisfaction=0.7, firm_trust=0.5, ties=0.1)
    s.state = replace(s.state, commitment=np.array([[0.51, 0.91]]))
    after = commit(s.state, np.full((1, 2), 0.6), s.p)
    # aim = 0.5 * 0.6 + 0.3 * 0.7 + 0.2 * 0.5 + 0.1 = 0.71
    # up: 0.51 + 0.1 * 0.20 = 0.53; down: 0.91 - 0.2 * 0.20 = 0.87
    assert after.commitment[0] == pytest.approx([0.53, 0.87])


def test_contacts_vote_with_their_influence_and_a_late_system_costs_votes():
    s = story({"account__renewal_mix": [0.5, 0.3, 0.2], "account__renewal_late": 0.06,
               "account__rival": 0.5}, setting={"influence": [0.75, 0.25]},
              prior=0.6, citizenship=0.6, conflict=0.0, memory=0.5)
    s.state = replace(s.state, commitment=np.array([[0.6, 0.2]]))
    late = decide(s.state, s.luck, s.setting, s.p)
    # trust is 0.6 whatever its kind: 0.5 * 0.6 + 0.3 * 0.5 + 0.2 * 0.6 = 0.57, less 0.06;
    # and 0.5 * 0.2 + 0.15 + 0.12 = 0.37, less 0.06
    assert late.votes[0] == pytest.approx([0.51, 0.31])
    assert late.score[0] == pytest.approx(0.75 * 0.51 + 0.25 * 0.31)         # 0.46
    assert not late.renewed[0]
    live = decide(s.with_state(live=20.0).state, s.luck, s.setting, s.p)
    assert live.score[0] == pytest.approx(0.52) and live.renewed[0]


def test_what_one_contact_newly_believes_is_heard_by_one_other_as_evidence():
    s = story({"politics__hearsay": 8.0, "evidence__confirmation": 0.0,
               "evidence__negativity": [1.0, 1.5, 2.0]}, pros=1.0, cons=1.0)
    # units = 8 * 0.25 * change: 0.2 for ability, none for benevolence, 0.1 against integrity;
    # evidence against integrity counts twice
    after = hear(s.state, 1, np.array([[0.1, 0.0, -0.05]]), 0.25, s.p)
    assert after.pros[0, 1] == pytest.approx([1.2, 1.0, 1.0])
    assert after.cons[0, 1] == pytest.approx([1.0, 1.0, 1.2])
    assert after.pros[0, 0] == pytest.approx([1, 1, 1])
    assert after.cons[0, 0] == pytest.approx([1, 1, 1])


def test_several_engagements_are_decided_on_together_by_their_weights():
    def said(score, further, reference):
        one = np.array([score])
        return Decision(one[:, None], one[:, None], one, np.array([further]), one >= 0.5,
                        one >= 2, np.array([reference]))

    p = parameters().changed(account__rival=0.56, account__follow_on=0.6)
    joint = decide_together([said(0.70, 0.5, False), said(0.20, 0.9, True)], [0.75, 0.25], p)
    # score = 0.75 * 0.7 + 0.25 * 0.2 = 0.575; further = 0.75 * 0.5 + 0.25 * 0.9 = 0.6
    assert joint.score[0] == pytest.approx(0.575)
    assert joint.further[0] == pytest.approx(0.6)
    assert bool(joint.renewed[0])
    assert bool(joint.reference[0])
    assert joint.votes.shape == (1, 2)
    alone = decide_together([said(0.70, 0.5, False), said(0.20, 0.9, True)], [0.25, 0.75], p)
    assert not alone.renewed[0]
