"""Pictures say in words what they show, and hold the data they show."""

import pandas as pd
import pytest

from casebook import case, figures_facts
from casebook.engagement import Division, Engagement, begin_play
from casebook.figures import _looks, attention, division, over_time
from casebook.model import findings
from casebook.study import closeups, policy, turns
from casebook.study.facts import check_facts
from casebook.study.tables import COLUMNS

from .casefactory import account_parts, small_account, write_account
from .study import made


def a_play():
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


def test_more_people_than_colours_still_look_different():
    looks = [look for look, _ in zip(_looks(), range(18), strict=False)]
    assert len(set(looks)) == 18
    assert len({(dash, mark) for _, dash, mark in looks[:12]}) == 12


def test_the_pictures_of_an_account_tell_its_engagements_apart(tmp_path):
    data, parts = small_account(), account_parts()
    parts["north"]["title"], parts["south"]["title"] = "North", "South"
    account = case.read(write_account(tmp_path / "deal", data, parts))
    play = begin_play(account, "figures")
    while play.ask is not None:
        play = play.take(policy("random")(play))
    table = turns(play)
    picture = division(table)
    made = [t.decision for t in play.turns if isinstance(t.decision, Division)]
    assert picture.table.to_numpy().tolist() == [list(one.shares) for one in made]
    assert "North" in picture.text
    plans = attention(table).table
    assert list(plans.index) == ["North: One", "South: One", "North: Two", "South: Two"]
    assert (plans.sum(axis=1) == 100).all()
    assert division(table.iloc[:0]).figure is None


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


# ---- facts opened up ---------------------------------------------------------------------------

@pytest.fixture(scope="module")
def people():
    return made.population()


def test_steps_of_trust_go_up_and_down_and_say_by_how_much(people):
    data = closeups.steps_of_trust(people)
    picture = figures_facts.steps_of_trust(data)
    up, down = picture.figure.data
    assert up.y[0] == pytest.approx(100 * people["rise"].mean())
    assert down.y[0] == pytest.approx(-100 * people["fall"].mean())
    assert up.marker.pattern.shape != down.marker.pattern.shape
    assert f"{people['fall'].mean() / people['rise'].mean():.1f} times" in picture.text


def test_answers_are_shown_by_kind_of_failure_beside_what_is_published(people):
    data = closeups.answers(people)
    picture = figures_facts.answers(data, published=0.44)
    competence, integrity, line = picture.figure.data
    assert len(competence.x) == len(integrity.x) == 5
    assert competence.marker.symbol != integrity.marker.symbol
    assert set(line.y) == {0.44} and line.mode == "lines" and max(line.x) < min(competence.x) + 1
    found = data.set_index(["answer", "kind"])["value"]
    assert found["apologise", "competence"] > found["apologise", "integrity"] > 0
    assert f"{found['apologise', 'competence']:.2f} after a failure of competence" in picture.text


def test_overruns_add_up_and_show_the_tail():
    cost = [-0.1, 0.0, 0.1, 0.1, 0.2, 0.6, 1.2, 4.5]
    data = closeups.overruns(pd.DataFrame({"engagement": range(8), "cost_overrun": cost}))
    assert data["projects"].sum() == pytest.approx(1) == data["of_all_overruns"].sum()
    shown = data.set_index("overrun")
    assert shown.loc["none", "projects"] == pytest.approx(1 / 8)
    assert shown.loc["0% to 25%", "projects"] == pytest.approx(4 / 8)
    assert shown.loc["over 400%", "of_all_overruns"] == pytest.approx(4.5 / 6.7)
    text = figures_facts.overruns(data).text
    assert "25% overrun by more than the whole plan" in text and f"{5.7 / 6.7:.0%}" in text


def test_renewal_is_compared_among_alike_performers(people):
    data = closeups.citizenship_and_renewal(people)
    assert len(data) == 10 and data["engagements"].sum() == people["engagement"].nunique()
    assert (data["low"] <= data["value"]).all() and data[["low", "high"]].stack().between(0, 1).all()
    picture = figures_facts.citizenship_and_renewal(data)
    assert len({(t.line.dash, t.marker.symbol) for t in picture.figure.data}) == 2
    assert f"{data['value'].iloc[4]:.0%} in the fifth with most" in picture.text


def test_a_card_says_where_a_fact_comes_from_and_how_far_it_holds(people):
    claims = check_facts(people)
    card = figures_facts.fact_card(claims, "F13", findings()["F13"])
    assert card.figure is None and list(card.table.index) == ["F13.commitment", "F13.opportunism"]
    for words in ("Morgan & Hunt (1994)", "quoted from memory", "borrowed for clients",
                  "calibration may look at it", "2 of 2 claims hold"):
        assert words in card.text
    unseen = figures_facts.fact_card(claims, "F14", findings()["F14"])
    assert "kept from calibration" in unseen.text and "checked in part" in unseen.text


def test_two_populations_are_compared_claim_by_claim(people):
    claims = check_facts(people)
    other = claims.assign(verdict=claims["verdict"].where(claims["claim"] != "F14.sales", "fails"))
    same, changed = (figures_facts.compare(claims, table, "seed 2") for table in (claims, other))
    assert "No claim has another verdict" in same.text
    assert "Another verdict than above: F14.sales (holds, now fails)." in changed.text
    unseen = (~claims["calibrated"]).sum()
    assert f"of {unseen} claims unseen, {unseen - 1} hold" in changed.text
    assert changed.table.loc["F14.sales", "verdict with seed 2"] == "fails"
