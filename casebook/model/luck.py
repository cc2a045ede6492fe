"""Chance, as an argument: every use of it has a stream of its own.

A play's luck hangs on who plays what, never on what was decided or in which order plays were
made: each use (traits, delivery, perception, ...) reads its own counter-based Philox stream
(Salmon et al. 2011), keyed by case, case version, player, attempt and use. The numbers of
all weeks are drawn before the first one, so that another answer in week 3 leaves the luck of
week 9 as it was.

Normals come from raw 64-bit output through the inverse normal distribution of the standard
library: unlike numpy's samplers, neither may change between releases.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

#: The third axis of ``Luck.people``: six traits, then what a contact cares about.
PEOPLE = ("propensity", "relational", "similarity", "outside", "ties", "busy",
          "schedule", "budget", "quality", "users", "standing")
_NORMAL = NormalDist()
_STEPS = 1 << 53


def stream(*key: str | int) -> np.random.Philox:
    """The bit generator for this key; the parts are joined so that none can imitate another."""
    text = "\x1f".join(f"{len(str(part))}:{part}" for part in key)
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return np.random.Philox(key=np.frombuffer(digest[:16], dtype="<u8").astype(np.uint64))


def uniforms(key: tuple[str | int, ...], size: int) -> np.ndarray:
    """``(size,)`` numbers strictly between 0 and 1, always the same for the same key."""
    raw = stream(*key).random_raw(size)
    return ((raw >> np.uint64(11)).astype(float) + 0.5) / _STEPS


def normals(key: tuple[str | int, ...], shape: tuple[int, ...]) -> np.ndarray:
    """Standard normals of this shape, always the same for the same key."""
    flat = uniforms(key, int(np.prod(shape)))
    return np.array([_NORMAL.inv_cdf(u) for u in flat.tolist()]).reshape(shape)


@dataclass(frozen=True)
class Luck:
    """The luck of ``n`` engagements with ``c`` contacts over ``w`` weeks.

    Attributes
    ----------
    severe : ndarray, (n,), uniform on (0, 1)
        Decides whether the project is one of the few that overrun by a multiple.
    difficulty, skill : ndarray, (n,), standard normal
    traits : ndarray, (n, c, 3), standard normal
        First impressions of ability, benevolence, integrity.
    people : ndarray, (n, c, 11), standard normal
        Who the contacts are: see ``PEOPLE``.
    delivery : ndarray, (n, w, 2), standard normal
        Pace and share of errors, week by week.
    perception : ndarray, (n, w, c), standard normal
        What a contact sees of progress.
    taking : ndarray, (n, w, c), standard normal
        How much a contact makes of a response given in that week.
    renewal, recall : ndarray, (n, c), standard normal
        What a vote, and what is remembered at the vote, owes to chance.
    reading : ndarray, (n, c, 3), standard normal
        How far off the manager's reading of a contact is: cognition-based trust, affect-based
        trust, satisfaction.
    """

    severe: np.ndarray
    difficulty: np.ndarray
    skill: np.ndarray
    traits: np.ndarray
    people: np.ndarray
    delivery: np.ndarray
    perception: np.ndarray
    taking: np.ndarray
    renewal: np.ndarray
    recall: np.ndarray
    reading: np.ndarray


def draw(key: tuple[str | int, ...], weeks: int, contacts: int) -> Luck:
    """The luck of one engagement (``n = 1``) with this key."""
    shapes = _shapes(1, weeks, contacts)
    return Luck(severe=uniforms((*key, "severe"), 1),
                **{use: normals((*key, use), shape) for use, shape in shapes.items()})


def draw_many(generator: np.random.Generator, n: int, weeks: int, contacts: int) -> Luck:
    """The luck of ``n`` engagements of a study, from the generator given."""

    def normal(shape: tuple[int, ...]) -> np.ndarray:
        # Drawn with engagements last, so that they lie next to each other in memory.
        return np.moveaxis(generator.standard_normal((*shape[1:], shape[0])), -1, 0)

    severe = generator.random(n)
    return Luck(severe=severe, **{
        use: normal(shape) for use, shape in _shapes(n, weeks, contacts).items()})


def _shapes(n: int, weeks: int, contacts: int) -> dict[str, tuple[int, ...]]:
    """Every use of standard normals, and the shape of its array."""
    return {
        "difficulty": (n,), "skill": (n,), "traits": (n, contacts, 3),
        "people": (n, contacts, len(PEOPLE)), "delivery": (n, weeks, 2),
        "perception": (n, weeks, contacts), "taking": (n, weeks, contacts),
        "renewal": (n, contacts), "recall": (n, contacts), "reading": (n, contacts, 3),
    }


BLOCK = 512          # engagements that share one generator of a study


def draw_block(key: tuple[str | int, ...], block: int, weeks: int, contacts: int) -> Luck:
    """The luck of one whole block of ``BLOCK`` engagements of a study.

    Every block has a stream of its own, keyed by ``key`` and its number, never by the order in
    which blocks are drawn: a study gives the same numbers on one machine and on many.
    """
    generator = np.random.Generator(stream(*key, "block", block))
    return draw_many(generator, BLOCK, weeks, contacts)
