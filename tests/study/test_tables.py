"""Why contacts reacted, as a table whose parts add up."""

import numpy as np
import pytest

import casebook
from casebook.engagement import Engagement
from casebook.engagement.explain import whole_play
from casebook.engagement.transcript import append, file_name, lines_of
from casebook.engagement.words import causes as words
from casebook.study import causes, policy


@pytest.fixture(scope="module")
def played():
    play = Engagement.start(casebook.read_case("green-dashboard"), "reader", 1)
    while play.ask is not None:
        play = play.take(policy("balanced")(play))
    return play


def test_the_causes_of_every_change_add_up_to_it_exactly(played):
    table = causes(played)
    booked = table.groupby(["turn", "contact", "measure"])["change"].sum()
    for turn in played.turns:
        for i, contact in enumerate(played.case.contacts):
            for measure in ("trust", "satisfaction", "commitment"):
                moved = float(turn.after[measure][i] - turn.before[measure][i])
                got = booked.get((turn.number, contact.id, measure), 0.0)
                assert got == pytest.approx(moved, abs=1e-12), (turn.number, contact.id, measure)


def test_every_cause_that_moved_somebody_has_its_words_and_a_principle(played):
    table = causes(played)
    assert set(table["cause"]) <= set(words())
    assert (table["principle"] != "").all()
    large = table[(table["change"].abs() > 0.02) & table["measure"].isin(
        ["cognitive_trust", "affective_trust", "satisfaction"])]
    assert len(large) > 5 and (large["because"] != "").all()


def test_sources_quoted_from_memory_say_so(played):
    sources = " ".join(causes(played)["source"].unique())
    assert "Colquitt, Scott & LePine (2007) (from memory)" in sources
    assert "Orsingher, Valentini & de Angelis (2010) (from memory)" not in sources


def test_why_reads_your_own_transcript(tmp_path, played, capsys):
    path = tmp_path / file_name("green-dashboard", "reader", 1)
    append(path, lines_of(played))
    table = casebook.why("green-dashboard", player="reader", folder=tmp_path)
    assert capsys.readouterr().out == ""
    np.testing.assert_allclose(table["change"], causes(played)["change"])
    assert casebook.why("green-dashboard", player="nobody", folder=tmp_path).empty
    assert "not played this case yet" in capsys.readouterr().out


def test_the_causes_of_a_whole_play_are_the_sums_over_its_turns(played):
    table = causes(played)
    for i, contact in enumerate(played.case.contacts):
        told = whole_play(played.turns, i)
        assert len(told) == 3
        assert abs(told[0].change) >= abs(told[1].change) >= abs(told[2].change)
        mine = table[(table["contact"] == contact.id) & (table["cause"] == told[0].cause)]
        sums = mine.groupby("measure")["change"].sum().reindex(
            ["cognitive_trust", "affective_trust", "satisfaction"], fill_value=0.0)
        assert told[0].change == pytest.approx(sums[sums.abs().idxmax()])
