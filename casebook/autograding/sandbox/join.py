"""Enter a box: a process forked from a warm parent keeps no rights but in its own folder.

The calling process must have one thread. It stays outside as a waiter, which passes on signals and
how the inner process ended; `join` returns in the inner process only. Whatever goes wrong, nothing
goes on unprotected: the process ends with status `FAILED` and a sentence on its standard error.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, NoReturn

from . import calls, system
from .failed import SandboxError
from .handed import copy_into
from .limits import MB

FAILED = 71
PASSED_ON = (signal.SIGINT, signal.SIGTERM)
FIRST_TO_GO = b"1000"          # to Linux, when memory runs out


def join(spec: dict[str, Any], keep: Iterable[int] = ()) -> None:
    """Become a process inside the box.

    Parameters
    ----------
    spec : dict
        What `Box.spec` gave.
    keep : iterable of int
        Descriptors that stay as they are. All others lead to ``/dev/null`` from now on: one for a
        folder would lead outside, and one to a warm parent would let a student ask for a kernel
        without a box.
    """
    keep = frozenset(keep)
    try:
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, PASSED_ON)
        folder = _open_folder(spec["folder"])
        namespaces = _open_namespaces(spec)
        owner = _enter_owner(namespaces)
        system.enter(namespaces["pid"], "pid")
        inner = os.fork()
        if inner:
            _wait(inner, blocked)
        _settle(spec, namespaces, folder, owner, keep)
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
    except BaseException as error:
        _give_up(error)


def _give_up(error: BaseException) -> NoReturn:
    told = str(error) if isinstance(error, SandboxError) else (
        f"The sandbox could not be entered: {error!r}. Run `casebook course grade` again; if it "
        "happens every time, please report it.")
    try:
        os.write(2, f"{told}\n".encode())
    finally:
        os._exit(FAILED)


def _open_folder(folder: str | None) -> int | None:
    if folder is None:
        return None
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def _open_namespaces(spec: dict[str, Any]) -> dict[str, int]:
    """Descriptors of the holder's namespaces, once it is certain that it is the holder."""
    there = f"/proc/{spec['holder']}/ns"
    try:
        found = {kind: os.open(f"{there}/{kind}", os.O_RDONLY | os.O_CLOEXEC)
                 for kind in system.NEW_NAMESPACE}
    except FileNotFoundError:
        found = {}
    # The holder may have ended, and its number may be another process's by now.
    if not found or os.fstat(found["pid"]).st_ino != spec["pid_namespace"]:
        raise SandboxError("The sandbox ended before the notebook could start in it.",
                           "Grade this submission again.")
    return found


def _enter_owner(namespaces: dict[str, int]) -> bool:
    """Enter the user namespace that owns the others, if it is not the one we are in.

    bubblewrap keeps a second one inside it, for the processes of the box; that one comes last.
    """
    import fcntl

    here = os.stat("/proc/self/ns/user").st_ino
    if os.fstat(namespaces["user"]).st_ino == here:
        return False
    owner = fcntl.ioctl(namespaces["mnt"], system.OWNER_OF_NAMESPACE)
    try:
        if os.fstat(owner).st_ino != here:
            system.enter(owner, "user")
        return os.fstat(owner).st_ino != os.fstat(namespaces["user"]).st_ino
    finally:
        os.close(owner)


def _wait(inner: int, blocked: set[signal.Signals]) -> NoReturn:
    """The outer process: pass on signals, wait for the inner one, end as it ended."""
    import resource

    system.control(system.DEATH_SIGNAL, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_CORE, (1, 1))
    for number in PASSED_ON:
        signal.signal(number, lambda number, _: os.kill(inner, number))
    signal.pthread_sigmask(signal.SIG_SETMASK, blocked - set(PASSED_ON))
    _let_go_of_all_but(frozenset())
    _, status = os.waitpid(inner, 0)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _settle(spec: dict[str, Any], namespaces: dict[str, int], folder: int | None, nested: bool,
            keep: frozenset[int]) -> None:
    """The inner process: what needs rights first, then no rights any more."""
    os.setsid()             # a signal to "my process group" must not reach the waiter
    for kind in ("mnt", "net", "ipc", "uts", "cgroup"):
        system.enter(namespaces[kind], kind)
    with open("/proc/self/oom_score_adj", "wb", buffering=0) as file:
        file.write(FIRST_TO_GO)
    owner = (spec["uid"], spec["gid"]) if spec["drop"] else None
    _make_folders(spec, owner)
    if folder is not None:
        copy_into(folder, spec["work"], spec["hide"], owner, spec["limits"])
    os.chdir(spec["work"])
    os.umask(0o022)
    if nested:
        system.enter(namespaces["user"], "user")
    _let_go_of_all_but(keep)
    _limit(spec["limits"])
    _drop(spec)


def _make_folders(spec: dict[str, Any], owner: tuple[int, int] | None) -> None:
    limits = spec["limits"]
    sizes = {spec["work"]: limits["folder_mb"] * MB, spec["sockets"]: MB}
    sizes |= dict.fromkeys(spec["scratch"], limits["scratch_mb"] * MB)
    for path, size in sizes.items():
        system.limit_tmpfs(path, size, limits["files"])
        os.chmod(path, 0o1777 if path in spec["scratch"] else 0o700)
        if owner:
            os.chown(path, *owner)
    for path in spec["own"] if owner else ():
        os.chown(path, *owner)


def _let_go_of_all_but(keep: frozenset[int]) -> None:
    """Let nothing stand in the place of every other descriptor.

    Its number stays taken: a library's object may close it later, and would close what had come
    by that number in between.
    """
    opened = {int(name) for name in os.listdir("/proc/self/fd")}
    nothing = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
    for number in (opened | {0, 1, 2}) - keep - {nothing}:
        with suppress(OSError):          # the listing's own is closed
            if number > 2:
                os.fstat(number)
            os.dup2(nothing, number, inheritable=number <= 2)
    if nothing > 2:
        os.close(nothing)
    else:
        os.set_inheritable(nothing, True)


def _limit(limits: dict[str, Any]) -> None:
    import resource as r

    seconds = limits["cpu_seconds"]
    bounds = {r.RLIMIT_AS: limits["address_mb"] * MB, r.RLIMIT_FSIZE: limits["file_mb"] * MB,
              r.RLIMIT_NPROC: limits["processes"], r.RLIMIT_NOFILE: limits["open_files"],
              r.RLIMIT_MEMLOCK: MB, getattr(r, "RLIMIT_MSGQUEUE", 12): 0,
              # 1, not 0: no core file, and none for a program that the host pipes them to.
              r.RLIMIT_CORE: 1}
    for which, most in bounds.items():
        r.setrlimit(which, (most, most))
    r.setrlimit(r.RLIMIT_CPU, (seconds, seconds + 5))


def _drop(spec: dict[str, Any]) -> None:
    system.forget_bounds()
    if spec["drop"]:
        os.setgroups([])
    os.setresgid(spec["gid"], spec["gid"], spec["gid"])
    os.setresuid(spec["uid"], spec["uid"], spec["uid"])
    system.forget_capabilities()
    system.control(system.NO_NEW_RIGHTS, 1)
    # Both are lost with the change of user: without the first, /proc/self is root's.
    system.control(system.DUMPABLE, 1)
    system.control(system.DEATH_SIGNAL, signal.SIGKILL)
    filled = calls.program()
    if filled:
        system.install(filled)


def main() -> None:
    """Enter the box whose spec stands on standard input, and start Python in it (`probe` does)."""
    import json

    join(json.load(sys.stdin), keep=(1, 2))
    os.execv(sys.executable, [sys.executable, "-I", "-S", "-c", "print('inside')"])
