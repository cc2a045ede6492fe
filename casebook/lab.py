"""``casebook lab``: JupyterLab on the first lesson, in a folder of the user's own.

Lessons are copied there, so that plays and notes never change the casebook itself. A lesson that
the user has changed is never written over.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from casebook.errors import CasebookError, Place
from casebook.language import _

FIRST = "00-start-here.ipynb"
FOLDER = "casebook-work"
KEPT = ".casebook-lessons.json"       # what was copied, to tell the user's changes from ours
#: JupyterLab asks a host on the internet for news unless told not to.
OVERRIDES = {"@jupyterlab/apputils-extension:notification": {
    "fetchNews": "false", "checkForUpdates": False}}


def lab(folder: str | Path | None = None, browser: bool = True, port: int | None = None) -> int:
    """Open JupyterLab on the first lesson and wait until it ends.

    Parameters
    ----------
    folder : path, optional
        Where lessons and plays are kept; ``casebook-work`` by default.
    browser : bool
        Whether to open a browser. The address is printed in any case.
    port : int, optional
        The port; a free one near 8888 by default.
    """
    work = Path(folder or FOLDER).resolve()
    for line in copy_lessons(lessons_folder(), work):
        print(line)
    chosen = check_port(port) if port is not None else free_port()
    with tempfile.TemporaryDirectory(prefix="casebook-") as settings:
        Path(settings, "overrides.json").write_text(json.dumps(OVERRIDES), encoding="utf-8")
        return _serve(work, chosen, browser, Path(settings))


def lessons_folder() -> Path:
    """Where the lessons are: in the installed package, or beside it in a clone."""
    inside = Path(__file__).parent / "lessons"
    return inside if inside.is_dir() else Path(__file__).parents[1] / "notebooks"


def copy_lessons(source: Path, work: Path) -> Iterator[str]:
    """Copy lessons into the work folder; yields a line for each that needs one.

    A lesson that the user changed is kept, and a newer one is laid beside it.
    """
    try:
        work.mkdir(parents=True, exist_ok=True)
        known = _known(work)
        for lesson in sorted(source.glob("*.ipynb")):
            line = _copy(lesson, work / lesson.name, known)
            if line:
                yield line
        (work / KEPT).write_text(json.dumps(known, indent=1), encoding="utf-8")
    except OSError as error:
        raise CasebookError(f"The lessons cannot be copied: {error.strerror or error}.",
                            "Name a folder you may write to: casebook lab FOLDER.",
                            Place(str(work))) from error


def _copy(lesson: Path, target: Path, known: dict[str, list[str]]) -> str | None:
    """Copy one lesson if that loses nothing; ``known`` are digests of our own copies."""
    digest = _digest(lesson)
    ours = known.setdefault(lesson.name, [])
    line = None
    if target.exists() and _digest(target) not in (*ours, digest):
        if digest not in ours and not _only_ran(lesson, target):
            target = target.with_name(f"{lesson.stem}.new.ipynb")
            shutil.copyfile(lesson, target)
            line = f"You have changed {lesson.name}; a newer version is in {target.name}."
    elif not target.exists() or _digest(target) != digest:
        shutil.copyfile(lesson, target)
    if digest not in ours:
        ours.append(digest)
    return line


def _only_ran(lesson: Path, target: Path) -> bool:
    """Whether the two differ only in outputs: the user ran the lesson, no more."""
    def sources(path: Path) -> list:
        cells = json.loads(path.read_text(encoding="utf-8")).get("cells", [])
        return [(cell.get("cell_type"), "".join(cell.get("source", ""))) for cell in cells]

    try:
        return sources(lesson) == sources(target)
    except (ValueError, AttributeError, UnicodeDecodeError):
        return False


def _known(work: Path) -> dict[str, list[str]]:
    try:
        known = json.loads((work / KEPT).read_text(encoding="utf-8"))
        return {str(name): list(digests) for name, digests in known.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_port(port: int) -> int:
    """The port, if it can be used (CasebookError otherwise). 0 means any free one."""
    if not 0 <= port <= 65535:
        raise CasebookError(_("There is no port {port}.").format(port=port),
                            _("Give a number from 1024 to 65535."))
    if port == 0:
        return free_port(0)
    if not _is_free(port):
        raise CasebookError(
            _("Port {port} is in use or not allowed.").format(port=port),
            _("Leave out --port to take a free one, or end the other program."))
    return port


def free_port(first: int = 8888) -> int:
    """A free port: the first one from ``first`` on, or any if there is none near it."""
    for port in range(first, first + 50) if first else ():
        if _is_free(port):
            return port
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _interrupt(*_signal) -> None:
    raise KeyboardInterrupt


def can_show() -> bool:
    """Whether there is a screen for a browser to open on."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _serve(work: Path, port: int, browser: bool, settings: Path) -> int:
    import secrets

    token = secrets.token_hex(16)
    address = f"http://127.0.0.1:{port}/lab/tree/{FIRST}?token={token}"
    shows = browser and can_show()
    command = [
        sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={work}", "--ip=127.0.0.1",
        f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
        f"--LabApp.app_settings_dir={settings}", "--log-level=WARN",
        f"--LabApp.default_url=/lab/tree/{FIRST}",
    ]
    command += [] if shows else ["--no-browser"]
    command += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    print(f"Your work is in {work}\n{'Opening' if shows else 'Open this address in a browser:'} "
          f"{address}\nPress Ctrl-C here to stop.", flush=True)
    return until_stopped(subprocess.Popen(command, cwd=work), work)


def until_stopped(process: subprocess.Popen, work: str | Path) -> int:
    """Wait for a server until it ends, or until Ctrl-C ends it; its exit code."""
    # Whoever ends us by a signal ends the server with us.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return process.wait()
    except KeyboardInterrupt:
        # The server has had the same Ctrl-C; it may ask, so tell it plainly.
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
        print("\n" + _("Stopped. Your work is kept in {folder}").format(folder=work))
        return 0
