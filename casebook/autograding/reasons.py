"""Why a submission was not graded simply as it was handed in, for student and instructor."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

NOTE, PROBLEM, LOST = "note", "problem", "lost"
MOST_SHOWN = 12           # lines about one notebook; more are counted
_MARKS = re.compile(r"([\\`*_\[\]<>|$#~])")


@dataclass(frozen=True)
class Reason:
    """One thing about a submission that somebody has to know.

    Attributes
    ----------
    kind : str
        What it is, in a word that stays the same: ``truncated``, ``link``.
    severity : str
        ``note`` (nothing is lost), ``problem`` (seen in feedback) or ``lost`` (no answer of this
        notebook could be read).
    cell : str
        The ``grade_id``, or empty.
    file : str
        The file, relative and fit to be shown, or empty.
    """

    kind: str
    severity: str
    text: str
    cell: str = ""
    file: str = ""

    def record(self) -> dict[str, Any]:
        """The reason as plain data."""
        return {"kind": self.kind, "severity": self.severity, "cell": self.cell or None,
                "file": self.file or None, "text": self.text}


def shown(name: str) -> str:
    """A name from a student, fit to stand in a sentence: no control characters, not too long."""
    plain = "".join(one if one.isprintable() else "?" for one in name)
    return plain if len(plain) <= 80 else plain[:60] + "…" + plain[-15:]


def in_words(error: BaseException, most: int = 300) -> str:
    """An error's kind and what it says, on one short line: a student may have made it."""
    said = " ".join("".join(one if one.isprintable() else " " for one in str(error)).split())
    return f"{type(error).__name__}: {said[:most] or 'no reason given'}"


def about(reasons: Iterable[Reason]) -> str:
    """The text of the cell that tells a student what happened; empty where nothing has to be told.
    """
    told = list(dict.fromkeys(one.text for one in reasons if one.severity != NOTE))
    if not told:
        return ""
    lines = [f"- {_plain(text)}" for text in told[:MOST_SHOWN]]
    if len(told) > MOST_SHOWN:
        lines.append(f"- And {len(told) - MOST_SHOWN} more of this sort.")
    return "**About this notebook**\n\n" + "\n".join(lines)


def _plain(text: str) -> str:
    """A text that Markdown shows as it stands: names in it are a student's."""
    return _MARKS.sub(r"\\\1", html.escape(text, quote=False)).replace("\n", " ")


def listed(names: Sequence[str], most: int = 6) -> str:
    """Names in a row, the first of many."""
    quoted = [f"'{shown(name)}'" for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(quoted)} and {len(names) - most} more"
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
