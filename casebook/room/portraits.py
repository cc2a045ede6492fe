"""Drawn portraits: from a short description to a small SVG, the same wherever it is shown.

A drawing fits in a circle of 96 units without any clipping, id or style of its own, so that it can
stand on a page as often as it likes, and in a report that has no style sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Skin, its shade, and the lips: three tones that belong together.
SKINS = (
    ("#f7decb", "#e6bfa5", "#b9675d"), ("#efc8a6", "#d8a681", "#ab5b4e"),
    ("#dba981", "#bf8961", "#964f41"), ("#b98158", "#9a6540", "#7d3f32"),
    ("#8f5e40", "#70452d", "#5a2a22"), ("#674330", "#4e3021", "#a4655a"),
)
#: Hair, and the brows that go with it.
HAIRS = (
    ("#262120", "#1b1716"), ("#49322a", "#33221c"), ("#7c5238", "#523522"),
    ("#c69b5f", "#8a653a"), ("#8a8d94", "#5d6067"), ("#dcdcdc", "#94969b"),
)
#: Clothes, their darker fold, and the ground behind the person.
CLOTHES = (
    ("#2f4a6d", "#233956", "#dbe6f1"), ("#2f6b60", "#23544b", "#dcebe5"),
    ("#8a3f4e", "#6f303d", "#f3e1e1"), ("#5d4a80", "#493a67", "#e7e1f1"),
    ("#59646f", "#454f59", "#e5e8eb"), ("#a8752d", "#8a5e22", "#f5ead6"),
)
SCARVES = ("#557aa6", "#55958a", "#b3707e", "#8877ad", "#8794a1", "#cda061")
STYLES = ("short", "long", "bun", "bald", "curly", "headscarf")
FACE = "M31 40c0-13 7-20.5 17-20.5S65 27 65 40c0 13-7.5 24.5-17 24.5S31 53 31 40z"


def portrait(description: Mapping[str, Any], name: str) -> str:
    """A portrait as SVG text.

    Parameters
    ----------
    description : mapping
        ``skin``, ``hair`` and ``clothes`` from 1 to 6, ``style``, and optional ``glasses`` and
        ``beard``; what is left out is chosen by the name, always in the same way.
    name : str
        Whose portrait it is. The drawing itself is hidden from screen readers, because the name
        always stands beside it.
    """
    odd = sum(name.encode("utf-8"))

    def number(key: str) -> int:
        return (int(description.get(key, odd % 6 + 1)) - 1) % 6

    style = description.get("style", STYLES[odd % 3])
    skin, hair = SKINS[number("skin")], HAIRS[number("hair")]
    cut = number("clothes")
    cloth, fold, ground = CLOTHES[cut]
    scarf = SCARVES[cut]
    parts = (
        f'<circle cx="48" cy="48" r="48" fill="{ground}"/>',
        _behind(style, hair[0], scarf),
        _body(cut, cloth, fold, skin),
        _head(style, skin),
        _face(skin, hair[1]),
        _beard(hair, skin) if description.get("beard") else "",
        _before(style, hair[0], scarf),
        _glasses(number("skin")) if description.get("glasses") else "",
    )
    return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" aria-hidden="true" '
            f'focusable="false" class="cb-portrait">{"".join(parts)}</svg>')


def _fill(path: str, colour: str, more: str = "") -> str:
    return f'<path d="{path}" fill="{colour}"{more}/>'


def _line(path: str, colour: str, width: float, more: str = "") -> str:
    return (f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" '
            f'stroke-linecap="round" stroke-linejoin="round"{more}/>')


def _circles(spots: tuple[tuple[float, float, float], ...], colour: str) -> str:
    drawn = "".join(f'<circle cx="{x}" cy="{y}" r="{r}"/>' for x, y, r in spots)
    return f'<g fill="{colour}">{drawn}</g>'


def _behind(style: str, hair: str, scarf: str) -> str:
    """What lies behind head and shoulders."""
    if style == "long":
        return _fill("M26.5 46C25 26 33.5 14 48 14s23 12 21.5 32c-.7 11 1.5 20 4.5 27-8 "
                     "5-18 3-26 3s-18 2-26-3c3-7 5.2-16 4.5-27z", hair)
    if style == "bun":
        return _circles(((48, 12.5, 8.5),), hair)
    if style == "curly":
        return _circles(((48, 22, 13), (36, 25, 10), (60, 25, 10), (29.5, 35, 8.5),
                         (66.5, 35, 8.5), (28, 45, 7), (68, 45, 7), (30, 53, 5), (66, 53, 5)),
                        hair)
    if style == "headscarf":
        return _fill("M25 48C23 27 33 13.5 48 13.5S73 27 71 48c-.5 9 2 17 7 24-10 7-20 "
                     "8-30 8s-20-1-30-8c5-7 7.5-15 7-24z", scarf)
    return ""


def _body(cut: int, cloth: str, fold: str, skin: tuple[str, str, str]) -> str:
    """Neck, shoulders and what they wear; each colour of clothes has a cut of its own."""
    # The lower edge is an arc of the ground's circle, so nothing sticks out.
    shoulders = ("M12.2 80c2-6 11-8.5 26-11.8 4 5.3 15.6 5.3 19.6 0C72.8 71.5 81.8 "
                 "74 83.8 80A48 48 0 0 1 12.2 80z")
    neck = _fill("M41 55h14v13.5c0 7.5-14 7.5-14 0z", skin[0])
    shade = _fill("M41 60.5c4 5.3 10 5.3 14 0v4.5c-4 4.6-10 4.6-14 0z", skin[1])
    return _fill(shoulders, cloth) + neck + shade + _cut(cut, cloth, fold, skin)


def _cut(cut: int, cloth: str, fold: str, skin: tuple[str, str, str]) -> str:
    lapels = "M38 68.3l-6 5.2 6 4.5-2.8 3.3L48 95.5l12.8-14.2-2.8-3.3 6-4.5-6-5.2L48 87z"
    if cut == 0:        # a suit with a shirt
        return (_fill("M39.2 68L48 92l8.8-24L48 76z", "#f6f8fa") + _fill(lapels, fold)
                + _fill("M39.5 66.5L37 71l7.5 6L48 75.5l3.5 1.5L59 71l-2.5-4.5L48 75z",
                        "#fff"))
    if cut == 1:        # a jacket over a round neck
        return (_fill("M38.6 68.2C41 78 55 78 57.4 68.2L59 72 48 94 37 72z", "#f3ede2")
                + _fill("M41 67.5c.5 8 13.5 8 14 0l1.2 1.2c-.7 10-15.7 10-16.4 0z", "#ddd3c2")
                + _fill(lapels, fold))
    if cut == 2:        # a knitted pullover
        return _line("M39 69.5c3 6.5 15 6.5 18 0", fold, 3.2)
    if cut == 3:        # a roll-neck
        return (_fill("M39.5 62.5c5 4 12 4 17 0l1.5 8c-5 5.5-15 5.5-20 0z", cloth)
                + _line("M39.3 65.8c5 4.2 12.4 4.2 17.4 0", fold, 1.3))
    if cut == 4:        # a shirt, open at the neck
        return (_fill("M41 66L48 80l7-14z", skin[0])
                + _fill("M39.8 65.5L36 71l8 9 4-2.5zM56.2 65.5L60 71l-8 9-4-2.5z", "#f2f4f6")
                + _line("M48 80v15", fold, 1.3))
    return (_fill("M39 68.2C42 76 54 76 57 68.2L48 94z", "#faf6ee")      # a cardigan
            + _line("M38.5 68.5L48 94l9.5-25.5", fold, 2.4))


def _head(style: str, skin: tuple[str, str, str]) -> str:
    ears = (f'<g fill="{skin[0]}"><ellipse cx="31" cy="44" rx="3.2" ry="4.8"/>'
            '<ellipse cx="65" cy="44" rx="3.2" ry="4.8"/></g>'
            + _line("M30.3 42.5c1.3.6 1.5 2 .9 3.2M65.7 42.5c-1.3.6-1.5 2-.9 3.2",
                    skin[1], 1))
    top = _fill("M38 24.5c4-2.6 11-3 15-.5", "#fff", ' opacity=".18"') if style == "bald" else ""
    return ("" if style == "headscarf" else ears) + _fill(FACE, skin[0]) + top


def _face(skin: tuple[str, str, str], brow: str) -> str:
    """Brows, eyes, nose and mouth: calm and friendly, the same for everybody."""
    dark = "#231a17"
    return (
        _line("M37 37.6c2-1.7 5.2-2 7.2-.8M51.8 36.8c2-1.2 5.2-.9 7.2.8", brow, 1.7)
        + f'<g fill="{dark}"><ellipse cx="41" cy="42.6" rx="1.8" ry="2.1"/>'
        '<ellipse cx="55" cy="42.6" rx="1.8" ry="2.1"/></g>'
        '<g fill="#fff"><circle cx="41.7" cy="41.8" r=".6"/><circle cx="55.7" cy="41.8" '
        'r=".6"/></g>'
        + _line("M48.3 43.5c-.3 2.5-1.1 4.3-1.8 5.8 1 1 2.3 1 3.2.5", skin[1], 1.4)
        + _line("M42.8 55c3 2.7 7.4 2.7 10.4 0", skin[2], 1.9)
        + _line("M46 59.3c1.3.5 2.7.5 4 0", skin[1], 1.2))


def _beard(hair: tuple[str, str], skin: tuple[str, str, str]) -> str:
    return (_fill("M31 42c.5 15.5 8 24.5 17 24.5S64.5 57.5 65 42c-1.3 6-3.8 9.2-7.5 9.6-3-1.8-"
                  "16-1.8-19 0-3.7-.4-6.2-3.6-7.5-9.6z", hair[0])
            + _fill("M42.2 55.3c3.5-1.3 8.1-1.3 11.6 0-2.5 3.5-9.1 3.5-11.6 0z", skin[2])
            + _line("M42.2 55.3c3.5.9 8.1.9 11.6 0", hair[1], .8))


def _before(style: str, hair: str, scarf: str) -> str:
    """What lies over the forehead."""
    gleam = ' opacity=".14"'
    if style == "short":
        return (_fill("M30.6 42.5C28.5 26 36 15 49 15c12.5 0 18.8 10 16.4 27.5-.7-4-1.5-7.2-"
                      "3.2-9.7-7 .2-14-1-18.2-5-2.5 3.8-7.3 5-9.8 7.4-1.9 2-3 4.5-3.6 7.3z", hair)
                + _line("M44 19.5c5-2 11-1 14.5 3", "#fff", 1.6, gleam))
    if style == "long":
        return (_fill("M30.6 45C29 29 35 18.5 45 16.8 43 26 37.5 33 33.2 36c-1.6 2.5-2.2 5.5-"
                      "2.6 9zM44 17c13-2 23.5 9 21.4 28-.6-5-1.4-8.5-4-11C54 31 47.5 25 44 17z",
                      hair)
                + _line("M52 19.5c5 2 8.5 6 9.8 11", "#fff", 1.6, gleam))
    if style == "bun":
        return (_fill("M30.6 43C28.8 26 36.5 15.5 48 15.5S67.2 26 65.4 43c-1.8-9.5-8-15.5-17.4-"
                      "15.5S32.4 33.5 30.6 43z", hair)
                + _line("M39 21.5c5-3.2 13-3.2 18 0", "#fff", 1.6, gleam))
    if style == "curly":
        return _circles(((35, 29.5, 5.5), (42, 25.5, 6), (50, 24.5, 6), (57, 27, 6),
                         (62.5, 32, 4.5), (32, 35, 3.8), (64.5, 37, 3)), hair)
    if style == "headscarf":
        return (_fill("M26.5 47C25 27.5 34 16 48 16s23 11.5 21.5 31C69 58 61 68 48 68S27 58 "
                      "26.5 47zm6.7-4.5C33 54.5 39.5 63.5 48 63.5S63 54.5 62.8 42.5C62.5 32 57 "
                      "25.5 48 25.5S33.5 32 33.2 42.5z", scarf, ' fill-rule="evenodd"')
                + _fill("M29.5 57c7 11 30 11 37 0 3 8 2 16-5 21.5-9 4-18 4-27 0-7-5.5-8-13.5-5-"
                        "21.5z", scarf)
                + _line("M31 62c7 9.5 27 9.5 34 0M33 70c8 6 22 6 30 0M32 33c3-7 8.5-10.5 16-10.5",
                        "#000", 1.2, ' opacity=".16"'))
    return _fill("M30.7 44c-1-4.5-.8-9.5 1-13.5 1.5 3 1.9 7.5 1.3 11.2zM65.3 44c1-4.5.8-9.5-1-"
                 "13.5-1.5 3-1.9 7.5-1.3 11.2z", hair)


def _glasses(skin: int) -> str:
    # Metal on the darkest skins, so that the frame is seen at 40 pixels.
    frame = "#d9b978" if skin >= 4 else "#2a2e35"
    return (f'<g fill="#fff" fill-opacity=".16" stroke="{frame}" stroke-width="1.6">'
            '<rect x="34.2" y="37.8" width="12.3" height="10" rx="4.4"/>'
            '<rect x="49.5" y="37.8" width="12.3" height="10" rx="4.4"/>'
            '<path d="M46.5 41.8c1-.8 2-.8 3 0M34.2 41.5l-3-.9M61.8 41.5l3-.9" '
            'fill="none"/></g>')
