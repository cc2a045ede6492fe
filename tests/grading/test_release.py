"""The students' version: made by nbgrader, the same as what is committed, and without an answer."""

import json
import re
import shutil

import pytest

from casebook.cli import main
from casebook.errors import CasebookError
from casebook.grading.release import release

from .kit import ROOT, SOLUTIONS, load, text

EXERCISES = ROOT / "exercises"
NAMES = sorted(path.parent.name for path in SOLUTIONS.glob("*/*.ipynb"))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    to = tmp_path_factory.mktemp("release")
    release(SOLUTIONS, to)
    return to


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != "README.md"}


def test_there_is_an_assignment_for_the_roles_and_for_each_case():
    from casebook import case as cases

    assert set(NAMES) == {"roles", *cases.bundled()}


def test_what_is_committed_is_what_the_source_gives(made):
    assert files(EXERCISES) == files(made), "run `casebook release`"


@pytest.mark.parametrize("name", NAMES)
def test_no_answer_hidden_test_or_note_reaches_a_student(made, name):
    source = load(SOLUTIONS / name / f"{name}.ipynb")
    handed = b"".join(files(made / name).values()).decode("utf-8")
    assert "BEGIN" not in handed and "HIDDEN" not in handed and "MARK SCHEME" not in handed
    plain = handed.replace("\\n", "\n").replace('\\"', '"')
    # A line of a hidden test that only fetches the student's own data stands in open cells as well.
    given = {line.strip() for cell in source["cells"] for line in OPEN.sub("", text(cell)).splitlines()}
    secrets = 0
    for cell in source["cells"]:
        for block in re.findall(r"### BEGIN (?:HIDDEN TESTS|SOLUTION)\n(.*?)### END", text(cell), re.DOTALL):
            for line in filter(None, map(str.strip, block.splitlines())):
                if len(line) > 25 and line not in given:
                    secrets += 1
                    assert line not in plain, line
    assert secrets >= 10


OPEN = re.compile(r"### BEGIN (HIDDEN TESTS|SOLUTION)\n.*?### END (HIDDEN TESTS|SOLUTION)", re.DOTALL)


@pytest.mark.parametrize("name", NAMES)
def test_every_task_is_one_line_or_a_text(made, name):
    for cell in load(made / name / f"{name}.ipynb")["cells"]:
        known = cell["metadata"].get("nbgrader", {})
        if known.get("solution") and cell["cell_type"] == "code":
            lines = [line for line in text(cell).splitlines() if line.strip() and not line.strip().startswith("#")]
            open_lines = [line for line in lines if "..." in line]
            assert len(open_lines) == 1 and re.fullmatch(r"\w+ = (\.\.\.|checks\.\w+\(.*\))", open_lines[0]), lines
            assert len(lines) <= 2


@pytest.mark.parametrize("name", NAMES)
def test_above_every_task_stands_a_worked_example(name):
    cells = load(SOLUTIONS / name / f"{name}.ipynb")["cells"]
    shown = ""
    for cell in cells:
        known = cell["metadata"].get("nbgrader", {})
        if known.get("solution") and cell["cell_type"] == "code":
            variable = text(cell).split("=")[0].strip()
            assert "orked example" in shown or "xample" in shown, variable
        if cell["cell_type"] == "markdown":
            shown = text(cell) if text(cell).startswith("## ") else shown + text(cell)


@pytest.mark.parametrize("name", NAMES)
def test_a_rubric_of_levels_stands_above_what_is_marked_by_hand(made, name):
    cells = load(made / name / f"{name}.ipynb")["cells"]
    for above, cell in zip(cells, cells[1:], strict=False):
        known = cell["metadata"].get("nbgrader", {})
        if known.get("grade") and known.get("solution"):
            rows = [line for line in text(above).splitlines() if line.startswith("|")]
            assert len(rows) >= 3, known["grade_id"]
            if known["grade_id"] == "memo" and name != "roles":
                assert len(rows) == 2 + 4 and all(row.count("|") == 6 for row in rows)


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_unique_and_the_points_add_up(name):
    known = [cell["metadata"]["nbgrader"] for cell in load(SOLUTIONS / name / f"{name}.ipynb")["cells"] if cell["metadata"].get("nbgrader")]
    ids = [one["grade_id"] for one in known]
    assert len(ids) == len(set(ids))
    assert sum(one["points"] for one in known if one["grade"]) == (30 if name == "roles" else 50)


def test_nothing_of_the_answers_is_in_a_package_that_students_install():
    answers = set()
    for name in NAMES:
        for cell in load(SOLUTIONS / name / f"{name}.ipynb")["cells"]:
            for block in re.findall(r"BEGIN HIDDEN TESTS\n(.*?)### END", text(cell), re.DOTALL):
                answers |= {line.strip() for line in block.splitlines() if "checks." in line and len(line) > 40}
    package = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "casebook").rglob("*") if path.suffix in (".py", ".yaml", ".md", ".json") and path.name != "teaching-note.md")
    assert answers and not [line for line in answers if line in package]


def test_a_private_overlay_takes_the_place_of_what_is_open(tmp_path):
    overlay = tmp_path / "private"
    (overlay / "two-rooms").mkdir(parents=True)
    book = load(SOLUTIONS / "two-rooms" / "two-rooms.ipynb")
    book["cells"][0]["source"] = ["# Our own two rooms"]
    (overlay / "two-rooms" / "two-rooms.ipynb").write_text(json.dumps(book), encoding="utf-8")
    release(SOLUTIONS, tmp_path / "out", ["two-rooms"], overlay)
    assert text(load(tmp_path / "out" / "two-rooms" / "two-rooms.ipynb")["cells"][0]) == "# Our own two rooms"
    assert (tmp_path / "out" / "two-rooms" / "assignment.yaml").exists()


def test_files_that_are_not_part_of_a_release_are_left_alone(tmp_path):
    (tmp_path / "roles").mkdir()
    (tmp_path / "roles" / "mine.txt").write_text("kept")
    release(SOLUTIONS, tmp_path, ["roles"])
    assert (tmp_path / "roles" / "mine.txt").read_text() == "kept"


def test_a_check_writes_nothing_and_says_what_would_change(tmp_path, capsys):
    assert main(["release", "roles", "--from", str(SOLUTIONS), "--to", str(tmp_path), "--check"]) == 1
    assert not list(tmp_path.iterdir()) and "roles: would change" in capsys.readouterr().out
    assert main(["release", "roles", "--from", str(SOLUTIONS), "--to", str(tmp_path)]) == 0
    assert main(["release", "roles", "--from", str(SOLUTIONS), "--to", str(tmp_path), "--check"]) == 0
    assert "roles: nothing changed." in capsys.readouterr().out


def test_nothing_is_written_over_the_instructors_version(tmp_path):
    shutil.copytree(SOLUTIONS / "roles", tmp_path / "source" / "roles")
    for to in (tmp_path / "source", tmp_path / "source" / "inside", tmp_path):
        with pytest.raises(CasebookError, match="written over the instructor's"):
            release(tmp_path / "source", to)
    assert "BEGIN SOLUTION" in (tmp_path / "source" / "roles" / "roles.ipynb").read_text(encoding="utf-8")


@pytest.mark.parametrize("slip", ["two_rooms/assignment.yaml", "two-rooms.ipynb"])
def test_an_overlay_that_would_change_nothing_is_refused(tmp_path, slip):
    path = tmp_path / "private" / slip
    path.parent.mkdir(parents=True)
    path.write_text("format: 1\n", encoding="utf-8")
    with pytest.raises(CasebookError, match="in the overlay belongs to no assignment"):
        release(SOLUTIONS, tmp_path / "out", ["two-rooms"], tmp_path / "private")


def test_a_release_that_fails_leaves_the_one_before(tmp_path):
    from casebook.grading.course import new_course
    from casebook.grading.release import release_course

    course = tmp_path / "course"
    new_course(course, names=["roles"])
    release_course(course)
    before = files(course / "release")
    source = course / "source" / "roles" / "roles.ipynb"
    source.write_text(source.read_text(encoding="utf-8").replace("### END SOLUTION", "### ENDE", 1), encoding="utf-8")
    with pytest.raises(CasebookError, match="could not make the students' version of 'roles'"):
        release_course(course)
    assert files(course / "release") == before


def test_what_cannot_be_released_is_said(tmp_path):
    with pytest.raises(CasebookError, match="no assignment 'nope'.*roles"):
        release(SOLUTIONS, tmp_path, ["nope"])
    (tmp_path / "file").write_text("kept")
    with pytest.raises(CasebookError, match="It cannot be written"):
        release(SOLUTIONS, tmp_path / "file", ["roles"])
    with pytest.raises(CasebookError, match="no such folder"):
        release(tmp_path / "nowhere", tmp_path / "out")
    shutil.copytree(SOLUTIONS / "roles", tmp_path / "bad" / "roles")
    path = tmp_path / "bad" / "roles" / "roles.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("### END SOLUTION", "### ENDE", 1), encoding="utf-8")
    with pytest.raises(CasebookError, match="could not make the students' version of 'roles'"):
        release(tmp_path / "bad", tmp_path / "out")
