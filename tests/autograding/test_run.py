"""A run as an instructor has it: which submissions, what is said, exit codes, and what stands in the way."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import nbgrader.preprocessors
import pytest

from casebook.autograding import ledger
from casebook.autograding.desk import Done, Task
from casebook.autograding.outcome import Outcome, by_reason, exit_code, state_of
from casebook.autograding.pool import Pool
from casebook.autograding.reasons import Reason
from casebook.autograding.spent import PARTS, WORKER
from casebook.cli import main
from casebook.errors import CasebookError
from tests.autograding import compare, tiny
from tests.autograding.tricky import TRICKY
from tests.grading.kit import run

STUDENTS = 6


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    course = tiny.make(tmp_path_factory.mktemp("released") / "course")
    tiny.hand_in_class(course, STUDENTS)
    return course


@pytest.fixture
def course(released, tmp_path):
    shutil.copytree(released, tmp_path / "course")
    return tmp_path / "course"


def grade(course, *more):
    return main(["course", "grade", tiny.NAME, "--course", str(course), *more])


def scores(course):
    return {(student, cell): auto for student, _, cell, auto, *_ in compare.gradebook(course)["grades"]}


def test_a_class_is_graded_as_stock_nbgrader_grades_it(course, tmp_path):
    shutil.copytree(course, tmp_path / "stock")
    run("nbgrader", "autograde", tiny.NAME, cwd=tmp_path / "stock")
    assert grade(course) == 0
    assert compare.differences(tmp_path / "stock", course, tiny.NAME) == []
    assert len(scores(course)) == 3 * STUDENTS
    assert not list((course / "autograded").glob(".casebook-grading/*/"))


def test_tricky_submissions_are_graded_as_stock_nbgrader_grades_them(course, tmp_path):
    """Forgotten imports, module state, chance, warnings, ``input()``, magics, the order of displays; and tests that these decide."""
    shutil.rmtree(course / "submitted")
    # Where it runs, "place", is what a sandbox changes; kernels without one are compared in that, too (test_warm_alike).
    # A kernel ends a tenth of a second after exit(), and a shell's output comes when it comes: both are for chance to decide.
    # Who takes a module of Python's away from under the checks is told so.
    for name in sorted(set(TRICKY) - {"place"}):
        cells = [cell for cell in TRICKY[name] if cell not in ("exit", "quit()") and "os.system('echo" not in cell and "del sys.modules" not in cell]
        folder = tiny.hand_in(course, name.replace(" ", "-"), tiny.answered(course, extra=cells))
        (folder / "helper.py").write_text("value = 41\n", encoding="utf-8")
    decided = {
        "no-import": {"double": "def double(x):\n    return np.multiply(2, x)"},
        "imported-by-another": {"double": "import pandas\ndef double(x):\n    return pandas.np.multiply(2, x)"},
        "warns": {"double": "import warnings\ndef double(x):\n    warnings.warn('old')\n    return 2 * x"},
        "warned-before": {"double": "import warnings\ndef double(x):\n    warnings.warn('old')\n    return 2 * x\ndouble(1)"},
        "prints-to-stderr": {"double": "import sys\ndef double(x):\n    print('so', file=sys.stderr)\n    return 2 * x"},
        "asks": {"double": "def double(x):\n    return int(input('? '))"},
        "by-chance": {"double": "def double(x):\n    return 2 * x if random.random() < 1 else 0", "words": "words = random.sample(['one', 'two', 'three'], 2)"},
        "seeded": {"words": "random.seed(5)\nwords = ['one', 'two'] if random.randint(1, 10**6) == 653235 else []\nrandom.random()"},
        "in-module-state": {"double": "statistics.twice = lambda x: 2 * x\ndef double(x):\n    import statistics\n    return statistics.twice(x)"},
        "by-a-magic": {"words": "%%capture said\nwords = ['one', 'two']\nprint(words)"},
        "with-a-picture": {"double": "import matplotlib.pyplot as plt\ndef double(x):\n    plt.plot([1, x])\n    return 2 * x"},
        "by-a-file": {"double": "from helper import twice as double"},
        "leaves": {"words": "words = ['one', 'two']\nraise SystemExit"},
        "endless": {"words": "while True: pass"},
        "dies": {"words": "import os, time; time.sleep(0.5); os._exit(1)"},
    }
    for name, answers in decided.items():
        folder = tiny.hand_in(course, name, tiny.answered(course, **answers))
        (folder / "helper.py").write_text("def twice(x):\n    return 2 * x\n", encoding="utf-8")
    with open(course / "nbgrader_config.py", "a", encoding="utf-8") as config:
        config.write("c.Execute.timeout = c.GuardedExecute.timeout = 10\n")
    shutil.copytree(course, tmp_path / "stock")
    run("nbgrader", "autograde", tiny.NAME, cwd=tmp_path / "stock")
    grade(course)
    found = compare.differences(tmp_path / "stock", course, tiny.NAME)
    # What code writes while it is graded, stock keeps; here it went with the sandbox.
    found = [one for one in found if one != f"only in one: magics/{tiny.NAME}/mine.py"]
    assert not found, "\n".join(found)
    given = scores(course)
    nothing = {"no-import", "imported-by-another", "warns", "warned-before", "prints-to-stderr", "asks"}
    assert {name: given[name, "double_test"] for name in decided} == {name: 0.0 if name in nothing else 2.0 for name in decided}


def test_a_test_that_gives_more_than_its_points_earns_nothing_and_stops_nobody(monkeypatch, tmp_path, capsys):
    book = tiny.source()
    test = next(cell for cell in book.cells if cell.source.startswith("score"))
    test.source = test.source.replace("1.5", "7.5")
    monkeypatch.setattr(tiny, "source", lambda: book)
    course = tiny.make(tmp_path / "course")
    tiny.hand_in_class(course, 3)
    assert grade(course) == 1
    assert {student: auto for (student, cell), auto in scores(course).items() if cell == "words_test"} == {"s000": 3, "s001": 3, "s002": 0}
    assert "test-result: 1 (s002)" in (said := capsys.readouterr().out) and "from 0 to 3 points" in said


def test_what_nbgrader_cannot_save_leaves_every_test_with_a_score_and_a_reason(course, monkeypatch, capsys):
    stock = nbgrader.preprocessors.SaveAutoGrades._add_score

    def add_score(self, cell, resources):
        if resources["nbgrader"]["student"] == "s001" and cell.cell_type == "code" and "not be saved" not in json.dumps(cell.get("outputs")):
            raise TypeError("of a kind that nobody thought of")
        return stock(self, cell, resources)

    monkeypatch.setattr(nbgrader.preprocessors.SaveAutoGrades, "_add_score", add_score)
    assert grade(course, "--workers", "1") == 1
    given = scores(course)
    assert len(given) == 3 * STUDENTS and given["s001", "double_test"] == given["s001", "words_test"] == 0
    assert given["s000", "double_test"] == 2
    assert "could not be saved (TypeError: of a kind that nobody thought of)" in capsys.readouterr().out


def test_the_time_of_a_submission_is_told_by_its_parts(course, capsys):
    assert grade(course, "--json", "--only", "s000") == 0
    parts = json.loads(capsys.readouterr().out)["submissions"][0]["parts"]
    assert set(parts) == {*PARTS, WORKER} and all(seconds > 0 for seconds in parts.values())
    assert parts["kernel start"] + parts["cells"] + parts["questions"] < parts[WORKER] < sum(parts.values()) - parts[WORKER]


def test_lines_for_each_student_a_summary_and_json_on_its_own(course, capsys):
    assert grade(course, "--workers", "1", "--json") == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert told["complete"] and told["exit_code"] == 0 and told["max_score"] == 8
    assert {one["student"]: one["score"] for one in told["submissions"]} == {
        "s000": 5, "s001": 3, "s002": 3.5, "s003": 5, "s004": 0, "s005": 5}
    assert "[6/6] s005: 5 of 8 so far, 1 to mark by hand" in said.err and "6 of 6 submissions graded" in said.err


def test_what_is_graded_is_skipped_unless_forced_or_newer(course, capsys):
    assert grade(course, "--only", "s000,s001") == 0
    capsys.readouterr()
    assert grade(course, "--dry-run") == 0
    said = capsys.readouterr().out
    assert "s000: graded already" in said and "s002: would be graded" in said and "4 of 6 submissions" in said
    assert not (course / "autograded" / "s002").exists()
    assert grade(course) == 0
    assert "4 of 4 submissions graded" in (said := capsys.readouterr().out) and "2 were graded already" in said
    tiny.hand_in(course, "s001", tiny.answered(course))
    assert grade(course, "--only", "s001") == 0 and scores(course)["s001", "double_test"] == 0
    (course / "autograded" / "s001" / tiny.NAME).chmod(0o755)
    for name, when in (("autograded", "2026-01-01 10:00:00 UTC"), ("submitted", "2026-01-02 10:00:00 UTC")):
        (course / name / "s001" / tiny.NAME / "timestamp.txt").write_text(when)
    assert grade(course, "--only", "s001") == 0 and scores(course)["s001", "double_test"] == 2
    tiny.hand_in(course, "s004", tiny.answered(course))
    assert grade(course, "--only", "s004", "--force") == 0
    assert scores(course)["s004", "double_test"] == 2


def test_a_mark_given_by_hand_stays_and_is_flagged(course):
    assert grade(course) == 0
    with sqlite3.connect(course / "gradebook.db") as db:
        db.execute("UPDATE grade SET manual_score = 2.5, needs_manual_grade = 0")
    assert grade(course, "--force", "--only", "s000") == 0
    rows = [row for row in compare.gradebook(course)["grades"] if row[0] == "s000"]
    assert [row[4] for row in rows] == [2.5] * 3 and all(row[6] for row in rows)


@pytest.mark.parametrize("more, said", [
    (["--only", "nobody"], "Nothing was handed in by nobody."), (["--course", "nowhere"], "no course folder")])
def test_what_is_not_there_is_named(course, capsys, more, said):
    assert grade(course, *more) == 2
    assert said in capsys.readouterr().err


def test_an_assignment_that_is_not_known_or_has_no_submissions(course, capsys):
    assert main(["course", "grade", "other", "--course", str(course)]) == 2
    assert "Nothing was handed in for 'other'." in capsys.readouterr().err
    shutil.copytree(course / "submitted" / "s000" / tiny.NAME, course / "submitted" / "s000" / "other")
    assert main(["course", "grade", "other", "--course", str(course)]) == 2
    assert "The gradebook knows no assignment 'other'." in capsys.readouterr().err


def test_a_second_run_of_the_same_assignment_is_refused(course, capsys):
    from casebook.autograding.staging import Staging

    with Staging(course / "autograded", tiny.NAME).opened():
        assert grade(course) == 2
    assert "This assignment is being graded already" in (said := capsys.readouterr().err) and str(os.getpid()) in said
    assert grade(course) == 0


def test_a_locked_gradebook_is_waited_for_and_then_named(course, capsys, monkeypatch):
    monkeypatch.setattr(ledger, "LOCK_SECONDS", 0.2)
    before = compare.gradebook(course)
    with sqlite3.connect(course / "gradebook.db", isolation_level=None) as db:
        db.execute("BEGIN IMMEDIATE")
        assert grade(course) == 2
        db.execute("ROLLBACK")
    assert "locked" in capsys.readouterr().err
    assert compare.gradebook(course) == before and grade(course) == 0


def test_a_gradebook_that_cannot_be_written_is_told_before_anything_runs(course, capsys):
    # Root may write to any file; an immutable opening is refused to everybody.
    path = course / "nbgrader_config.py"
    path.write_text(path.read_text() + f"\nc.CourseDirectory.db_url = 'sqlite:///file:{course}/gradebook.db?mode=ro&uri=true'\n")
    assert grade(course) == 2
    assert "The gradebook cannot be written to." in capsys.readouterr().err


def test_no_room_on_the_disk_stops_the_run_and_keeps_what_is_graded(course, capsys, monkeypatch):
    from casebook.autograding.staging import Staging

    stock, made = Staging.new, []

    def new(self, student):
        made.append(student)
        if len(made) > 4:
            raise OSError(28, "No space left on device", str(self.root))
        return stock(self, student)

    monkeypatch.setattr(Staging, "new", new)
    assert grade(course, "--workers", "1") == 2
    assert "No space left on device" in capsys.readouterr().err
    saved = {path.parent.name for path in (course / "autograded").glob(f"*/{tiny.NAME}")}
    assert saved and saved == {student for student, _ in scores(course)}
    monkeypatch.undo()
    assert grade(course) == 0 and len(scores(course)) == 3 * STUDENTS


def test_ctrl_c_stops_cleanly_and_the_next_run_goes_on(course):
    tiny.hand_in_class(course, 30)
    command = [sys.executable, "-m", "casebook", "course", "grade", tiny.NAME, "--course", str(course), "--workers", "1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    # A shell that starts jobs in the background lets them ignore interrupts; a terminal does not.
    while not process.stdout.readline().startswith("[2/30]"):
        assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Stopped. What is graded stays" in out and "Traceback" not in out + err
    time.sleep(0.1)
    assert len(scores(course)) == 3 * len(list((course / "autograded").glob(f"*/{tiny.NAME}")))
    assert grade(course) == 0 and len(scores(course)) == 90


def test_a_conflict_within_a_submission_keeps_none_of_it(course):
    book = ledger.Ledger(f"sqlite:///{course}/gradebook.db", "tiny-course")
    with pytest.raises(CasebookError), book.submission() as open_book:
        open_book.update_or_create_student("new")
        open_book.db.rollback()
        open_book.update_or_create_student("newer")
    with book.submission() as open_book:
        open_book.update_or_create_student("kept")
    book.close()
    assert {row[0] for row in compare.gradebook(course)["students"]} == {"kept"}


def test_reasons_are_counted_and_decide_the_exit_code():
    note, lost = Reason("bom", "note", "a mark"), Reason("empty", "lost", "nothing")
    some = [Outcome("a", state_of([note]), 1, 2, reasons=(note,)), Outcome("b", state_of([lost, note]), 0, 2, reasons=(lost, note))]
    assert [one.state for one in some] == ["graded", "lost"]
    assert by_reason(some) == [("bom", 2, ["a", "b"]), ("empty", 1, ["b"])]
    assert exit_code(some[:1]) == 0 and exit_code(some) == 1


@pytest.mark.parametrize("only", [["--only", ""], ["--only", " , "], ["--only", "s000", "--only", ""]])
def test_only_without_an_id_is_refused_and_grades_nobody(course, capsys, only):
    """A variable of a shell that is not set must not grade the whole class again."""
    assert grade(course, "--force", *only) == 2
    assert "--only names no student." in capsys.readouterr().err and not (course / "autograded").exists()


def test_a_student_who_is_named_twice_is_graded_once(course, capsys):
    assert grade(course, "--only", "s000", "--only", "s000,s000", "--json") == 0
    assert [one["student"] for one in json.loads(capsys.readouterr().out)["submissions"]] == ["s000"]
    assert scores(course) == {("s000", "double_test"): 2, ("s000", "words_test"): 3, ("s000", "memo"): None}


@pytest.fixture
def stopped_midway(course, monkeypatch):
    """Has a run over the class that meets an error after its second submission."""
    from casebook.autograding.desk import Desk

    stock = Desk.save

    def until(error):
        saved = []

        def save(self, task, done):
            if len(saved) == 2:
                raise error
            saved.append(task.student)
            return stock(self, task, done)

        monkeypatch.setattr(Desk, "save", save)
        return grade(course, "--workers", "1", "--json")
    return until


@pytest.mark.parametrize("error, code", [(KeyboardInterrupt(), 130), (CasebookError("The gradebook is gone.", "Bring it back."), 2)])
def test_json_of_a_run_that_was_stopped_has_the_code_that_it_ended_with(stopped_midway, capsys, error, code):
    assert stopped_midway(error) == code
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert told["exit_code"] == code and not told["complete"] and len(told["submissions"]) == 2
    assert told["error"] == ({"what": "The gradebook is gone.", "what_to_do": "Bring it back.", "where": None} if code == 2 else None)
    assert "2 of 6 submissions graded" in said.err


@pytest.mark.parametrize("more", [["--only", "nobody"], ["--only", ""], ["--only", "nobody", "--dry-run"]])
def test_json_says_what_is_wrong_before_anything_was_graded(course, capsys, more):
    assert grade(course, "--json", *more) == 2
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert told["exit_code"] == 2 and told["complete"] is False and told["submissions"] == []
    assert told["error"]["what"] in said.err and told["error"]["what_to_do"] in said.err


def test_what_could_not_be_graded_is_counted_apart(course, capsys, monkeypatch):
    from casebook.autograding import run as running

    stock = running.read

    def read(folder, *more):
        if folder.parent.name == "s001":
            raise ValueError("that nobody foresaw")
        return stock(folder, *more)

    monkeypatch.setattr(running, "read", read)
    assert grade(course) == 1
    said = capsys.readouterr().out
    assert "5 of 6 submissions graded in" in said and "; 1 could not be graded." in said
    assert "s001: could not be graded" in said and "not-graded: 1 (s001)" in said


@pytest.mark.parametrize("name, shown", [(b"M\xfcller", "M?ller"), (b"s\x1b[31m9", "s?[31m9"), (b"s\n9", "s?9")])
def test_a_folder_whose_name_is_no_id_is_named_and_the_others_are_graded(course, capsys, name, shown):
    shutil.copytree(course / "submitted" / "s000", os.fsdecode(os.path.join(os.fsencode(course / "submitted"), name)))
    assert grade(course, "--dry-run") == 1
    said = capsys.readouterr().out
    assert f"{shown}: This submission could not be graded: the name of its folder" in said and "6 of 7 submissions would be" in said
    assert grade(course, "--dry-run", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert len(told["would_grade"]) == 6 and [one["student"] for one in told["failed"]] == [shown]
    assert grade(course, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["exit_code"] == 1 and {one["student"]: one["state"] for one in told["submissions"]}[shown] == "failed"
    assert len(scores(course)) == 3 * STUDENTS
    assert grade(course) == 1
    said = capsys.readouterr().out
    assert "0 of 1 submissions graded" in said and "1 could not be graded; 6 were graded already." in said and f"student-id: 1 ({shown})" in said
    assert grade(course, "--only", os.fsdecode(name)) == 1 and grade(course, "--only", "s000") == 0


@pytest.mark.parametrize("more", [["--dry-run"], ["--dry-run", "--json"], ["--only", "M\xfcller"]])
def test_a_terminal_without_a_letter_of_a_name_stops_nobody(course, more):
    shutil.move(course / "submitted" / "s001", course / "submitted" / "Müller")
    done = subprocess.run([sys.executable, "-m", "casebook", "course", "grade", tiny.NAME, "--course", str(course), *more],
                          capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0 and b"M\\" in done.stdout, done.stderr
    if "--json" in more:
        assert "Müller" in json.loads(done.stdout)["would_grade"]


class FallsOnce:
    """A bench in a process that ends at the first try of each submission."""

    def __init__(self, folder):
        self._folder = folder

    def run(self, task):
        mark = self._folder / task.student
        if not mark.exists():
            mark.touch()
            os._exit(1)
        return Done({})

    def close(self):
        pass


def test_what_is_tried_again_is_counted_for_each_student(tmp_path):
    """A task that is gone gives its id() to a later one, which must not have its tries."""
    tasks = (Task(f"s{n:03d}", tiny.NAME, tmp_path, {}) for n in range(12))
    with Pool(1, lambda number: FallsOnce(tmp_path), 60) as pool:
        ended = {task.student: type(result) for task, result in pool.results(tasks)}
    assert ended == {f"s{n:03d}": Done for n in range(12)}
