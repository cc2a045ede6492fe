"""A table file comes back byte by byte, but for the cells that were set."""

import csv
import io
import os
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook.errors import CasebookError
from casebook.grading import numbers, table_file

# Without a lone carriage return, which the csv module of Python 3.11 writes without quotes.
TEXT = st.text(st.characters(codec="utf-16", exclude_characters="\0\r\ufeff", exclude_categories=("Cs",)),
               max_size=12)


def written(path, rows, delimiter, end, quoting, encoding):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


@settings(max_examples=60, deadline=None)
@given(data=st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=4),
       delimiter=st.sampled_from(",;\t"), end=st.sampled_from(["\n", "\r\n"]),
       quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
       encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_all_but_the_set_cell_survives(tmp_path_factory, data, delimiter, end, quoting, encoding):
    path = tmp_path_factory.mktemp("tables") / "in.csv"
    rows = [["First name", "ID number", "Item", "Last name"], *([a, b, "", c] for a, b, c in data)]
    written(path, rows, delimiter, end, quoting, encoding)
    table = table_file.read(path, ["First name", "ID number", "Last name"])
    assert table.bytes() == path.read_bytes()
    table.set(1, 2, "7.5")
    rows[1][2] = "7.5"
    text = table.bytes().decode(encoding)
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)) == rows
    # Byte by byte: the only difference is the number, with the quotes that the cell had.
    before, after = path.read_bytes().decode(encoding), text
    at = len(os.path.commonprefix([before, after]))
    assert after[:at] + after[at + 3:] == before and after[at:at + 3] == "7.5"


@pytest.mark.parametrize("raw, encoding", [
    (b"Name,ID\nJos\xe9,1\n", "cp1252"),
    ("Name,ID\nJosé,1\n".encode(), "utf-8"),
    ("Name;ID\r\nЖ;1\r\n".encode("utf-16-le"), "utf-16-le"),
    ("\ufeffName\tID\n陈\t1\n".encode("utf-16-be"), "utf-16-be"),
])
def test_the_encoding_is_found_and_kept(tmp_path, raw, encoding):
    path = tmp_path / "in.csv"
    path.write_bytes(raw)
    table = table_file.read(path)
    assert table.encoding == encoding and table.headings == ["Name", "ID"]
    assert table.bytes() == raw


def test_a_delimiter_inside_names_does_not_mislead(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("Student;ID;Section\nA, B, C, D, E;1;x\n", encoding="utf-8")
    assert table_file.read(path, ["Student", "ID", "Section"]).delimiter == ";"
    path.write_text("a,b,c,d;ID;Section\n", encoding="utf-8")
    assert table_file.read(path, ["ID", "Section"]).delimiter == ";"


def test_mixed_quotes_and_line_ends_stay(tmp_path):
    raw = b'"Name",ID,"Grade"\r\n"O""Neil, Jr.",1,\n"two\r\nlines", 2 ,""\r\rlast,3'
    path = tmp_path / "in.csv"
    path.write_bytes(raw)
    table = table_file.read(path)
    assert table.cell(1, 0) == 'O"Neil, Jr.' and table.cell(2, 0) == "two\r\nlines"
    for row in (1, 2, 4):
        table.set(row, 2, "9")
    assert table.bytes() == (b'"Name",ID,"Grade"\r\n"O""Neil, Jr.",1,9\n"two\r\nlines", 2 ,"9"\r\r'
                             b"last,3,9")


def test_an_added_column_leaves_blank_lines_alone(tmp_path):
    path = tmp_path / "in.csv"
    path.write_bytes(b"Name,ID\nA,1\n\nB\n")
    table = table_file.read(path)
    assert table.add_column("x, y") == 2
    assert table.bytes() == b'Name,ID,"x, y"\nA,1,\n\nB,,\n'


@pytest.mark.parametrize("raw, said", [
    (b"", "no headings"), (b"\nA,1\n", "no headings"), (b"PK\x03\x04xx", "a workbook"),
    (b'Name,ID\n"A,1\nB,2\n', r"in.csv:2: A quote is opened here"),
    (b"Name,ID\nA,1\nB,2,3\n", r"in.csv:3: This row has 3 cells"),
    (b"Name,ID\n\x81\x8d,1\n", "--encoding"),
])
def test_a_file_that_cannot_be_read_is_said(tmp_path, raw, said):
    path = tmp_path / "in.csv"
    path.write_bytes(raw)
    with pytest.raises(CasebookError, match=said):
        table_file.read(path)


def test_an_encoding_can_be_asked_for(tmp_path):
    path = tmp_path / "in.csv"
    path.write_bytes("Name,ID\nŁ,1\n".encode("cp1250"))
    assert table_file.read(path, encoding="cp1250").cell(1, 0) == "Ł"
    with pytest.raises(CasebookError, match="not in nonsense"):
        table_file.read(path, encoding="nonsense")


def test_a_letter_that_the_encoding_has_not_is_said(tmp_path):
    path = tmp_path / "in.csv"
    path.write_bytes(b"Name,ID\nJos\xe9,1\n")
    table = table_file.read(path)
    table.add_column("陈")
    with pytest.raises(CasebookError, match="cp1252, which has no '陈'"):
        table.bytes()


def test_a_file_is_never_written_over(tmp_path, monkeypatch):
    path = tmp_path / "out.csv"
    table_file.write_new(path, b"one")
    with pytest.raises(CasebookError, match="left as it is"):
        table_file.write_new(path, b"two")

    def no_links(*args):
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(CasebookError, match="left as it is"):
        table_file.write_new(path, b"two")
    table_file.write_new(tmp_path / "other.csv", b"three")
    assert path.read_bytes() == b"one" and (tmp_path / "other.csv").read_bytes() == b"three"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["other.csv", "out.csv"]


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CasebookError, match="cannot be written.*-o FILE"):
        table_file.write_new(tmp_path / "no" / "out.csv", b"one")


@pytest.mark.parametrize("points, text", [
    (10.0, "10"), (100.0, "100"), (7.25, "7.25"), (7.125, "7.125"), (20 / 3, "6.67"),
    (0.1 + 0.2, "0.3"), (0.00001, "0"), (0.0, "0"), (-0.0, "0"), (1234.5, "1234.5")])
def test_points_are_written_plainly(points, text):
    assert numbers.written(numbers.exact(points)) == text
    assert numbers.written(numbers.exact(points), comma=True) == text.replace(".", ",")


@pytest.mark.parametrize("text, value", [
    ("7.50", "7.5"), ("7,50", "7.5"), (" 8 ", "8"), ("1,234.5", "1234.5"), (".5", "0.5"),
    ("EX", None), ("", None), ("70 %", None), ("1e3", None), ("-", None)])
def test_numbers_are_read_as_the_lms_reads_them(text, value):
    assert numbers.number(text) == (None if value is None else Decimal(value))
