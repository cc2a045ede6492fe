"""Before handing in: what is still open, what goes along, and an exercise begun again."""

import json
from datetime import datetime

import pytest

from casebook.grading import checks
from casebook.grading.failed import CheckFailed
from casebook.grading.handin import back_up, handing_in, own_notebook
from casebook.grading.release import release

from .kit import SOLUTIONS, Paper, cell_of, load, played, run, text, write_play

NAME = "two-rooms"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of a student who has just fetched the assignment."""
    release(SOLUTIONS, tmp_path, [NAME])
    monkeypatch.chdir(tmp_path / NAME)
    return tmp_path / NAME


@pytest.fixture
def paper(folder):
    import yaml

    return Paper(NAME, load(SOLUTIONS / NAME / f"{NAME}.ipynb"), load(folder / f"{NAME}.ipynb"),
                 yaml.safe_load((folder / "assignment.yaml").read_text(encoding="utf-8")))


def save(folder, book):
    (folder / f"{NAME}.ipynb").write_text(json.dumps(book, ensure_ascii=False), encoding="utf-8")


def said(told):
    return [item.text for item in told if not item.ok]


def test_an_untouched_notebook_has_everything_open(folder, paper):
    told = checks.before_you_hand_in()
    total = len(paper.answers)
    assert told.title == f"0 of {total} answered; see what is still open."
    assert "Memo is still empty." in said(told) and "Reading 1 is still empty." in said(told)
    assert any("You have not said who you are" in text for text in said(told))
    assert "To do:" in told._repr_html_() and "TO DO" in repr(told)


def test_what_is_answered_is_counted_and_the_rest_named(folder, paper):
    save(folder, paper.answered("mia", but=["memo", "reading_2"]))
    write_play(played(NAME, "mia", turns=6), folder)
    told = checks.before_you_hand_in("mia")
    assert told.title.startswith(f"{len(paper.answers) - 2} of {len(paper.answers)} answered")
    assert said(told) == ["Reading 2 is still empty.", "Memo is still empty.", "Attempt 1: at turn 6, not over yet."]


def test_a_finished_notebook_is_ready(folder, paper):
    save(folder, paper.answered("mia"))
    play = played(NAME, "mia")
    write_play(play, folder)
    told = checks.before_you_hand_in("mia")
    assert said(told) == [] and told[-1].text == "Nothing is open. You can hand in."
    assert any(f"whole, {len(play.turns)} turns" in item.text for item in told)


def test_a_deleted_exercise_and_a_cleared_one_are_told_apart(folder, paper):
    book = paper.answered("mia")
    book["cells"].remove(cell_of(book, "reading_1"))
    cell_of(book, "memo")["source"] = "  \n"
    save(folder, book)
    assert {"Reading 1 is missing from the notebook.", "Memo is still empty."} <= set(said(checks.before_you_hand_in("mia")))


def test_the_files_that_go_along_are_listed(folder):
    write_play(played(NAME, "mia", turns=3), folder)
    (folder / "notes.txt").write_text("mine")
    (folder / ".hidden").write_text("x")
    back_up(folder / f"{NAME}.ipynb")
    listed = [item.text for item in handing_in()]
    assert any(text.startswith(f"{NAME}.mia.1.casebook.jsonl") and text.endswith("a play") for text in listed)
    assert any(text.startswith(f"{NAME}.ipynb") and text.endswith("your notebook") for text in listed)
    assert any(text.startswith("notes.txt") and text.endswith("another file") for text in listed)
    assert not any("hidden" in text or "backups" in text for text in listed)


def test_an_exercise_is_reset_and_the_students_version_kept(folder, paper, capsys):
    book = paper.answered("mia")
    save(folder, book)
    checks.reset("memo")
    now = load(folder / f"{NAME}.ipynb")
    assert text(cell_of(now, "memo")) == text(cell_of(paper.released, "memo"))
    assert text(cell_of(now, "reading_1")) == text(cell_of(book, "reading_1"))
    kept = list((folder / "backups").glob("*.bak"))
    assert len(kept) == 1 and json.loads(kept[0].read_text(encoding="utf-8")) == book
    assert "Reload Notebook from Disk" in capsys.readouterr().out


def test_the_validate_button_finds_no_fault_in_a_finished_notebook_and_names_those_of_an_open_one(folder, paper):
    said = run("nbgrader", "validate", f"{NAME}.ipynb", cwd=folder)
    assert "FAILED" in said.upper() and "You have not answered this yet" in said
    save(folder, paper.answered("mia"))
    write_play(played(NAME, "mia"), folder)
    said = run("nbgrader", "validate", f"{NAME}.ipynb", cwd=folder)
    assert "Success! Your notebook passes all the tests." in said


def test_two_backups_in_one_second_are_both_kept(folder):
    now = datetime(2026, 11, 24, 12, 0, 0)
    names = {back_up(folder / f"{NAME}.ipynb", now).name for _ in range(3)}
    assert names == {f"{NAME}.2026-11-24-120000.ipynb.bak", f"{NAME}.2026-11-24-120000-2.ipynb.bak", f"{NAME}.2026-11-24-120000-3.ipynb.bak"}


def test_an_exercise_that_is_not_there_is_named_with_those_that_are(folder):
    for wrong in ("momo", ..., 3):
        with pytest.raises(CheckFailed, match="There is no exercise .* The exercises are: who, reading_1"):
            checks.reset(wrong)
    assert not (folder / "backups").exists()


def test_two_notebooks_leave_a_doubt_and_a_copy_under_another_name_does_not(folder):
    copied = (folder / f"{NAME}.ipynb").read_text(encoding="utf-8")
    (folder / f"{NAME}-Copy1.ipynb").write_text(copied, encoding="utf-8")
    assert own_notebook(folder).name == f"{NAME}.ipynb"
    (folder / f"{NAME}.ipynb").rename(folder / "mine.ipynb")
    with pytest.raises(CheckFailed, match="2 notebooks with exercises lie in this folder"):
        checks.before_you_hand_in("mia")


def test_a_damaged_notebook_and_a_missing_release_are_told_plainly(folder):
    (folder / "as-released.json").unlink()
    with pytest.raises(Exception, match="as-released.json is not in this folder. Fetch the assignment again"):
        checks.before_you_hand_in("mia")
    (folder / f"{NAME}.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(CheckFailed, match="0 notebooks with exercises"):
        checks.before_you_hand_in("mia")
