"""A week divided by the student: what the model answers, and goals that are fair to ask for."""

import itertools
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from casebook.explore import experiments
from casebook.grading import checks
from casebook.grading.failed import CheckFailed
from casebook.grading.tryout import MEASURES, goals, try_weeks, weeks
from casebook.roles import ROLE_IDS

from . import kit


def reached(division):
    end = try_weeks(**division).end
    return sum(end[name] >= goal for name, goal in goals().items())


def divisions(step):
    """Every division of the week in steps of so many percent."""
    parts = 100 // step
    for cuts in itertools.combinations(range(parts + 5), 5):
        edges = (-1, *cuts, parts + 5)
        counts = [b - a - 1 for a, b in itertools.pairwise(edges)]
        yield dict(zip(ROLE_IDS, (step * count for count in counts), strict=True))


def test_a_trial_is_what_the_explorations_show():
    week = experiments.shares(25, 45)
    table = experiments.with_people(25, 45)
    trial = try_weeks(**week)
    for name in goals():
        assert trial.start[name] == round(table[name].iloc[0], 1)
        assert trial.end[name] == round(table[name].iloc[weeks()], 1)


def test_goals_are_measures_that_start_well_below():
    start = try_weeks(implementer=100).start
    assert len(goals()) == 2 and set(goals()) <= set(MEASURES)
    assert all(start[name] + 10 < goal for name, goal in goals().items())


def test_neither_the_even_week_nor_one_or_two_roles_reach_both():
    assert reached(dict.fromkeys(ROLE_IDS, 100 / 6)) == 0
    for role in ROLE_IDS:
        assert reached({role: 100}) < 2, role
    for one, other in itertools.combinations(ROLE_IDS, 2):
        for share in range(10, 100, 10):
            assert reached({one: share, other: 100 - share}) < 2, (one, other, share)


def test_many_divisions_of_different_kinds_reach_both():
    found = [division for division in divisions(20) if reached(division) == 2]
    assert len(found) >= 3
    assert reached({"implementer": 40, "coach": 20, "friend": 30, "politician": 10}) == 2
    assert reached({"implementer": 30, "coach": 30, "friend": 20, "politician": 10, "entrepreneur": 10}) == 2
    assert reached({"implementer": 55, "coach": 15, "friend": 25, "entrepreneur": 5}) == 2
    # Beside 40 % implementer, neither coach nor friend is forced to one share.
    for role, least in (("coach", 20), ("friend", 10)):
        assert len({division[role] for division in divisions(10)
                    if division["implementer"] == 40 and division["marketer"] == 0
                    and division[role] >= least and reached(division) == 2}) >= 2, role


def test_points_for_both_goals_and_for_one(capsys):
    both = checks.try_weeks(implementer=40, coach=20, politician=20, friend=20)
    assert checks.goals_reached(both, points=4) == 4
    one = checks.try_weeks(implementer=50, coach=10, politician=30, friend=10)
    assert checks.goals_reached(one, points=4) == 2
    assert "affect-based trust ends at" in capsys.readouterr().out
    with pytest.raises(CheckFailed, match="No goal is reached"):
        checks.goals_reached(checks.try_weeks(implementer=100), points=4)


def test_only_the_division_counts_not_what_a_trial_says_of_itself():
    trial = checks.try_weeks(marketer=100)
    told = replace(trial, end=dict.fromkeys(MEASURES, 99.0))
    with pytest.raises(CheckFailed, match="No goal is reached"):
        checks.goals_reached(told, points=4)


@pytest.mark.parametrize(("unnamed", "shares", "told"), [
    ((), {}, "not divided yet"),
    ((), dict.fromkeys(ROLE_IDS, ...), "not divided yet"),
    ((), {"implementer": 60, "friend": ...}, "not divided yet"),
    ((), {"implementer": 60, "friend": 30}, "add up to 90"),
    ((), {"implementer": 0.6, "friend": 0.4}, "Write 40 for 40 %"),
    ((), {"implementer": 120, "friend": -20}, "friend is -20"),
    ((), {"implementer": "60", "friend": 40}, "without quotation marks"),
    ((), {"implementer": float("nan")}, "implementer is nan"),
    ((), {"implementer": True, "friend": 99}, "implementer is True"),
    ((), {"implementor": 100}, "'implementor' is none of the roles"),
    ((60, 40), {}, "without its role"),
])
def test_what_is_no_division_is_told_and_never_raised_by_a_trial(unnamed, shares, told):
    trial = checks.try_weeks(*unnamed, **shares)
    assert told in repr(trial) and repr(trial).startswith("Not yet")
    assert "<table>" not in trial._repr_html_()
    with pytest.raises(CheckFailed, match=re.escape(told)):
        checks.goals_reached(trial, points=4)


@pytest.mark.parametrize("trial", [..., None, 40, {"implementer": 100}])
def test_no_trial_is_told(trial):
    with pytest.raises(CheckFailed, match="no trial yet"):
        checks.goals_reached(trial, points=4)


def test_shares_with_decimals_are_a_division():
    trial = checks.try_weeks(implementer=33.33, coach=33.33, friend=33.34)
    assert trial.problem is None
    assert "33.33 %" in repr(trial)


def test_a_trial_is_shown_as_a_table_with_heads_and_goals():
    html = checks.try_weeks(implementer=70, friend=30)._repr_html_()
    assert html.count('scope="row"') == 3 and html.count('scope="col"') == 4
    assert "<caption>8 weeks with implementer 70 %, friend 30 %</caption>" in html
    assert "reached" in html and "points short" in html


def test_a_trial_opens_no_widget():
    script = ("import sys; from casebook.grading import checks; "
              "checks.try_weeks(implementer=70, friend=30); checks.own_situations('s1'); "
              "print(sorted({'ipywidgets', 'anywidget', 'IPython', 'nbgrader'} & set(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_model_memo_cites_what_the_model_gives():
    memo = kit.text(kit.cell_of(kit.load(kit.SOLUTIONS / "roles" / "roles.ipynb"), "memo"))
    cited = {float(number) for number in re.findall(r"\d+\.\d", memo)}
    alone, warm = checks.try_weeks(implementer=100), checks.try_weeks(implementer=60, friend=40)
    advised = checks.try_weeks(implementer=40, coach=20, entrepreneur=10, politician=10, friend=20)
    given = {trial.end[name] for trial in (alone, warm, advised) for name in goals()}
    assert cited == given | {alone.start["cognition-based trust"]}
