"""An assignment as a student meets it: a real JupyterLab in a real Chromium."""

import json
import shutil

import pytest
import yaml

from tests.grading import kit

from .lab import visiting

NAME = "two-rooms"
STUDENT = "s1234567"


@pytest.fixture
def folder(lab, request):
    """The folder of the assignment, as fetched; one for each test, since a kernel stays in it."""
    folder = lab.folder / request.node.name[:24]
    shutil.copytree(kit.ROOT / "exercises" / NAME, folder)
    return folder


@pytest.fixture
def visitor(playwright):
    """A page so tall that the whole notebook is in sight: JupyterLab draws no other cells."""
    with visiting(playwright, height=24_000) as page:
        yield page
        assert page.foreign == [], "the page asked another host"


def paper(folder):
    return kit.Paper(NAME, kit.load(kit.SOLUTIONS / NAME / f"{NAME}.ipynb"), kit.load(folder / f"{NAME}.ipynb"),
                     yaml.safe_load((folder / "assignment.yaml").read_text(encoding="utf-8")))


def cell_with(page, text):
    return page.locator(".jp-CodeCell", has_text=text).first


def test_a_student_is_told_what_is_missing_and_writes_who_they_are(lab, folder, visitor):
    page = visitor.page
    visitor.open(lab, f"{folder.name}/{NAME}.ipynb")
    visitor.run_all()
    said = cell_with(page, "checks.who(me)").locator(".jp-OutputArea")
    said.wait_for(timeout=60_000)
    assert "Not yet: You have not said who you are." in " ".join(said.inner_text().split())
    assert "Traceback" not in said.inner_text()
    # A run of all cells takes the focus to the last one when it ends.
    visitor.wait_until_run()
    editor = cell_with(page, "me = ...").locator(".cm-content")
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(f'me = "{STUDENT}"')
    page.keyboard.press("Shift+Enter")
    visitor.wait_idle()
    page.keyboard.press("Shift+Enter")
    page.get_by_text(f"You work as '{STUDENT}'.").wait_for(timeout=30_000)


def test_a_finished_assignment_says_what_is_open_and_which_files_go_along(lab, folder, visitor):
    page = visitor.page
    book = paper(folder).answered(STUDENT, but=["memo"])
    (folder / f"{NAME}.ipynb").write_text(json.dumps(book), encoding="utf-8")
    kit.write_play(kit.played(NAME, STUDENT), folder)
    visitor.open(lab, f"{folder.name}/{NAME}.ipynb")
    visitor.run_all()
    listed = page.locator(".jp-OutputArea", has_text="answered; see what is still open")
    listed.first.wait_for(timeout=90_000)
    text = " ".join(listed.first.inner_text().split())
    assert "To do: Memo is still empty." in text and text.count("To do:") == 1
    assert "Attempt 1: whole" in text
    page.locator(".jp-OutputArea", has_text=f"{NAME}.{STUDENT}.1.casebook.jsonl").last.wait_for(timeout=30_000)
    assert not page.get_by_text("Traceback").count()
