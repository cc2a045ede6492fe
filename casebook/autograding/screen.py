"""Which of the files that a student handed in may go along when the notebook runs.

Only plain files of the student's own: nbgrader copies whatever a link points to, and Python looks
for modules beside the notebook first, so that a handed-in ``casebook.py`` would be what checks.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib.machinery import all_suffixes
from pathlib import Path

from casebook.grading.handedout import HandedOut

from .reasons import NOTE, PROBLEM, Reason, shown

# Modules outside the standard library that checks, the kernel and usual answers import.
_NAMES = """
    IPython PIL _cython _plotly_utils anywidget appnope asttokens bqplot casebook comm contourpy
    cycler cython_runtime dask dateutil debugpy decorator distributed executing fastjsonschema
    fontTools ipykernel ipykernel_launcher ipython_config ipython_kernel_config
    ipython_pygments_lexers ipywidgets jedi jsonschema jupyter_client jupyter_config jupyter_core
    kiwisolver markdown_it matplotlib matplotlib_inline mdurl msgpack narwhals nbclient nbconvert
    nbformat nbgrader nest_asyncio nest_asyncio2 numexpr numpy packaging pandas parso pexpect
    pkg_resources platformdirs plotly prompt_toolkit psutil psygnal ptyprocess pure_eval pyarrow
    pydevd pygments pylab pyparsing pytz scipy setuptools sitecustomize six sklearn stack_data
    statsmodels tornado traitlets typing_extensions tzdata usercustomize wcwidth
    widgetsnbextension yaml zmq _distutils_hack _yaml bottleneck profile_default
"""
PACKAGES = frozenset(_NAMES.split())
SHADOWED = frozenset(sys.stdlib_module_names) | PACKAGES
ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst")
MOST_SEEN = 20_000        # entries looked at in one folder; a folder with more is cut short
_SPECIAL = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device",
            stat.S_IFBLK: "a device"}


@dataclass(frozen=True)
class FileLimits:
    """How much may go along with one notebook.

    An assignment of ours needs a transcript of some kB; data of a student's own seldom more than
    a few MB.
    """

    file_mb: float = 50
    total_mb: float = 100
    files: int = 500
    depth: int = 12           # folders in one another
    name_bytes: int = 200     # a file system takes 255


@dataclass(frozen=True)
class Screened:
    """The files that may go along, by relative path, the notebooks among them, and why others not.
    """

    files: Mapping[str, Path]
    notebooks: Mapping[str, Path]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class _Entry:
    name: str                 # relative, with /
    path: Path
    info: os.stat_result


def screen(folder: Path, out: HandedOut, limits: FileLimits = FileLimits(),
           shadowed: frozenset[str] = SHADOWED) -> Screened:
    """Look at every file of a submission; nothing is opened, followed or changed."""
    reasons: list[Reason] = []
    entries = list(_entries(folder, out, limits, shadowed, reasons))
    inodes = Counter((one.info.st_dev, one.info.st_ino) for one in entries)
    files: dict[str, Path] = {}
    notebooks: dict[str, Path] = {}
    total = 0.0
    # What was handed out, and what lies near the top, comes first where not all can go along.
    for one in sorted(entries, key=lambda one: (one.name not in out.files, one.name.count("/"),
                                                one.name)):
        if inodes[one.info.st_dev, one.info.st_ino] < one.info.st_nlink:
            reasons.append(_link(one.name, "a hard link to a file elsewhere"))
        elif one.name.lower().endswith(".ipynb"):
            notebooks[one.name] = one.path
        elif (reason := _too_much(one, len(files), total, limits)) is not None:
            reasons.append(reason)
        else:
            files[one.name] = one.path
            total += one.info.st_size / 1e6
            if one.name.lower().endswith(ARCHIVES):
                reasons.append(Reason("archive", NOTE, f"The archive '{shown(one.name)}' was left "
                                      "packed: hand in the files themselves.", file=one.name))
    return Screened(files, notebooks, tuple(_few(reasons)))


def _entries(folder: Path, out: HandedOut, limits: FileLimits, shadowed: frozenset[str],
             reasons: list[Reason]) -> Iterator[_Entry]:
    """Plain files with sound names, folder by folder; the rest is told."""
    todo, seen = [(folder, "")], 0
    while todo:
        here, above = todo.pop()
        try:
            with os.scandir(here) as found:
                entries = sorted(found, key=lambda one: one.name)
        except OSError as error:
            reasons.append(Reason("unreadable", PROBLEM, f"The folder '{shown(above) or '.'}' "
                                  f"cannot be read: {error.strerror}.", file=shown(above)))
            continue
        for entry in entries:
            seen += 1
            if seen > MOST_SEEN:
                reasons.append(_many(f"more than {MOST_SEEN} files and folders"))
                return
            name = above + entry.name
            if _ignored(entry.name, out.ignore):
                continue
            info = entry.stat(follow_symlinks=False)
            reason = _refused(name, entry.path, info, out, limits, shadowed)
            if reason is not None:
                reasons.append(reason)
            elif stat.S_ISDIR(info.st_mode):
                todo.append((Path(entry.path), name + "/"))
            else:
                yield _Entry(name, Path(entry.path), info)


def _ignored(name: str, patterns: tuple[str, ...]) -> bool:
    """As nbgrader has it: a star at the beginning means no hidden file."""
    return any(fnmatchcase(name, one) and (not name.startswith(".") or one.startswith("."))
               for one in patterns)


def _refused(name: str, path: str, info: os.stat_result, out: HandedOut, limits: FileLimits,
             shadowed: frozenset[str]) -> Reason | None:
    if stat.S_ISLNK(info.st_mode):
        return _link(name, "a link")
    if not stat.S_ISREG(info.st_mode) and not stat.S_ISDIR(info.st_mode):
        what = _SPECIAL.get(stat.S_IFMT(info.st_mode), "no file")
        return Reason("special-file", PROBLEM, f"'{shown(name)}' is {what} and was left out: hand "
                      "in plain files only.", file=shown(name))
    if wrong := _odd(name, limits):
        return Reason("odd-name", PROBLEM, f"'{shown(name)}' was left out: its name {wrong}. Give "
                      "it a plain name and hand in again.", file=shown(name))
    if module := _shadows(name, path, info, shadowed):
        return None if _given(name, out) else Reason(
            "shadowing", PROBLEM, f"'{shown(name)}' was left out: Python would take it for its "
            f"own module '{module}'. Give it another name and hand in again.", file=shown(name))
    return None


def _given(name: str, out: HandedOut) -> bool:
    """Whether the assignment itself has this file, or a folder of this name."""
    return name in out.files or any(one.startswith(name + "/") for one in out.files)


def _link(name: str, what: str) -> Reason:
    return Reason("link", PROBLEM, f"'{shown(name)}' is {what} and was left out; what it points to "
                  "was not read. Hand in a copy of the file itself.", file=shown(name))


def _odd(name: str, limits: FileLimits) -> str:
    """What is wrong with a name; empty if nothing."""
    last = name.rpartition("/")[2]
    if any("\udc80" <= one <= "\udcff" for one in last):
        return "is not written in UTF-8"
    # Cc: control characters, line breaks among them. Cf: what turns the direction of writing.
    if any(unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp", "Cs") for one in last):
        return "holds characters that cannot be seen"
    if "\\" in last:
        return "holds a backslash"
    if len(os.fsencode(last)) > limits.name_bytes:
        return "is too long"
    return "lies in too many folders" if name.count("/") > limits.depth else ""


def _shadows(name: str, path: str, info: os.stat_result, shadowed: frozenset[str]) -> str:
    """The module that Python would look for here; only names beside the notebook are."""
    if "/" in name:
        return ""
    module = name.partition(".")[0]
    if module not in shadowed:
        return ""
    if stat.S_ISDIR(info.st_mode):
        # A folder without __init__ comes after every real module, so that data may lie in it.
        own = any(os.path.lexists(os.path.join(path, "__init__" + one)) for one in all_suffixes())
        return module if own or name == "profile_default" else ""
    return module if name[len(module):] in all_suffixes() else ""


def _too_much(one: _Entry, files: int, total: float, limits: FileLimits) -> Reason | None:
    size = one.info.st_size / 1e6
    if size > limits.file_mb:
        return Reason("too-large", PROBLEM, f"'{shown(one.name)}' has {size:.0f} MB and was left "
                      f"out: a file may have {limits.file_mb:g} MB.", file=shown(one.name))
    if total + size > limits.total_mb:
        return Reason("too-large", PROBLEM, f"'{shown(one.name)}' was left out: all files together "
                      f"may have {limits.total_mb:g} MB.", file=shown(one.name))
    return _many(f"more than {limits.files} files") if files >= limits.files else None


def _many(what: str) -> Reason:
    return Reason("too-many", PROBLEM, f"There are {what}: the others were left out. Hand in only "
                  "what the notebook needs.")


def _few(reasons: list[Reason], most: int = 20) -> list[Reason]:
    """The reasons, each once, and of each kind no more than can be read."""
    counted: Counter[str] = Counter()
    kept = []
    for one in dict.fromkeys(reasons):
        counted[one.kind] += 1
        if counted[one.kind] <= most:
            kept.append(one)
    return kept + [Reason(kind, PROBLEM, f"{count - most} more files were left out for the same "
                          f"reason ({kind}).") for kind, count in counted.items() if count > most]


def copy_files(files: Mapping[str, Path], to: Path) -> None:
    """Copy screened files into a folder; what has become a link meanwhile is not followed.

    Raises
    ------
    OSError
        If one cannot be read or written.
    """
    for name, path in files.items():
        target = to / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(opened(path), "rb") as source, open(target, "wb") as copy:
            shutil.copyfileobj(source, copy)


def opened(path: Path) -> int:
    """A descriptor of a plain file, never of a link, a pipe or a device (OSError if it is one)."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)
                     | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(0, "it is no plain file", str(path))
    return handle
