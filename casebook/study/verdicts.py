"""Judging a balance: one verdict for each thing that a balanced case must keep to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from casebook.case import Account, Case
from casebook.roles import ROLE_IDS

if TYPE_CHECKING:
    from .balance import Balance

FACILITATING = tuple(role for role in ROLE_IDS if role != "implementer")


@dataclass(frozen=True)
class Verdict:
    """One demand on a case: its name, whether it holds, and what was found."""

    name: str
    holds: bool
    told: str


def judge(found: Balance, case: Case | Account, wanted: Mapping[str, Any]) -> tuple[Verdict, ...]:
    """All verdicts, in the order in which they are told."""
    return (*_managers(found, wanted), *_coverage(found, case, wanted), *_choices(found, wanted),
            *_roles(found, case, wanted))


def _managers(found: Balance, wanted: Mapping[str, Any]) -> Iterator[Verdict]:
    mean = {name: value for name, (value, _) in found.means.items()}
    low, high = wanted["random"]["middle"]
    yield Verdict("random play in the middle", low <= mean["random"] <= high,
                  f"{mean['random']:.1f} points, wanted {low} to {high}")
    above = [role for role in ROLE_IDS if mean[role] >= mean["balanced"]]
    most = max(ROLE_IDS, key=mean.__getitem__)
    yield Verdict("each single role below balanced", not above,
                  f"balanced {mean['balanced']:.1f}, best single role {most} {mean[most]:.1f}")
    yield Verdict("sell-first below trust-first", mean["sell-first"] < mean["trust-first"],
                  f"{mean['sell-first']:.1f} and {mean['trust-first']:.1f}")


def _coverage(found: Balance, case: Case | Account,
              wanted: Mapping[str, Any]) -> Iterator[Verdict]:
    low, high = wanted["incidents"]["account" if isinstance(case, Account) else "met"]
    yield Verdict("incidents met", low <= found.met <= high,
                  f"{found.met:.1f} in a random play, wanted {low} to {high}")
    rare = [name for name, (_, share) in found.endings.items()
            if share < wanted["endings"]["least"]]
    yield Verdict("every ending occurs", not rare, "never or hardly: " + ", ".join(rare)
                  if rare else f"the rarest in {min(s for _, s in found.endings.values()):.1%}")
    used = 1 - len(found.unused) / found.responses
    never = f", never: {', '.join(found.unused)}" if found.unused else ""
    yield Verdict("responses occur", used >= wanted["responses"]["used"], f"{used:.0%}{never}")


def _choices(found: Balance, wanted: Mapping[str, Any]) -> Iterator[Verdict]:
    most, least = wanted["tries"]["best"]["most"], wanted["tries"]["states"]["least"]
    beaten = [f"{name} by {other}" for one in found.tried for name, other in one.beaten.items()
              if one.enough(name, least) and one.enough(other, least)]
    yield Verdict("no response is beaten by a sibling whatever the state", not beaten,
                  ", ".join(beaten) or "none is")
    always = [f"{name} ({share:.0%})" for one in found.tried
              for name, share in one.best.items()
              if share > most and one.enough(name, least)]
    yield Verdict("no response is best nearly always", not always,
                  ", ".join(always) or f"none in more than {most:.0%} of states")
    few = [name for one in found.tried for name in one.states if not one.enough(name, least)]
    yield Verdict("responses tried from enough states", len(few) <= (
        1 - wanted["responses"]["used"]) * found.responses, (
        f"fewer than {least}: {', '.join(few)}" if few else f"each from {least} or more"))
    rank = length_rank(found, least)
    apart = wanted["lengths"]["apart"]
    yield Verdict("length gives nothing away", abs(rank - 0.5) <= apart,
                  f"mean rank of the best response {rank:.2f}, 0 shortest, 1 longest")


def _roles(found: Balance, case: Case | Account, wanted: Mapping[str, Any]) -> Iterator[Verdict]:
    worth = found.worth
    yield Verdict("the best manager uses several roles",
                  len(worth.roles) >= wanted["roles"]["least"], ", ".join(worth.roles))
    focal = case.focal_role
    if focal:
        others = {role: worth.loss(role) for role in FACILITATING if role != focal}
        next_one = max(others, key=others.__getitem__)
        told = (f"without the {focal} {worth.loss(focal):.1f} points less, without the {next_one} "
                f"{others[next_one]:.1f} (standard error {worth.error:.1f})")
        yield Verdict("the focal role is worth most of those that facilitate",
                      worth.loss(focal) > others[next_one], told)


def length_rank(found: Balance, least: int) -> float:
    """Mean rank by length, 0 shortest to 1 longest, of the response best on average.

    Only responses count that were tried from at least ``least`` states.
    """
    ranks = []
    for one in found.tried:
        best = one.favourite(least)
        if best is None:
            continue
        lengths = np.array([one.lengths[name] for name in one.lengths if one.enough(name, least)])
        own = one.lengths[best]
        below, level = (lengths < own).sum(), (lengths == own).sum() - 1
        ranks.append((below + level / 2) / (len(lengths) - 1))
    return float(np.mean(ranks)) if ranks else 0.5
