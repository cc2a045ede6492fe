"""Where a submission is worked on before it takes its place, so that none is ever half there."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from casebook.errors import CasebookError, Place

from .locking import locked

FOLDER = ".casebook-grading"   # in autograded/; nbgrader's patterns do not see a name with a point


class Staging:
    """A folder beside the graded submissions, on the same file system.

    A submission is put together here and then moved into its place in one step. Whatever an ended
    run has left is removed when the next one begins.

    Parameters
    ----------
    autograded : Path
        The folder of graded submissions.
    assignment : str
        The assignment; two runs of one assignment at a time are refused.
    """

    def __init__(self, autograded: Path, assignment: str):
        self.root = autograded / FOLDER / assignment
        self._lock = autograded / FOLDER / f"{assignment}.lock"

    @contextlib.contextmanager
    def opened(self) -> Iterator[Staging]:
        """Hold the place for this run.

        Raises
        ------
        CasebookError
            If another run holds it, or nothing can be written there.
        """
        try:
            self._lock.parent.mkdir(parents=True, exist_ok=True)
            with locked(self._lock, "This assignment is being graded already",
                        "Wait until that run has ended."):
                self._clear()
                self.root.mkdir()
                try:
                    yield self
                finally:
                    self._clear()
        except OSError as error:
            raise CasebookError(f"Graded submissions cannot be kept: {error.strerror or error}.",
                                "Make room, or see that the folder can be written to, and run the "
                                "command again; what is graded stays.",
                                Place(str(error.filename or self._lock.parent))) from error

    def new(self, student: str) -> Path:
        """An empty folder for this student's submission."""
        folder = self.root / student
        if folder.exists():
            remove(folder)
        folder.mkdir()
        return folder

    @contextlib.contextmanager
    def put(self, folder: Path, place: Path) -> Iterator[None]:
        """Move a folder to its place when the block has ended well.

        What stood there goes away before the block: new grades must not stand beside it, whatever
        happens in between. It comes back if the block fails.
        """
        place.parent.mkdir(parents=True, exist_ok=True)
        old = self.root / f"{folder.name}.before"
        if old.exists():
            remove(old)
        if place.exists():
            os.replace(place, old)
        try:
            yield
        except BaseException:
            if old.exists():
                os.replace(old, place)
            raise
        os.replace(folder, place)
        if old.exists():
            remove(old)

    def _clear(self) -> None:
        if self.root.exists():
            remove(self.root)


def remove(folder: Path) -> None:
    """Remove a folder, also one with files and folders that nobody may write to."""
    for here, folders, _ in os.walk(folder):
        for name in (".", *folders):
            path = os.path.join(here, name)
            if not os.path.islink(path):
                with contextlib.suppress(OSError):
                    os.chmod(path, 0o700)
    shutil.rmtree(folder)
