"""Grades into Moodle's two files, checked by what Moodle would take from them."""

from decimal import Decimal

import pytest

from casebook.errors import CasebookError
from casebook.grading.gradebook import grades
from casebook.grading.lms import Options, export

from . import importers
from .gradebookkit import CLASS, POINTS, Person, gradebook

HEAD = ('"First name","Last name","ID number",Institution,Department,"Email address",'
        '"Assignment: Two Rooms (Real)","Assignment: Two Rooms (Percentage)",'
        '"Assignment: Two Rooms (Feedback)","Course total (Real)","Last downloaded from this course"\n')
FILE = HEAD + ('Ana,Ríos,7001,"Uni, of X",,ana@uni.example,-,-,,-,1770000000\n'
               'Bo,"O""Neil, Jr.",7002,,,bo@uni.example,-,-,"=good",-,1770000000\n'
               "晨,陈,7003,,,chen@uni.example,-,-,,-,1770000000\n"
               "Dee,=SUM(A1),7004,,,Dee@Uni.example,-,-,,-,1770000000\n")
USERS = {"ana@uni.example": "ana1", "bo@uni.example": "bo2", "chen@uni.example": "chen3",
         "Dee@Uni.example": "dee4"}
ITEM = {"two-rooms": "Assignment: Two Rooms (Real)"}
EXPECTED = {(who, "two-rooms"): Decimal(points) for who, points in POINTS.items()}
SHEET = ('Identifier,"Full name","Email address",Status,Grade,"Maximum grade",'
         '"Grade can be changed","Last modified (submission)","Last modified (grade)","Feedback comments"\n'
         '"Participant 11","Ana Ríos",ana@uni.example,"Submitted for grading",,10.00,Yes,'
         '"Thursday, 15 January 2026, 10:00 AM",-,\n'
         '"Participant 12","Bo O""Neil, Jr.",bo@uni.example,"Submitted for grading",,10.00,Yes,-,-,\n'
         '"Participant 13","晨 陈",chen@uni.example,"No submission",,10.00,Yes,-,-,\n'
         '"Participant 14","Dee =SUM(A1)",dee@uni.example,"No submission",,10.00,Yes,-,-,\n')
PARTICIPANTS = {"11": "ana1", "12": "bo2", "13": "chen3", "14": "dee4"}


def rows(tmp_path, **more):
    return grades(gradebook(tmp_path / "course", **more))


def file(tmp_path, text=FILE, encoding="utf-8"):
    path = tmp_path / "grades.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_moodle_takes_the_grades_of_the_gradebook(tmp_path):
    report = export(rows(tmp_path), "moodle", file(tmp_path))
    assert importers.moodle(report.out, "Email address", USERS, ITEM) == EXPECTED
    assert report.matched_by == "Email address" and not report.complete
    assert any("how many points" in note for note in report.notes)
    expected = FILE.replace("ana@uni.example,-", "ana@uni.example,7.25").replace("bo@uni.example,-", "bo@uni.example,10")
    assert report.out.read_bytes() == expected.encode()


def test_all_marked_is_complete(tmp_path):
    whole = {"two-rooms": {each.id: (6.0, 4.0) for each in CLASS}}
    report = export(rows(tmp_path, scores=whole), "moodle", file(tmp_path))
    assert report.complete and len(report.filled) == 4


def test_id_numbers_come_before_addresses(tmp_path):
    people = [Person("7001", email="ana@uni.example"), Person("7002", email="bo@uni.example")]
    found = rows(tmp_path, people=people, scores={"two-rooms": {"7001": (6.0, 1.0)}})
    assert export(found, "moodle", file(tmp_path)).matched_by == "ID number"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("comma", [False, True])
def test_delimiters_and_encodings_reach_moodle(tmp_path, delimiter, encoding, comma):
    text = FILE.replace('"Uni, of X"', "X").replace('"O""Neil, Jr."', "Oneil").replace(",", delimiter)
    report = export(rows(tmp_path), "moodle", file(tmp_path, text, encoding), options=Options(decimal_comma=comma))
    mark = "," if comma else "."
    assert importers.moodle(report.out, "Email address", USERS, ITEM, delimiter, encoding, mark) == EXPECTED
    assert (f"7{mark}25" in report.out.read_bytes().decode(encoding))


def test_translated_headings_are_named(tmp_path):
    text = ("Vorname;Nachname;Matrikelnummer;E-Mail-Adresse;Aufgabe: Zwei Räume (Punkte)\r\n"
            "Ana;Ríos;1;ana@uni.example;-\r\nBo;O;2;bo@uni.example;5,00\r\n")
    found, path = rows(tmp_path), file(tmp_path, text, "cp1252")
    with pytest.raises(CasebookError, match="'E-Mail-Adresse'.*--match COLUMN"):
        export(found, "moodle", path, options=Options(columns={"two-rooms": "Aufgabe: Zwei Räume (Punkte)"}))
    options = Options(match="E-Mail-Adresse", columns={"two-rooms": "Aufgabe: Zwei Räume (Punkte)"},
                      decimal_comma=True, overwrite=True)
    report = export(found, "moodle", path, options=options)
    assert report.out.read_bytes().decode("cp1252") == text.replace("ana@uni.example;-", "ana@uni.example;7,25").replace("5,00", "10")
    assert len(report.unmatched_here) == 2


def test_a_missing_column_is_not_added_to_moodles_file(tmp_path):
    report = export(rows(tmp_path, scores={"after-hours": {"ana1": (6.0, 4.0)}}), "moodle", file(tmp_path))
    assert report.out is None and "after-hours" in report.no_column[0]
    assert "make it in the LMS and export again" in str(report)


def test_columns_that_are_not_points_are_refused(tmp_path):
    found, path = rows(tmp_path), file(tmp_path)
    for column in ("Assignment: Two Rooms (Percentage)", "Assignment: Two Rooms (Feedback)", "Last name"):
        with pytest.raises(CasebookError, match="Moodle takes no points"):
            export(found, "moodle", path, options=Options(columns={"two-rooms": column}))


def test_two_items_of_one_name_are_not_chosen_between(tmp_path):
    text = FILE.replace("Course total (Real)", "Quiz: Two Rooms (Real)")
    with pytest.raises(CasebookError, match="Several columns could be for two-rooms"):
        export(rows(tmp_path), "moodle", file(tmp_path, text))


def test_points_can_be_said_and_scaled_to(tmp_path):
    found, path = rows(tmp_path), file(tmp_path)
    with pytest.raises(CasebookError, match="cannot be scaled.*--points 'two-rooms=POINTS'"):
        export(found, "moodle", path, options=Options(scale=True))
    points = {"two-rooms": Decimal(100)}
    told = export(found, "moodle", path, options=Options(points=points, dry_run=True))
    assert "10 in the gradebook, 100 in the LMS" in told.points[0]
    report = export(found, "moodle", path, options=Options(points=points, scale=True))
    assert importers.moodle(report.out, "Email address", USERS, ITEM) == {
        ("ana1", "two-rooms"): Decimal("72.5"), ("bo2", "two-rooms"): Decimal(100)}


def test_more_than_moodle_takes_is_left_out(tmp_path):
    report = export(rows(tmp_path), "moodle", file(tmp_path), options=Options(points={"two-rooms": Decimal(8)}))
    assert "no more than 8 points" in report.closed[0] and "bo2" in report.closed[0]
    assert importers.moodle(report.out, "Email address", USERS, ITEM, most=8) == {("ana1", "two-rooms"): Decimal("7.25")}


def test_students_on_either_side_only_are_listed(tmp_path):
    text = FILE.replace("dee", "fay").replace("Dee@Uni", "fay@uni")
    report = export(rows(tmp_path), "moodle", file(tmp_path, text))
    assert report.unmatched_here == ["dee4 (Dee =SUM(A1))"]
    assert report.unmatched_there == ["Dee =SUM(A1) (fay@uni.example)"]


def test_two_students_with_one_address_get_nothing(tmp_path):
    people = (*CLASS, Person("twin", "Ana", "Other", "ANA@uni.example"))
    report = export(rows(tmp_path, people=people), "moodle", file(tmp_path))
    assert "ana1" in report.ambiguous[0] and "twin" in report.ambiguous[0]
    assert ("ana1", "two-rooms") not in importers.moodle(report.out, "Email address", USERS, ITEM)


def test_the_worksheet_of_an_assignment(tmp_path):
    report = export(rows(tmp_path), "moodle", file(tmp_path, SHEET))
    assert report.lms == "Moodle grading worksheet"
    assert importers.worksheet(report.out, PARTICIPANTS, 10) == {who: Decimal(points) for who, points in POINTS.items()}
    expected = SHEET.replace("grading\",,10.00", "grading\",7.25,10.00", 1).replace("grading\",,10.00", "grading\",10,10.00", 1)
    assert report.out.read_bytes() == expected.encode()


def test_a_worksheet_is_of_one_assignment(tmp_path):
    scores = {"two-rooms": {"ana1": (6.0, 4.0)}, "after-hours": {"ana1": (1.0, 1.0)}}
    found, path = rows(tmp_path, scores=scores), file(tmp_path, SHEET)
    with pytest.raises(CasebookError, match="--assignment NAME"):
        export(found, "moodle", path)
    report = export(found, "moodle", path, assignments=["after-hours"])
    assert importers.worksheet(report.out, PARTICIPANTS, 10) == {"ana1": 2}


def test_locked_grades_and_lower_maxima_of_a_worksheet(tmp_path):
    text = SHEET.replace("10.00,Yes", "8.00,No", 1).replace("10.00", "8.00")
    report = export(rows(tmp_path), "moodle", file(tmp_path, text))
    bo, ana = report.closed
    assert "ana1" in ana and "locked" in ana and "bo2" in bo and "no more than 8 points" in bo
    assert report.out is None
    assert "10 in the gradebook, 8 in the LMS" in report.points[0]


def test_a_locked_grade_that_is_the_same_is_no_worry(tmp_path):
    text = SHEET.replace(",,10.00,Yes", ",7.25,10.00,No", 1)
    report = export(rows(tmp_path), "moodle", file(tmp_path, text))
    assert not report.closed and len(report.unchanged) == len(report.filled) == 1


def test_an_anonymous_worksheet_names_nobody(tmp_path):
    lines = [line.split(",") for line in SHEET.replace(", ", " ").splitlines()]
    text = "".join(",".join([cells[0], *cells[3:]]) + "\n" for cells in lines)
    with pytest.raises(CasebookError, match="No column is known to hold an identifier"):
        export(rows(tmp_path), "moodle", file(tmp_path, text))


def test_a_file_without_students_is_refused(tmp_path):
    with pytest.raises(CasebookError, match="holds no students"):
        export(rows(tmp_path), "moodle", file(tmp_path, HEAD))
