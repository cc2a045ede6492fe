"""A case in another language: its texts only, beside ``case.yaml``, so nothing else can differ.

``case.de.yaml`` mirrors ``case.yaml`` with the texts alone: entries that have an id are found by
it, other lists by their order. ``reading.de.md`` and, say, ``exhibits/emails.de.md`` stand beside
their originals. What is not translated is shown as it was written.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from casebook.errors import CaseError, Place

from .document import Document, parse
from .document import Path as At
from .files import read_text
from .findings import Collector

#: The keys of a case whose values are read by people.
TEXTS = frozenset({"title", "name", "summary", "about", "industry", "concepts", "brief", "unsaid",
                   "says", "scene", "say", "reaction", "why", "what", "text", "hints"})
FORMAT, LANGUAGE, OF = "format", "language", "of"
CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
NUMBER = re.compile(r"[-−+]?\d[\d.,  ]*")


def file_in(name: str, language: str) -> str:
    """The name of a file in a language: ``reading.md`` is ``reading.de.md``."""
    stem, dot, end = name.rpartition(".")
    return f"{stem}.{language}{dot}{end}"


def languages(folder: Path, name: str) -> tuple[str, ...]:
    """The languages that a case is translated into, in order."""
    stem, _, end = name.rpartition(".")
    found = (path.name[len(stem) + 1:-len(end) - 1] for path in folder.glob(f"{stem}.*.{end}"))
    return tuple(sorted(code for code in found if CODE.fullmatch(code)))


def texts_of(value: Any, at: At = (), inside: bool = False) -> Iterator[tuple[At, str]]:
    """Every text of a case for people, with its path; an entry with an id stands under it."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            if key != "id":
                yield from texts_of(one, (*at, key), inside or key in TEXTS)
    elif isinstance(value, list):
        for key, one in _keyed(value):
            yield from texts_of(one, (*at, key), inside)
    elif isinstance(value, str) and inside:
        yield at, value


def _keyed(entries: Iterable[Any]) -> Iterator[tuple[str | int, Any]]:
    for number, one in enumerate(entries):
        id = one.get("id") if isinstance(one, Mapping) else None
        yield (id if isinstance(id, str) else number), one


def translated(data: Mapping[str, Any], into: Mapping[At, str]) -> dict[str, Any]:
    """The data of a case with these texts in place of its own."""
    out = copy.deepcopy(dict(data))
    for at, text in into.items():
        whole: Any = out
        for key in at[:-1]:
            whole = _entry(whole, key)
        last = at[-1]
        if isinstance(whole, list) and isinstance(last, str):
            continue
        whole[last] = text
    return out


def _entry(whole: Any, key: str | int) -> Any:
    if isinstance(whole, list):
        return dict(_keyed(whole))[key]
    return whole[key]


def read_translation(folder: Path, original: Document, name: str, language: str,
                     found: Collector) -> dict[At, str]:
    """The texts of one language that fit the original; what does not fit becomes a finding."""
    file = file_in(name, language)
    place = Place(str(folder / file))
    text = read_text(folder, file, found, place)
    document = parse(text, str(folder / file), found) if text is not None else None
    if document is None:
        return {}
    if not isinstance(document.data, dict) or document.data.get(FORMAT) != 1:
        found.error(place, "translation", "It does not begin with format: 1.", "Write that line.")
        return {}
    _check_head(document, original, language, found)
    wanted = dict(texts_of(original.data))
    given = {at: (real, value) for at, real, value in _leaves(document.data)}
    for at, (real, value) in given.items():
        if at not in wanted:
            found.error(document.place(real), "translation", f"{_name(at)} is no text of {name}.",
                        "A translation holds the texts of the case and nothing else.")
        elif not isinstance(value, str) or not value.strip():
            found.error(document.place(real), "translation", f"{_name(at)} is not text.",
                        "Write the text in that language.")
    for at in wanted:
        if at not in given:
            found.warn(place, "translation", f"{_name(at)} is not translated.",
                       "Until it is, the original is shown.")
    return {at: value for at, (_, value) in given.items()
            if at in wanted and isinstance(value, str) and value.strip()}


def _check_head(document: Document, original: Document, language: str, found: Collector) -> None:
    if document.data.get(LANGUAGE) != language:
        found.error(document.place((LANGUAGE,)), "translation",
                    f"Its language is {document.data.get(LANGUAGE)!r}, its name says "
                    f"{language!r}.", f"Write language: {language}.")
    if document.data.get(OF) != original.data.get("version"):
        found.warn(document.place((OF,)), "translation",
                   f"It translates version {document.data.get(OF)} of the case; this is version "
                   f"{original.data.get('version')}.", "Compare the two, then change this line.")


def _leaves(value: Any, at: At = (), real: At = ()) -> Iterator[tuple[At, At, Any]]:
    """Every value of a translation, by ids, and where it really stands in its file."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            if not (key == "id" or not at and key in (FORMAT, LANGUAGE, OF)):
                yield from _leaves(one, (*at, key), (*real, key))
    elif isinstance(value, list):
        for number, (key, one) in enumerate(_keyed(value)):
            yield from _leaves(one, (*at, key), (*real, number))
    else:
        yield at, real, value


def _name(at: At) -> str:
    return " / ".join(map(str, at))


def read_page(folder: Path, name: str, original: str, language: str, found: Collector) -> str:
    """The reading or an exhibit in a language, or the original where it is not translated."""
    file = file_in(name, language)
    place = Place(str(folder / file))
    if not (folder / file).exists():
        found.warn(place, "translation", f"{name} is not translated.",
                   "Until it is, the original is shown.")
        return original
    text = read_text(folder, file, found, place)
    if text is not None and name.endswith(".csv") and not same_table(original, text):
        found.error(place, "translation", f"Its numbers, rows or columns are not those of {name}.",
                    "Translate the words of a table only, and leave its numbers as they are.")
        return original
    return original if text is None else text


def same_table(one: str, other: str) -> bool:
    """Whether two CSV texts have the same rows, columns and numbers."""
    import csv
    import io

    first, second = (list(csv.reader(io.StringIO(text))) for text in (one, other))
    shapes = [list(map(len, rows)) for rows in (first, second)]
    return shapes[0] == shapes[1] and all(
        a == b for row, twin in zip(first[1:], second[1:], strict=True)
        for a, b in zip(row, twin, strict=True) if NUMBER.fullmatch(a.strip()))


def skeleton(data: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A translation to begin with: every text as it is in the original."""
    head = {FORMAT: 1, LANGUAGE: language, OF: data.get("version")}
    return {**head, **_texts_only(data)}


def _texts_only(value: Any, inside: bool = False) -> Any:
    if isinstance(value, Mapping):
        kept = {key: part for key, one in value.items() if key != "id"
                and (part := _texts_only(one, inside or key in TEXTS)) is not None}
        return {"id": value["id"], **kept} if kept and "id" in value else kept or None
    if isinstance(value, list):
        kept = [_texts_only(one, inside) for one in value]
        if all(part is None for part in kept):
            return None
        if all(isinstance(one, Mapping) and "id" in one for one in value):
            return [part for part in kept if part is not None]
        return [{} if part is None else part for part in kept]
    return value if inside and isinstance(value, str) else None


def no_such_language(case: str, language: str, known: tuple[str, ...]) -> CaseError:
    """What to say where a case is asked for in a language that it does not have."""
    return CaseError(f"The case {case!r} is not translated into {language!r}.",
                     f"It is there in: {', '.join(('en', *known))}.")
