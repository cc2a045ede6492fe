"""The doctor: what it finds in submissions, and that --fix touches no answer and keeps what it changes."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from casebook.cli import main
from casebook.errors import CasebookError
from casebook.grading.cells import differences, mended
from casebook.grading.course import new_course
from casebook.grading.doctor import examine
from casebook.grading.mend import fix
from casebook.grading.release import release_course
from casebook.grading.submission import read_handed

from . import kit
from .kit import cell_of, hand_in, paper, played, text, write_play

NAME = "two-rooms"


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    course = tmp_path_factory.mktemp("doctor") / "course"
    new_course(course, names=[NAME])
    release_course(course)
    return course


@pytest.fixture
def course(released, tmp_path):
    import shutil

    shutil.copytree(released, tmp_path / "course")
    return tmp_path / "course"


@pytest.fixture
def exam(course):
    return paper(NAME, course)


def kinds(course):
    return sorted((one.student, one.kind) for one in examine(course))


def good(course, exam, student, spoil=lambda book: None, play=True):
    book = exam.answered(student)
    spoil(book)
    return hand_in(course, exam, student, book, played(NAME, student) if play else None)


def test_a_good_submission_has_nothing_wrong(course, exam, capsys):
    good(course, exam, "mia")
    assert examine(course) == []
    assert main(["course", "doctor", "--course", str(course)]) == 0
    assert "Nothing is wrong with the submissions." in capsys.readouterr().out


SPOILT = {
    "copied": lambda book: book["cells"].insert(3, json.loads(json.dumps(cell_of(book, "reading_1")))),
    "deleted": lambda book: book["cells"].remove(cell_of(book, "reading_1_test")),
    "stripped": lambda book: cell_of(book, "reading_2").update(metadata={}),
    "edited": lambda book: cell_of(book, "reading_1_test").update(source="2.0"),
    "altered": lambda book: cell_of(book, "reading_1_test")["metadata"]["nbgrader"].update(points=200),
    "foreign": lambda book: book["cells"].append({"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "elsewhere", "grade": True, "points": 9}}, "source": "1", "outputs": [], "execution_count": None}),
}


@pytest.mark.parametrize("kind", SPOILT)
def test_each_damage_to_cells_is_found_named_and_mended(course, exam, kind):
    folder = good(course, exam, "mia", SPOILT[kind])
    before = kit.load(folder / f"{NAME}.ipynb")
    found = examine(course)
    assert [one.kind for one in found] == [kind]
    assert found[0].student == "mia" and found[0].file == f"{NAME}.ipynb" and found[0].cell
    fix(course, found, datetime(2026, 11, 24, 12, 0))
    assert examine(course) == []
    after = kit.load(folder / f"{NAME}.ipynb")
    assert kit.load(course / "doctor-backups" / "2026-11-24-120000" / "mia" / NAME / f"{NAME}.ipynb") == before
    answers = {id: text(cell_of(after, id)) for id in exam.answers}
    assert answers == {id: text(cell_of(exam.answered("mia"), id)) for id in exam.answers}


@pytest.mark.parametrize("markdown", ["memo", "reflection"])
def test_a_text_that_lost_its_metadata_is_known_again(course, exam, markdown):
    folder = good(course, exam, "mia", lambda book: cell_of(book, markdown).update(metadata={}))
    found = examine(course)
    assert [(one.kind, one.cell) for one in found] == [("stripped", markdown)]
    fix(course, found)
    assert text(cell_of(kit.load(folder / f"{NAME}.ipynb"), markdown)) == text(cell_of(exam.answered("mia"), markdown))


def test_a_text_written_beside_its_own_cell_is_copied_to_where_it_is_marked(course, exam):
    def spoil(book):
        own = cell_of(book, "memo")
        at = book["cells"].index(own)
        book["cells"].insert(at + 1, {"cell_type": "markdown", "metadata": {}, "source": "My whole memo.", "id": "new"})
        own["source"] = text(cell_of(exam.released, "memo"))

    folder = good(course, exam, "mia", spoil)
    assert [(one.kind, one.cell) for one in examine(course)] == [("beside", "memo")]
    fix(course, examine(course))
    assert text(cell_of(kit.load(folder / f"{NAME}.ipynb"), "memo")) == "My whole memo." and examine(course) == []


def run_answers(folder, *names):
    """What the code cells of a notebook leave in these names, run from first to last."""
    space = {}
    for cell in kit.load(folder / f"{NAME}.ipynb")["cells"]:
        if cell["cell_type"] == "code" and text(cell).startswith("reading_"):
            exec(text(cell), space)
    return [space.get(name) for name in names]


def test_an_untouched_copy_below_the_answer_does_not_undo_it(course, exam):
    def spoil(book):
        at = book["cells"].index(cell_of(book, "reading_1"))
        book["cells"].insert(at + 1, json.loads(json.dumps(cell_of(exam.released, "reading_1"))))

    folder = good(course, exam, "mia", spoil)
    wanted = json.loads(exam.answers["reading_1"].split("=")[1])
    fix(course, examine(course))
    assert run_answers(folder, "reading_1") == [wanted] and examine(course) == []


def test_answers_typed_into_one_cell_are_not_undone_by_what_comes_back(course, exam):
    def spoil(book):
        first, second = cell_of(book, "reading_1"), cell_of(book, "reading_2")
        first["source"] = text(first) + "\n" + text(second)
        book["cells"].remove(second)

    folder = good(course, exam, "mia", spoil)
    wanted = [json.loads(exam.answers[id].split("=")[1]) for id in ("reading_1", "reading_2")]
    fix(course, examine(course))
    assert run_answers(folder, "reading_1", "reading_2") == wanted and examine(course) == []


def test_a_cell_without_its_fields_is_completed(course, exam):
    folder = good(course, exam, "mia")
    book = kit.load(folder / f"{NAME}.ipynb")
    del book["cells"][0]["metadata"]
    (folder / f"{NAME}.ipynb").write_text(json.dumps(book), encoding="utf-8")
    assert [one.kind for one in examine(course)] == ["version"]
    fix(course, examine(course))
    assert kit.load(folder / f"{NAME}.ipynb")["cells"][0]["metadata"] == {} and examine(course) == []


def test_two_students_cannot_have_one_player(course, exam):
    good(course, exam, "mia")
    (course / "players.csv").write_text("student_id,player\nmia,x\nbo,X\n", encoding="utf-8")
    with pytest.raises(CasebookError, match="players.csv:3: 'X' stands there as the player of 'mia' as well"):
        examine(course)


def test_a_transcript_made_by_hand_to_break_things_breaks_nothing(course, exam):
    from casebook.engagement.transcript import dump, header, sealed

    folder = good(course, exam, "mia", play=False)
    head = header(played(NAME, "mia", turns=1))
    odd = [{**{k: v for k, v in head.items() if k not in ("prev", "digest")}, "player": "\ud800"}]
    (folder / "odd.casebook.jsonl").write_bytes("".join(dump(sealed(one, "")) for one in odd).encode("utf-8", "surrogatepass"))
    line = sealed({"turn": [1], "time": None, "decision": {}}, head["digest"])
    (folder / "odder.casebook.jsonl").write_text(dump(head) + dump(line), encoding="utf-8")
    good(course, exam, "bo")
    assert kinds(course) == [("mia", "play")]


def test_a_cell_of_another_type_is_set_back(course, exam):
    folder = good(course, exam, "mia", lambda book: cell_of(book, "reading_1").update(cell_type="markdown"))
    assert [one.kind for one in examine(course)] == ["altered"]
    fix(course, examine(course))
    cell = cell_of(kit.load(folder / f"{NAME}.ipynb"), "reading_1")
    assert cell["cell_type"] == "code" and cell["outputs"] == [] and examine(course) == []


def test_everything_deleted_comes_back_in_order(exam):
    original = exam.released["cells"]
    book = {**exam.released, "cells": []}
    ids = [kit.id_of(cell) for cell in original if kit.id_of(cell)]
    assert [one.cell for one in differences(book, original)] == ids
    whole = mended(book, original)
    assert [kit.id_of(cell) for cell in whole["cells"]] == ids and differences(whole, original) == []


FILES = {
    "unreadable": [b"", b"{\"cells\": [", b"[1, 2]", b"{}", b"\xff\xfe\x00", b"{\"nbformat\": 4, \"cells\": 3}", b"{\"nbformat\": 9}", b"[" * 200_000],
}


@pytest.mark.parametrize("raw", FILES["unreadable"], ids=range(len(FILES["unreadable"])))
def test_what_is_no_notebook_is_told_and_replaced_by_an_empty_one_that_says_so(course, exam, raw):
    folder = good(course, exam, "mia")
    (folder / f"{NAME}.ipynb").write_bytes(raw)
    found = examine(course)
    assert [one.kind for one in found] == ["unreadable"]
    fix(course, found, datetime(2026, 11, 24, 12, 0))
    assert (course / "doctor-backups" / "2026-11-24-120000" / "mia" / NAME / f"{NAME}.ipynb").read_bytes() == raw
    book = kit.load(folder / f"{NAME}.ipynb")
    assert "could not be graded" in text(book["cells"][0]) and found[0].text in text(book["cells"][0])
    assert examine(course) == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_another_encoding_is_read_and_saved_as_utf_8(course, exam, encoding):
    folder = good(course, exam, "mia", lambda book: cell_of(book, "memo").update(source="À Zürich, dit-elle."))
    path = folder / f"{NAME}.ipynb"
    path.write_bytes(json.dumps(kit.load(path), ensure_ascii=False).encode(encoding, errors="xmlcharrefreplace"))
    assert [one.kind for one in examine(course)] == ["encoding"]
    fix(course, examine(course))
    assert text(cell_of(kit.load(path), "memo")) == "À Zürich, dit-elle." and examine(course) == []


def test_a_large_notebook_loses_its_outputs_only(course, exam):
    folder = good(course, exam, "mia", lambda book: cell_of(book, "setup").update(outputs=[{"output_type": "stream", "name": "stdout", "text": "x" * 30_000_000}]))
    assert [one.kind for one in examine(course)] == ["large"]
    fix(course, examine(course))
    path = folder / f"{NAME}.ipynb"
    assert path.stat().st_size < 200_000 and examine(course) == []


def test_an_old_format_is_brought_up_to_date(tmp_path, exam):
    import nbformat

    old = nbformat.reads(json.dumps(exam.released), as_version=4)
    path = tmp_path / "old.ipynb"
    nbformat.write(nbformat.convert(old, 3), path, version=3)
    handed = read_handed(path)
    assert handed.kind == "version" and handed.book["nbformat"] == 4
    assert [kit.id_of(cell) for cell in handed.book["cells"]] == [kit.id_of(cell) for cell in exam.released["cells"]]


def test_a_renamed_notebook_gets_its_name_back_and_a_missing_one_is_told(course, exam):
    folder = good(course, exam, "mia")
    (folder / f"{NAME}.ipynb").rename(folder / "Two Rooms (final).ipynb")
    gone = good(course, exam, "bo", play=False)
    write_play(played(NAME, "bo", manager="balanced"), gone)
    (gone / f"{NAME}.ipynb").unlink()
    assert kinds(course) == [("bo", "missing"), ("mia", "renamed")]
    fix(course, examine(course))
    assert (folder / f"{NAME}.ipynb").exists() and kinds(course) == [("bo", "missing")]


def test_links_are_named_and_never_followed(course, exam, tmp_path):
    folder = good(course, exam, "mia")
    secret = tmp_path / "secret.ipynb"
    secret.write_text(json.dumps(exam.source), encoding="utf-8")
    (folder / f"{NAME}.ipynb").unlink()
    (folder / f"{NAME}.ipynb").symlink_to(secret)
    os.link(secret, folder / "hard.txt")
    assert kinds(course) == [("mia", "link"), ("mia", "link"), ("mia", "missing")]
    fix(course, examine(course))
    assert secret.exists() and (folder / f"{NAME}.ipynb").is_symlink()


def test_plays_are_told_apart(course, exam):
    good(course, exam, "none", play=False)
    write_play(played(NAME, "mia"), good(course, exam, "bo", play=False))
    write_play(played(NAME, "half", turns=5), good(course, exam, "half", play=False))
    good(course, exam, "mia")
    found = {one.student: one for one in examine(course)}
    assert {student: one.kind for student, one in found.items()} == {"none": "play", "bo": "play", "half": "unfinished"}
    assert "it was played by 'mia', not by 'bo'" in found["bo"].text and "turn 5" in found["half"].text


def test_the_same_decisions_by_two_students_are_noted_for_a_look(course, exam):
    good(course, exam, "mia")
    good(course, exam, "zoe")
    first, second = played(NAME, "mia"), played(NAME, "zoe")
    same = [turn.decision for turn in first.turns] == [turn.decision for turn in second.turns]
    assert kinds(course) == ([("zoe", "alike")] if same else [])
    assert same, "a manager with fixed habits decides alike wherever it meets the same incidents"


@pytest.mark.parametrize(("seconds", "noted"), [(1, True), (4, True), (40, False)])
def test_a_play_faster_than_a_person_reads_is_noted(course, exam, seconds, noted):
    play = played(NAME, "mia")
    times = {turn.number: (datetime(2026, 11, 24, 12, tzinfo=UTC) + timedelta(seconds=seconds * turn.number)).isoformat() for turn in play.turns}
    write_play(play, good(course, exam, "mia", play=False), times=times)
    assert kinds(course) == ([("mia", "quick")] if noted else [])


@pytest.mark.parametrize("time", ["yesterday", 5, ["x"], {"a": 1}, True])
def test_a_time_that_is_none_stops_nobody(course, exam, time):
    play = played(NAME, "mia")
    write_play(play, good(course, exam, "mia", play=False), times={turn.number: time for turn in play.turns})
    assert kinds(course) == []


def test_a_student_who_plays_under_another_name_has_a_line_in_players_csv(course, exam):
    write_play(played(NAME, "m.keller"), hand_in(course, exam, "mia", exam.answered("m.keller")))
    assert kinds(course) == [("mia", "play")]
    (course / "players.csv").write_text("student_id,player\nmia,m.keller\n", encoding="utf-8")
    assert kinds(course) == []
    (course / "players.csv").write_text("student_id,player\nmia,m.keller\nmia,x\n", encoding="utf-8")
    with pytest.raises(CasebookError, match="players.csv:3: 'mia' stands there twice"):
        examine(course)


def test_as_data_and_with_exit_codes_for_scripts(course, exam, capsys):
    good(course, exam, "mia", SPOILT["deleted"])
    assert main(["course", "doctor", NAME, "--course", str(course), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["mended"] == [] and told["left"][0]["kind"] == "deleted" and told["left"][0]["fixable"]
    assert main(["course", "doctor", NAME, "--course", str(course), "--fix", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["left"] == [] and told["mended"][0]["student"] == "mia"
    assert main(["course", "doctor", "nope", "--course", str(course)]) == 2
    assert "'nope' has not been released" in capsys.readouterr().err


def test_nothing_is_changed_where_no_backup_can_be_made(course, exam):
    folder = good(course, exam, "mia", SPOILT["deleted"])
    before = (folder / f"{NAME}.ipynb").read_bytes()
    (course / "doctor-backups").write_text("a file where the folder would be")
    with pytest.raises(CasebookError, match="No backup could be made"):
        fix(course, examine(course))
    assert (folder / f"{NAME}.ipynb").read_bytes() == before


def test_a_folder_that_is_no_course_is_told(tmp_path, capsys):
    assert main(["course", "doctor", "--course", str(tmp_path)]) == 2
    assert "This is no course folder" in capsys.readouterr().err
