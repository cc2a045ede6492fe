"""Where a worker's kernels come from: forked from a warm parent, and shut in a box."""

from __future__ import annotations

import contextlib
import itertools
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path

from traitlets.config import Config

from casebook.errors import CasebookError

from .sandbox.box import EVERY, Box
from .sandbox.limits import MB, Limits
from .sandbox.probe import require
from .sandbox.watching import own
from .warm.manager import WarmManager, warm_manager
from .warm.process import WarmParent

MOST_TAKEN = 100 * MB       # what a notebook's messages may take in this process
GLANCES = 10                # looks at that between two looks at a box: messages come quickly


@dataclass(frozen=True)
class Plan:
    """How kernels are to be had.

    Attributes
    ----------
    sandbox : bool
        Whether students' code is shut in.
    limits : Limits
        How much one notebook may use there.
    """

    sandbox: bool = True
    limits: Limits = field(default_factory=Limits)


def limits_of(config: Config) -> Limits:
    """The limits of the sandbox, with what ``c.Sandbox`` in ``nbgrader_config.py`` sets.

    Raises
    ------
    CasebookError
        If it sets something that is no limit, or to no number above 0.
    """
    given = dict(config.Sandbox) if "Sandbox" in config else {}
    names = [each.name for each in fields(Limits)]
    unknown = sorted(set(given) - set(names))
    if unknown:
        raise CasebookError(f"The sandbox has no limit {unknown[0]!r}, which c.Sandbox in "
                            "nbgrader_config.py sets.", f"There are {', '.join(names)}.")
    return Limits(**given)


@dataclass
class Kernel:
    """A kernel for one notebook: its manager (None for nbgrader's own), and its box."""

    manager: WarmManager | None
    box: Box | None = None


class Kernels:
    """Kernels for one worker, to be used from the thread that made it.

    Parameters
    ----------
    plan : Plan
        How they are to be had.
    shared : socket, optional
        Leads to the warm parent of somebody else; without it one is started.

    Raises
    ------
    CasebookError
        If a sandbox is wanted and is not to be had here.
    """

    def __init__(self, plan: Plan, shared: socket.socket | None = None):
        self.plan = plan
        if plan.sandbox:
            require()
        self._parent = WarmParent(shared=shared) if sys.platform.startswith("linux") else None
        if self._parent is not None:
            self._parent.start(wait=False)

    @contextlib.contextmanager
    def kernel(self, folder: Path) -> Iterator[Kernel]:
        """A kernel that runs in this folder, or in a copy of it if it is shut in."""
        if self._parent is None:
            yield Kernel(None)
            return
        self._parent.start()
        with self._boxed(folder) if self.plan.sandbox else self._open(folder) as kernel:
            yield kernel

    @contextlib.contextmanager
    def _open(self, folder: Path) -> Iterator[Kernel]:
        with tempfile.TemporaryDirectory(prefix="casebook-k-") as sockets:
            yield Kernel(warm_manager(self._parent, cwd=folder, transport_dir=sockets))

    @contextlib.contextmanager
    def _boxed(self, folder: Path) -> Iterator[Kernel]:
        with Box(folder, hide=(), limits=self.plan.limits) as box, _watched(box):
            manager = warm_manager(self._parent, cwd=box.work, transport_dir=box.outside,
                                   kernel_dir=box.sockets, env=box.environment(), join=box.spec())
            start = manager.start_kernel

            async def start_and_seal(**kwargs) -> None:
                await start(**kwargs)
                box.seal()

            manager.start_kernel = start_and_seal
            yield Kernel(manager, box)

    def close(self) -> None:
        """End what was started."""
        if self._parent is not None:
            self._parent.stop()


@contextlib.contextmanager
def _watched(box: Box) -> Iterator[None]:
    """Hold the box to its limits while its notebook runs, and what it sends to bounds."""
    over, before = threading.Event(), own()

    def watch() -> None:
        for look in itertools.count(1):
            if over.wait(EVERY / GLANCES):
                return
            if own() - before > MOST_TAKEN:
                box.end("output")
            if (look % GLANCES == 0 or box.reason) and box.check() is not None:
                return

    watcher = threading.Thread(target=watch, name="casebook-watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
