"""A new course: a folder that nbgrader opens as it is, and what is refused before anything is made."""

import subprocess
import sys

import pytest
from nbgrader.api import Gradebook

from casebook.cli import main
from casebook.errors import CasebookError
from casebook.grading.course import new_course, read_roster
from casebook.grading.folder import coursedir
from casebook.grading.players import players
from casebook.grading.plugins import Execute, OwnPlay

from .kit import run

ROSTER = 'student_id,first_name,last_name,email,player\ns1,Zoë,"O\'Brien, jr.",zoe@x.example,\ns2,Bo,Li,,bo.li\n'


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "class.csv"
    path.write_text(ROSTER, encoding="utf-8")
    return path


def test_a_course_has_its_assignments_students_and_configuration(tmp_path, roster, capsys):
    course = tmp_path / "MBA 2026"
    assert main(["course", "new", str(course), "--students", str(roster), "--assignment", "roles", "--assignment", "two-rooms"]) == 0
    assert "with 2 assignments: roles, two-rooms" in capsys.readouterr().out
    assert sorted(path.name for path in course.iterdir()) == ["README.md", "gradebook.db", "nbgrader_config.py", "players.csv", "source"]
    here = coursedir(course)
    assert here.course_id == "MBA-2026" and players(course) == {"s2": "bo.li"}
    with Gradebook(here.db_url, here.course_id) as gradebook:
        assert {(one.id, one.first_name, one.last_name, one.email) for one in gradebook.students} == {
            ("s1", "Zoë", "O'Brien, jr.", "zoe@x.example"), ("s2", "Bo", "Li", None)}


def test_nbgrader_itself_reads_the_folder(tmp_path):
    new_course(tmp_path / "course", names=["roles"])
    said = run("nbgrader", "generate_assignment", "roles", cwd=tmp_path / "course")
    assert "roles.ipynb" in said
    released = tmp_path / "course" / "release" / "roles"
    assert {path.name for path in released.iterdir()} >= {"roles.ipynb", "assignment.yaml", "as-released.json"}
    run("nbgrader", "validate", str(released / "roles.ipynb"), cwd=tmp_path / "course", expect=None)


def test_the_parts_of_grading_stand_in_order():
    from traitlets.config import Config

    from casebook.grading.configure import configure

    config = Config()
    configure(config)
    names = [one.__name__ for one in config.Autograde.autograde_preprocessors]
    assert names.index("Execute") < names.index("OwnPlay") < names.index("SaveAutoGrades")
    assert config.Autograde.autograde_preprocessors[0] is Execute and OwnPlay in config.Autograde.autograde_preprocessors


def test_private_files_take_the_place_of_open_ones(tmp_path):
    (tmp_path / "private" / "roles").mkdir(parents=True)
    (tmp_path / "private" / "roles" / "assignment.yaml").write_text("format: 1\ntitle: Ours\n", encoding="utf-8")
    new_course(tmp_path / "course", names=["roles"], overlay=tmp_path / "private")
    assert (tmp_path / "course" / "source" / "roles" / "assignment.yaml").read_text(encoding="utf-8") == "format: 1\ntitle: Ours\n"
    assert (tmp_path / "course" / "source" / "roles" / "roles.ipynb").exists()


@pytest.mark.parametrize(("text", "said"), [
    ("student_id\ns1\nS1\n", "class.csv:3: The student 'S1' stands there twice"), ("student_id,first_name\n,Bo\n", "class.csv:2: There is no student_id"),
    ("name\nBo\n", "There is no student_id"), ("student_id\n../x\n", "cannot be the name of a folder"), ("student_id\n.x\n", "cannot be the name of a folder")])
def test_a_class_list_that_is_wrong_is_told_by_its_line(tmp_path, text, said):
    path = tmp_path / "class.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CasebookError) as caught:
        new_course(tmp_path / "course", students=path)
    assert said in str(caught.value) and not (tmp_path / "course").exists()


def test_a_class_list_from_a_spreadsheet_is_read(tmp_path):
    path = tmp_path / "class.csv"
    path.write_bytes(b"\xef\xbb\xbf" + ROSTER.replace("\n", "\r\n").encode())
    assert [one.id for one in read_roster(path)] == ["s1", "s2"]
    path.write_bytes(ROSTER.encode("utf-16"))
    with pytest.raises(CasebookError, match="Save it as CSV in UTF-8"):
        read_roster(path)


def test_what_cannot_be_made_is_refused_before_it_is_begun(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("kept")
    with pytest.raises(CasebookError, match="not an empty folder"):
        new_course(tmp_path / "full")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]
    (tmp_path / "file").write_text("kept")
    with pytest.raises(CasebookError, match="not an empty folder"):
        new_course(tmp_path / "file")
    with pytest.raises(CasebookError, match="gradebook"):
        new_course(tmp_path / "new", names=["roles"], db_url="sqlite:////no/such/folder/x.db")
    with pytest.raises(CasebookError, match="no assignment 'nope'"):
        new_course(tmp_path / "new", names=["nope"])
    with pytest.raises(CasebookError, match="--solutions REPOSITORY/solutions"):
        new_course(tmp_path / "new", solutions=tmp_path / "nowhere")
    assert not (tmp_path / "new").exists()


def test_without_a_step_the_steps_are_listed(capsys):
    assert main(["course"]) == 2
    said = capsys.readouterr().out
    assert "new" in said and "doctor" in said and "export" in said


WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "nbgrader":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
from casebook.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("words", [["course", "new", "x"], ["course", "doctor"], ["release"], ["course", "export", "--csv"]], ids=" ".join)
def test_without_nbgrader_the_way_to_get_it_is_told(tmp_path, words):
    done = subprocess.run([sys.executable, "-c", WITHOUT, *words], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2 and "client-casebook[grade]" in done.stderr and "Traceback" not in done.stderr


def test_a_student_needs_no_nbgrader_for_the_checks(tmp_path):
    script = WITHOUT.split("from casebook.cli")[0] + "from casebook.grading import checks\nprint(checks.choice('A', 'A', '', points=2))"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.strip() == "2.0", done.stderr
