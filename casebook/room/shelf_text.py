"""The shelf where there is no widget: as text for a terminal, and as plain HTML."""

from __future__ import annotations

import textwrap
from html import escape
from typing import Any

from casebook.language import _, speaking
from casebook.whereabouts import ANYBODY

WIDTH, BAR, EDGE = 84, 20, "  "


class Page:
    """A shelf as it was when it was read; a notebook shows it as a table."""

    def __init__(self, view: dict[str, Any], language: str):
        self.view = view
        self.language = language

    def __repr__(self) -> str:
        with speaking(self.language):
            return as_text(self.view)

    def _repr_html_(self) -> str:
        with speaking(self.language):
            return as_html(self.view)


def heading(view: dict[str, Any]) -> str:
    """Whose progress it is."""
    if view["player"] == ANYBODY:
        return _("Your progress")
    return _("Progress of {player}").format(player=view["player"])


def as_text(view: dict[str, Any]) -> str:
    """The shelf, to be read in a terminal."""
    lines = [heading(view), *_wrapped(view["summary"], ""), ""]
    if view["warning"]:
        lines += [*_wrapped(view["warning"], ""), ""]
    for row in view["cases"]:
        full = round(BAR * row["percent"] / 100)
        lines += [f"[{'#' * full}{'.' * (BAR - full)}] {row['percent']:>3} %  {row['title']}",
                  EDGE + row["about"]]
        for text in told(row):
            lines += _wrapped(text, EDGE)
        lines += [f"{EDGE}{row['run_says']}: {row['run']}", ""]
    if view["others"]:
        lines.append(_("Other files in this folder"))
        for other in view["others"]:
            lines += _wrapped(": ".join(filter(None, (other["file"], other["text"]))), EDGE)
    return "\n".join(lines).rstrip()


def told(row: dict[str, Any]) -> list[str]:
    """What a row says of its attempts, and of its lesson."""
    said = [row["text"]] if row["text"] else []
    for one in row["attempts"]:
        text = one["text"] + "." if one["notes"] and one["text"][-1:] not in ".?!" else one["text"]
        said.append(" ".join([f"{one['name']}: {text}", *one["notes"]]))
    if row["lesson"]:
        said.append(_("Lesson: {file}").format(file=row["lesson"]))
    return said


def _wrapped(text: str, edge: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=edge, subsequent_indent=edge,
                         break_on_hyphens=False, break_long_words=False)


def as_html(view: dict[str, Any]) -> str:
    """The shelf as a table, for a front end that cannot show widgets."""
    columns = (_("Case"), _("How far"), _("Run this"))
    head = "".join(f'<th scope="col" style="text-align: left">{escape(name)}</th>'
                   for name in columns)
    parts = [f"<p><strong>{escape(heading(view))}.</strong> {escape(view['summary'])}</p>",
             f"<p>{escape(view['warning'])}</p>" if view["warning"] else "",
             f"<table><thead><tr>{head}</tr></thead><tbody>",
             *map(_row, view["cases"]), "</tbody></table>"]
    if view["others"]:
        items = "".join(f"<li>{escape(': '.join(filter(None, (one['file'], one['text']))))}</li>"
                        for one in view["others"])
        lead = _("Other files in this folder")
        parts.append(f"<p>{escape(lead)}</p><ul>{items}</ul>")
    return "".join(parts)


def _row(row: dict[str, Any]) -> str:
    says = "<br>".join(map(escape, told(row)))
    left = 'style="text-align: left"'
    return (f'<tr><th scope="row" {left}>{escape(row["title"])}<br>'
            f'<span style="font-weight: normal">{escape(row["about"])}</span></th>'
            f"<td {left}>{row['percent']} %<br>{says}</td>"
            f"<td {left}>{escape(row['run_says'])}:<br><code>{escape(row['run'])}</code></td></tr>")
