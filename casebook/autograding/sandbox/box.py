"""A box for one submission: no network, few files, limits, and an end that is certain."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from . import holder, watching
from .failed import SandboxError
from .limits import MB, Limits
from .view import SCRATCH, SOCKETS, WORK, arguments, free_name, python_paths

REASONS = {
    "memory": "The notebook used more memory than is allowed, and was stopped.",
    "time": "The notebook as a whole took longer than is allowed, and was stopped.",
    "output": "The notebook put out more than is allowed, and was stopped.",
    "ended": "The notebook's code ended the sandbox that it ran in, so that nothing after it "
             "could be run.",
}
EVERY = 0.25      # seconds between two looks at a box


class Box:
    """A place for one submission, which a process enters with `join.join(box.spec())`.

    Start it from a thread that lives as long as the box: bubblewrap ends with the thread.

    Parameters
    ----------
    folder : Path, optional
        The submission. Its plain files are copied into the work folder by `join`.
    hide : iterable of str
        Patterns of names that are not copied.
    data : mapping, optional
        The assignment's files, read-only: the place from the work folder on, and where it is.
    limits : Limits, optional
        How much may be used.
    shown : iterable of Path
        More that is to be seen, read-only, at its own place.
    """

    def __init__(self, folder: Path | None = None, *, hide: Iterable[str] = ("*.ipynb",),
                 data: Mapping[str, Path] | None = None, limits: Limits | None = None,
                 shown: Iterable[Path] = ()):
        self.folder = None if folder is None else Path(folder).resolve()
        self.hide = tuple(hide)
        self.data = {inside: Path(path).resolve() for inside, path in (data or {}).items()}
        self.limits = limits or Limits()
        self.shown = [*python_paths(), *(Path(path).resolve() for path in shown)]
        self.work = free_name(WORK, self.shown)
        self.sockets = free_name(SOCKETS, self.shown)
        self.reason: str | None = None
        self._holder: holder.Holder | None = None
        self._started = 0.0
        for path in (*self.data.values(), *([self.folder] if self.folder else [])):
            if not path.exists():
                raise SandboxError(f"{path} was to be seen in the sandbox, but is not there.",
                                   "Check the assignment's folder.")

    def __enter__(self) -> Box:
        return self.start()

    def __exit__(self, *_: Any) -> None:
        self.kill()

    def start(self) -> Box:
        """Make the namespaces; a few milliseconds."""
        if self._holder:
            raise SandboxError("This sandbox was started already.", "Make a new one.")
        self._holder = holder.start(lambda texts: arguments(
            self.work, self.sockets, self.shown, self.data, texts))
        self._started = time.monotonic()
        return self

    @property
    def pid(self) -> int:
        """The box's first process, as seen from outside."""
        if not self._holder:
            raise SandboxError("This sandbox was not started.", "Start it first.")
        return self._holder.pid

    @property
    def outside(self) -> str:
        """The folder for sockets, as the grader reaches it; inside it is `sockets`."""
        return f"/proc/{self.pid}/root{self.sockets}"

    def spec(self) -> dict[str, Any]:
        """What `join.join` needs, as JSON has it."""
        held = self._holder
        return {"holder": self.pid, "pid_namespace": held.namespace, "drop": held.drop,
                "uid": held.user, "gid": held.group, "work": self.work, "sockets": self.sockets,
                "scratch": list(SCRATCH), "hide": list(self.hide),
                "folder": str(self.folder) if self.folder else None,
                "own": self._own_folders(), "limits": self.limits.as_dict()}

    def _own_folders(self) -> list[str]:
        """Folders on the way to the data: not data themselves, so the student may write there."""
        places = [Path(self.work, inside) for inside in self.data]
        above = {parent for place in places for parent in place.parents
                 if parent != Path(self.work) and parent.is_relative_to(self.work)}
        return sorted(str(folder) for folder in above
                      if not any(folder.is_relative_to(place) for place in places))

    def environment(self) -> dict[str, str]:
        """The whole environment for a process inside: nothing of the grader's but its language."""
        own = {name: os.environ[name] for name in ("LANG", "LC_ALL", "LC_CTYPE", "TZ")
               if name in os.environ}
        python = os.path.dirname(os.path.abspath(sys.executable))
        return {"PATH": f"{python}:/usr/bin:/bin", "HOME": "/tmp",
                "TMPDIR": "/tmp", "USER": "student", "LOGNAME": "student", **own}

    def seal(self) -> None:
        """Once the kernel's sockets stand: nothing else may come into their folder.

        Otherwise a student's link there would lead the grader's next connection elsewhere. Without
        root the folder stays the student's own; then only sockets of the grader can be met.
        """
        if self._holder and self._holder.drop:
            os.chown(self.outside, 0, 0)
            os.chmod(self.outside, 0o755)

    def check(self) -> str | None:
        """Look at the box once: end it if it is over a limit, and say why it ended, if it has."""
        held = self._holder
        if held is None or self.reason:
            return self.reason or ("ended" if self._started else None)
        if held.ended():
            self.reason = "ended"
        elif time.monotonic() - self._started > self.limits.wall_seconds:
            self.end("time")
        elif self.memory() > self.limits.memory_mb * MB:
            self.end("memory")
        return self.reason

    def memory(self) -> int:
        """Bytes in memory of all its processes; exact only where it is near the limit."""
        inside = Path(f"/proc/{self.pid}/root", "proc")
        try:
            rough = watching.resident(inside)
            return rough if rough <= self.limits.memory_mb * MB else watching.proportional(inside)
        except OSError:
            return 0                         # it has just ended

    def end(self, reason: str) -> None:
        """End everything inside for this reason, a key of `REASONS`, unless it has ended before."""
        self.reason = self.reason or reason
        self.kill()

    def kill(self) -> None:
        """End everything inside for certain, also what has detached itself. Can be repeated."""
        held, self._holder = self._holder, None
        if held:
            held.kill()


async def watch(box: Box, every: float = EVERY) -> str:
    """Look at a box until it has ended, and say why: a key of `REASONS`. Can be cancelled."""
    while not (reason := box.check()):
        await asyncio.sleep(every)
    return reason
