"""``casebook course export`` as it is typed, and the course folder that it reads."""

import argparse
import csv
import os

import pytest

from casebook.commands import export
from casebook.errors import CasebookError
from casebook.grading.folder import course_config, coursedir

from .gradebookkit import CLASS, gradebook
from .test_lms_canvas import FILE, file
from .test_lms_moodle import FILE as MOODLE

WHOLE = {"two-rooms": {each.id: (6.0, 4.0) for each in CLASS}}


def run(*words):
    """The exit code of the command."""
    top = argparse.ArgumentParser()
    export.add(top.add_subparsers())
    args = top.parse_args(["export", *map(str, words)])
    return args.run(args)


def test_the_exit_code_says_whether_something_is_left(tmp_path, capsys):
    gradebook(tmp_path / "whole", scores=WHOLE)
    gradebook(tmp_path / "part")
    path = file(tmp_path)
    assert run("--course", tmp_path / "whole", "--canvas", path, "-o", tmp_path / "a.csv") == 0
    said = capsys.readouterr().out
    assert "4 filled in" in said and f"Written: {tmp_path / 'a.csv'}." in said
    assert run("--course", tmp_path / "part", "--canvas", path, "-o", tmp_path / "b.csv") == 1
    assert "Still to be marked by hand (left out; --include-unfinished takes them): 1" in capsys.readouterr().out
    with pytest.raises(CasebookError):
        run("--course", tmp_path, "--canvas", path)


def test_the_choices_reach_the_export(tmp_path, capsys):
    gradebook(tmp_path / "course")
    path = file(tmp_path, MOODLE)
    code = run("--course", tmp_path / "course", "--moodle", path, "-o", tmp_path / "out.csv", "--assignment", "two-rooms",
               "--match", "Email address", "--column", "two-rooms=Course total (Real)", "--points", "two-rooms=20",
               "--scale", "--include-unfinished", "--missing-as-zero", "--decimal-comma", "--encoding", "utf-8")
    assert code == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as text:
        found = {row["Email address"]: row["Course total (Real)"] for row in csv.DictReader(text)}
    assert found == {"ana@uni.example": "14,5", "bo@uni.example": "20", "chen@uni.example": "6", "Dee@Uni.example": "0"}
    assert run("--course", tmp_path / "course", "--moodle", tmp_path / "out.csv", "--overwrite", "--dry-run",
               "--column", "two-rooms=Course total (Real)") == 1
    assert "A trial run" in capsys.readouterr().out
    assert not (tmp_path / "out.filled.csv").exists()


def test_a_plain_table(tmp_path, capsys, monkeypatch):
    gradebook(tmp_path / "course")
    monkeypatch.chdir(tmp_path)
    assert run("--course", "course", "--csv") == 0
    with open("grades.csv", encoding="utf-8", newline="") as text:
        assert {row["last_name"] for row in csv.DictReader(text)} == {each.last_name for each in CLASS}
    with pytest.raises(CasebookError, match="left as it is"):
        run("--course", "course", "--csv")
    with pytest.raises(CasebookError, match="no assignment 'nope'"):
        run("--course", "course", "--csv", "-o", "other.csv", "--assignment", "nope")
    with pytest.raises(CasebookError, match="there is no --column or --scale"):
        run("--course", "course", "--csv", "-o", "other.csv", "--scale", "--column", "a=b")
    assert sorted(os.listdir()) == ["course", "grades.csv"]


@pytest.mark.parametrize("words", [
    [], ["--canvas", "a", "--moodle", "b"], ["--canvas", "a", "--column", "x"],
    ["--canvas", "a", "--points", "x=0"], ["--canvas", "a", "--points", "x=nan"], ["--canvas", "a", "--points", "x=y"]])
def test_words_that_cannot_be_meant_are_refused(words, capsys):
    with pytest.raises(SystemExit) as caught:
        run(*words)
    assert caught.value.code == 2 and "usage" in capsys.readouterr().err


def test_a_missing_file_is_said(tmp_path):
    gradebook(tmp_path)
    with pytest.raises(CasebookError, match="cannot be read: No such file"):
        run("--course", tmp_path, "--canvas", tmp_path / "nope.csv")


def configured(folder, text):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nbgrader_config.py").write_text("c = get_config()\n" + text, encoding="utf-8")
    return folder


def test_a_course_folder_is_read_as_nbgrader_reads_it(tmp_path, monkeypatch):
    folder = configured(tmp_path / "course", 'c.CourseDirectory.course_id = "mba"\nc.CourseDirectory.source_directory = "src"\n')
    configured(tmp_path / "elsewhere", 'c.CourseDirectory.course_id = "other"\n')
    monkeypatch.chdir(tmp_path / "elsewhere")
    found = coursedir("../course")
    assert (found.course_id, found.source_directory) == ("mba", "src")
    assert found.root == str(folder.resolve()) and found.db_url == f"sqlite:///{folder.resolve()}/gradebook.db"
    assert course_config(folder).CourseDirectory.course_id == "mba"
    assert os.getcwd() == str(tmp_path / "elsewhere")


def test_a_relative_gradebook_is_meant_from_the_course(tmp_path, monkeypatch):
    folder = configured(tmp_path / "course", 'c.CourseDirectory.db_url = "sqlite:///marks.db"\n')
    monkeypatch.chdir(tmp_path)
    assert coursedir("course").db_url == f"sqlite:///{folder.resolve()}/marks.db"


def test_another_database_is_left_as_it_is(tmp_path):
    folder = configured(tmp_path, 'c.CourseDirectory.db_url = "postgresql://a:b@host/grades"\n')
    assert coursedir(folder).db_url == "postgresql://a:b@host/grades"


def test_a_configuration_may_import_a_module_beside_it(tmp_path):
    folder = configured(tmp_path, "import beside_it\nc.CourseDirectory.course_id = beside_it.NAME\n")
    (folder / "beside_it.py").write_text('NAME = "mba"\n')
    assert coursedir(folder).course_id == "mba"


@pytest.mark.parametrize("text, said", [
    ("c.CourseDirectory.db_url = 3\n", "does not run.*db_url"),
    ("1 / 0\n", "does not run: division by zero"),
    ("nonsense(\n", "does not run"),
    ('c.CourseDirectory.db_url = "nonsense"\n', "db_url is not the address of a database")])
def test_a_configuration_that_does_not_run_is_said(tmp_path, text, said):
    with pytest.raises(CasebookError, match=said):
        coursedir(configured(tmp_path, text))


def test_a_folder_that_is_no_course_is_said(tmp_path):
    with pytest.raises(CasebookError, match="no course folder"):
        coursedir(tmp_path)


def test_the_file_is_never_changed(tmp_path):
    gradebook(tmp_path / "course")
    path = file(tmp_path)
    run("--course", tmp_path / "course", "--canvas", path)
    assert path.read_bytes() == FILE.encode()
