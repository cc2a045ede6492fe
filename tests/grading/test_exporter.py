"""The exporter plug-in: nbgrader's columns, whole fields."""

import csv
import os
import subprocess
import sys
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin
from traitlets.config import Config

from casebook.grading.exporter import QuotedCsv

from .gradebookkit import CLASS, TWO, Person, gradebook

PLAIN = [Person("ana1", "Ana", "Rios", "ana@uni.example"), Person("bo2", "Bo", "ONeil"), Person("chen3"), Person("dee4")]


def exported(plugin, url, path, **choices):
    with Gradebook(url, "mba") as book:
        plugin(config=Config(), to=str(path), **choices).export(book)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_plain_names_come_out_as_from_nbgraders_own(tmp_path):
    url = gradebook(tmp_path, PLAIN, TWO | {"after-hours": {"dee4": (1.0, 2.5, 9.0)}})
    ours = exported(QuotedCsv, url, tmp_path / "ours.csv")
    theirs = exported(CsvExportPlugin, url, tmp_path / "theirs.csv")
    assert len(ours) == 8
    manual = [row.pop("needs_manual_grade") for row in ours]
    assert ours == theirs
    # In the order of names: two without a name, then ONeil, then Rios.
    assert manual.count("True") == 1
    assert [row["student_id"] for row, still in zip(ours, manual, strict=True) if still == "True"] == ["chen3"]


def test_names_come_out_whole(tmp_path):
    odd = [*CLASS, Person("nl", "two\nlines", "; tab\t", "=x@y")]
    url = gradebook(tmp_path, odd)
    found = {row["student_id"]: row for row in exported(QuotedCsv, url, tmp_path / "out.csv")}
    assert len(found) == 5
    for each in odd:
        row = found[each.id]
        assert (row["first_name"], row["last_name"], row["email"]) == (each.first_name, each.last_name, each.email)
        assert row["max_score"] == "10.0"


def test_students_and_assignments_can_be_chosen(tmp_path):
    url = gradebook(tmp_path, scores=TWO | {"after-hours": {}})
    found = exported(QuotedCsv, url, tmp_path / "out.csv", student=["ana1", "bo2"], assignment=["two-rooms"])
    assert sorted((row["assignment"], row["student_id"]) for row in found) == [("two-rooms", "ana1"), ("two-rooms", "bo2")]


def test_an_earlier_file_is_kept(tmp_path):
    url, path = gradebook(tmp_path / "course"), tmp_path / "out.csv"
    path.write_text("my notes")
    exported(QuotedCsv, url, path)
    exported(QuotedCsv, url, path)
    kept = list(tmp_path.glob("out.csv.*.bak"))
    assert [each.read_text() for each in kept] == ["my notes"]
    path.write_text("more notes")
    exported(QuotedCsv, url, path)
    assert sorted(each.read_text() for each in tmp_path.glob("out.csv.*.bak")) == ["more notes", "my notes"]


def test_nbgrader_export_takes_the_plugin(tmp_path):
    gradebook(tmp_path)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (
        str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")))), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "export",
         "--exporter=casebook.grading.exporter.QuotedCsv", "--to=out.csv"],
        cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        found = {row["student_id"]: row for row in csv.DictReader(file)}
    assert found["chen3"]["last_name"] == "陈" and found["chen3"]["needs_manual_grade"] == "True"
    assert found["ana1"]["score"] == "7.25" and found["ana1"]["raw_score"] == "8.25"
    assert found["dee4"]["timestamp"] == "" and found["dee4"]["score"] == "0.0"
