"""Controls of the browser's own, where those of ipywidgets cannot be mended.

The handle of ipywidgets' slider has no name, says "6.0" for 6, and is too small for a shaky hand.
"""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

from casebook.language import _

STATIC = Path(__file__).with_name("static")


class Slider(anywidget.AnyWidget):
    """A whole number between two others, with its name above and its value beside it.

    The value is sent a moment after the last move, so that a held key does not make a picture, and
    a sentence read aloud, of every step on its way.
    """

    _esm = STATIC / "slider.js"
    value = traitlets.Int(0).tag(sync=True)
    min = traitlets.Int(0).tag(sync=True)
    max = traitlets.Int(100).tag(sync=True)
    step = traitlets.Int(1).tag(sync=True)
    description = traitlets.Unicode("").tag(sync=True)
    disabled = traitlets.Bool(False).tag(sync=True)

    @traitlets.validate("value")
    def _within(self, proposal) -> int:
        return max(self.min, min(self.max, proposal["value"]))


class Data(anywidget.AnyWidget):
    """Data as a table to open, which stays open and in its place when its numbers change."""

    _esm = STATIC / "data.js"
    title = traitlets.Unicode("").tag(sync=True)
    table = traitlets.Unicode("", help="HTML of our own making").tag(sync=True)

    def __init__(self, table: str = "") -> None:
        super().__init__(title=_("The data as a table"), table=table)
