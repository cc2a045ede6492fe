"""What is no doing of a student's: the machine, the course, the gradebook. Nobody gets a grade by it, and none is lost."""

import asyncio
import contextlib
import errno
import os
import shutil
from pathlib import Path

import pytest
from jupyter_core.utils import ensure_event_loop
from nbgrader.api import InvalidEntry
from sqlalchemy.exc import OperationalError

from casebook.autograding import desk, kernels
from casebook.autograding.converter import converter_of, for_the_run
from casebook.autograding.ledger import Ledger
from casebook.autograding.run import Run
from casebook.autograding.staging import Staging
from casebook.cli import main
from casebook.errors import CasebookError
from tests.autograding import compare, tiny

STUDENTS = 5


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
    return main(["course", "grade", tiny.NAME, "--course", str(course), "--workers", "1", *more])


def students(course):
    return {row[0] for row in compare.gradebook(course)["grades"]}


def no_kernel_for(monkeypatch, whom):
    """Kernels that this machine has no files left for; workers are forked and have them, too."""
    stock = kernels.Kernels.kernel

    @contextlib.contextmanager
    def kernel(self, folder):
        if Path(folder).name in whom:
            raise OSError(errno.EMFILE, "Too many open files")
        with stock(self, folder) as given:
            yield given

    monkeypatch.setattr(kernels.Kernels, "kernel", kernel)


def test_no_kernel_for_one_leaves_that_one_for_the_next_run(course, monkeypatch, capsys):
    with monkeypatch.context() as patch:
        no_kernel_for(patch, {"s001"})
        assert grade(course) == 1
    said = capsys.readouterr().out
    assert "s001: could not be graded" in said and "No kernel could be had (OSError: [Errno 24] Too many open files)" in said and "Nothing was changed" in said
    assert students(course) == {"s000", "s002", "s003", "s004"}
    assert grade(course) == 0 and students(course) == {f"s{n:03d}" for n in range(STUDENTS)}


def test_no_kernel_for_anybody_ends_the_run_and_saves_nothing(course, monkeypatch, capsys):
    no_kernel_for(monkeypatch, {f"s{n:03d}" for n in range(STUDENTS)})
    assert grade(course) == 2
    assert "No kernel could be had" in capsys.readouterr().err
    assert students(course) == set() and not list((course / "autograded").glob("s*"))


def test_a_mistake_in_the_course_is_nobodys_zero(course, capsys):
    assert grade(course) == 0
    before = compare.gradebook(course)
    (course / "players.csv").write_text("student,player\ns001,anna\ns001,berta\n", encoding="utf-8")
    assert grade(course, "--force") == 2
    assert "players.csv" in capsys.readouterr().err
    assert compare.gradebook(course) == before


def test_sources_that_are_not_there_are_named(course, capsys):
    shutil.move(course / "source" / tiny.NAME, course / "elsewhere")
    assert grade(course) == 2
    assert "own folder is not there" in capsys.readouterr().err and students(course) == set()


def test_settings_that_the_release_has_and_the_source_has_not_are_named(course, capsys):
    (course / "release" / tiny.NAME / "assignment.yaml").write_text("format: 1\n", encoding="utf-8")
    assert grade(course) == 2
    assert "assignment.yaml" in capsys.readouterr().err and students(course) == set()


def test_an_execute_of_the_courses_own_is_refused_and_names_of_classes_are_taken(course, capsys):
    config = course / "nbgrader_config.py"
    plain = config.read_text(encoding="utf-8")
    config.write_text(plain + """
from nbgrader.preprocessors import Execute

class Mine(Execute):
    pass

c.Autograde.autograde_preprocessors = [Mine, *c.Autograde.autograde_preprocessors[1:]]
""", encoding="utf-8")
    assert grade(course) == 2
    assert "Mine" in (said := capsys.readouterr().err) and "cannot be shut in" in said and students(course) == set()
    config.write_text(plain + """
c.Autograde.autograde_preprocessors = ["nbgrader.preprocessors.Execute", "nbgrader.preprocessors.LimitOutput",
                                       "nbgrader.preprocessors.SaveAutoGrades", "nbgrader.preprocessors.AssignLatePenalties"]
""", encoding="utf-8")
    run = Run(course, tiny.NAME)
    assert [one.__name__ for one in for_the_run(converter_of(run.dirs, run.config))] == ["Execute", "LimitOutput"]
    assert grade(course, "--only", "s000") == 0 and students(course) == {"s000"}


def test_files_that_stand_in_the_way_of_the_instructors_are_left_out_and_named(course, capsys):
    for folder in ("source", "release"):
        (course / folder / tiny.NAME / "data").mkdir()
        (course / folder / tiny.NAME / "data" / "table.csv").write_text("a,b\n", encoding="utf-8")
    tiny.hand_in(course, "s000", tiny.answered(course), data="not a folder")
    folder = tiny.hand_in(course, "s001", tiny.answered(course)) / "data" / "table.csv"
    folder.mkdir(parents=True)
    (folder / "mine.csv").write_text("1\n", encoding="utf-8")
    assert grade(course) == 1
    said = capsys.readouterr().out
    assert "The file 'data' was left out" in said and "The file 'data/table.csv/mine.csv' was left out" in said
    assert students(course) == {f"s{n:03d}" for n in range(STUDENTS)}
    for student in ("s000", "s001"):
        assert (course / "autograded" / student / tiny.NAME / "data" / "table.csv").read_text(encoding="utf-8") == "a,b\n"


def test_a_gradebook_that_is_locked_midway_ends_the_run_though_nbgrader_calls_it_an_entry(course):
    ledger = Ledger(f"sqlite:///{course / 'gradebook.db'}", "tiny-course")
    with pytest.raises(CasebookError, match="locked|in use"), ledger.submission():
        try:
            raise OperationalError("INSERT", {}, Exception("database is locked"))
        except OperationalError as error:
            raise InvalidEntry("a student") from error
    ledger.close()


def test_a_folder_that_cannot_take_its_place_ends_the_run_and_keeps_the_grades(course, monkeypatch, capsys):
    stock = os.replace

    def replace(source, target):
        if Path(target).parent.name == "s002":
            raise OSError(errno.EXDEV, "Invalid cross-device link", str(target))
        stock(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace)
        assert grade(course) == 2
    assert "cannot be kept" in capsys.readouterr().err
    given = {row[:3:2]: row[3] for row in compare.gradebook(course)["grades"]}
    assert given["s002", "double_test"] == 2 and not (course / "autograded" / "s002" / tiny.NAME).exists()
    assert grade(course) == 0 and (course / "autograded" / "s002" / tiny.NAME).exists()


def test_a_graded_folder_from_before_is_away_while_grades_change(tmp_path):
    place, staging = tmp_path / "autograded" / "s001" / tiny.NAME, Staging(tmp_path / "autograded", tiny.NAME)
    place.mkdir(parents=True)
    (place / "old").touch()
    with staging.opened():
        new = staging.new("s001")
        (new / "new").touch()
        with pytest.raises(KeyError), staging.put(new, place):
            assert not place.exists()
            raise KeyError
        assert (place / "old").exists()
        with staging.put(new, place):
            pass
        assert [one.name for one in place.iterdir()] == ["new"]


def test_what_an_exporter_keeps_of_each_notebook_is_let_go(course, monkeypatch):
    made = []
    stock = desk.exporter_of
    monkeypatch.setattr(desk, "exporter_of", lambda *given: made.append(stock(*given)) or made[-1])
    assert grade(course) == 0
    assert len(made) == 2 and all(one._nb_metadata == {} for one in made)


@pytest.mark.timeout(120)
def test_workers_share_no_event_loop_with_the_process_that_they_were_forked_from(course):
    ensure_event_loop().run_until_complete(asyncio.sleep(0))
    assert main(["course", "grade", tiny.NAME, "--course", str(course), "--workers", "3"]) == 0
    assert students(course) == {f"s{n:03d}" for n in range(STUDENTS)}


def test_a_plug_in_is_found_beside_the_configuration_and_a_missing_one_is_named(course, capsys):
    with open(course / "nbgrader_config.py", "a", encoding="utf-8") as config:
        config.write('c.AssignLatePenalties.plugin_class = "late_here.OnePoint"\n')
    assert grade(course) == 2
    assert "late_here.OnePoint" in (said := capsys.readouterr().err) and "nbgrader_config.py" in said and students(course) == set()
    (course / "late_here.py").write_text(
        "from nbgrader.plugins import BasePlugin\n\nclass OnePoint(BasePlugin):\n    def late_submission_penalty(self, student_id, score, seconds):\n"
        "        return 1.0\n", encoding="utf-8")
    assert grade(course) == 0 and len(students(course)) == STUDENTS
