"""Opening a play: the story that counts, the other ways that are saved, and what was amiss."""

from __future__ import annotations

from collections.abc import Container
from contextlib import suppress
from pathlib import Path
from typing import Any

from casebook.case import Account, Case
from casebook.engagement import begin_play, file_name
from casebook.errors import CasebookError, TranscriptError

from .branches import found_branches
from .kept import Story, resumed, there
from .rules import Rules


def opened(case: Case | Account, player: str, attempt: int, folder: str | Path | None,
           rules: Rules) -> tuple[dict[int, Story], str]:
    """The play and the other ways that may be shown, as far as they are saved; what was amiss."""
    fresh = begin_play(case, player, attempt)
    if folder is None:
        return {0: Story(fresh, None)}, ""
    path = Path(folder) / file_name(case.id, player, attempt)
    story, amiss = resumed(path, case, player, attempt) if there(path) else (Story(fresh, path), "")
    others, told = other_ways(case, player, attempt, Path(folder), ())
    for other in others.values():
        # A play says of every other way, also where it was killed, or begun anew, beside it.
        with suppress(TranscriptError):
            note_way(story, other)
    told_once = dict.fromkeys(filter(None, [amiss, *told]))
    return {0: story, **may_be_shown(others, story, rules)}, " ".join(told_once)


def may_be_shown(others: dict[int, Story], story: Story, rules: Rules) -> dict[int, Story]:
    """The other ways that may be shown: in an assessed play none before its end."""
    return {} if rules.assessed and story.play.outcome is None else others


def other_ways(case: Case | Account, player: str, attempt: int, folder: Path,
               known: Container[int]) -> tuple[dict[int, Story], list[str]]:
    """The other ways that are saved and not yet known; and what was amiss with each."""
    stories, told = {}, []
    for number, file in found_branches(folder, case.id, player, attempt):
        if number in known:
            continue
        try:
            story, amiss = resumed(file, case, player, attempt, number)
        except CasebookError as error:
            told.append(str(error))
            continue
        told.append(amiss)
        if story.last is not None:           # something of it could be read
            stories[number] = story
    return stories, told


def note_way(story: Story, other: Story, time: str | None = None) -> None:
    """Let a play's transcript say of another way, once (TranscriptError if it cannot be saved)."""
    if other.number not in _noted(story):
        branch = other.branch
        story.note({"kind": "branch", "number": branch.number, "of": branch.parent,
                    "from": branch.start}, time)


def _noted(story: Story) -> set[Any]:
    notes = (entry.get("note") for entry in story.entries)
    return {note.get("number") for note in notes
            if isinstance(note, dict) and note.get("kind") == "branch"}
