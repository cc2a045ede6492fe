"""The look of an exploration: plain controls, and one voice that says what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import anywidget
import ipywidgets
import traitlets

from casebook.figures import Picture

from .answers import check
from .controls import STATIC, Data, Slider
from .exercises import Exercise

TRIES = 3                      # after so many, the working is told
NO_CHOICE = "(choose)"
WIDE = {"description_width": "initial"}


class Voice(anywidget.AnyWidget):
    """A line of text in a live region; it also keeps keys inside its box."""

    _esm = STATIC / "voice.js"
    _css = STATIC / "voice.css"
    told = traitlets.Dict({"mark": "", "text": ""}).tag(sync=True)

    def tell(self, text: str, mark: str = "") -> None:
        """Say something; ``mark`` is "right", "not yet" or nothing."""
        self.told = {"mark": mark, "text": text.replace(" %", "\u00a0%")}


def box(*children: Any) -> ipywidgets.VBox:
    """An exploration on the page."""
    made = ipywidgets.VBox(list(children))
    made.add_class("cb-explore")
    return made


def stack(boxes: Iterable[ipywidgets.VBox]) -> ipywidgets.VBox:
    """Some explorations below each other."""
    return ipywidgets.VBox(list(boxes))


def exercise_box(exercise: Exercise) -> ipywidgets.VBox:
    """A box to type an answer in, checked on Enter and by its button."""
    typed = ipywidgets.Text(description=exercise.label, style=WIDE, continuous_update=False)
    button, voice = ipywidgets.Button(description="Check"), Voice()
    tries: list[str] = []

    def judge(_=None) -> None:
        verdict = check(exercise, typed.value)
        if not verdict.right and typed.value not in ("", *tries):
            tries.append(typed.value)
        text = verdict.text
        if not verdict.right and len(tries) >= TRIES:
            text += f" The working: {exercise.working} Type it, and go on."
        voice.tell(text, "right" if verdict.right else "not yet")

    typed.observe(judge, "value")
    button.on_click(judge)
    return box(typed, button, voice)


@dataclass(frozen=True)
class Question:
    """A prediction to make before anything is shown.

    ``outcome`` gives what the model does, one of ``options``, and a sentence with its numbers.
    """

    ask: str
    options: Sequence[str]
    outcome: Callable[[], tuple[str, str]]

    def told(self, predicted: str) -> str:
        """What came of a prediction, in words."""
        outcome, numbers = self.outcome()
        if predicted == outcome:
            return f"As you predicted: {outcome}. {numbers}".strip()
        return f"You predicted: {predicted}. In the model: {outcome}. {numbers}".strip()


def predict_then_try(questions: Sequence[Question], controls: Mapping[str, Any],
                     show: Callable[..., Picture],
                     only_for: Mapping[str, tuple[str, Any]] = MappingProxyType({}),
                     ) -> ipywidgets.VBox:
    """First predictions, then the picture, which follows the controls from then on.

    ``only_for`` names controls that count only while another one has a certain value.
    """
    several = len(questions) > 1
    guesses = [choice(f"{place}. {q.ask}" if several else q.ask, [NO_CHOICE, *q.options])
               for place, q in enumerate(questions, 1)]
    button, voice, shown = ipywidgets.Button(description="Show me"), Voice(), ipywidgets.Output()
    outcome, data, page = Voice(), Data(), box()
    hidden = [*controls.values(), voice, shown, data]

    def draw(_=None) -> None:
        for name, (other, value) in only_for.items():
            controls[name].disabled = controls[other].value != value
        picture = show(**{name: control.value for name, control in controls.items()})
        with shown:
            shown.clear_output(wait=True)
            picture.draw()
        data.table = picture.data_html()
        voice.tell(picture.text)

    def reveal(_) -> None:
        if any(guess.value == NO_CHOICE for guess in guesses):
            outcome.tell("Choose a prediction first. A guess is enough: it is not marked.")
            return
        lines = [q.told(g.value) for q, g in zip(questions, guesses, strict=True)]
        outcome.tell("\n".join(lines if len(lines) == 1 else [
            f"{place}. {line}" for place, line in enumerate(lines, 1)]))
        if len(page.children) < len(guesses) + 2 + len(hidden):
            page.children = (*guesses, button, outcome, *hidden)
        draw()

    button.on_click(reveal)
    for control in controls.values():
        control.observe(draw, "value")
    page.children = (*guesses, button, outcome)
    return page


def slider(label: str, value: int, low: int, high: int, step: int = 1) -> Slider:
    """A slider with its label above it."""
    return Slider(value=value, min=low, max=high, step=step, description=label)


def choice(label: str, options: Sequence[Any], value: Any = None) -> ipywidgets.Dropdown:
    """A list to choose from, with its label above it; the first option unless told otherwise."""
    made = ipywidgets.Dropdown(description=label, options=list(options), style=WIDE)
    if value is not None:
        made.value = value
    return made
