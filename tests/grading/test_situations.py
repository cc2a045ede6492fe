"""Situations of a student's own: fair draws, no give-away, points for each right letter."""

import ast
import re
from collections import Counter

import pytest

from casebook.grading import checks
from casebook.grading.failed import AssignmentError, CheckFailed
from casebook.grading.situations import LETTERS, drawn, pool, right_letters
from casebook.roles import ROLES

from . import kit

NOTEBOOK = kit.SOLUTIONS / "roles" / "roles.ipynb"
PLAYERS = [f"s{number}" for number in range(600)]


def key_in(grade_id):
    """The key as it stands in a cell of the instructor's notebook."""
    cell = kit.cell_of(kit.load(NOTEBOOK), grade_id)
    text = re.search(r"^key = (\{.*?^\})", kit.text(cell), re.DOTALL | re.MULTILINE)
    return ast.literal_eval(text.group(1))


@pytest.fixture(scope="module")
def key():
    return key_in("situations_test")


def as_written(own, key):
    return " ".join(key[id] for id in own.ids)


def test_letters_stand_for_the_roles():
    assert list(LETTERS) == [role.name[0] for role in ROLES]


def test_every_text_has_a_letter_and_a_place(key):
    assert set(key) == set(pool()["texts"])
    assert key_in("situations") == key
    placed = [id for draw in pool()["draws"] for pair in draw for id in pair]
    assert sorted(placed) == sorted(key)
    assert Counter(key.values()) == {"I": 4, "C": 4, "E": 4, "M": 4, "P": 8, "F": 8}


def test_the_package_holds_texts_and_no_key():
    assert set(pool()) == {"draws", "texts"}
    for text in pool()["texts"].values():
        assert isinstance(text, str)


def test_everybody_meets_each_role_equally_often(key):
    for player in PLAYERS:
        own = drawn(player)
        assert len(set(own.ids)) == 8
        assert Counter(key[id] for id in own.ids) == {
            "I": 1, "C": 1, "E": 1, "M": 1, "P": 2, "F": 2}, player


def test_each_situation_is_drawn_about_as_often_as_the_others():
    often = Counter(id for player in PLAYERS for id in drawn(player).ids)
    assert set(often) == set(pool()["texts"])
    # A quarter of the class each; six standard deviations of a binomial are 64.
    assert all(abs(count - len(PLAYERS) / 4) < 64 for count in often.values())


def test_no_line_of_letters_serves_the_class(key):
    lines = Counter(as_written(drawn(player), key) for player in PLAYERS)
    assert lines.most_common(1)[0][1] < 10
    assert drawn("Anna").ids == drawn("anna").ids != drawn("annb").ids


def test_no_text_names_its_role():
    told = re.compile(r"implement|coach|entrepreneur|politic|friend|market(?!s)|negotiat|coalition|"
                      r"confiden|innovat|\bsell|\bally|allies|goals? of the team", re.IGNORECASE)
    for id, text in pool()["texts"].items():
        assert not told.search(text), id
        assert 25 <= len(text.split()) <= 60, id


def test_right_letters_earn_one_point_each(key):
    own = drawn("s1")
    letters = [key[id] for id in own.ids]
    assert checks.right_situations("s1", " ".join(letters), key, points=8) == 8
    assert checks.right_situations("s1", "".join(letters).lower(), key, points=8) == 8
    letters[1] = "I" if letters[1] != "I" else "C"
    letters[6] = "I" if letters[6] != "I" else "C"
    earned, told = right_letters(", ".join(letters), own, key, 8)
    assert earned == 6
    assert "numbers 2 and 7" in told and "6 of 8" in told
    assert right_letters("".join(letters), own, key, 4)[0] == 3


def test_the_letters_of_a_neighbour_are_marked_as_ones_own(key):
    one, other = drawn("s1"), drawn("s2")
    expected = sum(key[a] == key[b] for a, b in zip(one.ids, other.ids, strict=True))
    assert 0 < expected < 8
    assert right_letters(as_written(other, key), one, key, 8)[0] == expected


@pytest.mark.parametrize(("answer", "told"), [
    (..., "not answered"), ("", "not answered"), ("ICE", "3 letters and 8"), (12345678, "quotation"),
    ("XCEPFMPF", "X stands for nothing"), (["I"] * 8, "quotation")])
def test_what_is_no_line_of_letters_is_told(key, answer, told):
    with pytest.raises(CheckFailed, match=told):
        checks.right_situations("s1", answer, key, points=8)


def test_no_right_letter_earns_nothing(key):
    wrong = "".join("I" if key[id] != "I" else "C" for id in drawn("s1").ids)
    with pytest.raises(CheckFailed, match="None of the letters"):
        checks.right_situations("s1", wrong, key, points=8)


def test_a_key_that_lacks_a_situation_is_the_instructors_to_mend(key):
    own = drawn("s1")
    with pytest.raises(AssignmentError, match=own.ids[0]):
        right_letters("ICEPFMPF", own, {id: of for id, of in key.items() if id != own.ids[0]}, 8)


def test_situations_are_shown_as_a_numbered_list():
    own = checks.own_situations("s1")
    assert repr(own).startswith(f"1. {own[0]}\n2. {own[1]}")
    assert own._repr_html_().count("<li") == 8 and own._repr_html_().startswith("<ol>")
