"""What a student decides: an attention plan for a phase, or a response to an incident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casebook.errors import MoveError
from casebook.language import _
from casebook.roles import ROLE_IDS


@dataclass(frozen=True)
class Plan:
    """Attention for a phase: whole percents in the order of the roles, 100 in all.

    ``engagement`` names the engagement of an account; it is empty where there is one only.
    """

    phase: str
    shares: tuple[int, ...]
    engagement: str = ""

    def __post_init__(self):
        if len(self.shares) != len(ROLE_IDS):
            raise MoveError(_("An attention plan needs {n} shares.").format(n=len(ROLE_IDS)),
                            _("Give one for each of: {those}.").format(those=", ".join(ROLE_IDS)))
        _add_up(ROLE_IDS, self.shares)

    def record(self) -> dict[str, Any]:
        """The decision as it stands in a transcript."""
        own = {"engagement": self.engagement} if self.engagement else {}
        return {"plan": self.phase, **own, "shares": dict(zip(ROLE_IDS, self.shares, strict=True))}


@dataclass(frozen=True)
class Division:
    """Your week over the engagements of an account: whole percents, 100 in all."""

    phase: str
    engagements: tuple[str, ...]
    shares: tuple[int, ...]

    def __post_init__(self):
        if len(self.shares) != len(self.engagements):
            raise MoveError(_("There are {n} engagements and {m} shares.").format(
                n=len(self.engagements), m=len(self.shares)), _("Give one for each."))
        _add_up(self.engagements, self.shares)

    def record(self) -> dict[str, Any]:
        """The decision as it stands in a transcript."""
        return {"divide": self.phase,
                "shares": dict(zip(self.engagements, self.shares, strict=True))}


def _add_up(names: Sequence[str], shares: Sequence[int]) -> None:
    """Refuse shares that are not whole percents adding up to 100 (MoveError)."""
    for name, share in zip(names, shares, strict=True):
        if isinstance(share, bool) or not isinstance(share, int) or not 0 <= share <= 100:
            raise MoveError(_("The share of {name} is {share}.").format(
                name=name, share=repr(share)), _("Shares are whole percents from 0 to 100."))
    if sum(shares) != 100:
        raise MoveError(_("The shares add up to {sum} %.").format(sum=sum(shares)),
                        _("Change them until they add up to 100 %."))


@dataclass(frozen=True)
class Answer:
    """A response to an incident."""

    incident: str
    response: str

    def record(self) -> dict[str, Any]:
        """The decision as it stands in a transcript."""
        return {"incident": self.incident, "response": self.response}


Decision = Plan | Division | Answer


def decision(record: Mapping[str, Any]) -> Decision:
    """The decision in a record such as ``{"incident": ..., "response": ...}``.

    Raises
    ------
    MoveError
        If it is neither a plan, a division nor an answer, or its shares do not add up.
    """
    if not isinstance(record, Mapping):
        raise MoveError(_("A decision is a mapping, not {record}.").format(record=repr(record)))
    if isinstance(record.get("plan"), str) and isinstance(record.get("shares"), Mapping):
        shares = record["shares"]
        unknown = [str(role) for role in shares if role not in ROLE_IDS]
        if unknown:
            raise MoveError(_("There is no role {role}.").format(role=repr(unknown[0])),
                            _("The roles are: {those}.").format(those=", ".join(ROLE_IDS)))
        engagement = record.get("engagement", "")
        if not isinstance(engagement, str):
            raise MoveError(_("The engagement is {id}.").format(id=repr(engagement)),
                            _("Give its id."))
        return Plan(record["plan"], tuple(shares.get(role, 0) for role in ROLE_IDS), engagement)
    if isinstance(record.get("divide"), str) and isinstance(record.get("shares"), Mapping):
        shares = record["shares"]
        return Division(record["divide"], tuple(map(str, shares)), tuple(shares.values()))
    if isinstance(record.get("incident"), str) and isinstance(record.get("response"), str):
        return Answer(record["incident"], record["response"])
    raise MoveError(_("This is neither an attention plan nor an answer: {record}.").format(
        record=repr(dict(record))), _("Write {form}.").format(
            form='{"plan": PHASE, "shares": {...}}, {"divide": PHASE, "shares": {...}} or '
                 '{"incident": ID, "response": ID}'))
