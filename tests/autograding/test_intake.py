"""Intake: every damage gives a notebook that nbgrader takes, with every score, and says what was wrong."""

import copy
import json
import os
import shutil
import socket
import sys
from importlib.machinery import EXTENSION_SUFFIXES

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    Execute,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from nbgrader.utils import determine_grade

from casebook.autograding.intake import read_submission
from casebook.autograding.reasons import about
from casebook.autograding.screen import FileLimits, copy_files
from casebook.grading.course import new_course
from casebook.grading.folder import course_config, coursedir
from casebook.grading.handedout import HandedOut, read_handed_out
from casebook.grading.release import release_course
from tests.grading.kit import cell_of, id_of, paper, text

from .damage import DAMAGES, dumped

NAME = "roles"
MEMO = "Grüße aus Zürich: your first eight weeks."
by_name = {one.name: one for one in DAMAGES}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("intake") / "course"
    new_course(folder, names=[NAME])
    release_course(folder)
    return folder


@pytest.fixture(scope="module")
def exam(course):
    return paper(NAME, course)


@pytest.fixture(scope="module")
def out(course):
    return read_handed_out(course / "release" / NAME, NAME, coursedir(course).ignore)


def answered(exam):
    book = exam.answered("mia")
    cell_of(book, "memo")["source"] = MEMO
    return book


def handed(folder, raw, name=f"{NAME}.ipynb"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(raw)
    return folder


def through_stock(course, node, student="x"):
    """What nbgrader does before and after it runs a notebook, on this one; gives its grades."""
    db, config = coursedir(course).db_url, course_config(course)
    resources = {"nbgrader": {"student": student, "assignment": NAME, "notebook": NAME, "db_url": db}}
    node = copy.deepcopy(node)
    with Gradebook(db) as gradebook:
        if any(one.student.id == student for one in gradebook.assignment_submissions(NAME)):
            gradebook.remove_submission(NAME, student)
        gradebook.update_or_create_student(student)
        gradebook.update_or_create_submission(NAME, student)
    for part in (ClearOutput, DeduplicateIds, OverwriteKernelspec, OverwriteCells, CheckCellMetadata):
        node, resources = part(config=config).preprocess(node, resources)
    node = nbformat.reads(nbformat.writes(node).encode("utf-8").decode("utf-8"), as_version=4)
    sanitized = copy.deepcopy(node)
    for part in (SaveAutoGrades, CheckCellMetadata):
        node, resources = part(config=config).preprocess(node, resources)
    with Gradebook(db) as gradebook:
        grades = {one.name: (one.auto_score, bool(one.needs_manual_grade))
                  for one in gradebook.find_submission_notebook(NAME, NAME, student).grades}
    return sanitized, grades


@pytest.fixture(scope="module")
def whole(course, exam, out, tmp_path_factory):
    """An undamaged submission, as nbgrader has it after its first steps, and its grades."""
    folder = handed(tmp_path_factory.mktemp("whole"), dumped(answered(exam)))
    intake = read_submission(folder, out, NAME)
    assert intake.reasons == () and intake.worst == "" and intake.taken == f"{NAME}.ipynb"
    assert intake.notebook == nbformat.read(folder / f"{NAME}.ipynb", as_version=4)
    return through_stock(course, intake.notebook)


def test_an_undamaged_notebook_is_what_nbgrader_reads(whole, exam):
    assert set(whole[1]) == set(exam.graded())


def ids(node):
    return [id_of(cell) for cell in node.cells if id_of(cell)]


def wanted(damage, answers, there):
    """The answers that this damage must leave."""
    if damage.kept == "none":
        return {}
    if damage.kept == "before":
        return {id: answers[id] for id in ("who", "reading_1")}
    if damage.kept.startswith("but "):
        return {id: answer for id, answer in answers.items() if id != damage.kept[4:]}
    if damage.kept == "others":
        return {id: answer for id, answer in answers.items() if id != "reading_3"}
    if damage.kept == "scored":
        return {"memo": answers["memo"]}
    return {id: answer for id, answer in answers.items() if damage.kept != "text" or answer.isascii() or id == "memo"}


@pytest.mark.parametrize("damage", DAMAGES, ids=str)
def test_each_damage(damage, course, exam, out, whole, tmp_path):
    book = answered(exam)
    answers = {id: text(cell_of(book, id)) for id in exam.answers}
    raw = damage.spoil(book)
    if damage.name == "a number too long":
        raw = raw.replace(b'"LONG"', b"1" * 5000)
    folder = handed(tmp_path / "in", raw)
    intake = read_submission(folder, out, NAME)
    assert (folder / f"{NAME}.ipynb").read_bytes() == raw
    if damage.kinds is not None and (damage.kinds or intake.worst not in ("", "note")):
        assert {one.kind for one in intake.reasons} == set(damage.kinds)
    if damage.kinds or damage.kinds is None:
        assert intake.worst == damage.severity
    # told at the top exactly where it is more than a note
    first = intake.notebook.cells[0].source
    assert first.startswith("**About this notebook**") == (damage.severity in ("problem", "lost"))
    assert all(one.text[0].isupper() or one.text[0] in "'0123456789" for one in intake.reasons)
    # nbgrader takes it, and every cell that earns points has a score
    sanitized, grades = through_stock(course, intake.notebook)
    assert set(grades) == set(exam.graded())
    assert all(grades[id][0] is not None for id in exam.automatic())
    assert all(grades[id] in ((0, False), (None, True)) for id in set(exam.graded()) - set(exam.automatic()))
    found = [id for id in ids(sanitized) if id in exam.graded()]
    assert sorted(found) == sorted(exam.graded()), "each scored cell once"
    # tests are the instructor's own, in kind, in text and in points
    for id in exam.automatic():
        mine, stock = cell_of(sanitized, id), cell_of(whole[0], id)
        assert (mine.cell_type, mine.source, mine.metadata.nbgrader) == (stock.cell_type, stock.source, stock.metadata.nbgrader)
        assert "skip-execution" not in mine.metadata.get("tags", [])
    for id, answer in wanted(damage, answers, ids(sanitized)).items():
        assert cell_of(sanitized, id).source == answer, id
    if damage.severity == "lost":
        assert grades["memo"] == (0, False) and cell_of(sanitized, "memo").source == text(cell_of(exam.released, "memo"))


def test_the_table_is_long_enough():
    assert len(by_name) == len(DAMAGES) >= 30


def by_stock(course, root, raw):
    """What nbgrader, as it comes, does with a submission until it would start a kernel, and what it logs."""
    shutil.copytree(course, root, ignore=shutil.ignore_patterns("submitted", "autograded"))
    handed(root / "submitted" / "mia" / NAME, raw)
    config = course_config(root)
    config.Autograde.autograde_preprocessors = [SaveAutoGrades, CheckCellMetadata]
    config.OverwriteCells.add_missing_cells = False
    done = NbGraderAPI(coursedir(root), config=config).autograde(NAME, "mia", create=True)
    assert done["success"] == (root / "autograded" / "mia" / NAME / f"{NAME}.ipynb").exists()
    return done["success"], done["log"]


@pytest.mark.parametrize("damage", [one for one in DAMAGES if one.stock], ids=str)
def test_nbgrader_itself_loses_it(damage, course, exam, tmp_path):
    graded, log = by_stock(course, tmp_path / "course", damage.spoil(answered(exam)))
    assert not graded
    stops = any(word in log for word in ("use an old version", "use an newer version"))
    assert stops == (damage.stock == "stops"), log[-800:]


def test_nbgrader_grades_an_undamaged_one(course, exam, tmp_path):
    assert by_stock(course, tmp_path / "course", dumped(answered(exam)))[0]


def test_nbgrader_gives_full_points_to_a_test_that_is_told_to_be_skipped():
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("assert False", metadata={
        "tags": ["skip-execution"], "nbgrader": {"grade": True, "solution": False, "locked": True, "points": 2, "grade_id": "t", "schema_version": 3, "task": False}})])
    node, _ = Execute().preprocess(node, {"metadata": {}})
    assert determine_grade(node.cells[0]) == (2, 2)


def test_answers_of_a_truncated_notebook_earn_their_points(course, exam, out, tmp_path):
    """What intake gives is graded by nbgrader, run and all."""
    root = tmp_path / "course"
    shutil.copytree(course, root, ignore=shutil.ignore_patterns("submitted", "autograded"))
    for name, student in (("truncated half-way", "cut"), ("an answer copied as it was", "copied")):
        raw = by_name[name].spoil(exam.answered(student))
        node = read_submission(handed(tmp_path / student, raw), out, NAME).notebook
        folder = root / "submitted" / student / NAME
        shutil.copytree(root / "release" / NAME, folder)
        nbformat.write(node, folder / f"{NAME}.ipynb")
        assert NbGraderAPI(coursedir(root), config=course_config(root)).autograde(NAME, student, create=True)["success"]
    with Gradebook(coursedir(root).db_url) as gradebook:
        scores = {student: {one.name: one.auto_score for one in gradebook.find_submission_notebook(NAME, NAME, student).grades}
                  for student in ("cut", "copied")}
    assert scores["copied"]["reading_1_test"] == 2 and sum(score or 0 for score in scores["copied"].values()) == sum(exam.automatic().values())
    assert scores["cut"]["reading_1_test"] == 2 and scores["cut"]["tryout_test"] == 0 and scores["cut"]["memo"] == 0


# the notebook's name


def test_one_notebook_under_another_name_is_taken(exam, out, tmp_path):
    folder = handed(tmp_path / "in", dumped(answered(exam)), "Roles (final).ipynb")
    intake = read_submission(folder, out, NAME)
    assert intake.taken == "Roles (final).ipynb" and [one.kind for one in intake.reasons] == ["renamed"]
    assert cell_of(intake.notebook, "memo").source == MEMO and "Roles (final).ipynb" in intake.notebook.cells[0].source


@pytest.mark.parametrize("name", ["roles.ipynb.txt", "ROLES.IPYNB", "roles.json", "work/roles.ipynb", "roles.ipynb.ipynb"])
def test_other_names_and_places(exam, out, tmp_path, name):
    folder = handed((tmp_path / "in" / name).parent, dumped(answered(exam)), name.rpartition("/")[2])
    intake = read_submission(tmp_path / "in", out, NAME)
    assert intake.taken == name and cell_of(intake.notebook, "memo").source == MEMO and folder.exists()


def test_of_several_the_one_that_holds_most_answers_is_taken(exam, out, tmp_path):
    folder = handed(tmp_path / "in", dumped(exam.released), "roles (1).ipynb")
    handed(folder, dumped(answered(exam)), "roles (2).ipynb")
    handed(folder, dumped({**exam.released, "cells": []}), "notes.ipynb")
    intake = read_submission(folder, out, NAME)
    assert intake.taken == "roles (2).ipynb"
    assert sorted(one.kind for one in intake.reasons) == ["renamed", "unknown-notebook", "unknown-notebook"]


def test_an_empty_notebook_beside_a_good_one(exam, out, tmp_path):
    folder = handed(tmp_path / "in", b"")
    handed(folder, dumped(answered(exam)), "roles-Copy1.ipynb")
    intake = read_submission(folder, out, NAME)
    assert intake.taken == "roles-Copy1.ipynb" and intake.worst == "problem"
    assert cell_of(intake.notebook, "memo").source == MEMO


def test_the_notebook_counts_and_not_a_better_one_beside_it(exam, out, tmp_path):
    folder = handed(tmp_path / "in", dumped(exam.released))
    handed(folder, dumped(answered(exam)), "roles-Copy1.ipynb")
    intake = read_submission(folder, out, NAME)
    assert intake.taken == f"{NAME}.ipynb" and intake.worst == "note" and intake.notebook.cells[0].source.startswith("#")


def test_nothing_handed_in(course, out, exam, tmp_path):
    (tmp_path / "in").mkdir()
    intake = read_submission(tmp_path / "in", out, NAME)
    assert [(one.kind, one.severity) for one in intake.reasons] == [("missing-notebook", "lost")] and intake.taken == ""
    assert set(through_stock(course, intake.notebook)[1]) == set(exam.graded())
    assert read_submission(tmp_path / "nowhere", out, NAME).worst == "lost"


def test_a_folder_that_is_a_link_is_not_followed(exam, out, tmp_path):
    handed(tmp_path / "other", dumped(answered(exam)))
    (tmp_path / "in").symlink_to(tmp_path / "other")
    intake = read_submission(tmp_path / "in", out, NAME)
    assert [one.kind for one in intake.reasons] == ["link"] and cell_of(intake.notebook, "memo").source != MEMO


# the files beside it


@pytest.fixture
def sent(exam, tmp_path):
    return handed(tmp_path / "in", dumped(answered(exam)))


def kinds(intake):
    return sorted(one.kind for one in intake.reasons)


def test_plain_files_go_along_and_nothing_else(sent, out, course, tmp_path):
    (sent / "data").mkdir()
    (sent / "data" / "own.csv").write_text("a,b\n")
    (sent / "helper.py").write_text("x = 1\n")
    (sent / "__pycache__").mkdir()
    (sent / "__pycache__" / "helper.pyc").write_bytes(b"x")
    (sent / "Grüße.txt").write_text("x")
    intake = read_submission(sent, out, NAME)
    assert sorted(intake.files) == ["Grüße.txt", "data/own.csv", "helper.py"] and intake.reasons == ()
    copy_files(intake.files, tmp_path / "to")
    assert (tmp_path / "to" / "data" / "own.csv").read_text() == "a,b\n"


def test_links_are_left_out_and_not_read(sent, out, course, tmp_path):
    secret = course / "gradebook.db"
    (sent / "book.db").symlink_to(secret)
    (sent / "all").symlink_to(course, target_is_directory=True)
    (sent / "loop").symlink_to(sent)
    (sent / "gone.txt").symlink_to(tmp_path / "nowhere")
    os.link(secret, sent / "hard.db")
    intake = read_submission(sent, out, NAME)
    assert intake.files == {} and kinds(intake) == ["link"] * 5 and intake.worst == "problem"
    assert intake.notebook.cells[0].source.count("was left out") == 5


def test_a_notebook_that_is_a_link_is_not_read(exam, out, course, tmp_path):
    handed(tmp_path / "other", dumped(answered(exam)))
    for make in (os.symlink, os.link):
        folder = tmp_path / make.__name__
        folder.mkdir()
        make(tmp_path / "other" / f"{NAME}.ipynb", folder / f"{NAME}.ipynb")
        intake = read_submission(folder, out, NAME)
        assert kinds(intake) == ["link", "missing-notebook"] and cell_of(intake.notebook, "memo").source != MEMO


def test_two_names_of_one_file_within_the_folder_are_harmless(sent, out):
    (sent / "a.csv").write_text("a\n")
    os.link(sent / "a.csv", sent / "b.csv")
    intake = read_submission(sent, out, NAME)
    assert sorted(intake.files) == ["a.csv", "b.csv"] and intake.reasons == ()


def test_what_is_no_file_is_left_out(sent, out):
    os.mkfifo(sent / "pipe")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(os.path.relpath(sent / "sock"))
        intake = read_submission(sent, out, NAME)
    assert intake.files == {} and kinds(intake) == ["special-file"] * 2


def test_a_pipe_in_place_of_the_notebook_does_not_hang(out, tmp_path):
    (tmp_path / "in").mkdir()
    os.mkfifo(tmp_path / "in" / f"{NAME}.ipynb")
    assert read_submission(tmp_path / "in", out, NAME).worst == "lost"


@pytest.mark.parametrize("name", [b"a\nb.txt", b"a\tb", b"\x1b[31m.txt", b"\xff\xfe.txt", "x\u202etxt.py".encode(), b"a\\b", b"x" * 250, b"a\x7fb"])
def test_odd_names_are_left_out(sent, out, name):
    with open(os.path.join(os.fsencode(sent), name), "wb") as file:
        file.write(b"x")
    intake = read_submission(sent, out, NAME)
    assert intake.files == {} and kinds(intake) == ["odd-name"]
    intake.notebook.cells[0].source.encode("utf-8")
    json.dumps([one.record() for one in intake.reasons], ensure_ascii=False).encode("utf-8")


def test_too_deep_a_folder(sent, out):
    deep = sent.joinpath(*"abcdefghijklmnop")
    deep.mkdir(parents=True)
    (deep / "x.txt").write_text("x")
    intake = read_submission(sent, out, NAME)
    assert intake.files == {} and kinds(intake) == ["odd-name"]


@pytest.mark.parametrize("name", ["casebook.py", "numpy.py", "pandas/__init__.py", "plotly.py", "json.py", "sitecustomize.py", "ipywidgets/__init__.py",
                                  f"json{EXTENSION_SUFFIXES[0]}", "casebook/__init__.py", "usercustomize.py", "IPython.so", "statistics.py", "profile_default/startup/a.py"])
def test_files_that_python_would_take_for_a_module_are_left_out(sent, out, name):
    (sent / name).parent.mkdir(parents=True, exist_ok=True)
    (sent / name).write_text("def own(*a): return 1.0\n")
    intake = read_submission(sent, out, NAME)
    assert intake.files == {} and kinds(intake) == ["shadowing"] and intake.worst == "problem"


@pytest.mark.parametrize("name", ["pandas/data.csv", "json.csv", "numpy.txt", "mine/json.py", "my_numpy.py", "json"])
def test_files_that_only_look_so_go_along(sent, out, name):
    (sent / name).parent.mkdir(parents=True, exist_ok=True)
    (sent / name).write_text("x")
    assert list(read_submission(sent, out, NAME).files) == [name]


def test_a_module_that_was_handed_out_goes_along(sent, out):
    from dataclasses import replace

    (sent / "statistics.py").write_text("x = 1")
    own = replace(out, files=out.files | {"statistics.py"})
    assert list(read_submission(sent, own, NAME).files) == ["statistics.py"]


def test_every_module_that_checks_import_is_known():
    import subprocess

    from casebook.autograding.screen import SHADOWED

    code = ("import sys, numpy, pandas, plotly.express, ipywidgets, anywidget, ipykernel.kernelapp, casebook.grading.checks, "
            "casebook.study, casebook.explore, casebook.figures; print(*{n.partition('.')[0] for n in sys.modules})")
    # A module compiled by mypyc has a name made of digits; no student hits upon it, and nothing is checked by it.
    tops = {one for one in subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
            if not one.startswith(("_cython_", "_cyutility", "_sysconfigdata", "__")) and not one.endswith("__mypyc")}
    assert tops - SHADOWED == set()


def test_limits(sent, out):
    for number in range(8):
        (sent / f"{number}.bin").write_bytes(b"x" * 400_000)
    (sent / "large.bin").write_bytes(b"x" * 1_500_000)
    intake = read_submission(sent, out, NAME, limits=FileLimits(file_mb=1, total_mb=2, files=4))
    assert sorted(intake.files) == ["0.bin", "1.bin", "2.bin", "3.bin"]
    assert kinds(intake) == ["too-large", "too-many"] or set(kinds(intake)) == {"too-large", "too-many"}


def test_a_folder_without_end_is_cut_short(sent, out, monkeypatch):
    from casebook.autograding import screen

    monkeypatch.setattr(screen, "MOST_SEEN", 50)
    for number in range(80):
        (sent / f"z{number:03}.txt").write_text("x")
    intake = read_submission(sent, out, NAME)
    assert "too-many" in kinds(intake) and intake.taken == f"{NAME}.ipynb"


def test_archives_stay_packed(sent, out):
    (sent / "all.zip").write_bytes(b"PK\x03\x04")
    intake = read_submission(sent, out, NAME)
    assert list(intake.files) == ["all.zip"] and kinds(intake) == ["archive"] and intake.worst == "note"


@pytest.mark.parametrize(("stamp", "year"), [(b"2026-11-24 12:00:00 UTC", 2026), (b"", None), (b"soon", None), (b"\xff", None), (b"9" * 150, None), (b"2026-13-45", None)])
def test_a_time_that_is_none_stops_nobody(sent, out, stamp, year):
    (sent / "timestamp.txt").write_bytes(stamp)
    intake = read_submission(sent, out, NAME)
    assert (intake.timestamp.year if intake.timestamp else None) == year
    assert kinds(intake) == (["timestamp"] if stamp and not year else [])


def test_names_of_files_cannot_write_into_feedback(sent, out):
    (sent / "<img src=x onerror=alert(1)>`*[a](b)").symlink_to("/etc/passwd")
    told = read_submission(sent, out, NAME).notebook.cells[0].source
    assert "<img" not in told and "&lt;img" in told and "\\`\\*\\[a\\]" in told


def test_what_is_told_is_short(out):
    from casebook.autograding.reasons import Reason

    told = about([Reason("link", "problem", f"Text {number}.") for number in range(40)] + [Reason("archive", "note", "Quiet.")])
    assert told.count("\n- ") == 13 and "28 more" in told and "Quiet" not in told


# whatever bytes there are


@pytest.fixture(scope="module")
def raw(exam):
    return dumped(answered(exam))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz")


fuzz = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True, database=None)


def takes(course, exam, out, place, data):
    intake = read_submission(handed(place, data), out, NAME)
    assert set(through_stock(course, intake.notebook)[1]) == set(exam.graded())


@fuzz
@given(at=st.floats(0, 1))
def test_cut_anywhere(course, exam, out, place, raw, at):
    takes(course, exam, out, place, raw[:int(at * len(raw))])


@fuzz
@given(flips=st.lists(st.tuples(st.floats(0, 0.9999), st.integers(0, 255)), min_size=1, max_size=12))
def test_bytes_changed_anywhere(course, exam, out, place, raw, flips):
    spoilt = bytearray(raw)
    for at, byte in flips:
        spoilt[int(at * len(raw))] = byte
    takes(course, exam, out, place, bytes(spoilt))


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["nbgrader", "grade_id", "tags", "x"]), inner, max_size=3), max_leaves=6)


@fuzz
@given(changes=st.lists(st.tuples(st.integers(0, 10 ** 6), st.sampled_from(["cell_type", "metadata", "source", "outputs", "id", "nbgrader", "points", "grade", "solution", "locked", "schema_version", "grade_id", "checksum", "task", "attachments"]), JSON), min_size=1, max_size=8))
def test_any_value_anywhere(course, exam, out, place, changes):
    book = answered(exam)
    for at, key, value in changes:
        cell = book["cells"][at % len(book["cells"])]
        notes = cell["metadata"] if isinstance(cell["metadata"], dict) else {}
        own = notes.get("nbgrader")
        if key == "nbgrader":
            notes["nbgrader"] = value
        elif key in ("cell_type", "metadata", "source", "outputs", "id", "attachments"):
            cell[key] = value
        elif isinstance(own, dict):
            own[key] = value
    takes(course, exam, out, place, json.dumps(book).encode())


def test_of_two_notebooks_each_takes_its_own(tmp_path):
    def book(id, answer="..."):
        own = {"grade_id": id, "grade": True, "solution": True, "locked": False, "points": 1, "schema_version": 3, "task": False}
        return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
            {"cell_type": "markdown", "id": "x", "metadata": {"nbgrader": own}, "source": answer}]}

    out = HandedOut("two", {"one": book("a"), "two": book("b")})
    folder = handed(tmp_path / "in", dumped(book("b", "Mine.")), "my notebook.ipynb")
    assert read_submission(folder, out, "two").taken == "my notebook.ipynb"
    first = read_submission(folder, out, "one")
    assert first.taken == "" and first.worst == "lost" and cell_of(first.notebook, "a").source == "..."
