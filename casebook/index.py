"""The index of the cases that ship with the casebook."""

from __future__ import annotations

from html import escape
from typing import Any

from casebook import case as case_package
from casebook.language import N_, spoken

from .markup import rows_html

COLUMNS = {
    "title": "Title", "firm": "Firm", "industry": "Industry", "focal_role": "Foregrounds",
    "concepts": "Concepts", "minutes": "Minutes", "difficulty": "Difficulty"}
ALL_ROLES = N_("all six")
ORDER = ("introductory", "intermediate", "advanced")


class Index(list):
    """The cases, one dictionary each; a notebook shows them as a table."""

    def __repr__(self) -> str:
        return "\n".join(
            f"{entry['id']:<20}{entry['title']} ({entry['firm']}; {entry['focal_role']}; "
            f"{entry['minutes']} minutes, {entry['difficulty']}): {entry['summary']}"
            for entry in self)

    def _repr_html_(self) -> str:
        return rows_html(
            list(COLUMNS.values()),
            [[escape(_text(entry[name])) for name in COLUMNS] for entry in self],
            "Cases of the casebook")


def cases() -> Index:
    """Every case that ships with the casebook.

    Returns
    -------
    Index
        A list of dictionaries: id, title, firm, client, industry, focal_role, concepts,
        minutes, difficulty, version, summary; easier ones first. ``focal_role`` of an account of
        several engagements is "all six".
    """
    entries = [_entry(id) for id in case_package.bundled()]
    return Index(sorted(entries, key=lambda entry: (
        entry["focal_role"] == ALL_ROLES, ORDER.index(entry["difficulty"]), entry["title"])))


def _entry(id: str) -> dict[str, Any]:
    language = spoken()
    case = case_package.read(id, language if language in case_package.translations(id) else None)
    return {
        "id": id, "title": case.title, "firm": case.firm.name, "client": case.client.name,
        "industry": case.client.industry, "focal_role": case.focal_role or ALL_ROLES,
        "concepts": list(case.concepts), "minutes": case.minutes, "difficulty": case.difficulty,
        "version": case.version, "summary": case.summary,
    }


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
