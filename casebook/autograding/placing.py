"""A submission's files, put together: the student's own, and the instructor's in their place."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from .reasons import PROBLEM, Reason, shown


def put_together(folder: Path, theirs: Mapping[str, Path], own: Mapping[str, Path],
                 notebooks: Iterable[str]) -> list[Reason]:
    """Copy files into an empty folder; give what was left out of the student's, and why.

    Parameters
    ----------
    folder : Path
        Where to.
    theirs, own : mapping of str to Path
        The student's files and the instructor's, by relative path.
    notebooks : iterable of str
        Notebooks that will be written here: their names are taken as well.
    """
    taken = {*own, *(f"{name}.ipynb" for name in notebooks)}
    reasons = []
    for name, path in theirs.items():
        if name in own:
            continue
        try:
            if any(_clash(name, other) for other in taken):
                raise OSError("its name is one of the assignment's own files or folders")
            _copy(path, folder / name)
        except OSError as error:
            told = (f"The file '{shown(name)}' was left out: "
                    f"{error.strerror or error}. Give it another name, and hand in again.")
            reasons.append(Reason("file", PROBLEM, told, file=shown(name)))
    for name, path in own.items():
        _copy(path, folder / name)
    return reasons


def _clash(name: str, other: str) -> bool:
    """Whether one stands where the other needs a folder."""
    return name.startswith(f"{other}/") or other.startswith(f"{name}/")


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, target)
