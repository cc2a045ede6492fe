"""Tables that a notebook shows whole: every text in full, every column, yes instead of True."""

from __future__ import annotations

import re
from html import escape

import pandas as pd

from casebook.language import _


class Shown(pd.DataFrame):
    """A table as pandas makes it, but shown for people who read it and do not program.

    pandas cuts a text after 50 characters and leaves columns out in the middle unless it is told
    not to; a part of the table, such as its first rows, is shown in the same way.
    """

    @property
    def _constructor(self) -> type[Shown]:
        return Shown

    def _repr_html_(self) -> str:
        words = {name: _yes for name in self.columns if self[name].dtype == bool}
        numbered = isinstance(self.index, pd.RangeIndex) or self.index.name is None
        with pd.option_context("display.max_colwidth", None, "display.max_columns", None):
            shown = self.to_html(index=not numbered, justify="left", formatters=words, border=0)
        wide = shown.replace("<td>", '<td style="text-align: left">')
        wide = re.sub(r"<th(?=[ >])", '<th scope="col"', wide)
        name = escape(_("Table"))
        return (f'<div style="overflow-x: auto" tabindex="0" role="group" '
                f'aria-label="{name}">{wide}</div>')


def _yes(value: bool) -> str:
    return _("yes") if value else ""
