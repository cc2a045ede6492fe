"""``casebook release``: the students' version of assignments, made by nbgrader."""

from __future__ import annotations

import contextlib
import filecmp
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveCells
from traitlets.config import Config

from casebook.errors import CasebookError, Place

from .configure import configure
from .folder import course_config, coursedir
from .released import keep_released

LEFT_OUT = (".ipynb_checkpoints", "__pycache__", "*.pyc", "README.md", ".*")


@dataclass(frozen=True)
class Released:
    """One assignment: its folder, and which of its files were made anew or were already so."""

    name: str
    folder: Path
    changed: tuple[str, ...]
    same: tuple[str, ...]


def release(source: Path, to: Path, names: Sequence[str] = (),
            overlay: Path | None = None, write: bool = True) -> list[Released]:
    """Make the students' version of assignments, without a gradebook.

    Parameters
    ----------
    source : Path
        A folder with one folder for each assignment, the instructor's version.
    to : Path
        Where the students' version goes. Files there that are not part of it are left alone.
    names : sequence of str
        Only these; all by default.
    overlay : Path, optional
        A private folder like ``source``: its files take the place of those with the same path.
    write : bool
        False only says what would change.

    Raises
    ------
    CasebookError
        If an assignment is not there, or nbgrader cannot make it.
    """
    for other in (source, *([overlay] if overlay else [])):
        one, two = to.resolve(), other.resolve()
        if one == two or one.is_relative_to(two) or two.is_relative_to(one):
            raise CasebookError("The students' version would be written over the instructor's.",
                                "Give another folder with --to.", Place(str(to)))
    with tempfile.TemporaryDirectory(prefix="casebook-release-") as folder:
        root = Path(folder)
        merged = merge(source, root / "source", names, overlay)
        _generate(root, merged)
        return [_take_over(root / "release" / name, to / name, write) for name in merged]


def release_course(course: Path, names: Sequence[str] = ()) -> list[str]:
    """Make the students' version of a course's assignments, known to its gradebook.

    Raises as :func:`release`.
    """
    here = coursedir(course)
    source = Path(here.format_path(here.source_directory, ".", "."))
    chosen = wanted([source], names)
    with _in(course):
        api = NbGraderAPI(here, config=course_config(course))
        for name in chosen:
            there = Path(here.format_path(here.release_directory, ".", name))
            with _kept(there):
                _refuse_failure(name, api.generate_assignment(name, force=True))
            keep_released(there)
    return chosen


@contextlib.contextmanager
def _kept(folder: Path) -> Iterator[None]:
    """The folder as it was, if making it anew fails: nbgrader deletes it before it begins."""
    with tempfile.TemporaryDirectory(prefix="casebook-kept-") as aside:
        kept = Path(aside) / folder.name
        if folder.is_dir():
            shutil.copytree(folder, kept)
        try:
            yield
        except CasebookError:
            if kept.is_dir() and not folder.exists():
                shutil.copytree(kept, folder)
            raise


def merge(source: Path, into: Path, names: Sequence[str] = (),
          overlay: Path | None = None) -> list[str]:
    """Copy assignments, with the files of an overlay over them; gives their names.

    Raises
    ------
    CasebookError
        If there is no such folder or assignment.
    """
    layers = [source, *([overlay] if overlay else [])]
    for layer in layers:
        if not layer.is_dir():
            raise CasebookError("There is no such folder.", "Give a folder with one folder for "
                                "each assignment.", Place(str(layer)))
    chosen = wanted(layers, names)
    if overlay:
        _refuse_strangers(overlay, wanted(layers, ()))
    for name in chosen:
        for layer in layers:
            if (layer / name).is_dir():
                shutil.copytree(layer / name, into / name, dirs_exist_ok=True,
                                ignore=shutil.ignore_patterns(*LEFT_OUT))
    return chosen


def _refuse_strangers(overlay: Path, known: Sequence[str]) -> None:
    """Refuse an overlay that would change nothing, as one with a slip in the name of a folder."""
    for path in sorted(overlay.iterdir()):
        if path.suffix == ".ipynb" or (path.is_dir() and path.name not in known
                                       and not path.name.startswith(".")):
            raise CasebookError(f"{path.name} in the overlay belongs to no assignment.",
                                "An overlay has a folder for each assignment that it changes: "
                                f"{', '.join(known)}.", Place(str(path)))


def wanted(layers: Iterable[Path], names: Sequence[str]) -> list[str]:
    """The assignments asked for, or all there are (CasebookError for one that is not there)."""
    there = sorted({path.parent.name for layer in layers for path in layer.glob("*/*.ipynb")})
    strange = [name for name in names if name not in there]
    if strange:
        raise CasebookError(f"There is no assignment {strange[0]!r}.",
                            f"There are: {', '.join(there) or 'none'}.")
    return list(names) or there


def _generate(root: Path, names: Iterable[str]) -> None:
    config = Config()
    configure(config)
    # The hook looks for a course folder, and there is none here; SaveCells needs a gradebook.
    del config.GenerateAssignment["post_convert_hook"]
    config.SaveCells.enabled = False
    config.GenerateAssignment.no_database = True
    config.CourseDirectory.root = str(root)
    here = CourseDirectory(config=config, root=str(root))
    for name in names:
        here.assignment_id = name
        log = _Quiet()
        made = GenerateAssignment(coursedir=here, config=config, log=log, force=True)
        made.preprocessors = [one for one in made.preprocessors if one is not SaveCells]
        try:
            made.start()
        except (NbGraderException, OSError) as error:
            raise _refused(name, log.told or [str(error)]) from None
        keep_released(root / "release" / name)


def _refuse_failure(name: str, result: dict[str, Any]) -> None:
    if not result["success"]:
        raise _refused(name, [line for line in result.get("log", "").splitlines()
                              if "[ERROR]" in line] or result["error"].splitlines()[-1:])


def _refused(name: str, told: list[str]) -> CasebookError:
    plain = next((line for line in told if line.strip()), "no reason was given")
    return CasebookError(f"nbgrader could not make the students' version of {name!r}: "
                         f"{plain.replace('[ERROR] ', '').strip()}",
                         "Mend the instructor's version and try again.")


class _Quiet(logging.Logger):
    """A log that keeps what went wrong, and prints nothing."""

    def __init__(self):
        super().__init__("casebook.release", logging.ERROR)
        self.told: list[str] = []
        self.addHandler(logging.NullHandler())

    def handle(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


def _take_over(made: Path, to: Path, write: bool) -> Released:
    """Copy a fresh release over an older one, and say what differs."""
    try:
        return _copied(made, to, write)
    except OSError as error:
        raise CasebookError(f"It cannot be written: {error.strerror or error}.",
                            "Name a folder that you may write to, with --to.",
                            Place(str(to))) from None


def _copied(made: Path, to: Path, write: bool) -> Released:
    changed, same = [], []
    for path in sorted(path for path in made.rglob("*") if path.is_file()):
        name, there = path.relative_to(made), to / path.relative_to(made)
        if there.exists() and filecmp.cmp(path, there, shallow=False):
            same.append(str(name))
            continue
        changed.append(str(name))
        if write:
            there.parent.mkdir(parents=True, exist_ok=True)
            fresh = there.with_name(f".{there.name}.part")
            shutil.copyfile(path, fresh)
            os.replace(fresh, there)
    return Released(to.name, to, tuple(changed), tuple(same))


@contextlib.contextmanager
def _in(folder: Path) -> Iterator[None]:
    with contextlib.chdir(folder):
        yield
