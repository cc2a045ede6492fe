"""What became of a submission, and of a run."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from .reasons import Reason

#: Graded without trouble; graded with something to know; test cells without a run; nothing kept.
GRADED, PROBLEM, LOST, FAILED, SKIPPED = "graded", "problem", "lost", "failed", "skipped"
#: Control characters, bytes that are no UTF-8, ends of lines: neither a gradebook nor a terminal
#: can take them.
_IN_NO_ID = {"Cc", "Cs", "Zl", "Zp"}


@dataclass(frozen=True)
class Outcome:
    """One student's submission after a run.

    Attributes
    ----------
    score, max_score : float or None
        Points given by tests so far, and points that the assignment has; None if not graded now.
    by_hand : int
        Cells that are still to be marked by hand.
    seconds : float
        Wall clock time of a worker.
    parts : dict of str to float
        Where the time went, in seconds.
    """

    student: str
    state: str
    score: float | None = None
    max_score: float | None = None
    by_hand: int = 0
    reasons: tuple[Reason, ...] = ()
    seconds: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """As plain data, for ``--json``."""
        return {**asdict(self), "reasons": [one.record() for one in self.reasons]}


def is_id(name: str) -> bool:
    """Whether a folder's name can be a student's id."""
    return not any(unicodedata.category(one) in _IN_NO_ID for one in name)


def state_of(reasons: Iterable[Reason]) -> str:
    """The state of a graded submission with these reasons."""
    found = {reason.severity for reason in reasons}
    return LOST if "lost" in found else PROBLEM if "problem" in found else GRADED


def by_reason(outcomes: Iterable[Outcome]) -> list[tuple[str, int, list[str]]]:
    """Kinds of reasons with how many submissions have them and whose, most frequent first."""
    who: dict[str, list[str]] = {}
    for outcome in outcomes:
        for kind in sorted({reason.kind for reason in outcome.reasons}):
            who.setdefault(kind, []).append(outcome.student)
    counts = Counter({kind: len(students) for kind, students in who.items()})
    return [(kind, count, who[kind]) for kind, count in counts.most_common()]


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """0 if every submission was graded without trouble; 1 if some were not, or not at all."""
    return int(any(one.state in (PROBLEM, LOST, FAILED) for one in outcomes))
