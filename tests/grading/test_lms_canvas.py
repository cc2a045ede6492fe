"""Grades into a Canvas gradebook, checked by what Canvas would take from it."""

from decimal import Decimal

import pytest

from casebook.errors import CasebookError
from casebook.grading.gradebook import grades
from casebook.grading.lms import Options, export

from . import importers
from .gradebookkit import ANA, BO, CHEN, CLASS, DEE, Person, gradebook

# The columns and rows of Canvas's exporter: posting, points, students, the test student last.
HEAD = ("Student,ID,SIS User ID,SIS Login ID,Section,Notes,Two Rooms (12345),Quiz (77),"
        "Assignments Current Score,Current Score,Final Grade\n")
POSTING = ",,,,,,Manual Posting,,,,\n"
POINTS = "    Points Possible,,,,,,10,5,(read only),(read only),(read only)\n"
STUDENTS = ('"Ríos, Ana",901,S1,ana1,"MBA 1, evening","=1+1",,4,80,80,B\n'
            '"O""Neil, Jr., Bo",902,S2,bo2,MBA 1,,,5,100,100,A\n'
            "陈晨,903,S3,chen3,MBA 1,,,,,,\n"
            '"=SUM(A1), Dee",904,S4,dee4,MBA 1,,,3.5,,,\n'
            '"Student, Test",999,,f00d5eed,MBA 1,,,,,,\n')
FILE = HEAD + POSTING + POINTS + STUDENTS
WHO = {"901": ("S1", "ana1"), "902": ("S2", "bo2"), "903": ("S3", "chen3"), "904": ("S4", "dee4"),
       "999": ("", "f00d5eed")}
TITLES = {"12345": "Two Rooms", "77": "Quiz"}
QUIZ = {("ana1", "Quiz"): Decimal(4), ("bo2", "Quiz"): Decimal(5), ("dee4", "Quiz"): Decimal("3.5")}


def rows(tmp_path, **more):
    return grades(gradebook(tmp_path / "course", **more))


def file(tmp_path, text=FILE, encoding="utf-8"):
    path = tmp_path / "grades.csv"
    path.write_bytes(text.encode(encoding))
    return path


def taken(path):
    return importers.canvas(path, WHO, TITLES)


def test_canvas_takes_the_grades_of_the_gradebook(tmp_path):
    path = file(tmp_path)
    found = rows(tmp_path)
    report = export(found, "canvas", path)
    assert report.out == tmp_path / "grades.filled.csv"
    got, points, new = taken(report.out)
    expected = {(row.student_id, "Two Rooms"): Decimal(str(row.points)) for row in found
                if row.submitted and not row.needs_manual_grade}
    assert len(expected) == 2 and got == expected | QUIZ
    assert points == {"Two Rooms": Decimal(10), "Quiz": Decimal(5)} and not new
    assert path.read_bytes() == FILE.encode()


def test_nothing_but_the_cells_changes(tmp_path):
    report = export(rows(tmp_path), "canvas", file(tmp_path))
    expected = FILE.replace('evening","=1+1",,4', 'evening","=1+1",7.25,4').replace("MBA 1,,,5", "MBA 1,,10,5")
    assert report.out.read_bytes() == expected.encode()


def test_the_report_says_what_was_left(tmp_path):
    report = export(rows(tmp_path), "canvas", file(tmp_path))
    assert report.matched_by == "SIS Login ID" and not report.complete
    assert report.unfinished == ["two-rooms: chen3 (晨 陈)"]
    assert report.missing == ["two-rooms: dee4 (Dee =SUM(A1))"]
    # The test student of Canvas is nobody's.
    assert not report.unmatched_here and not report.unmatched_there
    text = str(report)
    assert "2 filled in, 0 already there, 1 without a submission." in text
    assert "Still to be marked by hand" in text and "chen3" in text


def test_all_filled_in_is_complete(tmp_path):
    whole = {"two-rooms": {each.id: (6.0, 4.0) for each in CLASS}}
    report = export(rows(tmp_path, scores=whole), "canvas", file(tmp_path))
    assert report.complete and len(report.filled) == 4


def test_unfinished_and_missing_can_be_taken(tmp_path):
    report = export(rows(tmp_path), "canvas", file(tmp_path),
                    options=Options(include_unfinished=True, missing_as_zero=True))
    got, _, _ = taken(report.out)
    assert got["chen3", "Two Rooms"] == 3 and got["dee4", "Two Rooms"] == 0 and report.complete


@pytest.mark.parametrize("there, kind", [("7.25", "unchanged"), ("7.250", "unchanged"), ("7,25", "unchanged"),
                                         ("9", "conflicts"), ("EX", "conflicts"), ("N/A", "closed"), ("-", "filled")])
def test_a_cell_that_holds_something(tmp_path, there, kind):
    cell = f'"{there}"' if "," in there else there
    text = FILE.replace('"=1+1",,4', f'"=1+1",{cell},4')
    report = export(rows(tmp_path), "canvas", file(tmp_path, text))
    assert any(each.startswith("two-rooms: ana1") for each in getattr(report, kind))
    if kind != "filled":
        assert f'"=1+1",{cell},4' in report.out.read_text(encoding="utf-8")


def test_overwrite_replaces_and_says_what_was_there(tmp_path):
    text = FILE.replace('"=1+1",,4', '"=1+1",9,4')
    report = export(rows(tmp_path), "canvas", file(tmp_path, text), options=Options(overwrite=True))
    assert taken(report.out)[0]["ana1", "Two Rooms"] == Decimal("7.25")
    assert report.replaced == ["two-rooms: ana1 (Ana Ríos): 9, now 7.25"] and not report.conflicts


def test_a_zero_for_no_submission_replaces_nothing(tmp_path):
    text = FILE.replace("MBA 1,,,3.5", "MBA 1,,EX,3.5")
    report = export(rows(tmp_path), "canvas", file(tmp_path, text),
                    options=Options(overwrite=True, missing_as_zero=True))
    assert "MBA 1,,EX,3.5" in report.out.read_text(encoding="utf-8")
    assert "dee4" in report.closed[0] and not report.complete


def test_a_missing_column_is_added_with_its_points(tmp_path):
    scores = {"two-rooms": {"ana1": (6.0, 4.0)}, "after-hours": {"bo2": (5.0, 2.5)}, "unused": {}}
    report = export(rows(tmp_path, scores=scores), "canvas", file(tmp_path))
    got, points, new = taken(report.out)
    assert new == ["after-hours"] and points["after-hours"] == 10
    assert got["bo2", "after-hours"] == Decimal("7.5")
    assert report.added == ["after-hours (10 points)"]
    assert "for which the LMS will make an assignment" in str(report)


def test_no_column_is_added_for_grades_that_are_left_out(tmp_path):
    report = export(rows(tmp_path, scores={"after-hours": {"chen3": (1.0, None)}}), "canvas", file(tmp_path))
    assert report.out is None and not report.added and "after-hours" in report.no_column[0]
    assert not (tmp_path / "grades.filled.csv").exists()


def test_without_a_row_of_points_no_column_is_added(tmp_path):
    report = export(rows(tmp_path, scores={"after-hours": {"ana1": (1.0, 1.0)}}), "canvas",
                    file(tmp_path, HEAD + STUDENTS))
    assert report.no_column and not report.added and any("no row of points" in each for each in report.notes)


def test_other_points_are_told_and_scaled_only_when_asked(tmp_path):
    path = file(tmp_path, FILE.replace(",,10,5,(", ",,20,5,("))
    found = rows(tmp_path)
    report = export(found, "canvas", path)
    assert "10 in the gradebook, 20 in the LMS" in report.points[0]
    assert taken(report.out)[0]["ana1", "Two Rooms"] == Decimal("7.25")
    scaled = export(found, "canvas", path, tmp_path / "scaled.csv", options=Options(scale=True))
    assert taken(scaled.out)[0]["ana1", "Two Rooms"] == Decimal("14.5") and not scaled.points


def test_students_on_either_side_only_are_listed(tmp_path):
    people = (*CLASS, Person("eve5", "Eve", "Away"))
    text = FILE + '"New, Nina",905,S5,nina9,MBA 1,,,,,,\n'
    report = export(rows(tmp_path, people=people), "canvas", file(tmp_path, text))
    assert report.unmatched_here == ["eve5 (Eve Away)"]
    assert report.unmatched_there == ["New, Nina (nina9)"]


def test_one_identifier_for_two_rows_fills_neither(tmp_path):
    text = FILE + '"Ríos, Ana B.",906,S6,ANA1,MBA 2,,,,,,\n'
    report = export(rows(tmp_path), "canvas", file(tmp_path, text))
    assert len(report.ambiguous) == 1 and "Ríos, Ana B." in report.ambiguous[0]
    assert ("ana1", "Two Rooms") not in taken_with(report.out, "906", "S6", "ANA1")
    assert not report.unmatched_here and not report.unmatched_there


def taken_with(path, number, sis, login):
    return importers.canvas(path, WHO | {number: (sis, login)}, TITLES)[0]


@pytest.mark.parametrize("people, column", [
    ([Person("S1"), Person("S2")], "SIS User ID"),
    ([Person("x", email="Ana1"), Person("y", email="bo2")], "SIS Login ID"),
    ([Person("x", lms_user_id="901"), Person("y", lms_user_id="902")], "ID"),
])
def test_the_column_of_the_identifier_is_found(tmp_path, people, column):
    scores = {"two-rooms": {people[0].id: (6.0, 4.0), people[1].id: (1.0, 1.0)}}
    report = export(rows(tmp_path, people=people, scores=scores), "canvas", file(tmp_path))
    got, _, _ = taken(report.out)
    assert report.matched_by == column
    assert (got["ana1", "Two Rooms"], got["bo2", "Two Rooms"]) == (10, 2)


def test_columns_that_disagree_are_not_chosen_between(tmp_path):
    people = [Person("ana1"), Person("bo2"), Person("903", "Not", "Chen")]
    text = FILE.replace("dee4", "903")
    found = rows(tmp_path, people=people, scores={"two-rooms": {"ana1": (6.0, 4.0)}})
    path = file(tmp_path, text)
    with pytest.raises(CasebookError, match="another person.*--match COLUMN"):
        export(found, "canvas", path)
    report = export(found, "canvas", path, options=Options(match="sis login id"))
    assert report.matched_by == "SIS Login ID" and len(report.filled) == 1


def test_no_match_at_all_is_said(tmp_path):
    found = rows(tmp_path, people=[Person("zoe")], scores={"two-rooms": {"zoe": (6.0, 4.0)}})
    with pytest.raises(CasebookError, match="ids such as zoe.*--match"):
        export(found, "canvas", file(tmp_path))


@pytest.mark.parametrize("column", ["Assignments Current Score", "Section", "Notes"])
def test_columns_that_canvas_would_not_read_are_refused(tmp_path, column):
    text = FILE.replace("Possible,,,,,,10", "Possible,,,,,(read only),10")
    with pytest.raises(CasebookError, match="Canvas takes no grades"):
        export(rows(tmp_path), "canvas", file(tmp_path, text), options=Options(columns={"two-rooms": column}))


def test_a_column_can_be_named(tmp_path):
    report = export(rows(tmp_path), "canvas", file(tmp_path),
                    options=Options(columns={"two-rooms": "Quiz (77)"}, overwrite=True))
    assert taken(report.out)[0]["bo2", "Quiz"] == 10


def test_two_columns_of_one_name_are_not_chosen_between(tmp_path):
    text = FILE.replace("Quiz (77)", "two_rooms (77)")
    with pytest.raises(CasebookError, match=r"Two Rooms \(12345\).*two_rooms \(77\).*--column"):
        export(rows(tmp_path), "canvas", file(tmp_path, text))


def test_two_assignments_never_share_a_column(tmp_path):
    scores = {"two-rooms": {"ana1": (6.0, 4.0)}, "two_rooms": {"bo2": (6.0, 4.0)}}
    with pytest.raises(CasebookError, match="into the same column"):
        export(rows(tmp_path, scores=scores), "canvas", file(tmp_path))


def test_only_the_assignments_asked_for(tmp_path):
    scores = {"two-rooms": {"ana1": (6.0, 4.0)}, "quiz": {"chen3": (2.0, 0.0)}}
    report = export(rows(tmp_path, scores=scores), "canvas", file(tmp_path), assignments=["quiz"])
    got, _, _ = taken(report.out)
    assert got == QUIZ | {("chen3", "Quiz"): Decimal(2)}
    with pytest.raises(CasebookError, match="no assignment 'nope'.*quiz, two-rooms"):
        export(rows(tmp_path / "b", scores=scores), "canvas", file(tmp_path), tmp_path / "o", ["nope"])


def test_last_and_first_names_in_two_columns(tmp_path):
    text = ("LastName,FirstName,ID,SIS User ID,SIS Login ID,Section,Two Rooms (12345)\n"
            "    Points Possible,,,,,,10\n"
            f"{ANA.last_name},{ANA.first_name},901,S1,ana1,MBA,\nElse,Some,905,S5,else,MBA,\n")
    report = export(rows(tmp_path), "canvas", file(tmp_path, text))
    assert "901,S1,ana1,MBA,7.25\n" in report.out.read_text(encoding="utf-8")
    assert report.unmatched_there == ["Else, Some (else)"]
    assert {each.split(" ")[0] for each in report.unmatched_here} == {BO.id, CHEN.id, DEE.id}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("comma", [False, True])
def test_semicolons_and_decimal_commas_reach_canvas(tmp_path, encoding, comma):
    text = FILE.replace('"MBA 1, evening"', "MBA 1")
    text = "".join(";".join(cells) + "\n" for cells in (
        line.replace(", ", "\0").split(",") for line in text.splitlines())).replace("\0", ", ")
    report = export(rows(tmp_path), "canvas", file(tmp_path, text, encoding),
                    options=Options(decimal_comma=comma))
    assert ("7,25" in report.out.read_text(encoding=encoding)) is comma
    assert taken(report.out)[0]["ana1", "Two Rooms"] == Decimal("7.25")


def test_another_encoding_is_kept_and_told(tmp_path):
    text = FILE.replace("陈晨", "Chen")
    report = export(rows(tmp_path), "canvas", file(tmp_path, text, "cp1252"))
    assert "Ríos" in report.out.read_bytes().decode("cp1252") and any("another program" in each for each in report.notes)


@pytest.mark.parametrize("text, said", [
    ("First name,Email address\nA,b@c\n", "no gradebook of Canvas"),
    ("Student,ID,SIS Login ID,Quiz (1)\nA,1,a,\n", "no gradebook of Canvas")])
def test_a_file_that_canvas_would_refuse_is_refused(tmp_path, text, said):
    path = file(tmp_path, text)
    with pytest.raises(CasebookError, match=said):
        export(rows(tmp_path), "canvas", path)
    with pytest.raises(importers.Refused):
        taken(path)


def test_the_output_is_never_an_existing_file(tmp_path):
    path, found = file(tmp_path), rows(tmp_path)
    with pytest.raises(CasebookError, match="left as it is"):
        export(found, "canvas", path, path, options=Options(overwrite=True))
    (tmp_path / "grades.filled.csv").write_text("mine")
    with pytest.raises(CasebookError, match="left as it is"):
        export(found, "canvas", path)
    assert (tmp_path / "grades.filled.csv").read_text() == "mine" and path.read_bytes() == FILE.encode()


def test_a_trial_run_writes_nothing(tmp_path):
    report = export(rows(tmp_path), "canvas", file(tmp_path), options=Options(dry_run=True))
    assert len(report.filled) == 2 and report.out is None
    assert not (tmp_path / "grades.filled.csv").exists()


def test_a_second_run_on_the_result_changes_nothing(tmp_path):
    found = rows(tmp_path)
    first = export(found, "canvas", file(tmp_path))
    again = export(found, "canvas", first.out)
    assert again.out is None and len(again.unchanged) == 2 and not again.filled


def test_no_submission_anywhere_is_said(tmp_path):
    with pytest.raises(CasebookError, match="no graded submission"):
        export(rows(tmp_path, scores={"two-rooms": {}}), "canvas", file(tmp_path))
