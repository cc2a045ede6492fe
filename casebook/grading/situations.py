"""Situations from a manager's week, drawn for each student: which role is at work?

``situations.yaml`` holds the texts and nothing about roles. The key stands in the hidden test of
the instructor's notebook, and is passed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from casebook.yaml_text import from_yaml, read_only

from .answers import letters
from .failed import AssignmentError, CheckFailed
from .own import drawn_without

FILE = Path(__file__).with_name("situations.yaml")
#: One letter for each role, as students write them.
LETTERS = "ICEPFM"


@dataclass(frozen=True)
class Situations(Sequence):
    """The situations of one student, in order; a notebook shows them as a numbered list.

    ``ids`` and ``texts`` have the same length.
    """

    ids: tuple[str, ...]
    texts: tuple[str, ...]

    def __getitem__(self, place):
        return self.texts[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)

    def __repr__(self) -> str:
        return "\n".join(f"{place}. {text}" for place, text in enumerate(self.texts, 1))

    def _repr_html_(self) -> str:
        return "<ol>" + "".join(f'<li style="margin-bottom: 0.6em">{escape(text)}</li>'
                                for text in self.texts) + "</ol>"


@lru_cache(maxsize=1)
def pool() -> Mapping[str, Any]:
    """What ``situations.yaml`` holds: ``texts`` by id, and ``draws``."""
    return read_only(from_yaml(FILE.read_text(encoding="utf-8")))


def drawn(player: str) -> Situations:
    """The situations of one player: one pair out of each draw, in an order of their own.

    The pairs of a draw show the same two roles, so every player meets each role equally often.
    """
    key = ("situations", player.casefold())
    ids = [id for place, draw in enumerate(pool()["draws"])
           for id in draw[drawn_without(len(draw), 1, (*key, str(place)))[0]]]
    mixed = [ids[place] for place in drawn_without(len(ids), len(ids), (*key, "order"))]
    return Situations(tuple(mixed), tuple(pool()["texts"][id] for id in mixed))


def right_letters(answer: Any, own: Situations, key: Mapping[str, str],
                  points: float) -> tuple[float, str]:
    """Points for the roles that a student sees in their situations, and what to tell them.

    Parameters
    ----------
    answer : what the student wrote: one letter of :data:`LETTERS` for each situation
    own : Situations
    key : mapping of str to str
        The right letter for every id of the pool.
    points : float
        For all of them; each situation earns its part.

    Raises
    ------
    CheckFailed
        If nothing is answered, the letters are no such letters, or none of them is right.
    AssignmentError
        If the key lacks one of the situations.
    """
    missing = [id for id in own.ids if key.get(id) not in tuple(LETTERS)]
    if missing:
        raise AssignmentError(f"The key has no letter for the situation {missing[0]!r}.",
                              f"Give one of {', '.join(LETTERS)} for every id in {FILE.name}.")
    given = letters(answer, len(own), LETTERS)
    wrong = [place for place, (letter, id) in enumerate(zip(given, own.ids, strict=True), 1)
             if letter != key[id]]
    again = ("Read the last sentence of each again: what is done, for whom, and to what end? Then "
             "compare it with the table of roles in lesson 01.")
    if len(wrong) == len(own):
        raise CheckFailed("None of the letters is the role that we see.", again)
    right = len(own) - len(wrong)
    told = f"{right} of {len(own)} are as we see them."
    if wrong:
        told += f" Another role is at work in {_numbers(wrong)}. {again}"
    return round(points * right / len(own), 2), told


def _numbers(places: Sequence[int]) -> str:
    if len(places) == 1:
        return f"number {places[0]}"
    return f"numbers {', '.join(map(str, places[:-1]))} and {places[-1]}"
