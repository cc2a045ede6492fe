"""A lock that ends with its process, so that a killed run never has to be cleaned up after."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from casebook.errors import CasebookError, Place

try:
    import fcntl
except ImportError:      # Windows
    fcntl = None


@contextlib.contextmanager
def locked(path: Path, taken: str, mend: str) -> Iterator[None]:
    """Hold the lock of a file.

    Raises
    ------
    CasebookError
        If another process holds it; ``taken`` and ``mend`` say so.
    """
    with open(path, "a+", encoding="utf-8") as file:
        if not _take(file):
            file.seek(0)
            holder = file.read().strip()
            raise CasebookError(f"{taken}{f' (by process {holder})' if holder else ''}.", mend,
                                Place(str(path)))
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield


def _take(file) -> bool:
    try:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            file.seek(0x7FFF0000)      # far past the text, so that others can read who holds it
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True
