"""Small pieces of HTML for the basic view. Every text is escaped here; only ``_html`` is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from casebook.language import _

from .. import phrases

#: Only what plain HTML needs to be read well; colours are those of the front end.
STYLE = """<style>
.cb-basic { max-width: 62rem; }
.cb-basic .widget-html-content, .cb-basic .jupyter-widget-html-content { line-height: 1.5;
  font-size: 15px; min-width: 0; max-width: 100%; }
.cb-basic .widget-html, .cb-basic .jupyter-widget-html { width: auto; overflow: visible; }
.cb-basic h3 { font-size: 1.25em; margin: 0.8em 0 0.3em; line-height: 1.3; }
.cb-basic h4 { font-size: 1.05em; margin: 0.8em 0 0.2em; line-height: 1.3; }
.cb-basic p, .cb-basic ul, .cb-basic ol { margin: 0 0 0.5em; }
.cb-basic blockquote { margin: 0 0 0.5em; padding-left: 0.7em;
  border-left: 3px solid currentColor; }
.cb-basic ul, .cb-basic ol { padding-left: 1.4em; }
.cb-basic ul.cb-plain { list-style: none; padding-left: 0; }
.cb-basic ul.cb-plain li { margin-bottom: 0.35em; }
.cb-basic ol.cb-letters { list-style: upper-alpha; }
.cb-basic ol.cb-letters li::marker { font-weight: 700; }
.cb-basic table { border-collapse: collapse; margin: 0 0 0.6em; }
.cb-basic th, .cb-basic td { padding: 0.15em 0.7em 0.15em 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid rgba(128, 128, 128, 0.5); }
.cb-basic td.cb-number { text-align: right; font-variant-numeric: tabular-nums; }
.cb-basic summary { cursor: pointer; padding: 0.15em 0; font-weight: 600; }
.cb-basic details details { margin-left: 1em; }
.cb-basic details details summary { font-weight: 400; }
.cb-basic .cb-quiet summary { font-weight: 400; }
.cb-basic .cb-wide { overflow-x: auto; }
.cb-basic .cb-people { display: grid; gap: 0.8em 1.6em;
  grid-template-columns: repeat(auto-fill, minmax(min(18em, 100%), 1fr)); }
.cb-basic .cb-who { display: flex; gap: 0.6em; align-items: center; margin: 0.6em 0 0.4em; }
.cb-basic .cb-who svg { width: 44px; height: 44px; border-radius: 50%; flex: none; }
.cb-basic .cb-who p, .cb-basic .cb-who h4 { margin: 0; }
.cb-basic .cb-said { padding: 0.5em 0.8em; border: 1px solid rgba(128, 128, 128, 0.6);
  border-radius: 6px; }
.cb-basic .cb-track { display: block; position: relative; height: 8px; max-width: 16em;
  border: 1px solid; border-radius: 4px; overflow: hidden; }
.cb-basic .cb-track i { position: absolute; top: 0; bottom: 0; background: currentColor; }
.cb-basic .cb-track i.cb-range { opacity: 0.35; }
.cb-basic .widget-radio-box label, .cb-basic .jupyter-widgets .widget-radio-box label {
  height: auto; line-height: 1.5; white-space: normal; max-width: 100%; overflow: visible; }
.cb-basic .widget-radio, .cb-basic .widget-inline-hbox { max-width: 100%; }
.cb-basic .widget-label { height: auto; min-height: 28px; white-space: normal; overflow: visible; }
.cb-basic .widget-text { width: auto; }
.cb-basic .widget-dropdown { width: auto; max-width: 100%; flex-wrap: wrap; }
.cb-basic .widget-dropdown select { min-width: 0; max-width: 100%; }
.cb-basic .jupyter-button { height: auto; min-height: 28px; white-space: normal; text-align: left; }
</style>"""


def section(title: str, *parts: str, level: int = 3) -> str:
    """A heading and what belongs to it."""
    return f"<h{level}>{escape(title)}</h{level}>" + "".join(parts)


def para(text: str, tag: str = "p") -> str:
    """A paragraph of plain text; nothing where there is none."""
    return f"<{tag}>{escape(text)}</{tag}>" if text else ""


def fold(summary: str, *parts: str) -> str:
    """What is opened when it is wanted. Its summary keeps JupyterLab's one-letter keys out."""
    return (f'<details><summary data-lm-suppress-shortcuts="true">{escape(summary)}</summary>'
            + "".join(parts) + "</details>")


def listed(items: Iterable[str], kind: str = "") -> str:
    """A list of entries that are HTML already; of kind ``plain`` it has no marks of its own."""
    entries = "".join(f"<li>{item}</li>" for item in items)
    # Without its marks a list is no list to some screen readers, unless it says so.
    role = f' class="cb-{kind}" role="list"' if kind else ""
    return f"<ul{role}>{entries}</ul>" if entries else ""


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table; the first cell of a row names it."""
    top = "".join(f'<th scope="col">{escape(cell)}</th>' if cell else "<td></td>" for cell in head)
    body = "".join(
        f'<tr><th scope="row">{escape(str(row[0]))}</th>' + "".join(
            f'<td class="cb-number">{escape(str(cell))}</td>' if _is_number(cell)
            else f"<td>{escape(str(cell))}</td>" for cell in row[1:]) + "</tr>" for row in rows)
    return (f'<div class="cb-wide"><table><caption>{escape(caption)}</caption>'
            f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>")


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def who(person: Mapping[str, Any], *parts: str, level: str = "h4") -> str:
    """A person with portrait and title."""
    said = phrases.titled(person.get("title"), person.get("part"), person.get("engagement"))
    band = f' ({escape(phrases.band(person["band"]))})' if person.get("band") else ""
    return (f'<div class="cb-who">{person.get("portrait", "")}<div>'
            f'<{level}>{escape(person["name"])}{band}</{level}>{para(said)}</div></div>'
            + "".join(parts))


def reasons(found: Iterable[Mapping[str, Any]]) -> str:
    """Reasons, each with its principle and its findings."""
    return listed((
        phrases.ARROWS["up" if one["change"] > 0 else "down"] + " " + escape(phrases.because(one))
        + para(one["principle"]) + findings(one["findings"]) for one in found), "plain")


def findings(found: Iterable[Mapping[str, Any]]) -> str:
    """Findings with their sources."""
    return listed(escape(phrases.finding(one)) for one in found or ())


def news(items: Iterable[Mapping[str, Any]]) -> str:
    """What came out in the weeks since."""
    return listed((f"{phrases.MARKS[one['tone']]} " + escape(
        _("Week {week}: {text}").format(week=one["week"], text=one["text"])) for one in items),
        "plain")


def reading(entry: Mapping[str, Any]) -> str:
    """A reading in words, and its range as a bar."""
    wide = entry["high"] - entry["low"]
    return (f'{escape(phrases.reading(entry))}<span class="cb-track" aria-hidden="true">'
            f'<i class="cb-range" style="left:{entry["low"]}%;width:{wide}%"></i>'
            f'<i style="left:{entry["value"]}%;width:3px"></i></span>')
