"""Many plays: the same rows however they are played, and a summary that says what they show."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from casebook.engagement import play_crowd, translate
from casebook.errors import CasebookError
from casebook.model import BLOCK, draw_block, pick
from casebook.study import POLICIES, compare, simulate
from casebook.study import workers as where
from casebook.study.policies import AtRandom, Manager
from casebook.study.simulate import Job
from casebook.study.summary import comparison, mean, share, summary
from tests.casefactory import write_case
from tests.crowdkit import alone, assert_same_state

RUNS = BLOCK + 88            # one block and a part of another


@pytest.fixture(scope="session")
def study(small):
    return simulate(small, "random", RUNS, workers=1)


def test_a_study_has_a_row_for_every_play(study, small):
    table = study.table
    assert table["run"].tolist() == list(range(RUNS)) and not study.partial
    assert set(table["ending"].cat.categories) == {"well", "so"}
    assert (table["ending"] == "well").equals(table["renewed"])
    for name in ("delivery", "relationship", "account", "team", "overall"):
        assert table[name].between(0, 100).all()
    assert table["overall"].nunique() > RUNS / 2
    for incident in small.incidents:
        assert set(table[f"incident:{incident.id}"].dropna()) == {r.id for r in incident.responses}


def test_the_scorecard_of_a_row_weighs_its_areas(study):
    table = study.table
    overall = (3 * table["delivery"] + 3 * table["relationship"] + 3 * table["account"]
               + table["team"]) / 10
    np.testing.assert_allclose(table["overall"], overall)


def test_the_number_of_workers_changes_nothing(study, small):
    assert simulate(small, "random", RUNS, workers=2).table.equals(study.table)


def test_a_longer_study_begins_with_a_shorter_one(study, small):
    short = simulate(small, "random", 100)
    assert short.table.equals(study.table[:100])


def test_another_seed_has_other_luck(study, small):
    other = simulate(small, "random", 100, seed=2).table
    assert (other["overall"] != study.table["overall"][:100]).mean() > 0.9


def test_policies_meet_the_same_luck(green):
    """Two managers who do the same get the same plays; a study's rows are plays of its luck."""
    twin = Manager(POLICIES["balanced"].shares, POLICIES["balanced"].roles,
                   POLICIES["balanced"].dimensions)
    one, other = simulate(green, "balanced", 20), simulate(green, twin, 20)
    assert one.table.equals(other.table)
    assert (one.policy, other.policy) == ("balanced", "Manager")


def test_a_block_is_played_on_the_luck_of_its_key(green):
    job = Job(green, POLICIES["trust-first"], 7)
    crowd = job.crowd(3)
    setting = translate.setting(green)
    luck = draw_block(("study", 7, green.id, green.version), 3, setting.weeks, setting.contacts)
    np.testing.assert_array_equal(crowd.luck.severe, luck.severe)
    few = play_crowd(green, pick(luck, np.array([5, 200])), POLICIES["trust-first"])
    assert_same_state(pick(crowd.state, np.array([5, 200])), few.state)


def test_progress_counts_runs_up_to_all_of_them(small):
    seen = []
    simulate(small, "balanced", RUNS, progress=lambda *now: seen.append(now))
    assert seen == [(BLOCK, RUNS), (RUNS, RUNS)]


def test_an_interrupt_keeps_the_blocks_that_are_finished(small, study):
    def stop(done, runs):
        raise KeyboardInterrupt

    cut = simulate(small, "random", RUNS, progress=stop)
    assert cut.partial and cut.asked == RUNS
    assert cut.table.equals(study.table[:BLOCK])
    assert cut.summary()["runs"] == BLOCK and "stopped before 600" in str(cut)


def test_an_interrupt_before_the_first_block_is_passed_on(small):
    class Stops(AtRandom):
        def for_crowd(self, *what):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(small, Stops(), RUNS)


CTRL_C = """
import os, signal
from casebook import case
from casebook.study import simulate

def stop(done, runs):
    if done >= 3 * 512:
        os.killpg(0, signal.SIGINT)          # as a terminal does: the workers get it too

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)     # a shell's background jobs ignore it
    found = simulate(case.read({folder!r}), "random", 512 * 2000, workers=2, progress=stop)
    print(found.partial, len(found.table) >= 3 * 512, len(found.table) < 512 * 100)
"""


@pytest.mark.timeout(120)
def test_ctrl_c_stops_the_workers_too(tmp_path):
    script = tmp_path / "study.py"
    script.write_text(CTRL_C.format(folder=str(write_case(tmp_path / "small"))))
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=100,
                          start_new_session=True)
    assert done.stdout.split() == ["True", "True", "True"], done.stderr
    assert "Traceback" not in done.stderr


def test_a_script_that_workers_cannot_import_is_told_what_to_do(tmp_path):
    script = tmp_path / "study.py"
    script.write_text(f"""
from casebook import case
from casebook.errors import StudyError
from casebook.study import simulate
try:
    simulate(case.read({str(write_case(tmp_path / "small"))!r}), runs=1024, workers=2)
except StudyError as error:
    print(error)
""")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=100)
    assert "workers=1" in done.stdout.splitlines()[-1]


def test_a_second_process_starts_only_where_it_pays(monkeypatch):
    monkeypatch.setattr(where.os, "cpu_count", lambda: 4)
    assert [where.default_workers(blocks) for blocks in (1, 23, 24, 9999)] == [1, 1, 2, 2]
    monkeypatch.setattr(where.os, "cpu_count", lambda: 1)
    assert where.default_workers(9999) == 1


def test_a_plain_script_keeps_to_one_process(monkeypatch, tmp_path):
    monkeypatch.setattr(where.os, "cpu_count", lambda: 4)
    main = type(sys)("__main__")
    main.__file__ = str(tmp_path / "study.py")
    monkeypatch.setitem(sys.modules, "__main__", main)
    (tmp_path / "study.py").write_text("simulate('small', runs=99999)")
    assert where.default_workers(9999) == 1
    (tmp_path / "study.py").write_text("if __name__ == '__main__':\n    simulate('small')")
    assert where.default_workers(9999) == 2


@pytest.mark.parametrize("wrong", [
    {"runs": 0}, {"runs": 2.5}, {"runs": True}, {"runs": 10 ** 9}, {"seed": -1}, {"seed": "a"},
    {"workers": 0}, {"workers": 99}, {"policy": "nobody"}, {"case": "nowhere"},
], ids=str)
def test_what_cannot_be_used_is_refused_in_a_sentence(small, wrong):
    with pytest.raises(CasebookError) as told:
        simulate(**{"case": small, "runs": 10} | wrong)
    assert str(next(iter(wrong.values()))) in str(told.value)


def test_all_policies_are_compared(small):
    studies = compare(small, runs=30)
    assert list(studies) == list(POLICIES)
    lines = comparison(studies).splitlines()
    assert [line.split()[0] for line in lines] == ["policy", *POLICIES]
    means = {name: study.table["overall"].mean() for name, study in studies.items()}
    assert all(f"{means[line.split()[0]]:.1f}" in line for line in lines[1:])


def test_a_comparison_that_is_stopped_keeps_what_is_there(small):
    calls = []

    def stop(done, runs):
        calls.append(done)
        if len(calls) == 3:
            raise KeyboardInterrupt

    studies = compare(small, runs=RUNS, progress=stop)
    assert list(studies) == ["random", "balanced"]
    assert [study.partial for study in studies.values()] == [False, True]


def test_means_and_intervals_are_those_of_the_textbook():
    found = mean(pd.Series([1.0, 2.0, 3.0, 4.0]))          # s = 1.29099, s / 2 = 0.645497
    assert found["mean"] == 2.5
    assert found["low"] == pytest.approx(2.5 - 1.959964 * 0.645497, abs=1e-5)
    assert found["high"] == pytest.approx(2.5 + 1.959964 * 0.645497, abs=1e-5)
    assert mean(pd.Series([7.0])) == {"mean": 7.0, "low": 7.0, "high": 7.0}


@pytest.mark.parametrize("count, n, low, high", [
    (0, 10, 0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1), (0, 0, 0, 1)])
def test_intervals_of_shares_are_wilsons(count, n, low, high):
    found = share(count, n)
    assert (found["low"], found["high"]) == pytest.approx((low, high), abs=5e-5)


def test_a_summary_counts_what_the_table_holds(study):
    found, table = summary(study.table), study.table
    assert found["runs"] == RUNS
    assert found["scores"]["overall"]["mean"] == pytest.approx(table["overall"].mean())
    assert found["shares"]["renewed"]["share"] == pytest.approx(table["renewed"].mean())
    assert sum(one["share"] for one in found["endings"].values()) == pytest.approx(1)
    first = found["responses"]["first"]
    assert first["happened"]["share"] == 1
    assert first["chosen"]["yes"]["share"] == pytest.approx(
        (table["incident:first"] == "yes").mean())
    json.dumps(study.summary())


def test_shares_of_responses_are_of_the_plays_that_met_the_incident(green):
    study = simulate(green, "random", BLOCK)
    column = study.table["incident:tired-team"]
    assert 0 < column.isna().mean() < 1
    found = study.summary()["responses"]["tired-team"]
    assert found["happened"]["share"] == pytest.approx(column.notna().mean())
    assert sum(one["share"] for one in found["chosen"].values()) == pytest.approx(1)
    assert found["chosen"]["buy-in"]["share"] == pytest.approx(
        (column == "buy-in").sum() / column.notna().sum())


def test_a_summary_reads_well(study):
    text = str(study)
    assert f"{RUNS} plays of small 1.0.0 by the policy random (seed 1)" in text
    assert all(word in text for word in ("overall", "renewed", "well", "first", "yes"))


def test_a_policy_plays_alone_as_it_always_did(small):
    play = alone(small, "ann", 1, POLICIES["random"])
    again = alone(small, "ann", 1, POLICIES["random"])
    assert play.chosen == again.chosen and len(play.chosen) == 2
