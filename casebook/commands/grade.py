"""``casebook course grade``: autograding, fast and with students' code shut in."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from casebook.errors import CasebookError

from .shared import needs_nbgrader, whole

if TYPE_CHECKING:
    from casebook.autograding.outcome import Outcome
    from casebook.autograding.run import Run, Waiting
    from casebook.autograding.warm.process import WarmParent

INTERRUPTED = 130


def add(steps) -> None:
    """Add the step."""
    step = steps.add_parser(
        "grade", help="run the tests of submissions and save the grades",
        epilog="Ends with 0 if every submission was graded without trouble, 1 if some have "
        "something to know (see the summary), 2 if nothing could be graded, 130 if it was stopped.")
    step.add_argument("assignment", metavar="ASSIGNMENT")
    step.add_argument("--course", default=".", metavar="DIR", help="default: this folder")
    step.add_argument("--only", action="append", default=[], metavar="STUDENT",
                      help="only this student's; may be repeated, or ids with commas")
    step.add_argument("--force", action="store_true", help="grade again what is graded already")
    step.add_argument("--dry-run", action="store_true", help="only say what would be graded")
    step.add_argument("--workers", type=whole(1, 256), default=None, metavar="N",
                      help="submissions at a time (default: one for each processor)")
    step.add_argument("--sandbox", choices=("require", "off"), default="require",
                      help="off: run students' code with your own rights")
    step.add_argument("--cluster", metavar="ADDRESS",
                      help="run them on a dask.distributed cluster, such as tcp://10.0.0.1:8786, or "
                      "on that of a function MODULE:FUNCTION; the gradebook stays here")
    step.add_argument("--json", action="store_true", help="the result as JSON on standard output; "
                      "progress goes to standard error")
    step.set_defaults(run=_grade)


def _grade(args: argparse.Namespace) -> int:
    from casebook.autograding.warm.process import prepared

    # First of all: its imports take as long as everything else before the first submission.
    with contextlib.nullcontext() if args.dry_run or args.cluster else prepared() as parent:
        return _graded(args, parent)


def _graded(args: argparse.Namespace, parent: WarmParent | None) -> int:
    with needs_nbgrader():
        from casebook.autograding.run import Run
    only = [one.strip() for text in args.only for one in text.split(",") if one.strip()]
    run = Run(Path(args.course), args.assignment, only, args.force)
    waiting = run.submissions()
    if args.dry_run:
        return _dry_run(args, waiting)
    if all(one.why for one in waiting) and not args.json:
        print(f"Nothing to do: {len(waiting)} submissions were graded already. "
              "To grade them again, add --force.")
        return 0
    began = time.monotonic()
    told = Told(args, sum(not one.why for one in waiting))
    stopped = False
    try:
        with _workers(args, run, told.expected, parent) as workers:
            for outcome in run.grade(waiting, workers):
                told.one(outcome)
    except KeyboardInterrupt:
        stopped = True
    except CasebookError:
        if told.outcomes:
            told.summary(run.max_score, time.monotonic() - began,
                         "Not all could be graded. What is graded stays.")
        raise
    told.summary(run.max_score, time.monotonic() - began,
                 "Stopped. What is graded stays; run the command again to go on." if stopped
                 else "")
    from casebook.autograding.outcome import exit_code

    return INTERRUPTED if stopped else exit_code(told.outcomes)


def _workers(args: argparse.Namespace, run: Run, tasks: int, parent: WarmParent | None):
    from casebook.autograding import workers

    if args.cluster:
        from casebook.autograding.cluster import on_cluster

        return on_cluster(run, args.cluster, args.sandbox == "require")
    count = args.workers or os.cpu_count() or 1
    return workers.here(run, max(1, min(count, tasks)), args.sandbox == "require", parent)


def _dry_run(args: argparse.Namespace, waiting: list[Waiting]) -> int:
    if args.json:
        print(json.dumps({"assignment": args.assignment, "would_grade": [
            one.student for one in waiting if not one.why], "skipped": [
            one.student for one in waiting if one.why]}, ensure_ascii=False, indent=2))
        return 0
    for one in waiting:
        print(f"{one.student}: {one.why or 'would be graded'}")
    print(f"{sum(not one.why for one in waiting)} of {len(waiting)} submissions would be graded. "
          "Nothing was changed.")
    return 0


class Told:
    """What a run says: a line a student, the time left, a summary."""

    def __init__(self, args: argparse.Namespace, expected: int):
        self._args, self.expected = args, expected
        self.outcomes: list[Outcome] = []
        self._began = time.monotonic()
        # With --json standard output is for the result alone.
        self._stream = sys.stderr if args.json else sys.stdout
        self._live = sys.stderr.isatty()
        self._line("")

    def one(self, outcome: Outcome) -> None:
        """Tell what became of one submission, as soon as it is known."""
        self.outcomes.append(outcome)
        if outcome.state == "skipped":
            return
        self._clear()
        done = sum(one.state != "skipped" for one in self.outcomes)
        points = ("" if outcome.score is None
                  else f"{outcome.score:g} of {outcome.max_score:g} so far")
        by_hand = f", {outcome.by_hand} to mark by hand" if outcome.by_hand else ""
        told = "".join(f"\n    {one.severity}: {one.text}" for one in outcome.reasons)
        print(f"[{done}/{self.expected}] {outcome.student}: "
              f"{points or outcome.state}{by_hand}{told}", file=self._stream, flush=True)
        self._line(self._left(done))

    def _left(self, done: int) -> str:
        if done >= self.expected:
            return ""
        left = (time.monotonic() - self._began) / done * (self.expected - done)
        return f"{done} of {self.expected} graded, about {_clock(left)} left"

    def _line(self, text: str) -> None:
        """The line that changes, where somebody watches."""
        if self._live and text:
            print(text, end="", file=sys.stderr, flush=True)

    def _clear(self) -> None:
        if self._live:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def summary(self, max_score: float | None, seconds: float, ended: str) -> None:
        """Tell how it went: counts, reasons, and why it ended if before its end."""
        from casebook.autograding.outcome import by_reason, exit_code

        self._clear()
        states = [one.state for one in self.outcomes]
        if self._args.json:
            print(json.dumps({
                "assignment": self._args.assignment, "max_score": max_score,
                "seconds": round(seconds, 3), "sandbox": self._args.sandbox,
                "complete": not ended, "exit_code": exit_code(self.outcomes),
                "submissions": [one.record() for one in self.outcomes]},
                ensure_ascii=False, indent=2))
        skipped = states.count("skipped")
        count = len(states) - skipped
        lines = [f"{count} of {self.expected} submissions graded in {_clock(seconds)}"
                 + (f"; {skipped} were graded already" if skipped else "") + "."]
        for kind, number, students in by_reason(
                one for one in self.outcomes if one.state != "skipped"):
            names = ", ".join(students[:6]) + (" and more" if number > 6 else "")
            lines.append(f"  {kind}: {number} ({names})")
        if self._args.sandbox == "off":
            lines.append("WARNING: --sandbox off: students' code ran with your own rights.")
        if ended:
            lines.append(ended)
        print("\n".join(lines), file=self._stream, flush=True)


def _clock(seconds: float) -> str:
    whole_seconds = round(seconds)
    return (f"{seconds:.1f} s" if seconds < 10 else f"{whole_seconds} s" if whole_seconds < 120
            else f"{whole_seconds // 60} min {whole_seconds % 60} s")
