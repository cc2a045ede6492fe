"""Tables and names of pictures for a notebook's page, as a screen reader needs them.

pandas' own tables leave cells of the head empty and say nothing of rows and columns; a plotly
figure is a heap of loose texts. Here tables have a caption and named heads, and lie in a place that
a keyboard can scroll; a figure is one picture with one name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casebook.language import _

if TYPE_CHECKING:
    import pandas as pd

HERE = Path(__file__).parent
DIGITS = 4                     # more are never shown
LEFT = 'style="text-align: left; vertical-align: top"'


def table_html(table: pd.DataFrame, caption: str) -> str:
    """A table of data: its caption, a name over each column, and the index as heads of the rows."""
    names = [str(table.index.name or table.columns.name or _("row")), *map(str, table.columns)]
    columns = [[escape(str(at)) for at in table.index],
               *(list(_texts(table.iloc[:, k])) for k in range(table.shape[1]))]
    words = [True, *(dtype.kind not in "fiu" for dtype in table.dtypes)]
    return rows_html(names, zip(*columns, strict=True), caption, words)


def rows_html(names: Sequence[str], rows: Iterable[Sequence[str]], caption: str,
              words: Sequence[bool] | None = None) -> str:
    """A table whose first column names its rows, in a place that a keyboard can scroll.

    Parameters
    ----------
    names : sequence of str
        What stands over the columns; escaped here.
    rows : iterable of sequences of str
        The cells as HTML.
    caption : str
        The table's name; escaped here.
    words : sequence of bool, optional
        Which columns hold words, which begin at the left; every one unless told otherwise.
    """
    sides = [LEFT if word else "" for word in words or [True] * len(names)]
    head = "".join(f'<th scope="col" {side}>{escape(name)}</th>'
                   for name, side in zip(names, sides, strict=True))
    body = "".join(
        f'<tr><th scope="row" {sides[0]}>{first}</th>' + "".join(
            f"<td {side}>{cell}</td>" for cell, side in zip(rest, sides[1:], strict=True))
        + "</tr>" for first, *rest in rows)
    named = escape(caption, quote=True)
    return (f'<div style="overflow-x: auto" tabindex="0" role="group" aria-label="{named}">'
            f"<table><caption>{named}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table></div>")


def folded(html: str) -> str:
    """Something to open: the data of a picture."""
    lead = _("The data as a table")
    return f"<details><summary>{escape(lead)}</summary>{html}</details>"


def picture_html(name: str, inside: str = "") -> str:
    """What stands below a figure: it gives the figure its name and colours, and holds the words.

    Where a page runs no script the figure stays without a name; the words are there all the same.
    """
    return (f'<div class="cb-picture" data-name="{escape(name, quote=True)}">'
            f"<style>{_file('picture.css')}</style>{inside}"
            f"<script>{_file('picture.js')}</script></div>")


@lru_cache
def _file(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _texts(column: pd.Series) -> Iterable[str]:
    """The cells of a column; numbers with as many digits as the column needs."""
    kind = column.dtype.kind
    if kind == "b":
        return (_("yes") if value else _("no") for value in column)
    if kind == "f":
        known = column.dropna()
        digits = next((k for k in range(DIGITS) if known.round(k).equals(known)), DIGITS)
        return ("–" if _unknown(value) else f"{value:.{digits}f}" for value in column)
    return ("–" if _unknown(value) else escape(str(value)) for value in column)


def _unknown(value: Any) -> bool:
    return value is None or value != value
