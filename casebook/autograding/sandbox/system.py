"""The few calls to Linux that Python 3.11 does not have."""

from __future__ import annotations

import ctypes
import os
from functools import lru_cache
from pathlib import Path

# Namespaces, as <linux/sched.h> numbers them.
NEW_NAMESPACE = {"mnt": 0x00020000, "cgroup": 0x02000000, "uts": 0x04000000, "ipc": 0x08000000,
                 "user": 0x10000000, "pid": 0x20000000, "net": 0x40000000}
OWNER_OF_NAMESPACE = 0xB701                        # NS_GET_USERNS
REMOUNT, NO_SETUID, NO_DEVICES = 32, 2, 4          # MS_REMOUNT, MS_NOSUID, MS_NODEV

DEATH_SIGNAL, DUMPABLE, SECCOMP, DROP_BOUND, NO_NEW_RIGHTS, AMBIENT = 1, 4, 22, 24, 38, 47
SECCOMP_FILTER, CLEAR_ALL = 2, 4
CAPABILITY_VERSION = 0x20080522                    # _LINUX_CAPABILITY_VERSION_3


@lru_cache(maxsize=1)
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _done(result: int, what: str) -> None:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")


def enter(descriptor: int, kind: str) -> None:
    """Move the calling thread into a namespace."""
    _done(_libc().setns(descriptor, NEW_NAMESPACE[kind]), f"enter the {kind} namespace")


def control(option: int, *values: int) -> None:
    """``prctl``, with nothing for the values that are left out."""
    filled = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    _done(_libc().prctl(option, *filled), f"prctl {option}")


def limit_tmpfs(path: str, size: int, files: int) -> None:
    """Limit a tmpfs that stands already: its bytes, and its files and folders."""
    data = f"size={size},nr_inodes={files}".encode()
    flags = ctypes.c_ulong(REMOUNT | NO_SETUID | NO_DEVICES)
    _done(_libc().mount(None, path.encode(), None, flags, data), f"limit {path}")


def forget_bounds() -> None:
    """No program started from now on can have a capability."""
    for number in range(int(Path("/proc/sys/kernel/cap_last_cap").read_text()) + 1):
        control(DROP_BOUND, number)
    control(AMBIENT, CLEAR_ALL)


def forget_capabilities() -> None:
    """Give up every capability that this process has."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    _done(_libc().capset(header, (ctypes.c_uint32 * 6)()), "drop capabilities")


def install(program: bytes) -> None:
    """Put this process and all that it starts behind a filter of system calls."""

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]

    filled = Program(len(program) // 8, program)
    _done(_libc().prctl(SECCOMP, SECCOMP_FILTER, ctypes.byref(filled), 0, 0), "filter calls")
