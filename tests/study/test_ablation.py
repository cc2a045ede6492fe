"""Switching mechanisms off, on a population that only pretends to be played."""

import json

import numpy as np
import pytest

from casebook import model, study
from casebook.cli import main
from casebook.errors import CasebookError
from casebook.study.ablation import ablate, mechanisms, without

from .made import population

SAME = {"evidence.forgetting": 1.0}
AMONG = {
    "negativity": {"what": "bad weighs more", "neutral": {"evidence.negativity": [1, 1, 1]},
                   "justified": ""},
    "cooling": {"what": "nothing that a fact sees", "neutral": SAME, "justified": "Seen in play."},
    "spare": {"what": "nothing at all", "neutral": SAME, "justified": ""},
}


@pytest.fixture(scope="module")
def pretend():
    """A population in which only negativity makes trust fall faster, and F05 never holds."""
    table = population(300).assign(propensity=lambda t: -t["propensity"])
    played = []

    def play(n, seed, parameters):
        played.append((n, seed))
        if parameters.evidence.negativity.max() > 1:
            return table
        return table.rename(columns={"fall": "rise", "rise": "fall"}).assign(
            propensity=-table["propensity"])

    play.played = played
    return play


def test_a_mechanism_is_needed_where_a_fact_fails_without_it(pretend):
    table = ablate(300, 5, pretend, among=AMONG).set_index("mechanism")
    assert table.loc["negativity", "breaks"] == ("F20",)
    assert "F05" in table.loc["negativity", "mends"]
    assert dict(table["verdict"]) == {"negativity": "needed", "cooling": "justified",
                                      "spare": "idle"}
    assert table.loc["cooling", "breaks"] == table.loc["cooling", "mends"] == ()


def test_every_population_is_played_with_the_same_luck(pretend):
    pretend.played.clear()
    ablate(300, 5, pretend, only=["spare"], among=AMONG)
    assert pretend.played == [(300, 5), (300, 5)]


def test_a_fact_that_can_no_longer_be_measured_is_not_broken(pretend):
    def play(n, seed, parameters):
        table = pretend(n, seed, parameters)
        return table if parameters.evidence.forgetting < 1 else table.drop(columns="fall")

    assert ablate(300, 5, play, only=["spare"], among=AMONG)["breaks"].iloc[0] == ()


@pytest.mark.parametrize("id", mechanisms())
def test_every_mechanism_names_parameters_of_the_model_and_changes_them(id):
    changed, usual = without(id), model.parameters()
    assert mechanisms()[id]["what"]
    for name in mechanisms()[id]["neutral"]:
        group, key = name.split(".")
        old, new = (getattr(getattr(p, group), key) for p in (usual, changed))
        assert np.shape(old) == np.shape(new) and not np.array_equal(old, new), name


def test_a_neutral_value_may_be_another_parameter():
    changed = without("slow_to_commit", model.parameters().changed(satisfaction__commitment_up=0.7))
    assert changed.satisfaction.commitment_down == changed.satisfaction.commitment_up == 0.7


@pytest.mark.parametrize(("mechanism", "neutral", "wrong"), [
    ("nothing", {}, "There is no mechanism 'nothing'"),
    ("spare", {"evidence.wrong": 1}, "names evidence.wrong"),
    ("spare", {"evidence.forgetting": {"same_as": "trust.wrong"}}, "names trust.wrong")])
def test_wrong_names_are_said_before_anything_is_played(mechanism, neutral, wrong):
    among = {"spare": {"what": "", "neutral": neutral}}
    with pytest.raises(CasebookError, match=wrong):
        ablate(10, 1, lambda *a, **k: pytest.fail("played"), [mechanism], among)


def test_the_command_lists_mechanisms(pretend, monkeypatch, capsys):
    monkeypatch.setattr(study, "population", pretend, raising=False)
    monkeypatch.setattr("casebook.study.ablation.mechanisms", lambda: AMONG)
    assert main(["facts", "--ablate", "--n", "300"]) == 1
    out = capsys.readouterr().out
    assert "without it fail: F20" in out and "Seen in play." in out
    assert "1 of 3 mechanisms are neither needed by a fact nor justified: spare." in out
    assert main(["facts", "--ablate", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["idle"] == ["spare"]


def test_progress_is_told_and_an_interrupt_keeps_what_was_finished(pretend):
    told, calls = [], []

    def play(n, seed, parameters):
        calls.append(seed)
        if len(calls) == stop:
            raise KeyboardInterrupt
        return pretend(n, seed, parameters)

    stop = 4                              # the first is the population as it is
    table = ablate(300, 5, play, among=AMONG, progress=lambda *at: told.append(at))
    assert list(table["mechanism"]) == ["negativity", "cooling"] and told == [(1, 3), (2, 3)]
    calls.clear()
    stop = 2                              # before anything was finished there is nothing to keep
    with pytest.raises(KeyboardInterrupt):
        ablate(300, 5, play, among=AMONG)
