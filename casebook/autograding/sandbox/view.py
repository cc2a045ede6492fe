"""What a box shows: Python and its packages, the casebook's package, the assignment's data."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path

# Programs and libraries of the system. /usr/share and /usr/local may hold a course's exchange.
SYSTEM = ("/usr/bin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec",
          "/usr/share/zoneinfo", "/usr/share/locale", "/usr/share/fonts", "/usr/share/fontconfig",
          "/nix/store")
LINKED = ("/bin", "/lib", "/lib32", "/lib64")
# Without fonts a library complains on stderr, and a test in which it does scores 0 at nbgrader.
ETC = ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/etc/fonts")
# A prefix's etc/ and share/ may hold nbgrader's configuration, with the gradebook's password.
OF_PREFIX = ("bin", "lib", "lib64", "pyvenv.cfg")
PACKAGES = ("site-packages", "dist-packages")
# Students never get these.
NEVER = "teaching-note.md"

WORK, SOCKETS, SCRATCH = "/submission", "/k", ("/tmp", "/dev/shm")


def _package() -> Path:
    """The casebook's own package."""
    return Path(__file__).resolve().parents[2]


def python_paths() -> list[Path]:
    """Files and folders that this Python and its installed packages consist of.

    Checkouts that a ``.pth`` file points to are not among them; of the casebook only its package.
    """
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    prefixes |= {os.path.realpath(prefix) for prefix in prefixes}
    found = [Path(prefix, part) for prefix in prefixes - {"/", "/usr"} for part in OF_PREFIX]
    found += [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")]
    found += [Path(entry) for entry in sys.path if Path(entry).name in PACKAGES]
    return outermost([*found, _package()])


def outermost(paths: Iterable[Path]) -> list[Path]:
    """Those that exist and lie in no other of them, in order."""
    kept: list[Path] = []
    for path in sorted({Path(os.path.abspath(path)) for path in paths if path.exists()}):
        if not any(path.is_relative_to(other) for other in (*kept, *SYSTEM)):
            kept.append(path)
    return kept


def free_name(wanted: str, taken: Iterable[Path]) -> str:
    """A folder's name under which, and above which, nothing that is shown lies."""
    taken = list(taken)
    while any(path.is_relative_to(wanted) for path in taken):
        wanted += "_"
    return wanted


def _at_its_place(path: Path) -> list[str]:
    if path.is_symlink() and os.readlink(path) == "lib":      # a venv's lib64
        return ["--symlink", "lib", str(path)]
    return ["--ro-bind", str(path), str(path)]


def _above(paths: Iterable[str]) -> list[str]:
    """The folders that lead to these, so that everybody may pass: some lie under a closed home."""
    above = {str(parent) for path in paths for parent in Path(path).parents}
    return [word for folder in sorted(above - {"/"}) for word in ("--dir", folder)]


def _links() -> list[str]:
    words = []
    for name in LINKED:
        if os.path.islink(name):
            words += ["--symlink", os.readlink(name), name]
        elif os.path.isdir(name):
            words += ["--ro-bind", name, name]
    return words


def arguments(work: str, sockets: str, shown: Iterable[Path], data: Mapping[str, Path],
              texts: Mapping[str, int]) -> list[str]:
    """bubblewrap's words for the box's files.

    Parameters
    ----------
    work : str
        The work folder's name inside.
    sockets : str
        The name inside of the folder for the kernel's sockets.
    shown : iterable of Path
        What is to be seen at its own place.
    data : mapping
        What is to be seen elsewhere: its place inside (from the work folder on, if not absolute),
        and where it is.
    texts : mapping
        Small files inside, and the descriptors that their text is read from.
    """
    shown = list(shown)
    words = ["--proc", "/proc", "--dev", "/dev"]
    for folder in (work, sockets, *SCRATCH):
        words += ["--tmpfs", folder]
    places = {os.path.join(work, inside): path for inside, path in data.items()}
    system = list(filter(os.path.exists, SYSTEM))
    words += _above([*system, *map(str, shown), *ETC, *places])
    for path in system:
        words += ["--ro-bind", path, path]
    for path in shown:
        words += _at_its_place(path)
    words += _links()
    for path in ETC:
        words += ["--ro-bind-try", path, path]
    for path, descriptor in texts.items():
        words += ["--perms", "0644", "--ro-bind-data", str(descriptor), path]
    for path in sorted(_package().rglob(NEVER)):
        words += ["--ro-bind", "/dev/null", str(path)]
    for inside, path in places.items():
        words += ["--ro-bind", str(path), inside]
    return [*words, "--remount-ro", "/dev", "--remount-ro", "/"]
