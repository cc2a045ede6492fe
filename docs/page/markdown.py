"""Pieces of Markdown: tables, numbers, and links to facts, parameters and references."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

FACT = re.compile(r"\bF\d\d\b")
_CITED = re.compile(r"(?P<name>[^\W\d_][\w\-]+)(?: et al\.| & [\w\- ]+)? \((?P<year>\d{4})\)")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [_row(head), "|" + " --- |" * len(head), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def number(value: float) -> str:
    """Two decimals, and a third for what is small; a real minus sign."""
    digits = 3 if abs(value) < 0.095 else 2
    text = f"{value:z.{digits}f}" if value else "0"
    return text.replace("-", "−")


def signed(text: str) -> str:
    """Text with real minus signs before digits, and alone."""
    return re.sub(r"(?<!\w)-(?=\d|$)", "−", text)


def interval(value: float, low: float, high: float) -> str:
    """An estimate and its interval; nothing where there is none."""
    if math.isnan(value):
        return ""
    return f"{number(value)} ({number(low)} to {number(high)})"


def plain(value: Any) -> str:
    """A parameter's value as it stands in the data; the rows of a table are set apart by ``;``."""
    if isinstance(value, list):
        apart = "; " if isinstance(value[0], list) else ", "
        return apart.join(plain(one) for one in value)
    return "any" if value is None else signed(f"{value:g}")


def fact_links(text: str) -> str:
    """Text in which every id of a fact leads to that fact."""
    return FACT.sub(lambda m: f'<a href="#{m[0].lower()}">{m[0]}</a>', text)


def cited(text: str, references: Mapping[str, Mapping[str, Any]]) -> str:
    """Text in which ids of facts, and works named by author and year, are links.

    Raises
    ------
    LookupError
        If a work is named that the references do not have.
    """
    known = {(_first(entry["authors"]), entry.get("year")): id for id, entry in references.items()}

    def linked(match: re.Match) -> str:
        key = (_folded(match["name"]), int(match["year"]))
        if key not in known:
            raise LookupError(f"{match[0]} is cited, and references.yaml does not have it")
        return f'<a href="#{known[key]}">{match[0]}</a>'

    return fact_links(_CITED.sub(linked, text))


def _first(authors: str) -> str:
    return _folded(authors.split(",")[0])


def _folded(name: str) -> str:
    """A surname without accents: some are typed without them."""
    plain = unicodedata.normalize("NFKD", name.replace("ø", "o"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()


def count(number_of: int, thing: str) -> str:
    """``1 fact``, ``2 facts``."""
    return f"{number_of} {thing}{'' if number_of == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """``a, b and c``."""
    words = list(words)
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
