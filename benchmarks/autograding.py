"""``casebook course grade`` against ``nbgrader autograde``: whole commands, in turn, the same work.

Both grade the same class of a real assignment (*Two Rooms*: notebook and play), ours with the
sandbox on. Stock's run is the peer: nbgrader as it is, in a course that the casebook has made.
``CASEBOOK_BENCH_CLASSES=20,60`` says which classes are timed, ``CASEBOOK_BENCH_RUNS=3`` how often;
a class of 300 is timed once.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAME = "two-rooms"
MANAGERS = ("trust-first", "sell-first", "balanced")
PEER = ROOT / "benchmarks" / "peers" / "stock_parts.py"
FEW = 6             # submissions whose time at stock is taken apart
LARGE = 300         # submissions; a class of this size takes stock a quarter of an hour
SECONDS_PER_HOUR = 3600


def _command(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def _course(folder: Path, students: int) -> Path:
    """A course with a class that has handed in: model answers, some without memo, real plays."""
    sys.path.insert(0, str(ROOT))
    from casebook.grading.course import new_course
    from tests.grading import kit

    new_course(folder, names=[NAME])
    kit.run("casebook", "release", cwd=folder)
    paper = kit.paper(NAME, folder)
    for number in range(students):
        who = f"s{number:03d}"
        empty = ["memo"] if number % 3 == 0 else []
        kit.hand_in(folder, paper, who, paper.answered(who, but=empty),
                    kit.played(paper.case, who, manager=MANAGERS[number % len(MANAGERS)]))
    return folder


def _timed(course: Path, *command: str) -> tuple[float, str]:
    began = time.perf_counter()
    done = subprocess.run([_command(command[0]), *command[1:]], cwd=course, text=True,
                          capture_output=True,
                          env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}"
                                                     f"{os.environ['PATH']}"})
    seconds = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"{command}: {done.returncode}\n{done.stderr[-3000:]}")
    return seconds, done.stdout


def _grade(made: Path, work: Path, *command: str) -> tuple[float, str]:
    """Time a command on a fresh copy of the course."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(made, work)
    return _timed(work, *command)


def _class_of(students: int, runs: int, folder: Path) -> dict:
    made, work = _course(folder / f"class-{students}", students), folder / "work"
    stock, ours, told = [], [], {}
    for _ in range(runs):
        stock.append(_grade(made, work, "nbgrader", "autograde", NAME)[0])
        seconds, said = _grade(made, work, "casebook", "course", "grade", NAME, "--json")
        ours.append(seconds)
        told = json.loads(said)
    found = told["submissions"]
    from casebook.autograding.spent import PARTS, WORKER

    each = {name: round(statistics.mean(one["parts"].get(name, 0.0) for one in found), 4)
            for name in (*PARTS, WORKER)}
    stock_each = _stock_parts(made, work)
    # Both run the same cells, ours with its imports done before.
    stock_each["of cells, imports"] = round(stock_each["cells"] - each["cells"], 4)
    return {"submissions": students, "runs": runs,
            "stock_seconds": [round(one, 2) for one in stock],
            "casebook_seconds": [round(one, 2) for one in ours],
            "ratio": round(statistics.median(stock) / statistics.median(ours), 2),
            "seconds_each": each, "stock_seconds_each": stock_each}


def _stock_parts(made: Path, work: Path) -> dict[str, float]:
    """Where stock's time goes, for one submission, from a few; ``command start`` comes once."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(made, work)
    said = _timed(work, "python", str(PEER), NAME, f"s00[0-{FEW - 1}]")[1]
    return {name: round(seconds / (1 if name == "command start" else FEW), 4)
            for name, seconds in json.loads(said).items()}


def _cost(result: dict) -> dict:
    """What many submissions cost, from the worker time that one takes."""
    each = result["seconds_each"]["worker"]
    return {"worker_seconds_each": each, **{
        f"hours_for_{number:,}": round(number * each / SECONDS_PER_HOUR, 1)
        for number in (10_000, 1_000_000)}}


def measure() -> dict:
    """Time the classes that are asked for."""
    classes = [int(one) for one in os.environ.get("CASEBOOK_BENCH_CLASSES", "20,60").split(",")]
    runs = int(os.environ.get("CASEBOOK_BENCH_RUNS", "3"))
    with tempfile.TemporaryDirectory(prefix="casebook-bench-") as folder:
        found = [_class_of(number, runs if number < LARGE else 1, Path(folder))
                 for number in classes]
    return {"assignment": NAME, "sandbox": True, "classes": found, "cost": _cost(found[-1])}


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
