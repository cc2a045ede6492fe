"""A week of six roles, without a browser."""

from html import unescape

from casebook import explore
from casebook.explore.controls import Data, Slider
from casebook.explore.week import HOURS, PLANNED, told
from casebook.explore.widgets import Voice
from casebook.roles import ROLES


def of(page, kind):
    return [part for part in page.children if isinstance(part, kind)]


def test_the_week_at_the_beginning_is_full():
    assert sum(PLANNED) == HOURS
    assert told(list(PLANNED))[0] == "You have planned 40 of 40 hours."


def test_too_much_and_too_little_are_told():
    assert told([40, 6, 4, 6, 5, 3])[0].endswith("Take away 24.")
    assert told([10, 6, 4, 6, 5, 3])[0].endswith("There are still 6.")


def test_a_role_above_its_limit_is_told_with_what_comes_of_it():
    lines = told([0, 0, 0, 0, 40, 0])
    friend = ROLES[4]
    assert len(lines) == 2 and lines[1].startswith(f"{friend.name}: 40 hours is more than")
    assert lines[1].endswith(friend.overdone)


def test_a_slider_changes_the_words_and_the_table():
    page = explore.a_week()
    sliders, (voice,), (data,) = of(page, Slider), of(page, Voice), of(page, Data)
    assert [one.description for one in sliders] == [f"{role.name}, hours" for role in ROLES]
    before = data.table
    sliders[0].value = 20
    assert "You have planned 44 of 40 hours." in voice.told["text"]
    assert data.table != before and ">20</td>" in data.table


def test_a_slider_keeps_within_its_ends():
    one = Slider(value=3, min=0, max=10)
    one.value = 99
    assert one.value == 10


def test_the_table_of_roles_names_every_role_in_its_row():
    html = unescape(explore.roles().data)
    assert all(role.overdone in html for role in ROLES)
    assert html.count('<th scope="row"') == len(ROLES) and "Implementer (primary)" in html
