"""Commit, then reveal: what a manager expects of each contact, and how sure; scored afterwards.

A prediction names one of three outcomes for a contact's trust in the manager at the moment the
response is taken in (more, about the same, less) with a probability; the two others share the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casebook.errors import MoveError
from casebook.language import _

from .turns import Turn
from .words import change_word

EXPECTED = ("more", "same", "less")
#: What an arrow of :func:`~.words.change_word` is as an outcome.
OUTCOME = {"up": "more", "level": "same", "down": "less"}
GUESS = 34                     # percent: with three outcomes, less would be a vote against it
SUREST = 99                    # percent: nobody knows
SURE = (GUESS, 50, 60, 70, 80, 90, SUREST)
LONGEST = 2000                 # characters of a reason
#: The bands of the calibration picture, percent, both ends included.
BANDS = ((34, 44), (45, 54), (55, 64), (65, 74), (75, 84), (85, 94), (95, 99))
BLIND = 2 / 3                  # Brier score of one third on each of three outcomes


@dataclass(frozen=True)
class Prediction:
    """What is expected of one contact. ``sure`` is a whole percent from 34 to 99."""

    contact: str
    expects: str
    sure: int

    def record(self) -> dict[str, Any]:
        """The prediction as it stands in a transcript."""
        return {"contact": self.contact, "expects": self.expects, "sure": self.sure}


@dataclass(frozen=True)
class Said:
    """What a manager said before a response took effect: predictions, and why."""

    predictions: tuple[Prediction, ...] = ()
    because: str = ""

    def record(self) -> dict[str, Any]:
        """The keys that a decision's line carries besides; none where nothing was said."""
        out: dict[str, Any] = {}
        if self.predictions:
            out["predictions"] = [one.record() for one in self.predictions]
        if self.because:
            out["because"] = self.because
        return out


def said(record: Mapping[str, Any], contacts: Iterable[str]) -> Said:
    """What was said, from plain data.

    Parameters
    ----------
    record : mapping
        May hold ``predictions``, a list of ``{"contact", "expects", "sure"}``, and ``because``.
    contacts : iterable of str
        Of whom something can be predicted.

    Raises
    ------
    MoveError
        If something in it cannot be used.
    """
    listed, because = record.get("predictions") or (), record.get("because") or ""
    if not isinstance(listed, list | tuple) or not isinstance(because, str):
        raise MoveError(_("The predictions cannot be read."), _("Make them again."))
    if len(because) > LONGEST:
        raise MoveError(_("Your reason is longer than {n} characters.").format(n=LONGEST),
                        _("Shorten it."))
    known, made = tuple(contacts), []
    for one in listed:
        made.append(_prediction(one, known))
        if made[-1].contact in [other.contact for other in made[:-1]]:
            raise MoveError(_("There are two predictions for the same person."),
                            _("Leave one."))
    # A browser may send half a sign (a lone surrogate), which no file can hold.
    whole = because.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Said(tuple(made), whole.strip())


def _prediction(one: Any, known: tuple[str, ...]) -> Prediction:
    if not isinstance(one, Mapping) or one.get("contact") not in known:
        raise MoveError(_("A prediction is for nobody who is there."),
                        _("Predict for: {names}.").format(names=", ".join(known)))
    expects, sure = one.get("expects"), one.get("sure")
    if expects not in EXPECTED:
        raise MoveError(_("A prediction does not say what you expect."),
                        _("Choose one of: {words}.").format(words=", ".join(EXPECTED)))
    if isinstance(sure, bool) or not isinstance(sure, int) or not GUESS <= sure <= SUREST:
        raise MoveError(_("A prediction does not say how sure you are."),
                        _("Give a whole percent from {low} to {high}.").format(
                            low=GUESS, high=SUREST))
    return Prediction(one["contact"], expects, sure)


def came(turn: Turn, contact: int) -> str:
    """What became of a contact's trust when the response was taken in: one of ``EXPECTED``."""
    change = 100 * float(turn.responded["trust"][contact] - turn.before["trust"][contact])
    return OUTCOME[change_word(change)[0]]


def brier(sure: float, hit: bool) -> float:
    """The Brier score of one prediction over three outcomes, from 0 (best) to 2.

    The outcome named has probability ``sure`` (0 to 1), the two others half of the rest each. The
    expected score is least when ``sure`` is the true probability, and when the outcome named is the
    likeliest one: the rule is proper (Brier 1950, quoted from memory).
    """
    rest = (1 - sure) / 2
    if hit:
        return (1 - sure) ** 2 + 2 * rest ** 2
    return sure ** 2 + (1 - rest) ** 2 + rest ** 2


@dataclass(frozen=True)
class Calibration:
    """How well predictions held.

    Attributes
    ----------
    n : int
        Predictions made.
    hits : int
        Those that came true.
    score : float
        Mean Brier score, 0 to 2; 2/3 is what blind guessing earns.
    points : float
        The same as points: 100 for certain and right, 0 for blind guessing, below 0 for worse.
    bands : tuple
        For each band of ``sure`` with predictions in it: low, high, mean sure, share of hits (all
        in percent) and their number.
    """

    n: int
    hits: int
    score: float
    points: float
    bands: tuple[tuple[int, int, float, float, int], ...]


def calibration(made: Sequence[tuple[int, bool]]) -> Calibration | None:
    """How well predictions held, each given as its ``sure`` in percent and whether it came true."""
    if not made:
        return None
    score = sum(brier(sure / 100, hit) for sure, hit in made) / len(made)
    bands = []
    for low, high in BANDS:
        inside = [(sure, hit) for sure, hit in made if low <= sure <= high]
        if inside:
            n = len(inside)
            bands.append((low, high, sum(sure for sure, _hit in inside) / n,
                          100 * sum(hit for _sure, hit in inside) / n, n))
    return Calibration(len(made), sum(hit for _sure, hit in made), score,
                       100 * (1 - score / BLIND), tuple(bands))
