"""How well a student read their clients: the calibration picture, its text and its figures."""

from __future__ import annotations

from html import escape
from typing import Any

from casebook.engagement.predictions import BLIND, Calibration, calibration
from casebook.language import _, number, several

from .kept import Story
from .story import predicted

SIZE, LEFT, TOP, PLOT = 320, 44, 14, 256      # pixels of the picture
FROM, TO = 30, 100                            # percent on the axis of "how sure"
FEW = 8                                       # predictions below which a picture says little


def calibrated(story: Story) -> dict[str, Any] | None:
    """What a room shows of a story's predictions; None where there are none."""
    made = [(one["sure"], one["hit"]) for turn in story.play.turns
            for one in predicted(story, turn)]
    found = calibration(made)
    if found is None:
        return None
    return {
        "n": found.n, "hits": found.hits, "brier": round(found.score, 3),
        "points": round(found.points), "svg": picture(found), "text": told(found),
        "rows": [{"sure": _("{low} to {high} %").format(low=low, high=high),
                  "said": round(said), "came": round(came), "n": n}
                 for low, high, said, came, n in found.bands],
    }


def told(found: Calibration) -> str:
    """The calibration in sentences: hits, score, and whether one was too sure or too little."""
    said = sum(sure * n for _low, _high, sure, _came, n in found.bands) / found.n
    came = 100 * found.hits / found.n
    lines = [several("{hits} of your {n} prediction came true.",
                     "{hits} of your {n} predictions came true.", found.n).format(
                         hits=found.hits, n=found.n),
             _("On average you were {said} % sure, and {came} % came true.").format(
                 said=round(said), came=round(came))]
    if found.n < FEW:
        lines.append(_("These are too few to tell how well you know what you know."))
    elif said - came > 10:
        lines.append(_("You were more sure than you had reason to be."))
    elif came - said > 10:
        lines.append(_("You knew more than you gave yourself credit for."))
    else:
        lines.append(_("You knew well how much you knew."))
    lines.append(_("Your score is {points} points: 100 is sure and right every time, 0 is guessing "
                   "blindly, below 0 is worse than that. It is made so that saying what you really "
                   "believe pays best (Brier score {brier}; lower is better, {blind} is a "
                   "blind guess).").format(
                       points=number(found.points), brier=number(found.score, 2),
                       blind=number(BLIND, 2)))
    return " ".join(lines)


def picture(found: Calibration) -> str:
    """The calibration as an SVG drawing, with its text alternative inside."""
    points = [(_x(said), _y(came), n) for _low, _high, said, came, n in found.bands]
    marks = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{4 + min(n, 36) ** 0.5:.1f}" fill="currentColor" '
        f'fill-opacity="0.55" stroke="currentColor"/>' for x, y, n in points)
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y, _n in points)
    ticks = "".join(
        f'<text x="{_x(at):.0f}" y="{TOP + PLOT + 16}" text-anchor="middle">{at}</text>'
        f'<line x1="{_x(at):.0f}" x2="{_x(at):.0f}" y1="{TOP}" y2="{TOP + PLOT}" '
        f'stroke-opacity="0.2"/>' for at in range(40, 101, 20)) + "".join(
        f'<text x="{LEFT - 6}" y="{_y(at) + 4:.0f}" text-anchor="end">{at}</text>'
        f'<line x1="{LEFT}" x2="{LEFT + PLOT}" y1="{_y(at):.0f}" y2="{_y(at):.0f}" '
        f'stroke-opacity="0.2"/>' for at in range(0, 101, 20))
    said = "; ".join(_("{low} to {high} % sure: {came} % of {n} came true").format(
        low=low, high=high, came=round(came), n=n) for low, high, _sure, came, n in found.bands)
    title = _("How sure you were, and how often you were right")
    across, up = _("how sure you were, %"), _("came true, %")
    return (
        f'<svg viewBox="0 0 {SIZE} {SIZE}" role="img" xmlns="http://www.w3.org/2000/svg" '
        f'stroke="currentColor"><title>{escape(title)}</title><desc>{escape(said)}.</desc>'
        f'<g fill="currentColor" font-size="12" font-family="inherit" stroke-width="1">'
        f'<g style="stroke-width:1">{ticks.replace("<text", _TEXT)}</g>'
        f'<line x1="{_x(FROM):.0f}" y1="{_y(FROM):.0f}" x2="{_x(100):.0f}" y2="{_y(100):.0f}" '
        f'stroke-dasharray="5 4"/>'
        f'<polyline points="{joined}" fill="none" stroke-width="2"/>{marks}'
        f'{_TEXT} x="{LEFT + PLOT / 2:.0f}" y="{SIZE - 14}" text-anchor="middle">'
        f'{escape(across)}</text>'
        f'{_TEXT} x="12" y="{TOP + PLOT / 2:.0f}" text-anchor="middle" '
        f'transform="rotate(-90 12 {TOP + PLOT / 2:.0f})">{escape(up)}</text>'
        f'</g></svg>')


_TEXT = '<text stroke="none"'


def _x(percent: float) -> float:
    return LEFT + PLOT * (percent - FROM) / (TO - FROM)


def _y(percent: float) -> float:
    return TOP + PLOT * (1 - percent / 100)
