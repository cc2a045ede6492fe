"""Figures of a student's own: always the same for one, different between students, within bounds."""

import pytest

from casebook.grading.failed import AssignmentError
from casebook.grading.own import drawn_without, own_figures, sheets

PLAYERS = [f"s{number:04d}" for number in range(400)]


@pytest.mark.parametrize("sheet", sorted(sheets()))
def test_every_value_stays_within_its_bounds_and_all_of_them_are_used(sheet):
    made = sheets()[sheet]
    for row in made["rows"]:
        values = {own_figures(sheet, player)[row["id"]] for player in PLAYERS}
        steps = {round((value - row["base"]) / row["step"]) for value in values}
        assert steps == set(range(-row["spread"], row["spread"] + 1)), row["id"]
        assert all(abs(row["base"] + k * row["step"] - value) < 1e-9 for value in values for k in [round((value - row["base"]) / row["step"])])
        assert row["unit"] and row["label"]


@pytest.mark.parametrize("sheet", sorted(sheets()))
def test_students_who_sit_side_by_side_have_other_figures(sheet):
    pairs = list(zip(PLAYERS, PLAYERS[1:], strict=False))
    same = sum(dict(own_figures(sheet, one)) == dict(own_figures(sheet, other)) for one, other in pairs)
    assert same <= len(pairs) / 100


def test_the_same_student_always_has_the_same_figures_in_capitals_too():
    sheet = sorted(sheets())[0]
    assert dict(own_figures(sheet, "S123")) == dict(own_figures(sheet, "s123")) == dict(own_figures(sheet, "s123"))


def test_they_are_shown_as_a_table_that_says_how_to_write_each():
    sheet = sorted(sheets())[0]
    own = own_figures(sheet, "mia")
    first = next(iter(own))
    assert f'own["{first}"]' in own._repr_html_() and "<caption>" in own._repr_html_()
    assert own.title in repr(own) and len(own) == len(list(own))
    with pytest.raises(KeyError):
        own["no-such-figure"]


def test_a_sheet_that_is_not_there_is_the_instructors_mistake():
    with pytest.raises(AssignmentError, match="no sheet 'nope'"):
        own_figures("nope", "mia")


def test_a_draw_without_putting_back_is_fair_and_ones_own():
    draws = [drawn_without(6, 3, ("x", player)) for player in PLAYERS]
    assert all(len(set(draw)) == 3 for draw in draws)
    counts = [sum(place in draw for draw in draws) for place in range(6)]
    assert min(counts) > 150 and max(counts) < 250       # 200 of 400 each, on average
    assert drawn_without(6, 3, ("x", "mia")) == drawn_without(6, 3, ("x", "mia"))
