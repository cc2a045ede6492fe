"""The grader is killed at fifty moments; a second run makes every grade that of an undisturbed run."""

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.autograding import compare, tiny

CLASS, MOMENTS, SEED = 60, 36, 20261130
LEDGER, STAGING = "casebook.autograding.ledger", "casebook.autograding.staging"
#: Where a run is weakest: before and after what it does there.
PLACES = [(module, owner, name, number, when)
          for module, owner, name in ((LEDGER, "_OneTransaction", "settle"), (STAGING, "Staging", "put"), ("os", "", "replace"))
          for number, when in ((1, "before"), (1, "after"), (3, "before"), (5, "after"))]
LAST = [(LEDGER, "Ledger", "close", 1, "before"), (LEDGER, "Ledger", "close", 1, "after")]
#: So many may be left when a course is finished and another begun.
FEW = 18


class Graders:
    """Starts graders; see ``graders``."""

    def __init__(self, folder):
        self._folder, self._made = folder, 0
        self._process = subprocess.Popen([sys.executable, "-m", "tests.autograding.graders"], cwd=Path(__file__).parents[2],
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)

    def start(self, course, place=None):
        self._made += 1
        output = self._folder / f"said-{self._made}"
        output.touch()
        self._process.stdin.write(json.dumps({"course": str(course), "output": str(output), "place": place}) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline()), output

    def close(self):
        self._process.stdin.close()
        assert self._process.wait(30) == 0

    def finish(self, course):
        number, output = self.start(course)
        wait_for(lambda: not alive(number))
        said = output.read_text()
        assert said.startswith("Nothing to do") or "submissions graded in" in said and "Stopped" not in said, said


#: Boxes whose making was killed half-way: bubblewrap's second process waits for its first, which is dead, before
#: anything stands. docs/autograding.md tells it; there may be one in many kills, and never one with anything in it.
UNBORN = set()


def alive(number):
    """Whether anything of this grader's session is still there: itself, and its workers."""
    table, found = {}, []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError, IndexError):
            name, _, rest = Path(f"/proc/{entry}/stat").read_text().partition("(")[2].rpartition(")")
            state, parent, _, session = rest.split()[:4]
            table[int(entry)] = (name, int(parent))
            if number in (int(entry), int(session)) and state != "Z":
                found.append(int(entry))
    parents = {parent for _, parent in table.values()}
    unborn = {one for one in found if table[one] == ("bwrap", 1) and one not in parents}
    UNBORN.update(unborn)
    return bool(set(found) - unborn)


def ended_unborn():
    """End the boxes that were never born, and count them: at most one of a kill, and of few kills."""
    left = 0
    for number in UNBORN:
        with contextlib.suppress(OSError):
            assert Path(f"/proc/{number}/comm").read_text() == "bwrap\n"
            os.kill(number, signal.SIGKILL)
            left += 1
    UNBORN.clear()
    return left


def wait_for(true, seconds=120):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not end"
        time.sleep(0.01)


@pytest.fixture(scope="module")
def graders(tmp_path_factory):
    made = Graders(tmp_path_factory.mktemp("said"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    course = tiny.make(tmp_path_factory.mktemp("killed") / "course")
    tiny.hand_in_class(course, CLASS)
    return course


@pytest.fixture(scope="module")
def undisturbed(graders, released, tmp_path_factory):
    course = tmp_path_factory.mktemp("undisturbed") / "course"
    shutil.copytree(released, course)
    graders.finish(course)
    return course


def nothing_half_done(course):
    """Each submission in the gradebook has all its grades, once, and each graded folder is whole and known. How many there are."""
    # To be written to: a journal that was left is rolled back first.
    with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as db:
        rows = db.execute("""SELECT s.student_id, COUNT(*), SUM(g.auto_score IS NOT NULL OR g.needs_manual_grade) FROM grade g
            JOIN submitted_notebook n ON g.notebook_id = n.id JOIN submitted_assignment s ON n.assignment_id = s.id
            GROUP BY s.student_id""").fetchall()
    assert all(row[1:] == (3, 3) for row in rows), rows
    folders = {path.parent.name for path in (course / "autograded").glob(f"[!.]*/{tiny.NAME}")}
    assert folders <= {row[0] for row in rows}
    assert all((course / "autograded" / one / tiny.NAME / f"{tiny.NAME}.ipynb").stat().st_size for one in folders)
    return len(folders)


def kill(graders, course, kind, moment):
    """One grader, killed at a moment: after some lines and seconds, or at a place. Nothing of it stays."""
    number, output = graders.start(course, moment if kind == "place" else None)
    if kind == "random":
        lines, seconds = moment
        wait_for(lambda: output.read_bytes().count(b"\n[") + output.read_bytes().startswith(b"[") >= lines or not alive(number))
        time.sleep(seconds)
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    wait_for(lambda: not alive(number))
    assert "submissions graded" not in output.read_text(), "it was not killed before its end"


@pytest.mark.timeout(600)
def test_killed_at_any_moment_a_second_run_ends_as_an_undisturbed_one(graders, released, undisturbed, tmp_path):
    chance = random.Random(SEED)
    moments = [("random", (chance.randrange(0, 9), chance.uniform(0, 0.4))) for _ in range(MOMENTS)] + [("place", one) for one in PLACES]
    chance.shuffle(moments)
    assert len(moments) + len(LAST) == 50
    wholes, course, ends = 0, tmp_path / "course", list(LAST)
    shutil.copytree(released, course)
    for kind, moment in moments:
        kill(graders, course, kind, moment)
        if nothing_half_done(course) > CLASS - FEW:
            # Nearly done: finish it, compare, and begin again with the rest of the moments.
            if ends:
                kill(graders, course, "place", ends.pop())
                nothing_half_done(course)
            graders.finish(course)
            assert compare.differences(undisturbed, course, tiny.NAME) == []
            wholes += 1
            shutil.rmtree(course)
            shutil.copytree(released, course)
    graders.finish(course)
    assert compare.differences(undisturbed, course, tiny.NAME) == []
    assert not ends and wholes >= 2, "the moments were all too early"
    assert ended_unborn() <= 3, "a killed run leaves no boxes behind"
    assert not list((course / "autograded").glob(".casebook-grading/*/"))
