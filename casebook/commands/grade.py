"""``casebook course grade``: autograding, fast and with students' code shut in."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casebook.errors import CasebookError

from .shared import needs_nbgrader, whole

if TYPE_CHECKING:
    from casebook.autograding.outcome import Outcome
    from casebook.autograding.run import Run, Waiting
    from casebook.autograding.warm.process import WarmParent

FAILED, INTERRUPTED = 2, 130


def add(steps) -> None:
    """Add the step."""
    step = steps.add_parser(
        "grade", help="run the tests of submissions and save the grades",
        epilog="Ends with 0 if every submission was graded without trouble, 1 if some have "
        "something to know or could not be graded (see the summary), 2 if grading could not begin "
        "or go on, 130 if it was stopped.")
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
                      help="run them on a dask.distributed cluster, such as tcp://10.0.0.1:8786, "
                      "or on that of a function MODULE:FUNCTION; the gradebook stays here")
    step.add_argument("--json", action="store_true", help="the result as JSON on standard output; "
                      "progress goes to standard error")
    step.set_defaults(run=_grade)


def _grade(args: argparse.Namespace) -> int:
    told = Told(args)
    try:
        code = _graded(args, told)
    except KeyboardInterrupt:
        told.ended(INTERRUPTED, "Stopped. What is graded stays; run the command again to go on.")
        if not told.begun:
            raise
    except CasebookError as error:
        told.ended(FAILED, "Not all could be graded. What is graded stays.", error)
        raise
    else:
        told.ended(code)
    return told.code


def _graded(args: argparse.Namespace, told: Told) -> int:
    only = _ids(args.only)
    from casebook.autograding.warm.process import prepared

    # First of all: its imports take as long as everything else before the first submission.
    with contextlib.nullcontext() if args.dry_run or args.cluster else prepared() as parent:
        with needs_nbgrader():
            from casebook.autograding.run import Run
        from casebook.autograding.outcome import exit_code

        run = Run(Path(args.course), args.assignment, only, args.force)
        waiting, unusable = run.submissions(), run.unusable()
        if args.dry_run:
            told.dry_run(waiting, unusable)
            return exit_code(unusable)
        if all(one.why for one in waiting) and not unusable and not args.json:
            print(f"Nothing to do: {len(waiting)} submissions were graded already. "
                  "To grade them again, add --force.")
            return 0
        told.begin(run, sum(not one.why for one in waiting) + len(unusable))
        for outcome in unusable:
            told.one(outcome)
        with _workers(args, run, told.expected, parent) as workers:
            for outcome in run.grade(waiting, workers):
                told.one(outcome)
        return exit_code(told.outcomes)


def _ids(given: list[str]) -> list[str]:
    """The ids of ``--only``. One that names nobody must not stand for everybody."""
    found = [[one.strip() for one in text.split(",") if one.strip()] for text in given]
    if not all(found):
        raise CasebookError("--only names no student.",
                            "Give a student's id after it (is a variable of your shell empty?), "
                            "or leave it out to grade everybody's.")
    return [one for some in found for one in some]


def _workers(args: argparse.Namespace, run: Run, tasks: int, parent: WarmParent | None):
    from casebook.autograding import workers

    if args.cluster:
        from casebook.autograding.cluster import on_cluster

        return on_cluster(run, args.cluster, args.sandbox == "require")
    count = args.workers or os.cpu_count() or 1
    return workers.here(run, max(1, min(count, tasks)), args.sandbox == "require", parent)


class Told:
    """What a run says: a line a student, the time left, a summary."""

    def __init__(self, args: argparse.Namespace):
        self._args = args
        self.outcomes: list[Outcome] = []
        self.code, self.begun, self.expected = 0, False, 0
        self._run: Run | None = None
        self._began = time.monotonic()
        self._silent = False
        # With --json standard output is for the result alone.
        self._stream = sys.stderr if args.json else sys.stdout
        self._live = sys.stderr.isatty()

    def begin(self, run: Run, expected: int) -> None:
        """Grading begins: of so many submissions."""
        self._run, self.expected, self.begun = run, expected, True
        self._began = time.monotonic()

    def one(self, outcome: Outcome) -> None:
        """Tell what became of one submission, as soon as it is known."""
        self.outcomes.append(outcome)
        if outcome.state == "skipped":
            return
        from casebook.autograding.reasons import shown

        self._clear()
        done = sum(one.state != "skipped" for one in self.outcomes)
        points = ("" if outcome.score is None
                  else f"{outcome.score:g} of {outcome.max_score:g} so far")
        by_hand = f", {outcome.by_hand} to mark by hand" if outcome.by_hand else ""
        told = "".join(f"\n    {one.severity}: {one.text}" for one in outcome.reasons)
        self._say(f"[{done}/{self.expected}] {shown(outcome.student)}: "
                  f"{points or 'could not be graded'}{by_hand}{told}")
        self._line(self._left(done))

    def _left(self, done: int) -> str:
        if done >= self.expected:
            return ""
        left = (time.monotonic() - self._began) / done * (self.expected - done)
        return f"{done} of {self.expected} done, about {_clock(left)} left"

    def _line(self, text: str) -> None:
        """The line that changes, where somebody watches."""
        if self._live and text:
            print(text, end="", file=sys.stderr, flush=True)

    def _clear(self) -> None:
        if self._live:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def dry_run(self, waiting: list[Waiting], unusable: list[Outcome]) -> None:
        """Tell what would be graded."""
        from casebook.autograding.reasons import shown

        self._silent = True
        wanted = [one.student for one in waiting if not one.why]
        if self._args.json:
            _print_json({"assignment": self._args.assignment, "would_grade": wanted, "skipped": [
                one.student for one in waiting if one.why], "failed": [
                one.record() for one in unusable]})
            return
        for one in waiting:
            self._say(f"{shown(one.student)}: {one.why or 'would be graded'}")
        for one in unusable:
            self._say(f"{one.student}: {' '.join(reason.text for reason in one.reasons)}")
        self._say(f"{len(wanted)} of {len(waiting) + len(unusable)} submissions would be graded. "
                  "Nothing was changed.")

    def ended(self, code: int, why: str = "", error: CasebookError | None = None) -> None:
        """Tell how it went: counts, reasons, and why it ended if before its end.

        All that says how it ended comes from here, so that it agrees with the exit code.
        """
        self.code = code
        self._clear()
        seconds = time.monotonic() - self._began
        if self._args.json and not self._silent:
            _print_json({
                "assignment": self._args.assignment,
                "max_score": self._run.max_score if self._run is not None else None,
                "seconds": round(seconds, 3), "sandbox": self._args.sandbox,
                "complete": not why, "exit_code": code, "error": error and {
                    "what": error.wrong, "what_to_do": error.mend or None,
                    "where": str(error.place) if error.place else None},
                "submissions": [one.record() for one in self.outcomes]})
        if self.begun and (self.outcomes or error is None):
            self._say("\n".join(self._summary(seconds, why)))

    def _summary(self, seconds: float, why: str) -> list[str]:
        from casebook.autograding.outcome import by_reason
        from casebook.autograding.reasons import shown

        states = [one.state for one in self.outcomes]
        skipped, failed = states.count("skipped"), states.count("failed")
        lines = [f"{len(states) - skipped - failed} of {self.expected} submissions graded in "
                 f"{_clock(seconds)}" + (f"; {failed} could not be graded" if failed else "")
                 + (f"; {skipped} were graded already" if skipped else "") + "."]
        for kind, number, students in by_reason(
                one for one in self.outcomes if one.state != "skipped"):
            names = ", ".join(map(shown, students[:6])) + (" and more" if number > 6 else "")
            lines.append(f"  {kind}: {number} ({names})")
        if self._args.sandbox == "off":
            lines.append("WARNING: --sandbox off: students' code ran with your own rights.")
        return [*lines, why] if why else lines

    def _say(self, text: str) -> None:
        # What a terminal's encoding has no letter for must not stop the class.
        known = self._stream.encoding or "utf-8"
        print(text.encode(known, "backslashreplace").decode(known), file=self._stream, flush=True)


def _print_json(what: dict[str, Any]) -> None:
    text = json.dumps(what, ensure_ascii=False, indent=2)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(what, indent=2)
    print(text, flush=True)


def _clock(seconds: float) -> str:
    whole_seconds = round(seconds)
    return (f"{seconds:.1f} s" if seconds < 10 else f"{whole_seconds} s" if whole_seconds < 120
            else f"{whole_seconds // 60} min {whole_seconds % 60} s")
