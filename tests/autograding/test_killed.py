"""The grader is killed at fifty moments; a second run makes every grade that of an undisturbed run."""

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import time

import pytest

from casebook.autograding.ledger import Ledger, _OneTransaction
from casebook.autograding.staging import Staging
from casebook.cli import main
from tests.autograding import compare, tiny

CLASS, MOMENTS, SEED = 60, 40, 20261124
#: Where a run is weakest: before and after what it does there.
PLACES = [(owner, name, number, when) for owner, name in ((_OneTransaction, "settle"), (Staging, "put"), (os, "replace"), (Ledger, "close"))
          for number, when in ((1, "before"), (3, "after"))] + [(os, "replace", 2, "after"), (_OneTransaction, "settle", 9, "after")]


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    course = tiny.make(tmp_path_factory.mktemp("killed") / "course")
    tiny.hand_in_class(course, CLASS)
    return course


@pytest.fixture(scope="module")
def undisturbed(released, tmp_path_factory):
    course = tmp_path_factory.mktemp("undisturbed") / "course"
    shutil.copytree(released, course)
    assert grade(course) == 0
    return course


def grade(course):
    return main(["course", "grade", tiny.NAME, "--course", str(course), "--workers", "2"])


@contextlib.contextmanager
def grading(course, prepare=lambda: None):
    """A grader in a process of its own: forked, so that nothing has to be imported again. Gives its number and output."""
    reads, writes = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.setsid()
            os.dup2(writes, 1)
            os.close(reads)
            prepare()
            main(["course", "grade", tiny.NAME, "--course", str(course), "--workers", "2"])
        finally:
            os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb", 0) as output:
        yield process, output
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(process, 0)


def killed_after(owner, name, number, when):
    """Let the process kill itself at the given call of a function, before or after it."""
    stock, calls = getattr(owner, name), []

    def instead(*args, **named):
        calls.append(name)
        if len(calls) == number and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        done = stock(*args, **named)
        if len(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(owner, name, instead)


def nothing_half_done(course):
    """Each submission in the gradebook has all its grades, once, and each graded folder is whole and known."""
    with sqlite3.connect(f"file:{course / 'gradebook.db'}?mode=ro", uri=True) as db:
        rows = db.execute("""SELECT s.student_id, COUNT(*), SUM(g.auto_score IS NOT NULL OR g.needs_manual_grade) FROM grade g
            JOIN submitted_notebook n ON g.notebook_id = n.id JOIN submitted_assignment s ON n.assignment_id = s.id
            GROUP BY s.student_id""").fetchall()
    assert all(row[1:] == (3, 3) for row in rows), rows
    folders = {path.parent.name for path in (course / "autograded").glob(f"[!.]*/{tiny.NAME}")}
    assert folders <= {row[0] for row in rows}
    assert all((course / "autograded" / one / tiny.NAME / f"{tiny.NAME}.ipynb").stat().st_size for one in folders)


def left_behind(course):
    """Processes of a run that are still there."""
    found = []
    for entry in os.listdir("/proc"):
        with contextlib.suppress(OSError):
            if entry.isdigit() and str(course).encode() in open(f"/proc/{entry}/cmdline", "rb").read():
                found.append(entry)
    return found


def test_killed_at_any_moment_a_second_run_ends_as_an_undisturbed_one(released, undisturbed, tmp_path, capfd):
    chance = random.Random(SEED)
    course, reached, whole = tmp_path / "course", 0, 0
    shutil.copytree(released, course)
    moments = [("random", chance.uniform(0, 0.4), chance.randrange(0, 12)) for _ in range(MOMENTS)] + [("place", *place) for place in PLACES]
    chance.shuffle(moments)
    assert len(moments) == 50
    for kind, *moment in moments:
        prepare = (lambda place=moment: killed_after(*place)) if kind == "place" else (lambda: None)
        with grading(course, prepare) as (process, output):
            if kind == "random":
                seconds, lines = moment
                seen = 0
                while seen < lines and (line := output.readline()):
                    seen += line.startswith(b"[")
                time.sleep(seconds)
                os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        nothing_half_done(course)
        reached = max(reached, len(list((course / "autograded").glob(f"[!.]*/{tiny.NAME}"))))
        if reached > CLASS - 14:
            # Nearly done: finish it, compare, and begin again with the rest of the moments.
            assert grade(course) == 0
            assert compare.differences(undisturbed, course, tiny.NAME) == []
            whole, reached = whole + 1, 0
            shutil.rmtree(course)
            shutil.copytree(released, course)
    assert grade(course) == 0
    assert compare.differences(undisturbed, course, tiny.NAME) == []
    assert whole >= 2, "the moments were all too early"
    assert not left_behind(course)
    assert not list((course / "autograded").glob(".casebook-grading/*/"))
