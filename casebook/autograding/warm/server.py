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
            for name in (*what.STUDENTS, *what.STUDENTS_LATER):
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


class Grader:
    """One who asks for kernels: a socket, and the kernels that it was given."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.kernels: set[int] = set()
        self.passed: list[int] = []         # open files that came with its lines
        self.gone = False
        self._got = b""

    def lines(self) -> list[bytes]:
        """What it asks; nothing when it is gone."""
        try:
            got, passed, _, _ = socket.recv_fds(self.control, 1 << 16, 4)
        except ConnectionError:
            got, passed = b"", []
        self.passed += passed
        if not got:
            self.gone = True
            return []
        *lines, self._got = (self._got + got).split(b"\n")
        return lines

    def say(self, told: dict) -> None:
        """Tell it something; whether it is gone, its next lines will show."""
        with contextlib.suppress(OSError):
            self.control.sendall(json.dumps(told).encode() + b"\n")

    def end(self) -> None:
        """End its kernels."""
        for pid in self.kernels:
            _signal(pid, signal.SIGKILL)


class Server:
    """Forks kernels on demand, and tells how each began and ended."""

    def __init__(self, stash: Stash, join: Callable[[dict], None] | None) -> None:
        self._stash, self._join = stash, join
        self._launcher = importlib.util.find_spec(what.LAUNCHER).origin
        self._first = Grader(socket.socket(fileno=os.dup(0)))
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        os.close(null)
        self._wake, self._wakes = socket.socketpair()
        self._wake.setblocking(False)
        self._wakes.setblocking(False)
        self._graders: dict[socket.socket, Grader] = {}
        self._starting: dict[int, tuple[int, Grader]] = {}      # by pipe
        self._selector = selectors.DefaultSelector()

    def run(self) -> Any:
        """Serve until the first grader goes; in a fork, give its kernel."""
        signal.set_wakeup_fd(self._wakes.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _noticed)
        self._calm()
        self._selector.register(self._wake, selectors.EVENT_READ)
        self._welcome(self._first)
        while self._graders.get(self._first.control):
            for key, _ in self._selector.select():
                grader = self._graders.get(key.fileobj)
                if key.fileobj is self._wake:
                    self._wake.recv(4096)
                    self._reap()
                elif grader is None:
                    if key.fileobj in self._starting:
                        self._began(key.fileobj)
                else:
                    for line in grader.lines() or self._farewell(grader):
                        app = self._do(json.loads(line), grader)
                        if app is not None:
                            return app
        for grader in self._graders.values():
            grader.end()
        # The empty home was made for this process; the grader may have been killed.
        with contextlib.suppress(OSError):
            os.rmdir(os.environ["HOME"])
        return None

    def _calm(self) -> None:
        """One thread and tidy memory: what a fork needs of its parent."""
        pid = os.fork()             # libraries end their threads at a fork, and begin them anew
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
        gc.collect()
        gc.freeze()

    def _welcome(self, grader: Grader) -> None:
        self._graders[grader.control] = grader
        self._selector.register(grader.control, selectors.EVENT_READ)
        grader.say({"hello": os.getpid(), "threads": threads()})

    def _farewell(self, grader: Grader) -> tuple:
        """End what a grader left that is gone."""
        if grader.gone:
            self._selector.unregister(grader.control)
            del self._graders[grader.control]
            grader.control.close()
            grader.end()
        return ()

    def _do(self, asked: dict, grader: Grader) -> Any:
        if asked["do"] == "fork":
            return self._fork(asked, grader)
        if asked["do"] == "share":
            self._welcome(Grader(socket.socket(fileno=grader.passed.pop(0))))
        elif asked["pid"] in grader.kernels:
            _signal(asked["pid"], asked["signal"])
        return None

    def _fork(self, asked: dict, grader: Grader) -> Any:
        reads, writes = os.pipe()
        parent, pid = os.getpid(), os.fork()
        if pid == 0:
            return self._become(asked, reads, writes, parent)
        os.close(writes)
        os.set_blocking(reads, False)
        grader.kernels.add(pid)
        self._starting[reads] = pid, grader
        self._selector.register(reads, selectors.EVENT_READ)
        grader.say({"id": asked["id"], "pid": pid})
        return None

    def _become(self, asked: dict, reads: int, pipe: int, parent: int) -> Any:
        """In the fork: the kernel; does not return if there is none to be had."""
        arguments = ["-f", asked["connection_file"], *asked["arguments"]]
        try:
            self._selector.close()
            for ours in (*self._graders, self._wake, self._wakes):
                ours.close()
            for other in (reads, *self._starting):
                os.close(other)
            child.alone(pipe, parent)
            if not child.prepare(asked, self._join, self._stash, pipe):
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
                child.tell(pipe, f"{type(error).__name__}: {error}\n".encode())
            finally:
                os._exit(1)
        return app

    def _began(self, pipe: int, ended: bool = False) -> None:
        """Pass on how a kernel began; one that has ended has no more to say."""
        try:
            told = os.read(pipe, 4096)
        except BlockingIOError:
            # The number of a pipe that was closed a moment ago, given to another; or nothing.
            if not ended:
                return
            told = b""
        self._selector.unregister(pipe)
        os.close(pipe)
        pid, grader = self._starting.pop(pipe)
        if told in (child.WARM, child.COLD):
            grader.say({"pid": pid, "ready": told.decode().strip()})
        elif told:
            grader.say({"pid": pid, "failed": told.decode(errors="replace").strip()})

    def _reap(self) -> None:
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None:
                return
            pid = ended.si_pid
            _signal(pid, signal.SIGKILL)     # what it left in its group, while the number is its
            # How it began is told before how it ended.
            for pipe in [pipe for pipe, (whose, _) in self._starting.items() if whose == pid]:
                self._began(pipe, ended=True)
            _, status = os.waitpid(pid, 0)
            for grader in self._graders.values():
                if pid in grader.kernels:
                    grader.kernels.discard(pid)
                    grader.say({"pid": pid, "exit": status})


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
