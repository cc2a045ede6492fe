"""How much one submission may use, all numbers in one place."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field, fields

from .failed import SandboxError

MB = 1 << 20


def _processes() -> int:
    return 64 + (os.cpu_count() or 1)


@dataclass(frozen=True)
class Limits:
    """What one submission may use; its unit is in each name.

    Parameters
    ----------
    memory_mb : int
        Memory of all processes together, pages shared with others counted by share. A kernel with
        numpy, pandas, plotly and ipywidgets takes about 100 MB. Over it, the box is ended. Files in
        the box's folders come on top.
    address_mb : int
        Address space of each process: one process alone gets a ``MemoryError`` in its cell rather
        than the end of everything. A kernel with all packages takes about 850 MB, most of it
        set aside for its threads and never used.
    cpu_seconds : int
        Time on the processor, for each process. Wall-clock time bounds all of them.
    wall_seconds : float
        Time from start to end of the notebook as a whole; a cell has its own limit in nbgrader.
    processes : int
        Processes and threads at once. A kernel has about ten threads, and linear algebra one
        more for each processor.
    file_mb : int
        The largest file that may be written.
    folder_mb : int
        The work folder, with what was handed in. It lies in memory, so that no disk can be filled.
    scratch_mb : int
        ``/tmp`` and ``/dev/shm``, each.
    files : int
        Files and folders in the work folder, and in each scratch folder: empty files take memory.
    open_files : int
        Files, pipes and sockets that each process may have open; a kernel has 65.
    """

    memory_mb: int = 2048
    address_mb: int = 2048
    cpu_seconds: int = 300
    wall_seconds: float = 600
    processes: int = field(default_factory=_processes)
    file_mb: int = 64
    folder_mb: int = 256
    scratch_mb: int = 64
    files: int = 10_000
    open_files: int = 256

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            whole = each.name == "wall_seconds" or isinstance(value, int)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not whole \
                    or not value > 0:
                raise SandboxError(f"The sandbox's limit {each.name} is {value!r}.",
                                   "Give a number above 0.")

    def as_dict(self) -> dict[str, float]:
        """The limits as JSON has them."""
        return asdict(self)
