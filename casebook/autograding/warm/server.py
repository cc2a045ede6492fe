"""The loop of the warm parent: what it imports once, and how it forks."""

from __future__ import annotations

import builtins
import contextlib
import gc
import importlib
import importlib.util
import io
import json
import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from . import child, what
from .preload import Stash
from .record import Recorder


def import_all(recorder: Recorder,
               joins: str = what.JOIN) -> tuple[Stash, Callable[[dict], None] | None]:
    """Import what kernels need, noting what each import brings along."""
    recorder.watch_environ(os.environ)
    for name in what.KERNEL:
        importlib.import_module(name)
    # What a library says while a kernel imports it goes nowhere either, if it is in no cell.
    nowhere = _Nowhere()
    with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        for name in what.KERNEL_LATER:
            _try(name)
        with _as_in_a_kernel():
            for name in what.STUDENTS:
                _try(name)
        join = getattr(_try(joins), "join", None)
    recorder.stop()
    return Stash(recorder, {"ipywidgets": _widgets}), join


class _Nowhere(io.StringIO):
    """A kernel's output, as far as libraries look at it while they are imported."""

    encoding = "UTF-8"


def _try(name: str) -> Any:
    """A module, or None where it, or something that it needs, is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


@contextlib.contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    """Libraries ask, while they are imported, whether a kernel runs them: here, it does."""
    from ipykernel import ipkernel
    from ipykernel.zmqshell import ZMQInteractiveShell
    from IPython.core.interactiveshell import InteractiveShell

    class Shell:
        # A true shell would find some of its classes here that a kernel's finds at its start.
        __module__ = ZMQInteractiveShell.__module__
        __class__ = property(lambda self: ZMQInteractiveShell)
        kernel = None

    shell = Shell()
    InteractiveShell._instance = shell
    builtins.get_ipython = lambda: shell
    try:
        yield
    finally:
        del InteractiveShell._instance, builtins.get_ipython
        ipkernel._comm_manager = None       # it is each kernel's own


def _widgets() -> None:
    """What ipywidgets does at its import in a kernel: offer its comms to that kernel."""
    sys.modules["ipywidgets"]._handle_ipython()


class Server:
    """Forks kernels on demand, and tells how each began and ended."""

    def __init__(self, stash: Stash, join: Callable[[dict], None] | None) -> None:
        self._stash, self._join = stash, join
        self._launcher = importlib.util.find_spec(what.LAUNCHER).origin
        self._control = socket.socket(fileno=os.dup(0))
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        os.close(null)
        self._wake, wakes = socket.socketpair()
        self._wake.setblocking(False)
        wakes.setblocking(False)
        self._wakes = wakes
        self._kernels: set[int] = set()
        self._starting: dict[int, int] = {}     # pipe to pid
        self._got = b""

    def run(self) -> Any:
        """Serve until the grader goes; in a fork, give its kernel."""
        signal.set_wakeup_fd(self._wakes.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _noticed)
        self._calm()
        selector = selectors.DefaultSelector()
        selector.register(self._control, selectors.EVENT_READ)
        selector.register(self._wake, selectors.EVENT_READ)
        self._selector = selector
        self._say({"hello": os.getpid(), "threads": threads()})
        while True:
            for key, _ in selector.select():
                if key.fileobj is self._control:
                    lines = self._lines()
                    if lines is None:
                        return self._end()
                    for line in lines:
                        app = self._do(json.loads(line))
                        if app is not None:
                            return app
                elif key.fileobj is self._wake:
                    self._wake.recv(4096)
                    self._reap()
                else:
                    self._began(key.fileobj)

    def _calm(self) -> None:
        """One thread and tidy memory: what a fork needs of its parent."""
        pid = os.fork()             # libraries end their threads at a fork, and begin them anew
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
        gc.collect()
        gc.freeze()

    def _lines(self) -> list[bytes] | None:
        try:
            got = self._control.recv(1 << 16)
        except ConnectionError:
            got = b""
        if not got:
            return None
        *lines, self._got = (self._got + got).split(b"\n")
        return lines

    def _say(self, what: dict) -> None:
        try:
            self._control.sendall(json.dumps(what).encode() + b"\n")
        except OSError:
            self._end()
            os._exit(1)

    def _do(self, asked: dict) -> Any:
        if asked["do"] == "signal":
            if asked["pid"] in self._kernels:
                _signal(asked["pid"], asked["signal"])
            return None
        reads, writes = os.pipe()
        parent, pid = os.getpid(), os.fork()
        if pid == 0:
            return self._become(asked, reads, writes, parent)
        os.close(writes)
        self._kernels.add(pid)
        self._starting[reads] = pid
        self._selector.register(reads, selectors.EVENT_READ)
        self._say({"id": asked["id"], "pid": pid})
        return None

    def _become(self, asked: dict, reads: int, pipe: int, parent: int) -> Any:
        """In the fork: the kernel; does not return if there is none to be had."""
        arguments = ["-f", asked["connection_file"], *asked["arguments"]]
        try:
            self._selector.close()
            for ours in (self._control, self._wake, self._wakes):
                ours.close()
            for other in [reads, *self._starting]:
                os.close(other)
            child.alone(pipe, parent)
            if not child.prepare(asked, self._join, self._stash):
                child.tell(pipe, child.COLD)
                child.cold(arguments)
            child.refresh()
            self._stash.hide()
            app = child.kernel([self._launcher, *arguments],
                               [sys.executable, "-m", what.LAUNCHER, *arguments])
            child.tell(pipe, child.WARM)
        except BaseException as error:
            # Whatever it was: nothing of the parent's may run twice.
            try:
                child.tell(pipe, child.FAILED + f"{type(error).__name__}: {error}\n".encode())
            finally:
                os._exit(1)
        return app

    def _began(self, pipe: int) -> None:
        """Pass on how a kernel began."""
        told = os.read(pipe, 4096)
        self._selector.unregister(pipe)
        os.close(pipe)
        pid = self._starting.pop(pipe)
        if told.startswith(child.FAILED):
            self._say({"pid": pid, "failed": told[len(child.FAILED):].decode(errors="replace")
                       .strip()})
        elif told:
            self._say({"pid": pid, "ready": told.decode().strip()})

    def _reap(self) -> None:
        while self._kernels:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None:
                return
            pid = ended.si_pid
            _signal(pid, signal.SIGKILL)     # what it left in its group, while the number is its
            _, status = os.waitpid(pid, 0)
            self._kernels.discard(pid)
            self._say({"pid": pid, "exit": status})

    def _end(self) -> None:
        for pid in self._kernels:
            _signal(pid, signal.SIGKILL)


def threads() -> int:
    """How many threads this process has."""
    return len(os.listdir("/proc/self/task"))


def _noticed(signum: int, frame: FrameType | None) -> None:
    """A kernel ended; the wake-up socket says so to the loop."""


def _signal(pid: int, signum: int) -> None:
    """To a kernel's group; before it has one, to itself."""
    for send in (os.killpg, os.kill):
        try:
            send(pid, signum)
            return
        except OSError:
            continue
