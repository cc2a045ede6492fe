"""`import casebook` against importing numpy alone, in fresh processes, turn by turn."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 15


def seconds(statement: str) -> float:
    """Wall time of a fresh process that runs one statement."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return time.perf_counter() - started


def measure(runs: int = RUNS) -> dict:
    """Medians in seconds, an empty process taken off, and the ratio to numpy."""
    took: dict[str, list[float]] = {"pass": [], "import casebook": [], "import numpy": []}
    for _ in range(runs):
        for statement in took:
            took[statement].append(seconds(statement))
    empty, ours, numpy = (statistics.median(values) for values in took.values())
    return {"import_casebook_s": round(ours - empty, 4), "import_numpy_s": round(numpy - empty, 4),
            "ratio": round((ours - empty) / (numpy - empty), 3), "runs": runs}


if __name__ == "__main__":
    print(measure())
