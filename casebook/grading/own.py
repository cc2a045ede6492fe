"""Figures of a student's own: each gets other numbers, of the same difficulty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from casebook.markup import rows_html
from casebook.model.luck import uniforms
from casebook.yaml_text import from_yaml, read_only

from .failed import AssignmentError

FILE = Path(__file__).with_name("own.yaml")


@dataclass(frozen=True)
class OwnFigures(Mapping):
    """The figures of one student, by id; a notebook shows them as a table.

    ``rows`` holds id, label, unit and value.
    """

    title: str
    rows: tuple[tuple[str, str, str, int | float], ...]

    def __getitem__(self, id: str) -> int | float:
        for own, _, _, value in self.rows:
            if own == id:
                return value
        raise KeyError(id)

    def __iter__(self) -> Iterator[str]:
        return (id for id, *_ in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return "\n".join([self.title, *(
            f"  {id}: {value:,} {unit} ({label})" for id, label, unit, value in self.rows)])

    def _repr_html_(self) -> str:
        rows = [(escape(label), f"{value:,}", escape(unit),
                 f'<code>own["{escape(id)}"]</code>') for id, label, unit, value in self.rows]
        return rows_html(("Figure", "Value", "Unit", "Write it as"), rows, self.title,
                         (True, False, True, True))


@lru_cache(maxsize=1)
def sheets() -> Mapping[str, Any]:
    """What ``own.yaml`` holds, by the name of a sheet."""
    return read_only(from_yaml(FILE.read_text(encoding="utf-8")))


def own_figures(sheet: str, player: str) -> OwnFigures:
    """The figures of a sheet for one player.

    Each value is ``base + k * step`` with a whole k from ``-spread`` to ``spread``, drawn by the
    player's name: the same player always gets the same ones.

    Raises
    ------
    AssignmentError
        If there is no such sheet.
    """
    if sheet not in sheets():
        raise AssignmentError(f"There is no sheet {sheet!r} of own figures.",
                              f"There are: {', '.join(sheets())}.")
    made = sheets()[sheet]
    drawn = uniforms(("own figures", sheet, player.casefold()), len(made["rows"]))
    rows = tuple((row["id"], row["label"], row["unit"], _value(row, float(u)))
                 for row, u in zip(made["rows"], drawn, strict=True))
    return OwnFigures(made["title"], rows)


def drawn_without(pool: int, count: int, key: tuple[str, ...]) -> list[int]:
    """``count`` different places out of ``pool``, in an order of this player's own."""
    drawn = uniforms(("own choice", *key), pool)
    return sorted(range(pool), key=lambda place: drawn[place])[:count]


def _value(row: Mapping[str, Any], u: float) -> int | float:
    k = int(u * (2 * row["spread"] + 1)) - row["spread"]
    return round(row["base"] + k * row["step"], row.get("digits", 0)) if row.get("digits") else (
        row["base"] + k * row["step"])
