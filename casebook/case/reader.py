"""Reading a case: the folder, its files, its checks, and the frozen case at the end."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from casebook.errors import CaseError, Place

from .build import build
from .checks import CHECKS, Draft
from .document import Document, parse
from .fields import CASE
from .files import read_text
from .findings import Collector, Finding
from .reach import everything_can_happen
from .types import Case

CASES = Path(__file__).parents[1] / "cases"
FINDINGS = Path(__file__).parents[1] / "model" / "findings.yaml"
FILE = "case.yaml"
READING = "reading.md"
NOTE = "teaching-note.md"
SHOWN = 5


def bundled() -> dict[str, Path]:
    """The cases that ship with the casebook: id to folder."""
    return {path.parent.name: path.parent for path in sorted(CASES.glob(f"*/{FILE}"))}


def find(where: str | Path) -> Path:
    """The folder of a case, from its id or a path (CaseError if there is none)."""
    known = bundled()
    if str(where) in known:
        return known[str(where)]
    folder = Path(where)
    if folder.name == FILE and folder.is_file():
        return folder.parent
    if folder.is_dir():
        return folder
    raise CaseError(f"There is no case {str(where)!r}.",
                    f"The casebook has: {', '.join(known) or 'none'}; or give a case folder.")


def read(where: str | Path) -> Case:
    """Read a case.

    Parameters
    ----------
    where : str or Path
        The id of a case of the casebook, or a case folder.

    Raises
    ------
    CaseError
        If there is no such case or it has errors; ``findings`` holds all of them.
    """
    folder = find(where)
    case, found = _read(folder)
    if case is None:
        errors = [finding for finding in found if finding.severity == "error"]
        told = "\n".join(f"  {finding}" for finding in errors[:SHOWN])
        more = f"\n  and {len(errors) - SHOWN} more" if len(errors) > SHOWN else ""
        raise CaseError(f"The case in {folder} cannot be played:\n{told}{more}\n",
                        f"`casebook check {folder}` lists everything.", findings=tuple(found))
    return case


def examine(where: str | Path) -> tuple[Finding, ...]:
    """Everything that is wrong with a case, errors and warnings, by file and line."""
    try:
        folder = find(where)
    except CaseError as error:
        return (Finding("error", Place(str(where)), error.wrong, error.mend, "missing"),)
    return tuple(_read(folder)[1])


def _read(folder: Path) -> tuple[Case | None, Collector]:
    """The case, or None where there are errors, and all findings."""
    found = Collector()
    file = str(folder / FILE)
    text = read_text(folder, FILE, found, Place(file))
    document = parse(text, file, found) if text is not None else None
    if document is None:
        return None, found
    before = found.errors
    CASE.check(document.data, (), lambda path, wrong, mend: found.error(
        document.place(path), "shape", wrong, mend))
    shaped = found.errors == before
    if isinstance(document.data, dict):
        _check(folder, document, found, shaped)
    if found.errors:
        return None, found
    reading, exhibits = _texts(folder, document, found)
    digest = _digest({FILE: text, READING: reading, **{
        entry["file"]: exhibits[entry["id"]] for entry in document.data.get("exhibits", ())}})
    return build(document, reading, exhibits, digest), found


def _texts(folder: Path, document: Document, found: Collector) -> tuple[str, dict[str, str]]:
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


def _check(folder: Path, document: Document, found: Collector, shaped: bool) -> None:
    """Run every check, so that an author sees all faults in one go.

    Where the shape of something is wrong, a check may stumble over it; that check is left for the
    next time, and the fault in the shape is reported in any case.
    """
    stumbles = () if shaped else (KeyError, TypeError, AttributeError, ValueError, IndexError)
    reading, exhibits = "", {}
    with suppress(*stumbles):
        reading, exhibits = _texts(folder, document, found)
    draft = Draft(document, reading, exhibits, _finding_ids(), found)
    for check in (*CHECKS, everything_can_happen):
        with suppress(*stumbles):
            check(draft)
    if document.data.get("id") != folder.resolve().name:
        found.error(document.place(("id",)), "ids", f"The id is {document.data.get('id')!r}, the "
                    f"folder is called {folder.resolve().name!r}.", "Give both the same name.")
    # An installed casebook ships no teaching notes, so its own cases are not asked for one.
    if not (folder / NOTE).exists() and folder.parent != CASES:
        found.warn(Place(str(folder / NOTE)), "bar", "There is no teaching note.",
                   "A case that others will teach needs one.")


@lru_cache(maxsize=1)
def _finding_ids() -> frozenset[str]:
    import yaml

    return frozenset(yaml.safe_load(FINDINGS.read_text(encoding="utf-8")))


def _digest(files: dict[str, str]) -> str:
    """sha256 over names and texts; line ends do not count."""
    digest = hashlib.sha256()
    for name in sorted(files):
        text = files[name].replace("\r\n", "\n")
        digest.update(f"{len(name)}:{name}{len(text)}:{text}".encode())
    return digest.hexdigest()
