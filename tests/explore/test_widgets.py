"""Explorations as a student uses them, without a browser."""

import ipywidgets
import pytest

from casebook import explore
from casebook.explore.controls import Slider
from casebook.explore.widgets import Voice


def parts(widget):
    """A widget and everything in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from parts(child)


def of(widget, kind):
    return [part for part in parts(widget) if isinstance(part, kind)]


EXPERIMENTS = [explore.good_and_bad_weeks, explore.one_breach, explore.attention_to_people,
               explore.what_money_buys]


def test_an_answer_is_checked_when_it_is_typed_and_again_by_the_button():
    page = explore.by_hand("broken-promise")
    (box,), (voice,), (button,) = (of(page, kind) for kind in (
        ipywidgets.Text, Voice, ipywidgets.Button))
    box.value = "57"
    assert voice.told["mark"] == "not yet" and "counted the broken promise once" in voice.told["text"]
    box.value = "50 %"
    assert voice.told["mark"] == "right"
    box.value = ""
    button.click()
    assert "Type your answer" in voice.told["text"]


def test_after_three_wrong_answers_the_working_is_told():
    page = explore.by_hand("firm-belief")
    (box,), (voice,) = of(page, ipywidgets.Text), of(page, Voice)
    for typed in ("11", "12"):
        box.value = typed
        assert "18 / 21" not in voice.told["text"]
    box.value = "13"
    assert "18 / 21" in voice.told["text"] and voice.told["mark"] == "not yet"


@pytest.mark.parametrize("make", EXPERIMENTS, ids=lambda make: make.__name__)
def test_nothing_is_shown_before_every_prediction_is_made(make):
    page = make()
    guesses, (button,) = of(page, ipywidgets.Dropdown), of(page, ipywidgets.Button)
    button.click()
    assert "Choose a prediction" in of(page, Voice)[0].told["text"]
    assert not of(page, ipywidgets.Output)
    for guess in guesses:
        guess.value = guess.options[1]
    button.click()
    assert "predicted" in of(page, Voice)[0].told["text"]
    assert len(of(page, ipywidgets.Output)) == 1
    count = len(page.children)
    button.click()
    assert len(page.children) == count, "a second look adds nothing"


@pytest.mark.parametrize("make", EXPERIMENTS[:3], ids=lambda make: make.__name__)
def test_a_slider_changes_what_is_told(make):
    page = make()
    for guess in of(page, ipywidgets.Dropdown):
        guess.value = guess.options[1]
    of(page, ipywidgets.Button)[0].click()
    voice, slider = of(page, Voice)[1], of(page, Slider)[0]
    before = voice.told["text"]
    slider.value += slider.step if slider.value < slider.max else -slider.step
    assert voice.told["text"] != before


def test_a_control_that_does_not_count_cannot_be_moved():
    page = explore.one_breach()
    (guess,) = of(page, ipywidgets.Dropdown)
    guess.value = guess.options[1]
    of(page, ipywidgets.Button)[0].click()
    answer, (_, offer, out) = of(page, ipywidgets.Dropdown)[2], of(page, Slider)
    for said, disabled in (("deny", (True, False)), ("compensate", (False, True)),
                           ("apologise", (True, True))):
        answer.value = said
        assert (offer.disabled, out.disabled) == disabled


@pytest.mark.parametrize("make", EXPERIMENTS, ids=lambda make: make.__name__)
def test_every_control_has_a_name(make):
    page = make()
    for guess in of(page, ipywidgets.Dropdown):
        guess.value = guess.options[1]
    of(page, ipywidgets.Button)[0].click()
    for control in of(page, (ipywidgets.Dropdown, Slider, ipywidgets.Text)):
        assert control.description.strip()
