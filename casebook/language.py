"""The language of the interface: gettext catalogues, and which of them speaks now.

Catalogues lie in ``casebook/locale/<language>/LC_MESSAGES``: ``casebook`` for texts in Python and
data, ``room`` for those in the browser. A language is there as soon as its catalogue is; no code
names one. Cases bring their own translations (``casebook.case.translation``).
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

LOCALE = Path(__file__).with_name("locale")
SOURCE = "en"                        # the language in which the texts are written
SETTING = "CASEBOOK_LANGUAGE"
#: Where a system says which language its user speaks, the strongest first.
SYSTEM = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")

_spoken: ContextVar[str] = ContextVar("spoken", default=SOURCE)


def _(text: str) -> str:
    """``text`` in the language that is spoken now, or as it is where it has no translation."""
    # gettext answers the empty text with the catalogue's header.
    return _catalogue("casebook", _spoken.get()).gettext(text) if text else text


def several(one: str, many: str, n: int) -> str:
    """The text for one, or for ``n`` of them, in the language that is spoken now."""
    return _catalogue("casebook", _spoken.get()).ngettext(one, many, n)


def N_(text: str) -> str:
    """Mark a text for translation where it is defined; it is translated where it is shown."""
    return text


def number(value: float, digits: int = 0, sign: bool = False) -> str:
    """A number as the language that is spoken now writes it, with a real minus."""
    # Translators: how your language writes this number: its thousands and its decimals.
    thousands, decimal = _("1,234.5")[1], _("1,234.5")[5]
    value = round(value, digits) + 0.0             # no zero with a sign
    plain = f"{value:{'+' if sign and value else ''},.{digits}f}"
    return plain.translate(str.maketrans({",": thousands, ".": decimal, "-": "−"}))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within this, :func:`_` speaks ``language``."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def spoken() -> str:
    """The language that is spoken now."""
    return _spoken.get()


def languages() -> tuple[str, ...]:
    """Every language the interface has, the source first."""
    found = {path.parents[1].name for path in LOCALE.glob("*/LC_MESSAGES/casebook.mo")}
    return (SOURCE, *sorted(found - {SOURCE}))


def chosen(wish: str | None = None) -> str:
    """The language to speak: a user's wish, else ``CASEBOOK_LANGUAGE``, else the system's.

    A language that the interface does not have is passed over; a region counts for nothing where
    there is only the language (``de_AT`` is ``de``).
    """
    for said in (wish, os.environ.get(SETTING), *map(os.environ.get, SYSTEM)):
        for one in (said or "").split(":"):
            language = _known(one)
            if language:
                return language
    return SOURCE


def speaks(wish: str) -> bool:
    """Whether the interface has a language, or that of its region."""
    return _known(wish) is not None


def _known(said: str) -> str | None:
    code = said.split(".")[0].split("@")[0].replace("-", "_")
    if code.split("_")[0].lower() in ("c", "posix"):
        return SOURCE
    there = languages()
    return next((one for one in (code, code.split("_")[0].lower()) if one in there), None)


def in_browser(language: str) -> dict[str, str]:
    """The texts of the browser's side in a language: original to translation."""
    known = getattr(_catalogue("room", language), "_catalog", {})
    return {text: said for text, said in known.items()
            if isinstance(text, str) and text and said}


def names() -> dict[str, str]:
    """Every language by its own name, such as ``Deutsch``; its code where it says none."""
    out = {}
    for code in languages():
        with speaking(code):
            name = _("English")
        out[code] = name if code == SOURCE or name != "English" else code
    return out


@lru_cache(maxsize=32)
def _catalogue(domain: str, language: str) -> gettext.NullTranslations:
    return gettext.translation(domain, LOCALE, [language], fallback=True)
