"""What a contact says of the manager in private at the end, put together from what moved them.

Every sentence stands for something in the play: the band of trust and how it moved, the causes
that moved this contact's trust most, what they remember of the project and what moved that most,
and their own vote.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from casebook.engagement import Play
from casebook.engagement.explain import Because, whole_play
from casebook.engagement.words import band
from casebook.language import _
from casebook.model import decide
from casebook.yaml_text import from_yaml

from .markdown import html
from .parts import located

FILE = Path(__file__).with_name("private.yaml")
CAUSES = 2           # told of those that moved a contact's trust most


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """The sentences, by what they stand for."""
    return from_yaml(FILE.read_text(encoding="utf-8"))


def private_html(play: Play, i: int) -> str:
    """What the contact at this place says in private at the end of a play, as HTML."""
    return html(_("“{speech}”").format(speech=" ".join(speech(play, i))))


def speech(play: Play, i: int) -> list[str]:
    """The sentences of it, one by one: of the manager, of the project, of the contract."""
    part = play.case.contacts[i].part
    moved = whole_play(play.turns, i, most=len(words()["causes"]))
    of_manager = [one for one in moved if one.measure != "satisfaction"][:CAUSES]
    of_project = [one for one in moved if one.measure == "satisfaction"][:1]
    remembered = content(play, i)
    said = [_opening(play, i), _(words()["since"][part][since(play, i)]),
            *(_causes(of_manager, part) or [_(words()["joins"]["nothing"])]),
            _(words()["satisfaction"][part][remembered])]
    if of_project and _apart(of_project[0], of_manager):
        said.append(_(words()["apart"][part]["up" if of_project[0].change > 0 else "down"]))
    else:
        said += _causes(of_project, part, "still", {"high": True, "low": False}.get(remembered))
    return said + _vote(play, i, part)


def said_of(cause: str, part: str) -> dict[str, str]:
    """How somebody of this part tells a cause, ``up`` and ``down``."""
    told = words()["causes"][cause]
    return told.get(part, told)


def _apart(reason: Because, before: list[Because]) -> bool:
    """Whether the weeks are told after milestones or progress that went the other way.

    Without a word between them, "less than I had expected" and "better than I had expected"
    would contradict each other.
    """
    return reason.cause == "experience" and any(
        one.cause in ("milestone", "progress") and (one.change > 0) != (reason.change > 0)
        for one in before)


def _vote(play: Play, i: int, part: str) -> list[str]:
    """What a contact says of the next contract, and of what came of it."""
    would, said = would_renew(play, i), []
    # A vote has other grounds too, such as what else ties a contact to the firm.
    if (band(float(play.measures()["trust"][i])), content(play, i)) in (
            ("cold", "low") if would else ("warm", "high"),):
        said.append(_(words()["joins"]["more"]))
    said.append(_(words()["renewal"][part]["yes_said" if would else "no_said"]))
    if would != play.outcome.renewed:
        said.append(_(words()["overruled"]["went"]))
    return said


def would_renew(play: Play, i: int) -> bool:
    """Whether this contact's own vote was for going on, rather than for a rival."""
    part, j = located(play, i)
    votes = decide(part.state, part.luck, part.setting, part.parameters).votes
    return float(votes[0, j]) >= part.parameters.account.rival


def since(play: Play, i: int) -> str:
    """How trust moved over the play: ``rose``, ``fell`` or ``same``."""
    start, end = (float(turn["trust"][i]) for turn in (play.turns[0].before, play.turns[-1].after))
    moved, least = 100 * (end - start), words()["limits"]["since"]
    return "rose" if moved >= least else "fell" if moved <= -least else "same"


def content(play: Play, i: int) -> str:
    """What is remembered of the project: ``high``, ``middle`` or ``low``."""
    part, j = located(play, i)
    remembered, limits = float(part.state.memory[0, j]), words()["limits"]
    if remembered >= limits["content"]:
        return "high"
    return "low" if remembered < limits["discontent"] else "middle"


def _opening(play: Play, i: int) -> str:
    contacts = play.case.contacts
    part = contacts[i].part
    # Two contacts of one part do not begin with the same words.
    before = sum(one.part == part for one in contacts[:i])
    tone = band(float(play.measures()["trust"][i]))
    text = words()["openings"][part][tone]["two" if before % 2 else "one"]
    return _(text).format(name=play.case.you.name)


def _causes(reasons: list[Because], part: str, join: str = "but",
            before: bool | None = None) -> list[str]:
    """Causes in sentences, with a word between what speaks for and what against.

    ``before`` says which way the sentence before them points, where it points anywhere.
    """
    said = []
    for reason in reasons:
        up = reason.change > 0
        if before not in (None, up):
            said.append(_(words()["joins"][part][join]))
        said.append(_(said_of(reason.cause, part)["up" if up else "down"]))
        before = up
    return said
