"""What an instructor and the students do with a course, command by command."""

import csv
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbgrader.api import Gradebook

from tests.grading import kit

from .people import BY_ID, CLASS, ROLES, write_class_list

NAME = "two-rooms"
FIRST = "roles"      # the assignment before it, which few handed in; nothing is played in it
TITLES = {NAME: "Two Rooms", FIRST: "The six roles"}      # as the LMS has them
DUE = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
ACROSS = 8      # turns of a play that was broken off

# An instructor's own rule for late work, as nbgrader documents it: a plug-in beside the configuration.
LATE = '''\
from nbgrader.plugins import BasePlugin


class PointADay(BasePlugin):
    """One point for each day that has begun."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return min(score, float(-(-total_seconds_late // 86_400)))
'''
LATE_CONFIG = '\nc.AssignLatePenalties.plugin_class = "late.PointADay"\n'


class Course:
    """A course folder, run by the commands that a user would type."""

    def __init__(self, home: Path, db_url: str = ""):
        self.home, self.folder, self.db = home, home / "course", db_url
        self.said: dict[str, str] = {}
        self.before_marking: dict = {}
        # Nothing that is set on this machine for Jupyter or nbgrader has a part in this.
        self.private = {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}

    def run(self, *command, expect=0):
        """Run a command in the course folder; gives what it printed."""
        return kit.run(*command, cwd=self.folder, expect=expect, env=self.private)

    @property
    def db_url(self):
        return self.db or f"sqlite:///{self.folder / 'gradebook.db'}"

    def book(self):
        """nbgrader's own access to the gradebook."""
        return Gradebook(self.db_url, "mba")

    # -- before the class ----------------------------------------------------------------------------
    def begin(self):
        """Make the course, set a rule for late work, release, and say when the work is due."""
        self.home.mkdir(parents=True, exist_ok=True)
        words = ("--students", write_class_list(self.home / "class.csv"), "--course-id", "mba",
                 "--assignment", NAME, "--assignment", FIRST, *(("--db", self.db) if self.db else ()))
        kit.run("casebook", "course", "new", self.folder, *words, cwd=self.home, env=self.private)
        (self.folder / "late.py").write_text(LATE, encoding="utf-8")
        with open(self.folder / "nbgrader_config.py", "a", encoding="utf-8") as file:
            file.write(LATE_CONFIG)
        self.run("casebook", "release")
        self.run("nbgrader", "db", "assignment", "add", NAME, "--duedate", f"{DUE:%Y-%m-%d %H:%M:%S} UTC")

    # -- the students ---------------------------------------------------------------------------------
    def take(self, plays: Path):
        """Put what every student hands in where nbgrader looks for it."""
        paper = kit.paper(NAME, self.folder)
        for one in filter(lambda one: one.handed_in, CLASS):
            book = paper.released if one.state == "untouched" else _answered(paper, one)
            folder = kit.hand_in(self.folder, paper, one.id, book)
            for path in _plays_of(one, plays):
                shutil.copy(path, folder)
            if one.state == "half a play":
                _broken_off(next(folder.glob("*.casebook.jsonl")))
            handed = DUE + timedelta(hours=one.late)
            (folder / "timestamp.txt").write_text(f"{handed:%Y-%m-%d %H:%M:%S.%f} UTC", encoding="utf-8")
        first = kit.paper(FIRST, self.folder)
        for id in ROLES:
            kit.hand_in(self.folder, first, id, first.answered(BY_ID[id].plays_as))

    # -- grading --------------------------------------------------------------------------------------
    def grade(self):
        """Let the doctor look and mend, then grade: one gradebook by plain nbgrader, that on a server by the casebook."""
        self.said["doctor"] = self.run("casebook", "course", "doctor", NAME, "--json", expect=1)
        self.said["mended"] = self.run("casebook", "course", "doctor", NAME, "--fix", expect=1)
        for name in (FIRST, NAME):
            command = ("casebook", "course", "grade", name) if self.db else ("nbgrader", "autograde", name)
            self.said["autograde"] = self.run(*command)
        self.before_marking = self.grades()

    def mark(self, name, marks):
        """Give the marks by hand in ``marks``, by student, through nbgrader's own interface."""
        with self.book() as book:
            for id, mark in marks.items():
                for cell in ("memo", "reflection"):
                    grade = book.find_grade(cell, name, name, id)
                    grade.manual_score, grade.needs_manual_grade = getattr(mark, cell), False
                if mark.comment:
                    book.find_comment("memo", name, name, id).manual_comment = mark.comment
            book.db.commit()

    def give_back(self):
        """Write the feedback, and fill the grades into the files of both systems."""
        self.run("nbgrader", "generate_feedback", NAME)
        # Two Rooms has its own name in both systems; where the name differs, the column is given.
        for system, columns, other in (("canvas", canvas_file, f"{TITLES[FIRST]} (7002)"),
                                       ("moodle", moodle_file, f"Assignment: {TITLES[FIRST]} (Real)")):
            path = columns(self.home / f"{system}.csv")
            # Nothing is left to look at: who handed in nothing is told, and stays empty.
            self.said[system] = self.run("casebook", "course", "export", f"--{system}", path,
                                         "--column", f"{FIRST}={other}")

    def feedback(self, student):
        """The page that a student receives."""
        return (self.folder / "feedback" / student / NAME / f"{NAME}.html").read_text(encoding="utf-8")

    # -- what came of it ------------------------------------------------------------------------------
    def grades(self, name=NAME):
        """Everything that the gradebook says of every submission of an assignment, as plain data."""
        with self.book() as book:
            return {one.student.id: {
                "total": (one.score, one.max_score, one.late_submission_penalty, one.needs_manual_grade),
                "late": one.total_seconds_late, "handed in": str(one.timestamp),
                "cells": {grade.name: (grade.auto_score, grade.manual_score, grade.extra_credit, grade.max_score,
                                       grade.needs_manual_grade, grade.failed_tests)
                          for notebook in one.notebooks for grade in notebook.grades},
                "comments": {comment.name: (comment.auto_comment, comment.manual_comment)
                             for notebook in one.notebooks for comment in notebook.comments},
            } for one in book.assignment_submissions(name)}

    def people(self):
        """The students as the gradebook has them."""
        with self.book() as book:
            return {one.id: (one.first_name, one.last_name, one.email) for one in book.students}


def play_all(folder: Path):
    """Let a named manager play each attempt of each student: ``casebook play``, as anybody may."""
    for one in CLASS:
        for attempt, manager in enumerate(one.managers, start=1):
            to = folder / one.id
            to.mkdir(parents=True, exist_ok=True)
            kit.run("casebook", "play", NAME, "--player", one.plays_as, "--attempt", attempt,
                    "--policy", manager, "--folder", to, cwd=folder)


def _plays_of(one, plays: Path):
    """The files of a student's plays; one takes those of somebody else."""
    whose = "s01" if one.state == "foreign play" else one.id
    return sorted((plays / whose).glob("*.casebook.jsonl"))


def _answered(paper, one):
    """The notebook as a student hands it in: the model answers, but for what is left out or wrong."""
    book = paper.answered(one.plays_as, but=one.left_out)
    for id in one.wrong:
        right = kit.text(kit.cell_of(book, id)).split('"')[1]
        kit.cell_of(book, id)["source"] = f'{id} = "{"BCDA"["ABCD".index(right)]}"'
    if one.state == "copied cell":
        place = book["cells"].index(kit.cell_of(book, "reading_3"))
        book["cells"].insert(place, json.loads(json.dumps(kit.cell_of(paper.released, "reading_3"))))
    return book


def _broken_off(path: Path):
    """A play that stops in its middle, as when a student closes the notebook."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:1 + ACROSS]), encoding="utf-8")


def canvas_file(path: Path):
    """The gradebook as Canvas exports it, for this class and the student that Canvas adds for tests."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Two Rooms (7001)",
                       "The six roles (7002)", "Current Score", "Final Score"))
        rows.writerow(("    Points Possible", "", "", "", "", "50", "30", "(read only)", "(read only)"))
        for number, one in enumerate(CLASS):
            rows.writerow((f"{one.last_name}, {one.first_name}", 5000 + number, f"N{one.id}", one.id, "MBA 2026",
                           "", "", "", ""))
        rows.writerow(("Student, Test", 5999, "", "3f1c9b", "MBA 2026", "", "", "", ""))
    return path


def moodle_file(path: Path):
    """The grades as Moodle exports them: plain text with commas."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("First name", "Last name", "ID number", "Institution", "Department", "Email address",
                       "Assignment: Two Rooms (Real)", "Assignment: The six roles (Real)", "Course total (Real)", "Last downloaded from this course"))
        rows.writerows((one.first_name, one.last_name, f"N{one.id}", "", "", one.email.lower(), "-", "-", "-", "1772500000")
                       for one in CLASS)
    return path
