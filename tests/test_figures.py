"""Pictures say in words what they show, and hold the data they show."""

import pandas as pd

from casebook.engagement import Engagement
from casebook.figures import attention, over_time
from casebook.study import policy, turns
from casebook.study.tables import COLUMNS


def a_play():
    from casebook import case

    play = Engagement.start(case.read("green-dashboard"), "figures")
    while play.ask is not None:
        play = play.take(policy("balanced")(play))
    return play


def test_a_table_has_a_row_for_each_turn_and_contact():
    play = a_play()
    table = turns(play)
    assert len(table) == len(play.turns) * len(play.case.contacts)
    last = table[table["turn"] == len(play.turns)].set_index("contact")["trust"]
    for i, contact in enumerate(play.case.contacts):
        assert last[contact.id] == play.turns[-1].after["trust"][i]


def test_trust_over_time_draws_every_contact_and_names_the_extremes():
    play = a_play()
    table = turns(play)
    picture = over_time(table, "trust")
    assert [trace.name for trace in picture.figure.data] == [c.name for c in play.case.contacts]
    last = table[table["turn"] == table["turn"].max()].set_index("name")["trust"]
    assert f"highest for {last.idxmax()}" in picture.text
    assert f"lowest for {last.idxmin()}" in picture.text
    first = table[table["name"] == play.case.contacts[0].name]["trust"]
    assert list(picture.figure.data[0].y) == list(first)


def test_lines_differ_in_more_than_colour():
    picture = over_time(turns(a_play()))
    looks = {(t.line.dash, t.marker.symbol) for t in picture.figure.data}
    assert len(looks) == len(picture.figure.data)


def test_attention_is_the_plan_of_each_phase():
    play = a_play()
    picture = attention(turns(play))
    assert len(picture.table) == len(play.case.phases)
    assert (picture.table.sum(axis=1) == 100).all()
    assert "implementer" in picture.text


def test_an_empty_table_gives_a_plain_sentence():
    empty = pd.DataFrame(columns=list(COLUMNS))
    for picture in (over_time(empty), attention(empty)):
        assert picture.figure is None and "play the case first" in picture.text
