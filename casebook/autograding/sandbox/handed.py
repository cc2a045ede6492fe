"""What was handed in, copied into a box: plain files and folders, no more."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from fnmatch import fnmatch
from typing import Any

from .failed import SandboxError

PIECE = 1 << 20
# A name that the assignment's own data has already, or lies in: the data counts.
TAKEN = (errno.EEXIST, errno.EROFS)
TOO_MUCH = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
DO_NOT_FIT = "The files handed in do not fit"
OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


def copy_into(folder: int, work: str, hide: Iterable[str], owner: tuple[int, int] | None,
              limits: dict[str, Any]) -> None:
    """Copy an open folder's files; links, pipes and devices are left out.

    Parameters
    ----------
    folder : int
        A descriptor from outside, opened before the box was entered.
    work : str
        Where to, inside.
    hide : iterable of str
        Patterns of names that are left out, at any depth.
    owner : (int, int) or None
        User and group that the copies are to belong to.
    limits : dict
        For the message, where it is too much.
    """
    target = os.open(work, OPEN | os.O_DIRECTORY)
    try:
        _copy_folder(folder, target, tuple(hide), owner)
    except OSError as error:
        if error.errno not in TOO_MUCH:
            raise
        raise SandboxError(
            f"{DO_NOT_FIT}: at most {limits['folder_mb']} MB and "
            f"{limits['files']:,} files are allowed.",
            "Raise folder_mb or files, or ask for fewer files.") from error
    finally:
        os.close(target)


def _copy_folder(source: int, target: int, hide: tuple[str, ...],
                 owner: tuple[int, int] | None) -> None:
    with os.scandir(source) as entries:
        for entry in entries:
            if any(fnmatch(entry.name, pattern) for pattern in hide):
                continue
            kind = entry.stat(follow_symlinks=False).st_mode
            try:
                if stat.S_ISDIR(kind):
                    _copy_subfolder(entry.name, source, target, hide, owner)
                elif stat.S_ISREG(kind):
                    _copy_file(entry.name, source, target, owner)
            except OSError as error:
                if error.errno not in TAKEN:
                    raise


def _copy_subfolder(name: str, source: int, target: int, hide: tuple[str, ...],
                    owner: tuple[int, int] | None) -> None:
    inner = os.open(name, OPEN | os.O_DIRECTORY, dir_fd=source)
    try:
        try:
            os.mkdir(name, 0o755, dir_fd=target)
            new = True
        except FileExistsError:
            new = False
        copy = os.open(name, OPEN | os.O_DIRECTORY, dir_fd=target)
        try:
            if owner and new:
                os.fchown(copy, *owner)
            _copy_folder(inner, copy, hide, owner)
        finally:
            os.close(copy)
    finally:
        os.close(inner)


def _copy_file(name: str, source: int, target: int, owner: tuple[int, int] | None) -> None:
    read = os.open(name, OPEN | os.O_NONBLOCK, dir_fd=source)
    try:
        about = os.fstat(read)
        if not stat.S_ISREG(about.st_mode):
            return
        mode = 0o755 if about.st_mode & 0o100 else 0o644
        write = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode, dir_fd=target)
        try:
            while piece := os.read(read, PIECE):
                while piece:
                    piece = piece[os.write(write, piece):]
            os.utime(write, ns=(about.st_atime_ns, about.st_mtime_ns))
            if owner:
                os.fchown(write, *owner)
        finally:
            os.close(write)
    finally:
        os.close(read)
