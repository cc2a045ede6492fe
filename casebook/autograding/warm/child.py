"""What a fork of the warm parent does to become a kernel like one that was started cold."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import json
import os
import random
import signal
import sys
import threading
import time
import warnings
from types import ModuleType
from typing import Any

from .preload import Stash, importable
from .what import OF_TCP, settings

WARM, COLD = b"warm\n", b"cold\n"
_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def alone(keep: int, parent: int) -> None:
    """Leave the parent's session, signals and files; die when the parent dies.

    An open file of a library's gives way to nothing and keeps its number: were the number free,
    the kernel's own sockets would take it, and be closed with the library's object.
    """
    os.setsid()
    _die_with(parent)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    opened = {int(entry) for entry in os.listdir("/proc/self/fd")}
    null = os.open(os.devnull, os.O_RDWR)
    for number in opened - {keep, null}:
        with contextlib.suppress(OSError):      # the listing's own is closed
            os.fstat(number)
            os.dup2(null, number, inheritable=number <= 2)
    os.close(null)


def prepare(asked: dict[str, Any], join: Any, stash: Stash, pipe: int) -> bool:
    """Stand where the kernel is to stand; false where only a cold start gives what is asked.

    Parameters
    ----------
    asked : dict
        The request for a fork.
    join : callable or None
        Enters the sandbox, and returns in the process that is to be the kernel.
    stash : Stash
        The parent's modules.
    pipe : int
        Where the parent is told how it went; it stays open in the sandbox.
    """
    parents = settings(dict(os.environ))
    if asked["join"] is not None:
        if join is None:
            raise RuntimeError("this casebook has no sandbox to join")
        # It ends the process with a sentence on its standard error when there is no way in.
        os.dup2(pipe, 2)
        join(asked["join"], keep=(pipe, 2))
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 2)
        os.close(null)
        # Now this may be another process. Interrupts go to its children only if it leads a group.
        if os.getsid(0) != os.getpid():
            os.setsid()
        _die_with(None)
    os.environ.clear()
    os.environ.update(asked["env"])
    os.environ["JPY_PARENT_PID"] = str(os.getppid() or 1)
    time.tzset()
    os.chdir(asked["cwd"])
    _write(asked["connection_file"], json.dumps(asked["connection"], indent=2))
    wanted = settings(asked["env"])
    # Modules are what these settings made of them in the parent, and files here may stand for them.
    return (all(parents.get(key) == value for key, value in wanted.items())
            and not stash.names() & importable("."))


def refresh() -> None:
    """Undo what processes forked from one parent would share: chance, and warnings already told."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.set_state(numpy.random.RandomState().get_state())
    for module in list(sys.modules.values()):
        if isinstance(module, ModuleType):          # sys.modules holds other things as well
            vars(module).pop("__warningregistry__", None)
    warnings.onceregistry.clear()
    threading._counter = itertools.count(1).__next__        # names of threads


def kernel(argv: list[str], orig_argv: list[str]) -> Any:
    """The kernel's application, ready to start; the modules must have been hidden.

    It runs import statements as ``python -m ipykernel_launcher`` does, so that they load the same.
    """
    sys.argv[:] = argv
    sys.orig_argv[:] = orig_argv
    from ipykernel.kernelapp import IPKernelApp
    from ipykernel.parentpoller import ParentPollerUnix

    above = os.getppid()
    app = IPKernelApp.instance(parent_handle=above or 1)
    if above in (0, 1):
        # In a process space of its own: ipykernel would not watch such a parent, or take it for
        # gone. It is watched by the system, and this only for the kernel's threads to be the same.
        app.poller = ParentPollerUnix(above)
    app.initialize()
    for name in OF_TCP:
        with contextlib.suppress(ImportError):
            __import__(name)
    return app


def cold(argv: list[str]) -> None:
    """Start a kernel from nothing in the place of this process."""
    os.execve(sys.executable, [sys.executable, "-m", "ipykernel_launcher", *argv],
              dict(os.environ))


def tell(pipe: int, word: bytes) -> None:
    """Say to the parent how it went."""
    os.write(pipe, word[:4000])
    os.close(pipe)


def _die_with(parent: int | None) -> None:
    _libc.prctl(_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def _write(path: str, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
