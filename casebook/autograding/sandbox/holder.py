"""The tiny process that holds a box's namespaces, started by bubblewrap in a few milliseconds."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from . import calls
from .failed import SandboxError
from .watching import living

# A user of its own for each box: Linux counts processes by user, over all boxes. The numbers lie
# above what distributions and systemd give out; a container may have the lower ones only.
FIRST_USER, FEW_USERS, FEW = 1_900_000_000, 64_000, 1_000
RIGHTS = (0, 5, 6, 7, 8, 12, 21)   # chown, kill, setgid, setuid, setpcap, net_admin, sys_admin
NEW = ("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
       "--die-with-parent", "--new-session", "--clearenv", "--hostname", "casebook")
PATH = "/usr/bin:/bin"
HOSTS = "127.0.0.1 localhost\n::1 localhost\n"
PATIENCE = 30                      # seconds for a killed box to end
GLANCE = 50                        # milliseconds between two looks whether it has


@dataclass(frozen=True)
class Holder:
    """A holder that stands.

    Parameters
    ----------
    pid : int
        The box's first process, as seen from outside. With it everything inside ends.
    namespace : int
        The inode of its process namespace, by which it is known for certain.
    user, group : int
        Whose rights the student's code gets.
    drop : bool
        Whether these are other than the grader's, without a user namespace.
    """

    pid: int
    namespace: int
    user: int
    group: int
    drop: bool
    monitor: subprocess.Popen
    handle: int

    def ended(self) -> bool:
        """Has it ended, by whatever cause?"""
        return self.monitor.poll() is not None

    def kill(self) -> None:
        """End it and everything inside, also what has detached itself; wait until nothing lives."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)
        end = time.monotonic() + PATIENCE
        while not self._over():
            if time.monotonic() > end:
                raise SandboxError(f"The sandbox of process {self.pid} could not be ended within "
                                   f"{PATIENCE} seconds.", "Restart this machine.")
        self.monitor.stdin.close()
        os.close(self.handle)

    def _over(self) -> bool:
        # Linux keeps the first process until the others are cleared away, which an orphan is only
        # when the machine's own first process finds the time: a dead one is as good as none.
        gone = select.poll()
        gone.register(self.handle, select.POLLIN)
        if gone.poll(GLANCE):
            self.monitor.wait()
            return True
        return not living(self.namespace)


def has_rights() -> bool:
    """Is this root with what it takes to do without a user namespace?"""
    if os.geteuid() != 0 or user_for(0) is None:
        return False
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:"):
            held = int(line.split()[1], 16)
            return all(held >> right & 1 for right in RIGHTS)
    return False


def user_for(pid: int) -> int | None:
    """An unprivileged user that no other box has, if this machine or container has one."""
    for user in (FIRST_USER + pid, FEW_USERS + pid % FEW):
        for line in Path("/proc/self/uid_map").read_text().splitlines():
            first, _, count = map(int, line.split())
            if first <= user < first + count:
                return user
    return None


@lru_cache(maxsize=1)
def _help(wrap: str) -> str:
    return subprocess.run([wrap, "--help"], capture_output=True, text=True, env={}).stdout


def _programs() -> tuple[str, str]:
    wrap, cat = shutil.which("bwrap"), shutil.which("cat", path=PATH)
    if not wrap or not cat:
        raise SandboxError("The sandbox needs the program bwrap, which was not found.",
                           "Install bubblewrap.")
    return wrap, cat


def _of_users(wrap: str, drop: bool) -> list[str]:
    if drop:
        return []
    words = ["--unshare-user"]
    if "--disable-userns" in _help(wrap):
        words.append("--disable-userns")
    if os.geteuid() == 0:
        words += ["--uid", str(FEW_USERS), "--gid", str(FEW_USERS)]
    return words


def _who(pid: int, drop: bool) -> tuple[int, int]:
    if drop:
        user = user_for(pid)
        return user, user
    if os.geteuid() == 0:
        return FEW_USERS, FEW_USERS
    return os.geteuid(), os.getegid()


def _text(content: str | bytes) -> int:
    """A descriptor that bubblewrap can read this from."""
    descriptor = os.memfd_create("casebook")
    os.write(descriptor, content if isinstance(content, bytes) else content.encode())
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def start(files: Callable[[dict[str, int]], list[str]]) -> Holder:
    """Start a holder, and wait until its files stand.

    Parameters
    ----------
    files : callable
        Gives bubblewrap's words for the box's files, from the small files that stand in ``/etc``
        and the descriptors that their text is read from.
    """
    wrap, cat = _programs()
    drop = has_rights()
    inform, informed = os.pipe()
    tell = {f"/etc/{name}": os.pipe() for name in ("passwd", "group")}
    texts = {"/etc/hosts": _text(HOSTS), **{path: ends[0] for path, ends in tell.items()}}
    given = [informed, *texts.values()]
    words = [*NEW, "--info-fd", str(informed), *_of_users(wrap, drop)]
    code = calls.program()
    if code:
        given.append(_text(code))
        words += ["--seccomp", str(given[-1])]
    given.append(_text("\0".join([*words, *files(texts)]) + "\0"))
    # Its arguments and environment can be read inside, so there are none that tell anything; and
    # its descriptors are pipes that nobody uses once it stands. It ends when its input does.
    monitor = subprocess.Popen([wrap, "--args", str(given[-1]), cat], pass_fds=given, env={},
                               cwd="/", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    for descriptor in given:
        os.close(descriptor)
    with open(inform, "rb") as info:
        known = info.read()
    return _stands(monitor, known, {path: ends[1] for path, ends in tell.items()}, drop)


def _stands(monitor: subprocess.Popen, info: bytes, tell: dict[str, int], drop: bool) -> Holder:
    """Say who the student is, now that the number is known, and wait until the holder answers."""
    answer = b""
    try:
        known = json.loads(info)
        user, group = _who(known["child-pid"], drop)
        handle = os.pidfd_open(known["child-pid"])
        os.write(tell["/etc/passwd"], f"student:x:{user}:{group}::/tmp:/bin/sh\n".encode())
        os.write(tell["/etc/group"], f"student:x:{group}:\n".encode())
        for path in list(tell):
            os.close(tell.pop(path))
        monitor.stdin.write(b"x")
        monitor.stdin.flush()
        answer = monitor.stdout.read(1)
    except (BrokenPipeError, ProcessLookupError, ValueError):
        pass                                 # it has ended; why is told below
    finally:
        for descriptor in tell.values():
            os.close(descriptor)
    if not answer:
        monitor.stdin.close()
        told = monitor.stderr.read().decode(errors="replace").strip()
        monitor.wait()
        raise SandboxError("bubblewrap could not make the sandbox: "
                           f"{told or 'it ended without a word'}.")
    monitor.stdout.close()
    monitor.stderr.close()
    return Holder(known["child-pid"], known["pid-namespace"], user, group, drop, monitor, handle)
