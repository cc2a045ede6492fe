"""`make bench`: every benchmark, printed and written to benchmarks/results/."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path

import autograding
import import_time
import model
import room

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Run and report."""
    figures = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "import": import_time.measure(),
        "model": model.measure(),
        "room": room.measure(),
        "autograding": autograding.measure(),
    }
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(figures, indent=2)
    (RESULTS / "results.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
