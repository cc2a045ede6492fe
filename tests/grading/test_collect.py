"""Collecting for one's own account only: real folders in an exchange, read by nbgrader's collect."""

import logging
import os

import pytest
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from casebook.grading.collect import OwnedCollect, account, foreign

ME = account(os.getuid())
WHEN = "2026-03-02 10:00:0{}.000000 UTC"


@pytest.fixture
def inbound(tmp_path):
    folder = tmp_path / "exchange" / "course" / "inbound"
    folder.mkdir(parents=True)
    (tmp_path / "exchange").chmod(0o777)
    return folder


@pytest.fixture
def collect(tmp_path, inbound):
    def run(max_dir_size=1000, **options):
        config = Config()
        config.CourseDirectory.max_dir_size = max_dir_size
        config.CourseDirectory.root = str(tmp_path / "course")
        config.CourseDirectory.course_id = "course"
        config.CourseDirectory.assignment_id = "ps1"
        config.Exchange.root = str(tmp_path / "exchange")
        config.ExchangeCollect.update(options)
        (tmp_path / "course").mkdir(exist_ok=True)
        collector = OwnedCollect(coursedir=CourseDirectory(config=config), config=config)
        collector.log = logging.getLogger("collect")
        collector.start()
        return collector
    return run


@pytest.fixture
def collected(tmp_path):
    def text(student):
        path = tmp_path / "course" / "submitted" / student / "ps1" / "ps1.ipynb"
        return path.read_text() if path.exists() else None
    return text


def hand_in(inbound, student, second, text, name="{}+ps1+{}+random"):
    folder = inbound / name.format(student, WHEN.format(second))
    folder.mkdir()
    (folder / "ps1.ipynb").write_text(text)
    return folder


def test_an_own_submission_is_collected_the_newest_of_several(inbound, collect, collected):
    hand_in(inbound, ME, 1, "first")
    hand_in(inbound, ME, 2, "second")
    assert collect().refused == []
    assert collected(ME) == "second"


def test_a_submission_in_somebody_elses_name_is_refused_and_kept(inbound, collect, collected):
    forged = hand_in(inbound, "alice", 1, "not alice's")
    told = collect().refused
    assert collected("alice") is None
    assert len(told) == 1
    assert "alice handed it in" in told[0] and f"belongs to {ME}" in told[0]
    assert (forged / "ps1.ipynb").read_text() == "not alice's"


def test_a_refused_submission_does_not_stand_before_an_own_one(
        inbound, collect, collected, monkeypatch):
    """A later one in the same name by another account: the own, earlier one counts."""
    own = hand_in(inbound, "alice", 1, "alice's own")
    hand_in(inbound, "alice", 5, "not alice's")
    alices = own.stat().st_ino
    monkeypatch.setattr(
        "casebook.grading.collect.foreign",
        lambda folder, student: None if folder.stat().st_ino == alices else "another's")
    assert len(collect().refused) == 1
    assert collected("alice") == "alice's own"


@pytest.mark.parametrize("name", ["{}+ps1+soon", "{}+ps1+", "{}+ps1+99999-99-99 +x"])
def test_a_name_that_cannot_be_read_stops_nobody(inbound, collect, collected, name):
    hand_in(inbound, ME, 1, "mine")
    hand_in(inbound, "zoe", 2, "?", name=name)
    told = collect().refused
    assert collected(ME) == "mine"
    assert len(told) == 1 and "not one that nbgrader gives" in told[0]


def test_a_link_to_somebodys_folder_is_no_submission(inbound, tmp_path, collect, collected):
    target = tmp_path / "elsewhere"
    target.mkdir()
    (inbound / f"{ME}+ps1+{WHEN.format(1)}+x").symlink_to(target)
    assert "it is not a folder" in collect().refused[0]
    assert collected(ME) is None


def test_a_submission_that_is_too_large_stops_nobody(inbound, collect, collected):
    """Owners are left aside here, so that two students can hand in from one account."""
    hand_in(inbound, "alice", 1, "x" * 2000)
    hand_in(inbound, "bob", 1, "small")
    told = collect(max_dir_size=1, check_owner=False).refused
    assert collected("alice") is None and collected("bob") == "small"
    assert len(told) == 1 and "could not be copied" in told[0]


def test_owners_are_left_aside_where_everybody_has_the_same_account(inbound, collect, collected):
    hand_in(inbound, "alice", 1, "hers")
    assert collect(check_owner=False).refused == []
    assert collected("alice") == "hers"


def test_an_account_without_a_name_is_told_by_its_number(tmp_path):
    assert account(os.getuid()) == tmp_path.owner()
    assert "4294967" in account(4_294_967_000)
    assert foreign(tmp_path, ME) is None
