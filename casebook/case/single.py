"""Reading one engagement's ``case.yaml`` with its texts, and running every check on it."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from casebook.errors import Place
from casebook.yaml_text import from_yaml

from .build import build
from .checks import CHECKS
from .document import Document, parse
from .draft import Draft, Names
from .fields import CASE
from .files import read_text
from .findings import Collector
from .reach import everything_can_happen
from .shape import Shape
from .translation import languages, read_page, read_translation, translated
from .types import Case

FINDINGS = Path(__file__).parents[1] / "model" / "findings.yaml"
CASE_FILE = "case.yaml"
READING = "reading.md"


def open_document(folder: Path, name: str, shape: Shape,
                  found: Collector) -> tuple[str, Document | None, bool]:
    """The text of a file, the document in it, and whether its shape is right."""
    file = str(folder / name)
    text = read_text(folder, name, found, Place(file))
    document = parse(text, file, found) if text is not None else None
    if document is None:
        return "", None, False
    before = found.errors
    shape.check(document.data, (), lambda path, wrong, mend: found.error(
        document.place(path), "shape", wrong, mend))
    return text, document, found.errors == before


def read_single(folder: Path, found: Collector, sisters: Names | None = None,
                all_known: bool = True, language: str | None = None) -> Case | None:
    """The case in a folder, or None where there are errors; findings say which.

    ``sisters`` are the names of the other engagements, where it is one of an account, and
    ``all_known`` says whether all of these could be read. ``language`` is that of the texts; what a
    case does not have in it is there as it was written.
    """
    before = found.errors
    text, document, shaped = open_document(folder, CASE_FILE, CASE, found)
    if document is None:
        return None
    if isinstance(document.data, dict):
        _check(folder, document, found, shaped, (sisters, all_known))
    if found.errors > before:
        return None
    reading, exhibits = texts(folder, document, found)
    names = {entry["file"]: exhibits[entry["id"]] for entry in document.data.get("exhibits", ())}
    # A play may be carried on in another language, so translations are no part of what it rests on.
    whole = digest({CASE_FILE: text, READING: reading, **names})
    check_languages(folder, CASE_FILE, document, (reading, exhibits), found)
    if language in languages(folder, CASE_FILE):
        return build(*in_language(folder, CASE_FILE, document, (reading, exhibits), language,
                                  Collector()), whole, language)
    return build(document, reading, exhibits, whole)


def in_language(folder: Path, name: str, document: Document, pages: tuple[str, dict[str, str]],
                language: str, found: Collector) -> tuple[Document, str, dict[str, str]]:
    """The document, the reading and the exhibits of a case with the texts of a language."""
    data, (reading, exhibits) = document.data, pages
    into = read_translation(folder, document, name, language, found)
    reading = read_page(folder, data.get("reading", READING), reading, language, found)
    shown = {entry["id"]: read_page(folder, entry["file"], exhibits[entry["id"]], language, found)
             for entry in data.get("exhibits", ()) if entry["id"] in exhibits}
    return replace(document, data=translated(data, into)), reading, {**exhibits, **shown}


def check_languages(folder: Path, name: str, document: Document,
                    pages: tuple[str, dict[str, str]], found: Collector) -> None:
    """Find what is wrong with every translation of a case that is right itself, where asked."""
    for language in languages(folder, name) if found.translations else ():
        in_language(folder, name, document, pages, language, found)


def names_in(folder: Path) -> Names | None:
    """The names that an engagement gives its sisters; None where its file cannot be read."""
    _, document, shaped = open_document(folder, CASE_FILE, CASE, Collector())
    return Names.of(document.data) if document and shaped else None


def texts(folder: Path, document: Document, found: Collector) -> tuple[str, dict[str, str]]:
    """The reading and the exhibits."""
    data = document.data
    reading = read_text(folder, data.get("reading", READING), found,
                        document.place(("reading",)))
    exhibits = {}
    for i, entry in enumerate(data.get("exhibits", ())):
        text = read_text(folder, entry["file"], found, document.place(("exhibits", i, "file")))
        if text is not None:
            exhibits[entry["id"]] = text
    return reading or "", exhibits


def _check(folder: Path, document: Document, found: Collector, shaped: bool,
           around: tuple[Names | None, bool]) -> None:
    """Run every check, so that an author sees all faults in one go.

    Where the shape of something is wrong, a check may stumble over it; that check is left for the
    next time, and the fault in the shape is reported in any case.
    """
    stumbles = () if shaped else (KeyError, TypeError, AttributeError, ValueError, IndexError)
    reading, exhibits = "", {}
    with suppress(*stumbles):
        reading, exhibits = texts(folder, document, found)
    draft = Draft(document, reading, exhibits, finding_ids(), found, *around)
    for check in (*CHECKS, everything_can_happen):
        with suppress(*stumbles):
            check(draft)
    named_like_its_folder(folder, document, found)


def named_like_its_folder(folder: Path, document: Document, found: Collector) -> None:
    """The id is the folder's name."""
    if document.data.get("id") != folder.resolve().name:
        found.error(document.place(("id",)), "ids", f"The id is {document.data.get('id')!r}, the "
                    f"folder is called {folder.resolve().name!r}.", "Give both the same name.")


@lru_cache(maxsize=1)
def finding_ids() -> frozenset[str]:
    """The ids of published findings that a response may name."""

    return frozenset(from_yaml(FINDINGS.read_text(encoding="utf-8")))


def digest(files: dict[str, str]) -> str:
    """sha256 over names and texts; line ends do not count."""
    whole = hashlib.sha256()
    for name in sorted(files):
        text = files[name].replace("\r\n", "\n")
        whole.update(f"{len(name)}:{name}{len(text)}:{text}".encode())
    return whole.hexdigest()
