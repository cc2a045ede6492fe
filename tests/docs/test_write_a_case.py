"""docs/write-a-case.md, done step by step in an empty folder."""

import re

import pytest

from casebook import case as cases
from casebook.room.session import Session

from .tutorial import PAGE, steps, told, walk


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """The folder after the walk, and each command with what was expected and printed."""
    folder = tmp_path_factory.mktemp("author")
    page = PAGE.read_text(encoding="utf-8")
    return folder, [(line, expected, printed) for _, line, expected, printed in walk(page, folder)]


def test_every_command_prints_what_the_page_says(done):
    _, commands = done
    assert len(commands) == 8
    for line, expected, printed in commands:
        assert told(expected, printed), f"$ {line}\n{printed}"


def test_the_case_has_no_error_and_opens_in_a_room(done):
    folder, _ = done
    findings = cases.examine(folder / "late-oven")
    assert [str(f) for f in findings if f.severity == "error"] == []
    session = Session.open(folder / "late-oven", "author", 1, folder)
    assert session.view()["case"]["title"] == "The Late Oven"


def test_every_block_of_the_page_is_a_step():
    page = PAGE.read_text(encoding="utf-8")
    blocks = {block.start() for _, _, block in steps(page)}
    assert len(blocks) == len(re.findall(r"^```[^`\n]", page, flags=re.MULTILINE))


def test_dots_stand_for_lines_and_nothing_else_differs():
    assert told("one\n...\nfour\n", "one\ntwo\nthree\nfour\n")
    assert told("one\n...\n", "one\n")
    assert not told("one\n...\nfour\n", "one\ntwo\nfive\n")
    assert not told("one.\n", "one!\n")
