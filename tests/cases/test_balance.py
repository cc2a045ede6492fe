"""Every case of the casebook is well balanced, over 2,048 plays of each manager."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from casebook import case as cases
from casebook.cli import main
from casebook.study.balance import balance, wanted
from casebook.study.habits import Habit, deny, heaviest
from casebook.study.tries import Tried, _summed
from casebook.study.verdicts import length_rank
from tests.casefactory import write_case


@pytest.mark.parametrize("id", sorted(cases.bundled()))
def test_a_case_is_well_balanced(id):
    found = balance(id, runs=2048)
    assert found.runs >= 2000
    assert [f"{v.name}: {v.told}" for v in found.verdicts if not v.holds] == []
    for language in cases.translations(id):
        lengths = {f"{incident.id}/{response.id}": len(response.say)
                   for incident in cases.read(id, language).incidents
                   for response in incident.responses}
        said = replace(found, tried=tuple(
            replace(one, lengths={name: lengths[name] for name in one.lengths})
            for one in found.tried))
        rank = length_rank(said, wanted()["tries"]["states"]["least"])
        assert abs(rank - 0.5) <= wanted()["lengths"]["apart"], f"{language}: {rank:.2f}"


def test_the_same_seed_measures_the_same_and_another_does_not(case_of):
    case = case_of("crowded")
    one, again, other = (balance(case, 512, seed) for seed in (1, 1, 2))
    assert one == again
    assert one.means["random"] != other.means["random"]


def incident(responses):
    """An incident with so many responses."""
    return SimpleNamespace(id="i", responses=[SimpleNamespace(say="Yes.")] * responses)


def points(*overall):
    """Overall by response and state; all areas move as the whole does."""
    return np.repeat(np.array(overall, dtype=float)[:, None], 5, axis=1)


def test_best_share_beaten_and_means_of_responses():
    tried = _summed(incident(3), ["a", "b", "c"], points(
        [50, 60, 70, np.nan], [40, 61, 60, 10], [40, 50, 69, 20]))
    assert tried.states == {"a": 3, "b": 4, "c": 4}
    assert tried.best == {"a": 2 / 3, "b": 1 / 4, "c": 1 / 4}
    # a is above the mean of the three by 20/3, 3 and 11/3, on average 40/9 (its three states)
    assert tried.mean["a"] == pytest.approx((20 / 3 + 3 + 11 / 3) / 3)
    assert tried.beaten == {"c": "a"}
    assert tried.favourite(1) == "a"
    # a was tried from three states only; c is above the mean by -10/3, -7, 8/3 and 5, b by less
    assert tried.favourite(4) == "c"
    assert tried.favourite(5) is None


def test_a_response_that_is_better_in_one_area_is_not_beaten():
    table = points([50, 60], [40, 50])
    table[1, 2] += 30                  # the worse one is better for the relationship
    assert _summed(incident(2), ["a", "b"], table).beaten == {}


def test_length_rank_is_0_for_the_shortest_and_1_for_the_longest():
    def found(*best):
        return SimpleNamespace(tried=[
            Tried("i", dict.fromkeys("abc", 5), {}, {name: float(name == one) for name in "abc"}, {},
                  {"a": 10, "b": 20, "c": 30}) for one in best])

    assert length_rank(found("a"), 1) == 0
    assert length_rank(found("c"), 1) == 1
    assert length_rank(found("a", "c", "b"), 1) == pytest.approx(0.5)
    assert length_rank(found("a"), 6) == 0.5       # tried from too few states to say


def test_a_manager_denied_a_role_gives_its_time_to_the_others(case_of):
    case = case_of("small")
    habit = Habit.of(case, (40, 20, 10, 10, 10, 10), (0,) * len(case.incidents))
    without = deny(habit, "coach")
    # 40 and 10 of the 80 that are left are 50 % and 12.5 %; what rounding drops goes to the first
    assert without.shares == ((52, 0, 12, 12, 12, 12),)
    # every response of the small case plays the coach, so all are liked alike little
    assert (without.liking(case)[:, :2] == -1).all()
    assert heaviest(case.incidents[0].responses[0]) == {"coach"}


def test_a_case_in_which_one_answer_always_wins_is_told(tmp_path, capsys):
    from tests.casefactory import small_case

    data = small_case()
    for one in data["incidents"]:
        one["responses"][0]["signals"] = {"ann": {"integrity": 3}, "bob": {"integrity": 3}}
        one["responses"][1]["signals"] = {"ann": {"integrity": -3}, "bob": {"integrity": -3}}
    folder = write_case(tmp_path / "small", data)
    assert main(["check", "--balance", "--runs", "512", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "NO  no response is beaten by a sibling whatever the state: first/no by first/yes" in out
    assert "NO  no response is best nearly always: first/yes (100%)" in out
    assert "0 of 1 well balanced." in out


def test_balance_as_json_and_numbers_that_cannot_be_used(tmp_path, capsys):
    folder = write_case(tmp_path / "small")
    main(["check", "--balance", "--runs", "512", "--json", str(folder)])
    record = json.loads(capsys.readouterr().out)
    assert record["balance"][0]["case"] == "small"
    assert {"name", "holds", "told"} == set(record["balance"][0]["verdicts"][0])
    for wrong in (["--runs", "10"], ["--runs", "1000000"], ["--seed", "-1"]):
        assert main(["check", "--balance", *wrong, str(folder)]) == 2
        assert "Give a whole number" in capsys.readouterr().err


def test_every_demand_says_what_it_is_in():
    for name, entry in wanted().items():
        units = [entry] if "unit" in entry or name == "search" else list(entry.values())
        assert all("unit" in one for one in units if isinstance(one, dict)), name
