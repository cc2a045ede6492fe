"""What a student decides: an attention plan for a phase, or a response to an incident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casebook.errors import MoveError
from casebook.roles import ROLE_IDS


@dataclass(frozen=True)
class Plan:
    """Attention for a phase: whole percents in the order of the roles, 100 in all."""

    phase: str
    shares: tuple[int, ...]

    def __post_init__(self):
        if len(self.shares) != len(ROLE_IDS):
            raise MoveError(f"An attention plan needs {len(ROLE_IDS)} shares.",
                            f"Give one for each of: {', '.join(ROLE_IDS)}.")
        for role, share in zip(ROLE_IDS, self.shares, strict=True):
            if isinstance(share, bool) or not isinstance(share, int) or not 0 <= share <= 100:
                raise MoveError(f"The share of {role} is {share!r}.",
                                "Shares are whole percents from 0 to 100.")
        if sum(self.shares) != 100:
            raise MoveError(f"The shares add up to {sum(self.shares)} %.",
                            "Change them until they add up to 100 %.")

    def record(self) -> dict[str, Any]:
        """The decision as it stands in a transcript."""
        return {"plan": self.phase, "shares": dict(zip(ROLE_IDS, self.shares, strict=True))}


@dataclass(frozen=True)
class Answer:
    """A response to an incident."""

    incident: str
    response: str

    def record(self) -> dict[str, Any]:
        """The decision as it stands in a transcript."""
        return {"incident": self.incident, "response": self.response}


Decision = Plan | Answer


def decision(record: Mapping[str, Any]) -> Decision:
    """The decision in a record such as ``{"incident": ..., "response": ...}``.

    Raises
    ------
    MoveError
        If it is neither a plan nor an answer, or a plan that does not add up.
    """
    if not isinstance(record, Mapping):
        raise MoveError(f"A decision is a mapping, not {record!r}.")
    if isinstance(record.get("plan"), str) and isinstance(record.get("shares"), Mapping):
        shares = record["shares"]
        unknown = [str(role) for role in shares if role not in ROLE_IDS]
        if unknown:
            raise MoveError(f"There is no role {unknown[0]!r}.",
                            f"The roles are: {', '.join(ROLE_IDS)}.")
        return Plan(record["plan"], tuple(shares.get(role, 0) for role in ROLE_IDS))
    if isinstance(record.get("incident"), str) and isinstance(record.get("response"), str):
        return Answer(record["incident"], record["response"])
    raise MoveError(f"This is neither an attention plan nor an answer: {dict(record)!r}.",
                    'Write {"plan": PHASE, "shares": {...}} or {"incident": ID, "response": ID}.')
