"""The warm parent as its grader sees it: ``WarmParent`` starts it, asks for forks, and ends it."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import signal
import site
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from typing import Any

from casebook.errors import CasebookError

from .what import JOIN, KEPT, settings

PATIENCE = 120      # seconds for the imports of a parent; a slow disk may need many
LAST_WORDS = 5      # seconds to end in


class WarmError(CasebookError):
    """There is no warm kernel to be had."""


@dataclass(eq=False)
class Fork:
    """A kernel that was forked from the parent.

    Attributes
    ----------
    pid : Future
        Its process in the parent's eyes.
    ready : Future
        ``"warm"``, or ``"cold"`` where only a cold start gave what was asked; a WarmError if it
        never came up.
    ended : Future
        What ``subprocess`` would give as its return code.
    lost : bool
        Whether it ended because the parent did, and so by no doing of its own.
    """

    parent: WarmParent
    life: int
    pid: Future[int] = field(default_factory=Future)
    ready: Future[str] = field(default_factory=Future)
    ended: Future[int] = field(default_factory=Future)
    lost: bool = False

    def poll(self) -> int | None:
        """The return code, or None as long as it runs."""
        return self.ended.result() if self.ended.done() else None

    def signal(self, signum: int) -> None:
        """Send a signal to the kernel's whole group."""
        if not self.ended.done() and self.pid.done() and self.pid.exception() is None:
            self.parent._signal(self, signum)


class WarmParent:
    """A process that forks kernels; started when first needed and again should it die.

    Its methods may be called from any thread; its futures are completed from one of its own.

    Parameters
    ----------
    env : dict, optional
        The environment that the parent's own is taken from; by default the grader's.
    join : str, optional
        The module whose function ``join`` enters the sandbox.
    shared : socket, optional
        What ``share`` of another WarmParent gave, perhaps in another process: the same parent
        serves both, so that its imports cost once. A new one is started should it die.
    """

    def __init__(self, env: dict[str, str] | None = None, join: str = JOIN,
                 shared: socket.socket | None = None) -> None:
        self._from = dict(os.environ if env is None else env)
        self._command = [sys.executable, "-m", "casebook.autograding.warm.parent", join]
        self._lock = threading.RLock()
        self._process: subprocess.Popen | None = None
        self._control: socket.socket | None = None
        self._home: str | None = None
        self._forks: dict[int, Fork] = {}       # by number, until the parent gives its pid
        self._running: dict[int, Fork] = {}     # by pid
        self._number = self._life = 0
        self._up: Future[dict] = Future()
        self._unheard = shared      # leads to a parent that nobody listens to yet

    @property
    def pid(self) -> int | None:
        """The parent's process, if it was started from here and runs."""
        return self._process.pid if self._process is not None else None

    def prepare(self) -> None:
        """Let the parent begin its imports, and begin no thread here: this process may be forked.

        Such a fork calls ``leave``.
        """
        with self._lock:
            if self._control is None and self._unheard is None:
                self._unheard = self._spawn()

    def leave(self) -> None:
        """In a fork of the process that called ``prepare``: the parent is not this one's."""
        if self._unheard is not None:
            self._unheard.close()
        self._unheard = self._process = self._home = None

    def start(self, wait: bool = True) -> None:
        """Start the parent, unless it runs; wait until it has imported everything, or do not."""
        with self._lock:
            if self._control is None:
                control, self._unheard = self._unheard or self._spawn(), None
                self._hark(control)
            up = self._up
        if wait:
            try:
                up.result(PATIENCE)
            except TimeoutError:
                self.stop()
                raise WarmError(f"The process that kernels are forked from did not start within "
                                f"{PATIENCE} seconds.") from None

    def fork(self, *, cwd: str, env: dict[str, str], connection: dict[str, Any],
             connection_file: str, arguments: list[str] = (),
             join: dict[str, Any] | None = None) -> Fork:
        """Ask for a kernel.

        Parameters
        ----------
        cwd, connection_file : str
            As the kernel sees them; the file is written with ``connection`` in it.
        env : dict
            The kernel's whole environment.
        arguments : list of str
            More arguments of ipykernel's.
        join : dict, optional
            What ``casebook.autograding.sandbox.join.join`` is given; None for no sandbox.
        """
        self.start()
        with self._lock:
            self._number += 1
            fork = Fork(self, self._life)
            if self._control is None:       # it ended since; nobody listens who would tell so
                _lose(fork)
                return fork
            self._forks[self._number] = fork
            self._send({"do": "fork", "id": self._number, "cwd": cwd, "env": env, "join": join,
                        "connection": connection, "connection_file": connection_file,
                        "arguments": list(arguments)})
        return fork

    def share(self) -> socket.socket:
        """A socket for the ``shared`` of another WarmParent; it can be sent to another process."""
        ours, theirs = socket.socketpair()
        self.serve(theirs)
        return ours

    def serve(self, theirs: socket.socket) -> None:
        """Serve whoever holds the other end of this socket, as the ``shared`` of a WarmParent."""
        self.prepare()
        with theirs, self._lock, contextlib.suppress(OSError, AttributeError):
            socket.send_fds(self._control or self._unheard, [b'{"do": "share"}\n'],
                            [theirs.fileno()])

    def stop(self) -> None:
        """End the parent and its kernels."""
        with self._lock:
            process, control = self._process, self._control or self._unheard
            self._process = self._control = self._unheard = None
            busy = not self._up.done()
        if control is not None:
            _close(control)
        if process is not None:
            if busy:        # with its imports, and would not see for some seconds that it can go
                process.kill()
            try:
                process.wait(LAST_WORDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._forget_home()

    def __enter__(self) -> WarmParent:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _spawn(self) -> socket.socket:
        if not sys.platform.startswith("linux"):
            raise WarmError("Warm kernels need Linux; elsewhere, grade with nbgrader autograde.")
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._forget_home()
        self._home = tempfile.mkdtemp(prefix="casebook-warm-")
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                self._command, stdin=theirs, stdout=subprocess.DEVNULL,
                env=scrubbed(self._from, self._home), start_new_session=True)
        return ours

    def _forget_home(self) -> None:
        """Remove a parent's home that it left; it does so itself unless it was killed."""
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)
            self._home = None

    def _hark(self, control: socket.socket) -> None:
        self._control, self._up = control, Future()
        self._life += 1
        threading.Thread(target=self._listen, args=(control, self._up, self._life),
                         name="casebook-warm", daemon=True).start()

    def _send(self, what: dict) -> None:
        try:
            self._control.sendall(json.dumps(what).encode() + b"\n")
        except (OSError, AttributeError):
            # The listener finds the end of it too, and tells everyone who waits.
            return

    def _signal(self, fork: Fork, signum: int) -> None:
        with self._lock:
            if fork.life == self._life:
                self._send({"do": "signal", "pid": fork.pid.result(), "signal": int(signum)})

    def _listen(self, control: socket.socket, up: Future, life: int) -> None:
        """Take what one parent says, in a thread of its own, until it has no more to say."""
        try:
            with control.makefile("rb") as lines:
                for line in lines:
                    self._hear(json.loads(line), up)
        except Exception:
            # It went away, or said what makes no sense: either way, nobody may wait for it longer.
            logging.getLogger(__name__).debug("listening to the warm parent", exc_info=True)
        finally:
            self._unheed(control, up, life)

    def _unheed(self, control: socket.socket, up: Future, life: int) -> None:
        """Let go of a parent, and tell everyone who waits for something from it."""
        with self._lock:
            if self._control is control:
                self._control = None
            left = [fork for where in (self._forks, self._running) for fork in where.values()
                    if fork.life == life]
            for where in (self._forks, self._running):
                for key in [key for key, fork in where.items() if fork.life == life]:
                    del where[key]
        _close(control)
        _complete(up, WarmError(
            "The process that kernels are forked from ended while it started. Look above for "
            "what it said."))
        for fork in left:
            _lose(fork)

    def _hear(self, told: dict, up: Future) -> None:
        """Take one line. What it says of a kernel that has ended already is too late to matter."""
        if "hello" in told:
            _complete(up, told)
        elif "id" in told:
            with self._lock:
                fork = self._forks.pop(told["id"], None)
                if fork is not None:
                    self._running[told["pid"]] = fork
            if fork is not None:
                _complete(fork.pid, told["pid"])
        elif "exit" in told:
            code = os.waitstatus_to_exitcode(told["exit"])
            with self._lock:
                fork = self._running.pop(told["pid"], None)
            if fork is not None:
                _settle(fork, code, "it ended while it started")
        elif "ready" in told or "failed" in told:
            fork = self._running.get(told["pid"])
            if fork is not None:
                _complete(fork.ready,
                          WarmError(told["failed"]) if "failed" in told else told["ready"])


@contextlib.contextmanager
def prepared() -> Iterator[WarmParent | None]:
    """A parent that imports while this process does so; None where there are no warm kernels."""
    if not sys.platform.startswith("linux"):
        yield None
        return
    parent = WarmParent()
    parent.prepare()
    try:
        yield parent
    finally:
        parent.stop()


def scrubbed(env: dict[str, str], home: str) -> dict[str, str]:
    """The parent's own environment: nothing of the grader's that a student could profit from."""
    kept = {key: env[key] for key in KEPT if key in env} | settings(env)
    if site.ENABLE_USER_SITE and "PYTHONUSERBASE" not in kept:
        # Packages of the user's own are found by the home folder, which the parent must not know.
        kept["PYTHONUSERBASE"] = site.getuserbase()
    return {**kept, "HOME": home}


def _settle(fork: Fork, code: int, why: str) -> None:
    for future in (fork.pid, fork.ready):
        _complete(future, WarmError(f"The kernel could not be started: {why}."))
    _complete(fork.ended, code)


def _lose(fork: Fork) -> None:
    fork.lost = True
    _settle(fork, -int(signal.SIGKILL), "the process that it was forked from ended")


def _complete(future: Future, with_what: Any) -> None:
    """Complete a future, unless it is, or whoever waited for it has given it up."""
    with contextlib.suppress(InvalidStateError):
        if isinstance(with_what, Exception):
            future.set_exception(with_what)
        else:
            future.set_result(with_what)


def _close(control: socket.socket) -> None:
    with contextlib.suppress(OSError):
        control.shutdown(socket.SHUT_RDWR)
    control.close()
