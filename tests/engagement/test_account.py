"""Several engagements of one account, side by side with one week of the manager."""

import dataclasses
import json

import numpy as np
import pytest

from casebook import case as cases
from casebook.engagement import (
    AccountPlay,
    Answer,
    Division,
    DivisionAsk,
    Engagement,
    Expected,
    Plan,
    PlanAsk,
    begin_play,
    replay,
)
from casebook.engagement.crowd import lucks
from casebook.engagement.together import even_division, loads
from casebook.engagement.transcript import dump, lines_of
from casebook.errors import MoveError
from casebook.model import pick
from casebook.study import policy
from casebook.study.game import Game, mixed
from casebook.study.policies import BENCHMARKS
from casebook.study.regret import regret, same_luck
from casebook.study.tables import causes, turns
from tests.casefactory import account_parts, small_account, write_account
from tests.crowdkit import assert_same_state


def played(case, who="me", attempt=1, name="random"):
    play = begin_play(case, who, attempt)
    while play.ask is not None:
        play = play.take(policy(name)(play))
    return play


def test_it_asks_for_the_week_then_for_a_plan_of_each_then_for_answers(deal):
    play, asked = begin_play(deal, "me"), []
    while play.ask is not None:
        kind = type(play.ask).__name__
        asked.append((kind, getattr(play.ask, "engagement", "")))
        play = play.take(policy("balanced")(play))
    assert asked[:4] == [("DivisionAsk", ""), ("PlanAsk", "north"), ("PlanAsk", "south"),
                         ("IncidentAsk", "north")]
    assert sum(kind == "DivisionAsk" for kind, _ in asked) == len(deal.phases)
    assert {one for kind, one in asked if kind == "IncidentAsk"} == {"north", "south"}


def test_a_crowd_of_accounts_is_what_single_plays_are(deal):
    players = [(f"p{i}", 1 + i % 2) for i in range(4)]
    names = [name for name in BENCHMARKS for _ in players]
    everyone = players * len(BENCHMARKS)
    luck = tuple(lucks(part.case, everyone) for part in deal.parts)
    game, whose = Game(deal, ()), np.repeat(np.arange(len(BENCHMARKS)), len(players))
    crowd = game.play(luck, mixed([game.managers(one, len(everyone), 0)
                                   for one in BENCHMARKS.values()], whose))
    for row, ((who, attempt), name) in enumerate(zip(everyone, names, strict=True)):
        play = played(deal, who, attempt, name)
        for k, part in enumerate(play.parts):
            assert_same_state(pick(crowd.parts[k].state, np.array([row])), part.state)
            assert crowd.parts[k].history.answers[row].tolist() == part.history.answers[0].tolist()
            assert crowd.parts[k].history.kept[row].tolist() == part.history.kept[0].tolist()
        out = crowd.outcome
        assert deal.endings[out.ending[row]] == play.outcome.ending
        assert [part.case.endings[out.parts[row, k]] for k, part in enumerate(deal.parts)] == list(
            play.outcome.parts.values())
        assert out.overall[row] == pytest.approx(play.outcome.overall, abs=1e-7)
        assert out.support[row] == pytest.approx(play.outcome.support, abs=1e-9)


def alone(part, shares, answers, who):
    """One engagement played by itself, with one plan and given answers."""
    play = Engagement.start(part, who)
    while play.ask is not None:
        play = play.take(Plan(play.ask.phase.id, shares) if isinstance(play.ask, PlanAsk)
                         else Answer(play.ask.incident.id, answers[play.ask.incident.id]))
    return play


def test_an_engagement_that_gets_what_it_needs_goes_as_it_would_by_itself(tmp_path):
    data, parts = small_account(), account_parts()
    del data["talks"]
    data["engagements"] = [{"id": "north", "need": 60, "weight": 3},
                           {"id": "south", "need": 40, "weight": 1}]
    for part in parts.values():           # nothing hangs on the other engagement
        part["incidents"] = [one for one in part["incidents"] if "when" not in one]
    account = cases.read(write_account(tmp_path / "deal", data, parts))
    shares, answers = (40, 20, 10, 10, 10, 10), {
        f"{part}-{incident}": pick for part in parts for incident, pick in (
            ("first", "yes"), ("second", "no"))}
    play = begin_play(account, "me")
    while play.ask is not None:
        if isinstance(play.ask, DivisionAsk):
            play = play.take(Division(play.ask.phase.id, ("north", "south"), (60, 40)))
        elif isinstance(play.ask, PlanAsk):
            play = play.take(Plan(play.ask.phase.id, shares, play.ask.engagement))
        else:
            play = play.take(Answer(play.ask.incident.id, answers[play.ask.incident.id]))
    for part, whole in zip(play.parts, account.parts, strict=True):
        assert_same_state(part.state, alone(whole.case, shares, answers, "me").state)


def at_first_plan(deal, shares):
    return begin_play(deal, "me").take(Division("one", ("north", "south"), shares))


def test_an_engagement_that_gets_nothing_of_you_falls_behind(deal):
    def end(shares):
        play = begin_play(deal, "me")
        while play.ask is not None:
            made = Division(play.ask.phase.id, ("north", "south"), shares) if isinstance(
                play.ask, DivisionAsk) else policy("balanced")(play)
            play = play.take(made)
        return play

    much, nothing = end((60, 40)), end((100, 0))
    assert nothing.parts[1].state.done[0] < much.parts[1].state.done[0]
    assert nothing.parts[0].state.done[0] > much.parts[0].state.done[0]


@pytest.mark.parametrize("made", [
    Division("one", ("north", "south"), (50, 50)),
    Plan("one", (40, 20, 10, 10, 10, 10), "south"),
    Plan("two", (40, 20, 10, 10, 10, 10), "north"),
    Plan("one", (40, 20, 10, 10, 10, 10)),
    Answer("north-first", "yes"),
])
def test_what_is_not_asked_for_is_refused_and_changes_nothing(deal, made):
    play = at_first_plan(deal, (50, 50))
    with pytest.raises(MoveError):
        play.take(made)
    assert play.take(Plan("one", (40, 20, 10, 10, 10, 10), "north")).ask.engagement == "south"


@pytest.mark.parametrize("made", [
    Division("two", ("north", "south"), (50, 50)), Division("one", ("north", "west"), (50, 50)), Plan("one", (40, 20, 10, 10, 10, 10), "north"),
])
def test_a_division_has_to_name_this_phase_and_all_engagements(deal, made):
    with pytest.raises(MoveError):
        begin_play(deal, "me").take(made)


def test_a_division_may_come_in_any_order_and_leave_out_a_nought(deal):
    play = begin_play(deal, "me").take(Division("one", ("south", "north"), (30, 70)))
    assert play.turns[0].decision == Division("one", ("north", "south"), (70, 30))
    assert begin_play(deal, "me").take(Division("one", ("north",), (100,))).division == (100, 0)


def test_however_much_of_a_week_goes_into_enterprise_no_work_is_undone(deal):
    """An engagement can get several times what it needs; the worst is that nothing moves."""
    play = begin_play(deal, "me")
    begun = play.parts[1].state.done[0]
    while play.ask is not None:
        if isinstance(play.ask, DivisionAsk):
            made = Division(play.ask.phase.id, ("north", "south"), (0, 100))
        elif isinstance(play.ask, PlanAsk):
            made = Plan(play.ask.phase.id, (5, 0, 95, 0, 0, 0), play.ask.engagement)
        else:
            made = policy("balanced")(play)
        play = play.take(made)
    assert play.parts[1].state.done[0] >= begun
    assert play.parts[1].state.hidden[0] >= 0


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_manager_of_an_account_decides_alone_as_in_a_crowd(name):
    account = cases.read("account-plan")
    play = begin_play(account, "me")
    game = Game(account, ())
    crowd = game.play(same_luck(play, 1), game.managers(BENCHMARKS[name], 1, 0))
    while play.ask is not None:
        play = play.take(BENCHMARKS[name](play))
    assert crowd.outcome.overall[0] == pytest.approx(play.outcome.overall, abs=1e-7)
    chosen = {f"{i.id}/{i.responses[j].id}" for i, j in zip(
        account.incidents, crowd.answers[0], strict=True) if j >= 0}
    assert chosen == set(play.chosen)


@pytest.mark.parametrize("shares", [(50, 40), (101, -1), (50.0, 50), (True, 99)])
def test_a_division_adds_up(shares):
    with pytest.raises(MoveError):
        Division("one", ("north", "south"), shares)


def test_the_week_is_divided_as_needed_unless_said_otherwise(deal):
    assert even_division(deal) == (58, 42)         # 70 and 50 of 120
    assert begin_play(deal, "me").ask.shares == (58, 42)
    load = loads(deal, np.array([[35.0, 65.0]]))
    assert load.tolist() == [[0.5, 1.3]]


def test_the_causes_of_every_turn_add_up_and_name_what_was_heard(deal):
    play = played(deal)
    for turn in play.turns:
        for measure in turn.before:
            total = sum((entry[measure] for entries in (turn.at_once, turn.meanwhile)
                         for entry in entries.values()), np.zeros(len(deal.contacts)))
            np.testing.assert_allclose(turn.after[measure] - turn.before[measure], total, atol=1e-12)
    table = causes(play)
    heard = set(table[table.cause == "hearsay"].contact)
    assert heard == {"south-ann", "south-bob", "north-bob"}        # whom the talks name


def test_a_table_of_an_account_tells_engagement_and_share(deal):
    play = played(deal)
    table = turns(play)
    first = next(t for t in play.turns if isinstance(t.decision, Division))
    rows = table[table.turn == first.number]
    assert dict(zip(rows.contact, rows.share, strict=True)) == {
        contact.id: first.decision.shares[k] for k, part in enumerate(deal.parts)
        for contact in part.case.contacts}
    assert len(table) == len(play.turns) * len(deal.contacts)


def test_a_transcript_of_an_account_replays(deal, tmp_path):
    play = played(deal)
    path = tmp_path / "deal.casebook.jsonl"
    lines = lines_of(play)
    path.write_text("".join(map(dump, lines)), encoding="utf-8")
    result = replay(path, lambda id: deal, Expected("deal", "me", 1))
    assert result.verdict == "whole"
    assert isinstance(result.play, AccountPlay)
    assert json.loads(json.dumps(result.record()))["outcome"]["parts"] == {
        id: ending.id for id, ending in play.outcome.parts.items()}
    damaged = [json.loads(dump(line)) for line in lines]
    damaged[1]["decision"]["shares"]["north"] += 1
    path.write_text("".join(map(dump, damaged)), encoding="utf-8")
    assert replay(path, lambda id: deal).verdict == "edited"


def test_managers_are_compared_on_the_luck_of_an_account(deal):
    play = played(deal, name="balanced")
    compared = regret(play)
    own = compared.table.set_index("manager").loc["balanced"]
    assert own.difference == pytest.approx(0, abs=1e-7)
    assert len(compared.table) == len(BENCHMARKS)


def test_one_renewal_counts_every_engagement_by_its_weight(deal):
    """The joint score is the mean of the engagements' own, 3 to 1."""
    from casebook.model import decide

    play = played(deal)
    own = [float(decide(p.state, p.luck, p.setting, p.parameters).score[0]) for p in play.parts]
    assert play.outcome.support == pytest.approx(0.75 * own[0] + 0.25 * own[1], abs=1e-12)
    assert play.outcome.renewed == (play.outcome.support >= play.parameters.account.rival)


def test_what_happens_at_one_engagement_can_follow_from_the_other(deal):
    """north-told hangs on what was answered at south, and that on a flag set at north."""
    def answers(first, late):
        play = begin_play(deal, "me")
        while play.ask is not None:
            given = {"north-first": first, "south-late": late}
            made = policy("balanced")(play)
            if isinstance(made, Answer) and made.incident in given:
                made = Answer(made.incident, given[made.incident])
            play = play.take(made)
        return {name.split("/")[0] for name in play.chosen}

    assert "north-told" in answers("yes", "no")
    assert "north-told" not in answers("yes", "yes")
    assert "south-late" not in answers("no", "no")


def test_an_account_is_frozen(deal):
    with pytest.raises(dataclasses.FrozenInstanceError):
        begin_play(deal, "me").division = (1, 99)
