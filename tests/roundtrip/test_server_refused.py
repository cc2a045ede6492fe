"""A database server that cannot be used is told in a sentence, before anything is made."""

import sys

import pytest
from sqlalchemy.engine import make_url

from casebook.errors import CasebookError
from casebook.grading.course import new_course
from casebook.grading.gradebook import refuse_unreachable
from tests.grading import kit

from . import postgres

DEAD = "postgresql+psycopg2://nobody:secret@127.0.0.1:1/gradebook"


def test_a_server_that_does_not_answer_leaves_no_folder(tmp_path):
    said = kit.run("casebook", "course", "new", tmp_path / "course", "--db", DEAD, cwd=tmp_path, expect=2)
    assert said.startswith("casebook: ") and "The gradebook cannot be read" in said
    assert "Traceback" not in said and "secret" not in said
    assert not (tmp_path / "course").exists()


def test_a_database_that_is_not_there_is_named(tmp_path):
    with postgres.server() as url:
        refuse_unreachable(url)
        other = make_url(url).set(database="nothing-here").render_as_string(hide_password=False)
        with pytest.raises(CasebookError, match='database "nothing-here" does not exist'):
            new_course(tmp_path / "course", db_url=other)
    assert not (tmp_path / "course").exists()


@pytest.mark.parametrize(("address", "module", "package"), [
    (DEAD, "psycopg2", "psycopg2-binary"),
    (DEAD.replace("psycopg2", "psycopg"), "psycopg", r"'psycopg\[binary\]'")])
def test_a_missing_driver_is_named(tmp_path, monkeypatch, address, module, package):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(CasebookError, match=f"pip install {package}"):
        new_course(tmp_path / "course", db_url=address)
    assert not (tmp_path / "course").exists()


def test_what_is_no_address_is_refused(tmp_path):
    with pytest.raises(CasebookError, match="not that of a database"):
        new_course(tmp_path / "course", db_url="the usual one")
    assert not (tmp_path / "course").exists()
