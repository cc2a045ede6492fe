"""What calibration may change, how it measures a miss, and what it leaves behind."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
import yaml

from casebook.errors import CasebookError
from casebook.model import findings, parameters
from casebook.model.parameters import FILE, Parameters
from casebook.study import calibration, calibration_file
from casebook.study.calibration import _miss, calibrate, left_open, seen
from casebook.study.free import free_parameters, position, with_values

P = parameters()


def test_every_number_marked_calibrated_is_free_and_within_its_range():
    free = free_parameters(P)
    assert {one.name for one in free} == {
        name for name, about in P.about.items() if about["source"] == "calibrated"}
    assert all(0 <= one.at <= 1 for one in free)
    assert len({one.label for one in free}) == len(free)


def test_calibrated_parameters_cite_only_facts_that_calibration_may_see():
    unseen = {id for id, fact in findings().items() if not fact["calibrate"]}
    for name, about in P.about.items():
        if about["source"] == "calibrated":
            cited = {word.strip() for word in about["cite"].split(",")}
            assert cited and not cited & unseen, name


def test_at_least_a_third_of_the_facts_are_kept_from_calibration():
    assert len(findings()) - len(seen()) >= len(findings()) / 3


def test_moving_a_number_moves_it_alone_and_there_and_back():
    free = free_parameters(P)
    single = [one for one in free if P.about[one.name]["unit"] != "weights"]
    x = np.linspace(0.1, 0.9, len(single))
    moved = with_values(P, single, x)
    assert position(moved, single) == pytest.approx(x)
    untouched = set(P.about) - {one.name for one in single}
    assert all(moved.about[name]["value"] == P.about[name]["value"] for name in untouched)


def test_weights_stay_shares_that_add_up_to_one():
    weights = [one for one in free_parameters(P) if P.about[one.name]["unit"] == "weights"]
    moved = with_values(P, weights, np.linspace(0, 1, len(weights)), digits=3)
    for name in {one.name for one in weights}:
        assert sum(moved.about[name]["value"]) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(("about", "says"), [
    ({"value": 0.3}, "has no range"), ({"value": 0.3, "range": [0.4, 0.9]}, "outside its range")])
def test_a_calibrated_number_without_a_range_that_holds_it_is_refused(about, says):
    entry = {"unit": "x", "meaning": "x", "source": "calibrated", "cite": "F04", **about}
    with pytest.raises(CasebookError, match=says):
        free_parameters(Parameters({"version": "0", "group": {"number": entry}}))


def claim(**values):
    return SimpleNamespace(**{"kind": "band", "published": "0.50", "published_low": 0.5,
                              "published_high": 0.5, "tolerance": 0.15, "low": 0, "high": 0,
                              **values})


@pytest.mark.parametrize(("values", "expected"), [
    ({"simulated": 0.5}, 0.0),
    ({"simulated": 0.65}, 1.0),
    ({"simulated": 0.35}, -1.0),
    ({"simulated": 0.6, "published_high": 0.7}, 0.0),
    ({"simulated": float("nan")}, 3.0),
    # An order that exceeds 0 by three half-widths of its interval is clear; by one, two thirds are
    # missing.
    ({"kind": "order", "published": ">", "simulated": 0.3, "low": 0.2, "high": 0.4}, 0.0),
    ({"kind": "order", "published": ">", "simulated": 0.1, "low": 0.0, "high": 0.2}, 2 / 3),
    ({"kind": "sign", "published": "-", "simulated": -0.3, "low": -0.4, "high": -0.2}, 0.0),
    ({"kind": "sign", "published": "not +", "simulated": 0.05, "tolerance": 0.1}, 0.5),
])
def test_a_miss_is_counted_in_tolerances(values, expected):
    assert _miss(claim(**values)) == pytest.approx(expected)


def test_what_the_facts_leave_open_is_worked_out_by_hand():
    # One number whose whole range moves one claim by 3 tolerances: 1 / (4 * 9 + 12) = 1 / 48.
    assert left_open(np.array([[3.0]]))[0, 0] == pytest.approx(1 / 48)
    # A number that moves nothing stays as open as its range: variance 1 / 12.
    assert left_open(np.array([[3.0, 0.0]]))[1, 1] == pytest.approx(1 / 12)


@pytest.fixture(scope="module")
def small(request):
    """A calibration that is far too small to be good, and the facts that it measured."""
    measured, original = [], calibration.check_facts

    def watch(table, facts=None):
        measured.append(set(facts or ()))
        return original(table, facts)

    patch = pytest.MonkeyPatch()
    request.addfinalizer(patch.undo)
    patch.setattr(calibration, "check_facts", watch)
    with ThreadPoolExecutor(2) as pool:
        return calibrate(P, n=1024, seed=3, trajectories=1, rounds=2, pool=pool), measured


def test_calibration_measures_no_fact_that_is_kept_from_it(small):
    _, measured = small
    assert len(measured) > 50 and all(facts == set(seen()) for facts in measured)


def test_calibration_does_not_make_things_worse(small):
    found, _ = small
    assert found.after <= found.before
    assert any(fate.fitted and abs(fate.value - fate.free.start) > 1e-3 for fate in found.fates)


def test_numbers_that_do_not_matter_stay_where_they_were(small):
    found, _ = small
    for fate in found.fates:
        if not fate.fitted and found.parameters.about[fate.free.name]["unit"] != "weights":
            assert fate.value == pytest.approx(fate.free.start, abs=1e-3), fate.free.label


def test_written_values_are_read_again_and_nothing_else_changes(tmp_path, small):
    found, _ = small
    target, kept = tmp_path / "parameters.yaml", tmp_path / "calibration.yaml"
    before = FILE.read_text(encoding="utf-8")
    target.write_text(before, encoding="utf-8")
    calibration_file.write(found, target, kept)
    after = target.read_text(encoding="utf-8")
    again = Parameters(yaml.safe_load(after))
    for name, about in found.parameters.about.items():
        np.testing.assert_allclose(again.about[name]["value"], about["value"], rtol=1e-3,
                                   err_msg=name)
    fitted = {fate.free.name.split(".")[1] for fate in found.fates}
    changed = [old for old, new in zip(before.split("\n"), after.split("\n"), strict=True)
               if old != new]
    assert changed.pop(0).startswith("version: ")          # raised, as other values give other states
    assert changed and all(line.split(":")[0].strip() in fitted for line in changed)
    numbers = yaml.safe_load(kept.read_text(encoding="utf-8"))["numbers"]
    assert len(numbers) == len(found.fates)


def test_the_record_of_the_last_calibration_agrees_with_the_parameters():
    for number in calibration_file.last()["numbers"]:
        value = np.array(P.about[number["name"]]["value"])[tuple(number["place"])]
        assert value == pytest.approx(number["value"], rel=2e-3, abs=1e-3), number["name"]
        assert number["known"] in ("well", "roughly", "hardly", "does not matter")
