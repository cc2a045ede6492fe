"""Reading a case or an account: the folder, its files, its checks, and what comes of them."""

from __future__ import annotations

from pathlib import Path

from casebook.errors import CaseError, Place
from casebook.language import _

from .account import Account
from .account_reader import ACCOUNT_FILE, read_account
from .findings import Collector, Finding
from .single import CASE_FILE, read_single
from .translation import languages
from .types import Case

CASES = Path(__file__).parents[1] / "cases"
FILES = (CASE_FILE, ACCOUNT_FILE)
NOTE = "teaching-note.md"
SHOWN = 5


def bundled() -> dict[str, Path]:
    """The cases that ship with the casebook: id to folder."""
    return {path.parent.name: path.parent
            for path in sorted(path for file in FILES for path in CASES.glob(f"*/{file}"))}


def bundled_engagements() -> list[Case]:
    """The cases of one engagement that ship with the casebook, by id."""
    return [case for id in sorted(bundled()) if isinstance(case := read(id), Case)]


def find(where: str | Path) -> Path:
    """The folder of a case, from its id or a path (CaseError if there is none)."""
    known = bundled()
    if str(where) in known:
        return known[str(where)]
    folder = Path(where)
    if folder.name in FILES and folder.is_file():
        return folder.parent
    if folder.is_dir():
        return folder
    raise CaseError(_("There is no case {id}.").format(id=repr(str(where))),
                    _("The casebook has: {cases}; or give a case folder.").format(
                        cases=", ".join(known) or "-"))


def read(where: str | Path, language: str | None = None) -> Case | Account:
    """Read a case.

    Parameters
    ----------
    where : str or Path
        The id of a case of the casebook, or a case folder.
    language : str, optional
        The language of its texts, such as ``"de"`` or ``"pt-BR"``; what is not translated is as it
        was written.

    Returns
    -------
    Case or Account
        An account holds several engagements, each with a case of its own.

    Raises
    ------
    CaseError
        If there is no such case or it has errors; ``findings`` holds all of them.
    """
    folder = find(where)
    # Catalogues write pt_BR, files pt-BR.
    case, found = _read(folder, language and language.replace("_", "-"))
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
    return tuple(_read(folder, found=Collector(translations=True))[1])


def translations(where: str | Path) -> tuple[str, ...]:
    """The languages that a case is translated into, such as ``("de",)``."""
    folder = find(where)
    return languages(folder, ACCOUNT_FILE if (folder / ACCOUNT_FILE).exists() else CASE_FILE)


def _read(folder: Path, language: str | None = None, found: Collector | None = None
          ) -> tuple[Case | Account | None, Collector]:
    """The case, or None where it has errors of its own, and all findings."""
    found = found or Collector()
    if (folder / ACCOUNT_FILE).exists():
        case: Case | Account | None = read_account(folder, found, language)
    else:
        case = read_single(folder, found, language=language)
    # An installed casebook ships no teaching notes, so its own cases are not asked for one.
    if not (folder / NOTE).exists() and folder.parent != CASES:
        found.warn(Place(str(folder / NOTE)), "bar", "There is no teaching note.",
                   "A case that others will teach needs one.")
    return case, found
