"""What Canvas and Moodle would take from a file: their documented import rules, applied.

Written from the guides "How do I import grades in the Gradebook?" (Canvas) and "Grade import" and
"Assignment settings" (MoodleDocs), and from the importers in the public source of both. It shares
no code with the casebook.
"""

import csv
import io
import re
from decimal import Decimal

CALCULATED = ("Current Score", "Current Points", "Current Grade", "Final Score", "Final Points",
              "Final Grade", "Override Score", "Override Grade", "Override Status")


class Refused(Exception):
    """The LMS would refuse the whole file."""


def _period(cell):
    """Canvas: the last comma or point of a number is its decimal point."""
    if cell is not None and re.fullmatch(r"-?[0-9.,]+%?", cell):
        *whole, last = re.split("[,.]", cell)
        return "".join(whole) + "." + last if whole else last
    return cell


def canvas(path, students, assignments, custom=("Notes",)):
    """Grades, points and new assignments that Canvas would take.

    ``students``: for each Canvas id the SIS user id and the login; ``assignments``: title by id;
    ``custom``: columns for notes that the course has. Gives ``(grades, points, new)``: points by (login, title), points possible by title, new titles.
    """
    text = path.read_bytes().decode("utf-8")
    heads = text.splitlines()[:3]
    counts = {mark: {len(next(csv.reader([line], delimiter=mark))) for line in heads} for mark in ";,"}
    fields = {mark: found.pop() if len(found) == 1 else 0 for mark, found in counts.items()}
    mark = ";" if fields[";"] > fields[","] else ","
    rows = [[_period(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark)
            if not re.fullmatch("[;, ]+", mark.join(row))]
    head = rows[0]
    if not (len(head) > 3 and "Student" in head[0] and "ID" in head[1]):
        raise Refused("Invalid header row")
    place = {name: head.index(name) for name in ("SIS User ID", "SIS Login ID", "Section") if name in head}
    if "Section" not in place:
        raise Refused("Invalid header row")
    targets, new = {}, []
    for column in range(place["Section"] + 1, len(head)):
        if head[column] in custom or any(name in head[column] for name in CALCULATED):
            continue
        numbered = re.fullmatch(r"(.*) \((\d+)\)", head[column])
        title = assignments.get(numbered[2]) if numbered else None
        if title is None:
            title = head[column]
            if title not in assignments.values():
                new.append(title)
        targets[column] = title
    return *_canvas_rows(rows[1:], targets, place, students), new


def _canvas_rows(rows, targets, place, students):
    grades, points, closed = {}, {}, set()
    for row in rows:
        if "Points Possible" in row[0]:
            closed = {column for column in targets if "read only" in row[column]}
            points = {title: row[column] for column, title in targets.items() if row[column]}
        elif all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.I) for cell in row):
            continue
        else:
            who = _canvas_student(row, place, students)
            for column, title in targets.items():
                if column not in closed and row[column].strip() not in ("", "-", "N/A"):
                    grades[who, title] = row[column].strip()
    return ({key: Decimal(value) if value != "EX" else value for key, value in grades.items()},
            {title: Decimal(value) for title, value in points.items()})


def _canvas_student(row, place, students):
    if row[1] in students:
        return students[row[1]][1]
    for sis, login in students.values():
        if row[place["SIS User ID"]] == sis or row[place["SIS Login ID"]] == login:
            return login
    raise Refused(f"no student {row[0]}")


def _moodle_number(cell, mark):
    """Moodle: spaces go, the decimal mark of the user's language becomes a point."""
    text = cell.replace(" ", "").replace(mark, ".")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", text):
        raise Refused(f"bad grade {cell!r}")
    return Decimal(text)


def moodle(path, by, users, items, delimiter=",", encoding="utf-8", mark=".", most=100):
    """Points by (user, item) that Moodle would take into the grade items of a course.

    ``by``: the heading that identifies users; ``users``: user by its value; ``items``: the
    heading for each item. One unknown user, bad number or number above the most refuses all.
    """
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode(encoding).lstrip("\ufeff"), newline=""),
                           delimiter=delimiter))
    head = [name.strip() for name in rows[0]]
    grades = {}
    for row in rows[1:]:
        if len(row) <= 1:
            continue
        values = dict(zip(head, row, strict=True))
        if values[by].strip() not in users:
            raise Refused(f"no user {values[by]!r}")
        for item, heading in items.items():
            cell = values[heading].strip()
            if cell not in ("", "-"):
                value = _moodle_number(cell, mark)
                if value > most:
                    raise Refused(f"{value} is too much")
                grades[users[values[by].strip()], item] = value
    return grades


def worksheet(path, participants, most):
    """Points by user that Moodle would take from a grading worksheet; rows it skips are left out.

    ``participants``: user by number. Older versions read commas and UTF-8 only; so does this.
    """
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8").lstrip("\ufeff"), newline="")))
    head = rows[0]
    if not {"Identifier", "Grade", "Last modified (grade)"} <= set(head):
        raise Refused("columns are missing")
    grades = {}
    for row in rows[1:]:
        values = dict(zip(head, row, strict=True))
        user = participants[values["Identifier"].removeprefix("Participant ")]
        if values["Grade"] and 0 <= _moodle_number(values["Grade"], ".") <= most:
            grades[user] = _moodle_number(values["Grade"], ".")
    return grades
