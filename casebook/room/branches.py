"""Another way: the tree of the stories of a play, and two of them side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from casebook.engagement import (
    SUFFIX,
    Answer,
    Division,
    Play,
    Turn,
    begin_play,
    file_name,
)
from casebook.engagement.words import change_word
from casebook.language import _

from .ending import AREAS
from .kept import Story
from .readings import people
from .rules import Rules
from .story import short

MOST = 40          # other ways in one play: a file each


def found_branches(folder: Path, case: str, player: str, attempt: int) -> list[tuple[int, Path]]:
    """The numbers and files of the other ways that are saved for a play, in order."""
    stem = file_name(case, player, attempt).removesuffix(SUFFIX)
    named = re.compile(re.escape(stem) + r"\.branch-([1-9]\d{0,3})" + re.escape(SUFFIX))
    try:
        # One that is empty has just been made by another tab, which is about to write it.
        return sorted((int(match[1]), path) for path in folder.iterdir()
                      if (match := named.fullmatch(path.name))
                      and path.is_file() and path.stat().st_size)
    except OSError:
        return []


def why_not(stories: Mapping[int, Story], rules: Rules) -> str:
    """Why no other way can be tried now; empty where it can."""
    if rules.assessed and stories[0].play.outcome is None:
        return _("This play is assessed: other ways can be tried after its end.")
    if len(stories) > MOST:
        return _("You have tried {n} other ways in this play; no more are kept.").format(n=MOST)
    return ""


def label(story: Story) -> str:
    """What a story is called."""
    if story.branch is None:
        return _("Your play")
    return _("Another way {number}, from turn {turn}").format(
        number=story.branch.number, turn=story.branch.start)


def tree(stories: Mapping[int, Story]) -> list[dict[str, Any]]:
    """Every story, each after the one that it branches off."""
    out: list[dict[str, Any]] = []

    def add(number: int, depth: int) -> None:
        story = stories[number]
        outcome = story.play.outcome
        out.append({
            "number": number, "depth": depth, "label": label(story),
            "parent": story.branch.parent if story.branch else None,
            "from": story.branch.start if story.branch else None,
            "turns": len(story.play.turns), "ended": outcome is not None,
            "state": outcome.ending.title if outcome else _("week {week}").format(
                week=story.play.state.week),
            "overall": round(outcome.overall) if outcome else None})
        for other in sorted(stories):
            branch = stories[other].branch
            if branch and other not in seen and _parent(branch.parent, other) == number:
                seen.add(other)
                add(other, depth + 1)

    def _parent(parent: int, number: int) -> int:
        # A way whose parent was deleted hangs on the play itself.
        return parent if parent in stories and parent < number else 0

    seen = {0}
    add(0, 0)
    return out


def compared(here: Story, there: Story) -> dict[str, Any]:
    """Two stories side by side: turns, how people stand, and the scorecards of both."""
    ours, theirs = here.play.turns, there.play.turns
    same = next((i for i, (a, b) in enumerate(zip(ours, theirs, strict=False))
                 if a.decision != b.decision), min(len(ours), len(theirs)))
    over = here.play.outcome is not None and there.play.outcome is not None
    turns = None if over else min(len(ours), len(theirs))
    return {"number": there.number, "label": label(there), "here": label(here), "same": same,
            "rows": [_row(here, there, a, b) for a, b in _reached(
                _aligned(ours[same:], theirs[same:]), here, there)],
            "people": _people(_at(here.play, turns), _at(there.play, turns)),
            "when": _("At the end") if over else _("After turn {turn} of both").format(turn=turns)
            if turns else _("At the start"),
            "scores": _scores(here, there)}


def _at(play: Play, turns: int | None) -> Play:
    """A play as it stood after some of its turns; None for as it stands."""
    if turns is None or turns == len(play.turns):
        return play
    then = begin_play(play.case, play.player, play.attempt)
    for turn in play.turns[:turns]:
        then = then.take(turn.decision)
    return then


def _asked(turn: Turn) -> tuple[str, ...]:
    """What a turn was about, so that two stories can be laid beside each other."""
    made = turn.decision
    if isinstance(made, Answer):
        return ("incident", made.incident)
    return ("divide" if isinstance(made, Division) else "plan", made.phase, turn.engagement)


def _aligned(ours, theirs) -> list[tuple[Turn | None, Turn | None]]:
    """Turns of two stories in pairs: those that were asked the same stand together."""
    keys = [[_asked(turn) for turn in turns] for turns in (ours, theirs)]
    pairs: list[tuple[Turn | None, Turn | None]] = []
    for tag, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs += zip(ours[a:b], theirs[c:d], strict=True)
        else:
            pairs += [(turn, None) for turn in ours[a:b]] + [(None, turn) for turn in theirs[c:d]]
    return pairs


def _reached(pairs: list[tuple[Turn | None, Turn | None]], here: Story, there: Story):
    """Without the end of the one that the other, which goes on, has not come to yet."""
    while pairs and (pairs[-1][0] is None and here.play.outcome is None
                     or pairs[-1][1] is None and there.play.outcome is None):
        pairs = pairs[:-1]
    return pairs


def _row(here: Story, there: Story, a: Turn | None, b: Turn | None) -> dict[str, Any]:
    first = a or b
    return {"week": first.week, "title": first.title,
            "here": short(here.play, a) if a else None,
            "there": short(there.play, b) if b else None,
            "differs": a is None or b is None or a.decision != b.decision}


def _people(here: Play, there: Play) -> list[dict[str, Any]]:
    """How each contact stands in both, as the manager would guess it: with the same error."""
    pairs = zip(people(here), people(there), strict=True)
    out = []
    for one, other in pairs:
        readings = []
        for mine, theirs in zip(one["readings"], other["readings"], strict=True):
            arrow, _word = change_word(theirs["value"] - mine["value"])
            word = {"up": _("higher there"), "down": _("lower there"), "level": _("alike")}[arrow]
            readings.append({"name": mine["name"], "here": mine["value"],
                             "there": theirs["value"], "arrow": arrow, "word": word})
        out.append({"id": one["id"], "name": one["name"], "readings": readings})
    return out


def _scores(here: Story, there: Story) -> list[dict[str, Any]] | None:
    mine, theirs = here.play.outcome, there.play.outcome
    if mine is None or theirs is None:
        return None
    rows = [{"name": _(name), "here": round(mine.scores[area]), "there": round(theirs.scores[area])}
            for area, name in AREAS.items()]
    return [*rows, {"name": _("Overall"), "here": round(mine.overall),
                    "there": round(theirs.overall)}]
