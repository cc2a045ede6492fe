"""What each decision of a finished play was worth, on its own luck and on futures drawn anew."""

import copy
import dataclasses

import numpy as np
import pytest

from casebook import case as cases
from casebook.engagement import Answer, Division, Plan, begin_play
from casebook.engagement.together import even_division
from casebook.engagement.words import settings
from casebook.errors import StudyError
from casebook.grading.whatif import other_story
from casebook.study import benchmarks, futures, policy, regret, turning, turning_points
from casebook.study.game import Game, rows
from casebook.study.script import STAND_IN, Script, retelling
from tests.casefactory import crowded_case, incident, small_case, write_case

BUNDLED = ("green-dashboard", "two-rooms", "three-sponsors", "after-hours", "second-question",
           "the-reference", "account-plan")


def played(case, manager="random", player="mia"):
    play = begin_play(case, player)
    while play.outcome is None:
        play = play.take(policy(manager)(play))
    return play


@pytest.fixture(scope="module")
def reckoned(case_of):
    """A play of a bundled case and its turning points, reckoned once."""
    known = {}

    def find(name):
        if name not in known:
            play = played(case_of(name))
            known[name] = play, turning_points(play)
        return known[name]

    return find


def futures_of(case):
    return futures.fresh(Game(case, turning.KEY), turning.CHOOSING + turning.MEASURING)


def otherwise(play, turn, made):
    """A play again with one plan or division changed; the rest as it was, or by the stand-in."""
    known = {key(one.decision): one.decision for one in play.turns} | {key(made): made}
    again = begin_play(play.case, play.player, play.attempt)
    while again.outcome is None:
        wish = known.get(asked(again))
        if isinstance(wish, Answer) and wish.response not in {r.id for r in again.ask.responses}:
            wish = None
        again = again.take(wish or policy(STAND_IN)(again))
    assert again.turns[turn - 1].decision == made
    return again


def key(made):
    if isinstance(made, Answer):
        return made.incident
    return (type(made).__name__, made.phase, getattr(made, "engagement", ""))


def asked(play):
    if hasattr(play.ask, "incident"):
        return play.ask.incident.id
    kind = type(play.ask).__name__.removesuffix("Ask")
    return (kind, play.ask.phase.id, getattr(play.ask, "engagement", ""))


@pytest.mark.parametrize("name", BUNDLED)
def test_on_the_plays_own_luck_it_is_the_other_story(reckoned, name):
    play, points = reckoned(name)
    assert sorted(one.turn for one in points) == [
        turn.number for turn in play.turns if turning.alternatives(play, turn)]
    for point in points:
        few = point.alternatives[:1] if name == "account-plan" else point.alternatives
        for one in few:
            if isinstance(point.chose, Answer):
                wished = -other_story(play, point.chose.incident, one.decision.response).difference
            else:
                other = otherwise(play, point.turn, one.decision)
                wished = play.outcome.overall - other.outcome.overall
            assert one.here == pytest.approx(wished, abs=1e-7)


@pytest.mark.parametrize("name", BUNDLED)
def test_every_decision_is_there_with_all_that_was_on_offer(reckoned, name):
    play, points = reckoned(name)
    for point in points:
        turn = play.turns[point.turn - 1]
        assert (point.week, point.title, point.chose) == (turn.week, turn.title, turn.decision)
        assert point.other in point.alternatives
        assert point.other.low <= point.value <= point.other.high
        others = [one.decision for one in point.alternatives]
        assert point.chose not in others and len(set(others)) == len(others)
        if isinstance(point.chose, Answer):
            assert {one.response for one in others} == set(turn.offered) - {point.chose.response}
        elif isinstance(point.chose, Plan):
            presets = {tuple(one["shares"]) for one in settings()["presets"].values()}
            assert {one.shares for one in others} == presets - {point.chose.shares}
    sizes = [abs(point.value) for point in points]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("name", BUNDLED)
def test_the_situation_of_a_decision_arises_on_every_future(reckoned, name):
    play, _ = reckoned(name)
    game, (drawn, _votes) = Game(play.case, turning.KEY), futures_of(play.case)
    places = {one.id: i for i, one in enumerate(play.case.incidents)}
    forks = [one for one in turning._forks(play, drawn) if isinstance(one.turn.decision, Answer)]
    for fork in forks[::3 if name == "account-plan" else 1]:
        n = 1 + turning.CHOOSING + turning.MEASURING
        for script, made in zip(fork.scripts, fork.decisions, strict=True):
            crowd = game.play(fork.luck, retelling(play, [script], np.zeros(n, dtype=int)))
            offered = [r.id for r in play.case.incident(made.incident).responses]
            assert (crowd.answers[:, places[made.incident]] == offered.index(made.response)).all()


def test_a_script_played_on_its_own_luck_is_the_play(case_of):
    for name in BUNDLED:
        play = played(case_of(name))
        game = Game(play.case, ())
        luck = rows(tuple(p.luck for p in play.parts) if len(play.parts) > 1 else play.luck,
                    np.zeros(2, dtype=int))
        crowd = game.play(luck, retelling(play, [Script.of(play)], np.zeros(2, dtype=int)))
        assert crowd.outcome.overall == pytest.approx(play.outcome.overall, abs=1e-7)


def test_the_same_play_gives_the_same_numbers_however_it_is_batched(reckoned, monkeypatch):
    play, first = reckoned("green-dashboard")
    assert turning_points(play) == first
    monkeypatch.setattr(turning, "TOGETHER", 1)
    for one, other in zip(turning_points(play), first, strict=True):
        assert one.chose == other.chose and one.other.decision == other.other.decision
        assert one.value == pytest.approx(other.value, abs=1e-7)


def test_a_player_of_another_name_meets_the_same_futures(case_of):
    case = case_of("green-dashboard")
    drawn, _votes = futures_of(case)
    lucks = [next(turning._forks(played(case, player=name), drawn)).luck for name in ("mia", "tom")]
    assert (lucks[0].delivery[1:] == lucks[1].delivery[1:]).all()
    assert not (lucks[0].delivery[0] == lucks[1].delivery[0]).all()


@pytest.mark.parametrize("taken", [False, True])
def test_futures_share_the_past_and_the_people(case_of, taken):
    case = case_of("green-dashboard")
    own, fresh = begin_play(case, "mia").luck, rows(futures_of(case)[0], slice(0, 5))
    mixed = futures.futures(own, fresh, 4, taken)
    for name in ("severe", "difficulty", "skill", "traits", "people", "reading"):
        assert (getattr(mixed, name) == getattr(own, name)).all()
    for name, past in (("delivery", 4), ("perception", 4), ("taking", 4 + taken)):
        all_of, mine = getattr(mixed, name), getattr(own, name)
        assert (all_of[:, :past] == mine[:, :past]).all() and (all_of[0] == mine[0]).all()
        assert (all_of[1:, past:] == getattr(fresh, name)[:, past:]).all()
    for name in ("renewal", "recall"):
        assert (getattr(mixed, name)[1:] == getattr(fresh, name)).all()
        assert (getattr(mixed, name)[0] == getattr(own, name)[0]).all()


def of_responses(tmp_path, responses, **project):
    """A small case whose second incident has these responses."""
    data = small_case()
    data["project"] |= {"volatility": 60, **project}
    data["incidents"][1] = incident("second", 4) | {"responses": responses}
    return cases.read(write_case(tmp_path / "small", data))


def test_responses_that_are_alike_are_worth_nothing(tmp_path):
    yes = small_case()["incidents"][0]["responses"][0]
    case = of_responses(tmp_path, [yes, copy.deepcopy(yes) | {"id": "again", "say": "The same."}])
    point = next(one for one in turning_points(played(case)) if one.title == "Second")
    assert (point.value, point.other.low, point.other.high, point.other.here) == (0, 0, 0, 0)


def test_a_response_that_only_costs_is_worth_what_its_cost_takes_from_the_scorecard(tmp_path):
    yes = small_case()["incidents"][0]["responses"][0]
    dear = copy.deepcopy(yes) | {"id": "dear", "say": "Dear.", "effects": {"cost": 2}}
    # A budget that keeps the line of cost between its ends, where points fall straight.
    case = of_responses(tmp_path, [yes, dear], spent=38, volatility=20)
    play = played(case, "balanced")
    points, (_, weight) = play.outcome.lines["delivery"], play.outcome.lines["delivery"]["cost"]
    assert 5 < points["cost"][0] < 95
    line, card = settings()["scorecard"]["delivery"], settings()["scorecard"]["overall"]
    lost = 2 / 80 / (line["cost"]["zero"] - line["cost"]["full"]) * 100
    lost *= weight / sum(one["weight"] for one in line.values()) * card["delivery"] / sum(card.values())
    point = next(one for one in turning_points(play) if one.title == "Second")
    sign = 1 if point.chose.response == "yes" else -1
    assert sign * point.value == pytest.approx(lost, abs=1e-9)
    assert sign * point.other.here == pytest.approx(lost, abs=1e-9)
    assert point.other.high - point.other.low < 1e-9


@pytest.mark.parametrize("kind", ["green-dashboard", "account-plan"])
def test_votes_are_drawn_once_each_and_decide_as_a_play_does(case_of, kind):
    case = case_of(kind)
    game, n = Game(case, turning.KEY), 30
    luck, votes = futures.fresh(game, n)
    for k in range(len(votes[0])):
        assert len(np.unique(np.concatenate([one[k][0] for one in votes]), axis=0)) == n * len(votes)
    crowd = game.play(luck, game.managers(policy("balanced"), n, 0))
    assert futures.decided_again(crowd, votes[:1]) == pytest.approx(crowd.outcome.overall)
    each = [futures.decided_again(crowd, [one]) for one in votes]
    assert futures.decided_again(crowd, votes) == pytest.approx(np.mean(each, axis=0))
    assert np.ptp(each, axis=0).max() > 1


def test_intervals_hold_what_many_more_futures_give(tmp_path, monkeypatch):
    data = crowded_case()
    play = played(cases.read(write_case(tmp_path / "crowded", data)))
    found = {}
    for k in range(60):
        monkeypatch.setattr(turning, "KEY", ("others", k))
        for point in turning_points(play):
            for one in point.alternatives:
                found.setdefault((point.turn, one.decision), []).append(one)
    held = []
    for those in found.values():
        truth = np.mean([one.value for one in those])
        held += [one.low - 1e-9 <= truth <= one.high + 1e-9 for one in those]
        assert np.ptp([one.here for one in those]) == 0
    assert 0.92 <= np.mean(held) <= 0.98


def test_the_best_other_is_picked_on_futures_that_do_not_measure_it(monkeypatch):
    chose, decisions = "a", ("a", "b", "c")
    points = np.zeros((3, 1 + turning.CHOOSING + turning.MEASURING))
    points[1, 1:1 + turning.CHOOSING] = 2          # b looks best where it is picked
    points[2, 1 + turning.CHOOSING:] = 5           # c is best where it is measured
    turn = dataclasses.replace(played(cases.read("green-dashboard")).turns[0], decision=chose)
    found = turning._point(turning.Fork(turn, decisions, (), None), points)
    assert found.other.decision == "b" and found.value == 0
    assert [one.value for one in found.alternatives] == [0, -5]


def test_the_others_of_a_division_are_by_needs_and_leaning(case_of):
    account = case_of("account-plan")
    play = played(account, "balanced")
    turn = next(one for one in play.turns if isinstance(one.decision, Division))
    even, found = even_division(account), turning.alternatives(play, turn)
    assert turn.decision.shares == even and len(found) == len(account.parts)
    for k, one in enumerate(found):
        assert sum(one.shares) == 100 and one.shares[k] > even[k]
        assert all(one.shares[j] <= even[j] for j in range(len(even)) if j != k)


def test_a_play_that_is_not_over_is_refused(case_of):
    play = begin_play(case_of("green-dashboard"), "mia")
    for reckon in (turning_points, benchmarks):
        with pytest.raises(StudyError, match="not over"):
            reckon(play)


@pytest.mark.parametrize("name", ["green-dashboard", "account-plan"])
def test_a_play_stands_among_the_benchmarks_best_first(case_of, name):
    play = played(case_of(name))
    found, table = benchmarks(play), regret(play).table
    assert [one.overall for one in found] == sorted((one.overall for one in found), reverse=True)
    own = [one for one in found if not one.manager]
    assert [(one.overall, one.ending) for one in own] == [
        (play.outcome.overall, play.outcome.ending.title)]
    assert [one.manager for one in found if one.manager] == table["manager"].tolist()
    single = played(case_of(name), "trust-first")
    assert next(one for one in found if one.manager == "trust-first").ending == (
        single.outcome.ending.title)
