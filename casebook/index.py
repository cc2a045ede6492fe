"""The index of the cases that ship with the casebook."""

from __future__ import annotations

from html import escape
from typing import Any

from casebook import case as case_package

COLUMNS = ("title", "firm", "industry", "focal_role", "concepts", "minutes", "difficulty")


class Index(list):
    """The cases, one dictionary each; a notebook shows them as a table."""

    def __repr__(self) -> str:
        return "\n".join(
            f"{entry['id']:<20}{entry['title']} ({entry['minutes']} minutes, "
            f"{entry['difficulty']}): {entry['summary']}" for entry in self)

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{escape(name.replace("_", " ").capitalize())}</th>'
                       for name in COLUMNS)
        rows = "".join("<tr>" + "".join(
            f'<td style="text-align: left">{escape(_text(entry[name]))}</td>' for name in COLUMNS
        ) + "</tr>" for entry in self)
        return (f"<table><caption>Cases of the casebook</caption><thead><tr>{head}</tr></thead>"
                f"<tbody>{rows}</tbody></table>")


def cases() -> Index:
    """Every case that ships with the casebook.

    Returns
    -------
    Index
        A list of dictionaries: id, title, firm, client, industry, focal_role, concepts,
        minutes, difficulty, version, summary.
    """
    return Index(_entry(id) for id in sorted(case_package.bundled()))


def _entry(id: str) -> dict[str, Any]:
    case = case_package.read(id)
    return {
        "id": id, "title": case.title, "firm": case.firm.name, "client": case.client.name,
        "industry": case.client.industry, "focal_role": case.focal_role,
        "concepts": list(case.concepts), "minutes": case.minutes, "difficulty": case.difficulty,
        "version": case.version, "summary": case.summary,
    }


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
