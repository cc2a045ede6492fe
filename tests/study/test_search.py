"""The best play found: replayable, not beaten by a single change, and honest about what is left."""

import numpy as np
import pytest

from casebook.engagement import Answer, Engagement, Plan
from casebook.engagement.crowd import lucks
from casebook.engagement.words import settings
from casebook.errors import StudyError
from casebook.study import BENCHMARKS, best_play, policy, regret
from casebook.study.search import Candidates, Search, whole
from tests.crowdkit import alone


@pytest.fixture(scope="session")
def found(small):
    return best_play(small, "ann", 1, restarts=1)


@pytest.fixture(scope="session")
def found_green(green):
    return best_play(green, "ann", 1, restarts=1)


def replayed(case, decisions, player="ann"):
    play = Engagement.start(case, player, 1)
    for decision in decisions:
        play = play.take(decision)
    return play


@pytest.mark.parametrize("which", ["small", "green"])
def test_the_decisions_found_play_to_the_score_found(which, request):
    case = request.getfixturevalue(which)
    best = request.getfixturevalue({"small": "found", "green": "found_green"}[which])
    play = replayed(case, best.decisions)
    assert play.outcome.overall == best.score == best.play.outcome.overall
    crowd = Search(case, lucks(case, [("ann", 1)]), 10).play(as_candidates(case, best.decisions))
    assert crowd.outcome.overall[0] == pytest.approx(best.score, abs=1e-9)


def as_candidates(case, decisions):
    plans = [d.shares for d in decisions if isinstance(d, Plan)]
    wishes = np.zeros((1, len(case.incidents)), dtype=int)
    for d in decisions:
        if isinstance(d, Answer):
            place = case.incidents.index(case.incident(d.incident))
            wishes[0, place] = [r.id for r in case.incidents[place].responses].index(d.response)
    return Candidates(np.array([plans]), wishes)


@pytest.mark.parametrize("which", ["small", "green"])
def test_no_benchmark_manager_beats_the_best_play(which, request):
    case = request.getfixturevalue(which)
    best = request.getfixturevalue({"small": "found", "green": "found_green"}[which])
    for name in (*BENCHMARKS, "random"):
        assert alone(case, "ann", 1, policy(name)).outcome.overall <= best.score + 1e-9


def test_no_single_change_of_the_best_play_is_better(small, found):
    """Checked by single plays, independently of the crowd that searched."""
    assert found.optimum
    base, tried = list(found.decisions), 0
    for i, decision in enumerate(base):
        for other in list(changed(small, decision)):
            tried += 1
            score = replayed(small, [*base[:i], other, *base[i + 1:]]).outcome.overall
            assert score <= found.score + 1e-5, (decision, other)
    assert tried > 30


def changed(case, decision):
    if isinstance(decision, Answer):
        for response in case.incident(decision.incident).responses:
            if response.id != decision.response:
                yield Answer(decision.incident, response.id)
        return
    for source, share in enumerate(decision.shares):
        for target in range(6):
            for step in {min(5, share), min(15, share)} - {0}:
                if source != target:
                    shares = list(decision.shares)
                    shares[source] -= step
                    shares[target] += step
                    yield Plan(decision.phase, tuple(shares))


def test_many_plays_at_random_do_not_beat_the_best_play(small, found):
    search = Search(small, lucks(small, [("ann", 1)]), 10 ** 6)
    crowd = search.play(search.at_random(np.random.default_rng(5), 4000))
    assert crowd.outcome.overall.max() <= found.score


@pytest.mark.parametrize("best", ["found", "found_green"])
def test_the_ideal_lies_between_the_score_and_the_bound(best, request):
    best = request.getfixturevalue(best)
    assert best.score <= best.ideal + 1e-9 and best.ideal <= best.bound == 100
    assert best.gap == best.ideal - best.score
    for area, lines in best.play.outcome.lines.items():
        for name, (points, _) in lines.items():
            assert best.lines[area][name] >= points - 1e-9


def test_the_ideal_weighs_the_lines_as_the_scorecard_does(found):
    card = settings()["scorecard"]
    total = 0
    for area, weight in card["overall"].items():
        weights = [line["weight"] for line in card[area].values()]
        points = [found.lines[area][name] for name in card[area]]
        total += weight * sum(w * x for w, x in zip(weights, points, strict=True)) / sum(weights)
    assert found.ideal == pytest.approx(total / sum(card["overall"].values()))


def test_a_search_finds_the_same_again(small, found):
    again = best_play(small, "ann", 1, restarts=1)
    assert again.decisions == found.decisions and again.evaluated == found.evaluated


def test_a_search_that_is_cut_short_says_so(green):
    short = best_play(green, "ann", 1, most=512)
    assert not short.optimum and short.score > 0
    assert replayed(green, short.decisions).outcome.overall == short.score


@pytest.mark.parametrize("wrong", [{"restarts": 0}, {"most": 10}])
def test_a_search_of_nothing_is_refused(small, wrong):
    with pytest.raises(StudyError):
        best_play(small, **wrong)


def test_a_wish_that_is_not_on_offer_becomes_the_next_that_is(case_of):
    """In the crowded case the third response to `late` is on offer to some only."""
    case = case_of("crowded")
    places = {one.id: i for i, one in enumerate(case.incidents)}
    wishes = np.zeros((1, len(case.incidents)), dtype=int)
    wishes[0, places["late"]] = 2
    one = Candidates(np.tile([40, 15, 10, 15, 12, 8], (1, len(case.phases), 1)), wishes)
    chosen = set()
    for i in range(30):
        play = alone(case, f"p{i}", 1, one.decide)
        crowd = Search(case, lucks(case, [(f"p{i}", 1)]), 10).play(one)
        assert {f"{x.id}/{crowd.response(x.id)[0]}" for x in case.incidents
                if crowd.response(x.id)[0]} == set(play.chosen)
        chosen |= {name for name in play.chosen if name.startswith("late/")}
    assert chosen == {"late/wait", "late/yes"}


def test_whole_percents_add_up_and_stay_close():
    sizes = np.random.default_rng(1).gamma(0.3, size=(500, 5, 6)) + 1e-12
    shares = whole(sizes)
    assert (shares.sum(axis=-1) == 100).all() and (shares >= 0).all()
    assert np.abs(shares - 100 * sizes / sizes.sum(axis=-1, keepdims=True)).max() < 1
    np.testing.assert_array_equal(whole(np.array([1, 1, 1, 1, 1, 1.0])), [17, 17, 17, 17, 16, 16])


def test_regret_sets_a_play_beside_the_managers_on_its_luck(green):
    play = alone(green, "ann", 2, policy("coach"))
    found = regret(play)
    assert set(found.table["manager"]) == set(BENCHMARKS)
    for row in found.table.itertuples():
        other = alone(green, "ann", 2, policy(row.manager)).outcome
        assert row.overall == pytest.approx(other.overall, abs=1e-7)
        assert row.difference == pytest.approx(other.overall - play.outcome.overall, abs=1e-7)
        assert (row.ending, row.renewed) == (other.ending.id, other.renewed)
    assert found.table["overall"].is_monotonic_decreasing
    assert found.best == found.table["manager"][0]
    assert found.regret == found.table["difference"].max() > 0


def test_the_best_play_has_no_regret(found_green):
    assert regret(found_green.play).regret < 0


def test_a_play_that_is_not_over_has_no_regret_yet(green):
    with pytest.raises(StudyError, match="not over"):
        regret(Engagement.start(green))
