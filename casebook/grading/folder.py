"""A course folder, read as nbgrader reads it."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from pathlib import Path

from nbgrader.apps import NbGrader
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from traitlets.config import Application, Config

from casebook.errors import CasebookError, Place

from .tools import find_tools

CONFIG = "nbgrader_config.py"


class _Course(NbGrader):
    """nbgrader's own way to its configuration, for a folder and not for where we stand."""

    name = "nbgrader"
    raise_config_file_errors = True
    load_cwd_config = False


def course_config(folder: str | Path) -> Config:
    """The configuration of a course, as nbgrader has it when it runs in the course's folder.

    The files of the user and of the machine come first, then the folder's own.

    Parameters
    ----------
    folder : str or pathlib.Path
        The course folder, with ``nbgrader_config.py``.

    Returns
    -------
    traitlets.config.Config

    Raises
    ------
    CasebookError
        If the folder is no course folder, or a configuration file does not run.
    """
    return _application(folder).config


def coursedir(folder: str | Path) -> CourseDirectory:
    """nbgrader's view of the folder: ``root``, ``db_url``, ``course_id`` and the rest.

    A relative path of an SQLite gradebook is made one from the course's root, so that it means
    the same wherever the command is run.

    Raises
    ------
    CasebookError
        As :func:`course_config`.
    """
    found = _application(folder).coursedir
    found.db_url = _absolute(found.db_url, found.root, Place(str(Path(folder) / CONFIG)))
    return found


def _application(folder: str | Path) -> NbGrader:
    folder = Path(folder)
    if not (folder / CONFIG).is_file():
        raise CasebookError(
            f"This is no course folder: it has no {CONFIG}.",
            "Give the folder of the course, or run the command in it.", Place(str(folder)))
    find_tools()
    folder = folder.resolve()
    with contextlib.chdir(folder), _importable(folder):
        app = _Course()
        app.log = _quiet()
        app.coursedir = CourseDirectory(parent=app, root=str(folder))
        try:
            app.load_config_file(suppress_errors=False)
            Application.load_config_file(app, CONFIG, path=str(folder))
        except (Exception, SystemExit) as error:
            raise CasebookError(f"The configuration of nbgrader does not run: {_reason(error)}.",
                                "Mend the file; `nbgrader --debug` shows more.",
                                Place(str(folder / CONFIG))) from error
    return app


def _reason(error: BaseException) -> str:
    """The first line of what is wrong. For a bad value traitlets asks to exit instead."""
    if isinstance(error, SystemExit) and error.__context__ is not None:
        error = error.__context__
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


@contextlib.contextmanager
def _importable(folder: Path):
    """A configuration may import modules beside it, as it can in nbgrader."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            sys.path.remove(str(folder))


def _quiet() -> logging.Logger:
    """A log that keeps nbgrader's notes on where it looks to itself."""
    log = logging.getLogger("casebook.nbgrader")
    log.setLevel(logging.CRITICAL)
    log.propagate = False
    return log


def _absolute(db_url: str, root: str, place: Place) -> str:
    try:
        url = make_url(db_url)
    except ArgumentError as error:
        raise CasebookError("CourseDirectory.db_url is not the address of a database.",
                            "Write it as sqlite:///gradebook.db or postgresql+psycopg2://...",
                            place) from error
    path = url.database or ":memory:"
    if url.get_backend_name() != "sqlite" or os.path.isabs(path) or (
            path.startswith((":memory:", "file:"))):
        return db_url
    return url.set(database=os.path.join(root, path)).render_as_string(hide_password=False)
