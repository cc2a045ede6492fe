"""What the processes of a box do, seen from outside."""

from __future__ import annotations

import os
from pathlib import Path

PAGE = os.sysconf("SC_PAGESIZE") if hasattr(os, "sysconf") else 4096


def resident(inside: Path) -> int:
    """Bytes in memory of all processes, shared pages counted for each: quick, and never too low.

    Parameters
    ----------
    inside : Path
        The box's own ``/proc``, which lists its processes and no others.
    """
    return sum(_each(inside, _statm))


def proportional(inside: Path) -> int:
    """Bytes in memory of all processes, shared pages by their share: what the box really costs."""
    return sum(_each(inside, _rollup))


def own() -> int:
    """Bytes in memory of this process."""
    return _statm(Path("/proc/self"))


def _each(inside: Path, read):
    for name in os.listdir(inside):
        if name.isdigit():
            try:
                yield read(inside / name)
            except OSError:
                continue                    # it has just ended


def _statm(process: Path) -> int:
    return int((process / "statm").read_text().split()[1]) * PAGE


def _rollup(process: Path) -> int:
    for line in (process / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def living(namespace: int) -> list[int]:
    """Processes in a process namespace that still have memory: others are dead, if not buried.

    Parameters
    ----------
    namespace : int
        The namespace's inode.
    """
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            if (process / "ns/pid").stat().st_ino == namespace \
                    and "\nVmSize:" in (process / "status").read_text():
                found.append(int(process.name))
        except OSError:
            continue                        # ended, or another user's
    return found
