"""One play: what is asked, what is refused, and what never changes."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from casebook import case as cases
from casebook.engagement import Answer, Engagement, IncidentAsk, Plan, PlanAsk, decision
from casebook.engagement.explain import all_causes
from casebook.engagement.transcript import states_digest
from casebook.engagement.words import causes, settings
from casebook.errors import MoveError, PlayerError
from casebook.model import MEASURES, Ledger, findings
from casebook.study import POLICIES, policy
from tests.casefactory import small_case, write_case

BALANCED = (40, 15, 10, 15, 12, 8)


def play_out(case, name="balanced", player="p", attempt=1):
    play = Engagement.start(case, player, attempt)
    while play.ask is not None:
        play = play.take(policy(name)(play))
    return play


def test_a_play_begins_with_a_plan_for_its_first_phase(green):
    play = Engagement.start(green)
    assert isinstance(play.ask, PlanAsk)
    assert play.ask.phase == green.phases[0] and play.ask.week == green.project.first_week


def test_every_phase_asks_for_a_plan_once(green, played):
    plans = [turn.decision.phase for turn in played.turns if isinstance(turn.decision, Plan)]
    assert plans == [phase.id for phase in green.phases]


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_comes_to_an_ending(green, name):
    play = play_out(green, name)
    assert play.outcome.ending in green.endings
    assert all(0 <= score <= 100 for score in play.outcome.scores.values())
    assert play.state.week == green.project.last_week + 1


def test_a_play_meets_six_to_eight_incidents_as_a_rule(green):
    counts = [len(play_out(green, name, f"p{i}").chosen)
              for name in ("balanced", "trust-first", "random") for i in range(6)]
    assert 6 <= sum(counts) / len(counts) <= 8
    assert min(counts) >= 5 and max(counts) <= 10


def test_no_incident_happens_twice_or_outside_its_weeks(green):
    for i in range(8):
        play = play_out(green, "random", f"r{i}")
        answers = [turn for turn in play.turns if isinstance(turn.decision, Answer)]
        ids = [turn.decision.incident for turn in answers]
        assert len(set(ids)) == len(ids)
        for turn in answers:
            first, last = green.incident(turn.decision.incident).weeks
            assert first <= turn.week <= last


def test_taking_a_decision_leaves_the_earlier_engagement_as_it_was(green):
    start = Engagement.start(green)
    before = start.state
    start.take(Plan(green.phases[0].id, BALANCED))
    assert start.state is before and start.turns == ()


def test_two_branches_share_their_luck(green):
    start = Engagement.start(green).take(Plan(green.phases[0].id, BALANCED))
    one, other = (start.take(Answer(start.ask.incident.id, r.id)) for r in start.ask.responses[:2])
    assert one.luck is other.luck


def test_the_order_of_responses_differs_between_players(green):
    orders = set()
    for i in range(12):
        play = Engagement.start(green, f"o{i}").take(Plan(green.phases[0].id, BALANCED))
        orders.add(tuple(r.id for r in play.ask.responses))
    assert len(orders) > 3


def test_reactions_are_the_lines_of_the_band_that_trust_puts_a_contact_in(green, played):
    limits = settings()["bands"]
    for turn in played.turns:
        for told in turn.reactions:
            place = [c.id for c in green.contacts].index(told.contact)
            trust = turn.responded["trust"][place]
            expected = ("warm" if trust >= limits["warm"] else
                        "cold" if trust < limits["cold"] else "wary")
            response = green.incident(turn.decision.incident).response(turn.decision.response)
            assert told.band == expected
            assert told.line in response.reaction[told.contact][expected]


def test_everyone_who_is_signalled_to_reacts(green, played):
    for turn in played.turns:
        if isinstance(turn.decision, Answer):
            response = green.incident(turn.decision.incident).response(turn.decision.response)
            assert set(response.signals) <= {told.contact for told in turn.reactions}


def test_causes_of_every_turn_add_up_to_its_change(green, played):
    for turn in played.turns:
        for i in range(len(green.contacts)):
            booked = all_causes(turn, i).values()
            for measure in MEASURES:
                total = sum(entry[measure] for entry in booked)
                change = turn.after[measure][i] - turn.before[measure][i]
                assert total == pytest.approx(change, abs=1e-12)


def test_every_cause_that_can_be_booked_is_told_in_words(green):
    seen = set()
    for name in POLICIES:
        for turn in play_out(green, name, "words").turns:
            seen |= set(turn.at_once) | set(turn.meanwhile)
    assert seen <= set(causes())


def test_every_cause_cites_findings_that_exist():
    for name, words in causes().items():
        assert set(words["findings"]) <= set(findings()), name


def test_promises_are_settled_when_they_fall_due(green):
    settled = 0
    for i in range(10):
        play = play_out(green, "random", f"q{i}")
        for promise in play.promises:
            assert promise.kept is not None or promise.due > green.project.last_week
            settled += promise.kept is not None
    assert settled > 3


REFUSED = {
    "an answer where a plan is asked for": Answer("x", "y"),
    "a plan for another phase": Plan("no-such-phase", BALANCED),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_is(green, what):
    with pytest.raises(MoveError, match="asked for"):
        Engagement.start(green).take(REFUSED[what])


def test_a_response_that_is_not_offered_is_refused_by_name(green):
    play = Engagement.start(green).take(Plan(green.phases[0].id, BALANCED))
    assert isinstance(play.ask, IncidentAsk)
    with pytest.raises(MoveError, match="offers no response 'nonsense'"):
        play.take(Answer(play.ask.incident.id, "nonsense"))


def test_nothing_can_be_decided_after_the_end(played):
    with pytest.raises(MoveError, match="over"):
        played.take(Answer("a", "b"))


BAD_RECORDS = {
    "add up to 90 %": {"plan": "p", "shares": {"implementer": 90}},
    "no role 'boss'": {"plan": "p", "shares": {"boss": 100}},
    "share of coach is -5": {"plan": "p", "shares": {"implementer": 95, "coach": -5}},
    "share of coach is 2.5": {"plan": "p", "shares": {"implementer": 97, "coach": 2.5}},
    "neither an attention plan nor an answer": {"say": "hello"},
    "is a mapping": ["plan"],
}


@pytest.mark.parametrize("message", BAD_RECORDS)
def test_a_bad_record_is_refused_with(message):
    with pytest.raises(MoveError) as caught:
        decision(BAD_RECORDS[message])
    assert message in str(caught.value)


@pytest.mark.parametrize("player", ["", "   ", "x" * 65, "a\nb", None, 7])
def test_a_player_that_cannot_be_used_is_refused(green, player):
    with pytest.raises(PlayerError):
        Engagement.start(green, player)


@pytest.mark.parametrize("attempt", [0, -1, 1000, True, 1.0, "1"])
def test_an_attempt_that_cannot_be_used_is_refused(green, attempt):
    with pytest.raises(PlayerError):
        Engagement.start(green, "p", attempt)


def test_another_attempt_has_other_luck(green):
    one, two = (Engagement.start(green, "p", attempt) for attempt in (1, 2))
    assert not np.array_equal(one.luck.delivery, two.luck.delivery)


def test_states_are_the_same_in_whatever_order_and_thread_plays_are_made(green):
    names = ["a", "b", "c", "d"]
    alone = {name: states_digest(play_out(green, "random", name)) for name in names}
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(
            lambda name: states_digest(play_out(green, "random", name)), reversed(names)))
    assert together == [alone[name] for name in reversed(names)]


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_states_are_the_same_in_another_process_with_another_hash_seed(green, seed):
    script = ("import json, sys\n"
              "from casebook import case\n"
              "from casebook.engagement import Engagement\n"
              "from casebook.engagement.transcript import states_digest\n"
              "from casebook.study import policy\n"
              "play = Engagement.start(case.read('green-dashboard'), 'other', 3)\n"
              "while play.ask is not None: play = play.take(policy('random')(play))\n"
              "print(json.dumps(states_digest(play)))\n")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True,
                          check=True, env={**os.environ, "PYTHONHASHSEED": seed})
    assert json.loads(done.stdout) == states_digest(play_out(green, "random", "other", 3))


def test_a_ledger_opened_on_a_state_books_nothing_until_something_moves(green):
    play = Engagement.start(green)
    ledger = Ledger(play.parameters)
    ledger.open(play.state)
    ledger.note("nothing", play.state)
    assert ledger.entries == {}


def test_a_compensation_offers_what_its_author_wrote(tmp_path):
    from casebook.engagement import translate

    data = small_case()
    response = data["incidents"][0]["responses"][0]
    contact = data["contacts"][0]["id"]
    response["repair"] = [{"to": contact, "violation": "competence", "by": "compensate",
                           "amount": 150}]
    case = cases.read(write_case(tmp_path / "small", data))
    move = translate.move(case, case.incidents[0], case.incidents[0].responses[0])
    assert move.amount[0, 0] == 1.5 and (move.amount[0, 1:] == 1).all()


def test_a_case_says_how_team_and_client_stand_when_it_begins(tmp_path):
    data = small_case("uneven")
    data["project"]["start"] = {"capability": 1, "morale": 5, "readiness": 2}
    usual = Engagement.start(cases.read(write_case(tmp_path / "small"))).state
    state = Engagement.start(cases.read(write_case(tmp_path / "uneven", data))).state
    steps = settings()["condition"]
    assert state.capability[0] == pytest.approx(usual.capability[0] - 2 * steps["capability"])
    assert state.morale[0] == pytest.approx(usual.morale[0] + 2 * steps["morale"])
    assert state.readiness[0] == pytest.approx(usual.readiness[0] - steps["readiness"])
    assert state.alignment[0] == usual.alignment[0]
    assert state.coverage[0] == usual.coverage[0]


def test_what_contacts_say_to_renewal_scores_beside_its_result(played):
    """The line's points are straight between the ends that the settings give."""
    outcome, line = played.outcome, settings()["scorecard"]["account"]["support"]
    expected = 100 * (outcome.support - line["zero"]) / (line["full"] - line["zero"])
    points, weight = outcome.lines["account"]["support"]
    assert points == pytest.approx(min(max(expected, 0), 100))
    assert weight == line["weight"]
    assert outcome.renewed == (outcome.support >= outcome.rival)
