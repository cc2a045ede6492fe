"""One class, graded on two gradebooks at the same time: a file of SQLite, and a PostgreSQL server."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.lab import chromium, running_lab, visiting

from . import postgres
from .desk import FIRST, NAME, Course, play_all
from .marking import Formgrader
from .people import BY_ID, CLASS, ROLES, TYPED

SQLITE, POSTGRES = "sqlite", "postgresql"


@pytest.fixture(scope="session")
def graded(tmp_path_factory):
    """Both courses, from a new folder to what nbgrader grades by itself. Nothing is marked by hand yet."""
    home = tmp_path_factory.mktemp("round")
    (home / "plays").mkdir()
    with postgres.server() as url:
        courses = {SQLITE: Course(home / SQLITE), POSTGRES: Course(home / POSTGRES, url)}
        with ThreadPoolExecutor() as both:
            list(both.map(lambda work: work(), [lambda: play_all(home / "plays"),
                                                *(one.begin for one in courses.values())]))
            list(both.map(lambda one: _graded(one, home / "plays"), courses.values()))
        yield courses


def _graded(course, plays):
    course.take(plays)
    course.grade()


@pytest.fixture(scope="session")
def typed(graded, tmp_path_factory):
    """What an instructor saw who typed the marks of three students into the formgrader, on PostgreSQL."""
    chromium()
    course, home = graded[POSTGRES], tmp_path_factory.mktemp("lab")
    seen = {"rubrics": {}}
    with sync_playwright() as playwright, running_lab(home, course.folder, started_in=course.folder) as lab, \
            visiting(playwright, 1500, 1000) as visitor:
        former = Formgrader(visitor.page, lab)
        former.open()
        for id in TYPED:
            seen["names"] = former.names()
            former.choose(BY_ID[id].listed)
            seen["rubrics"][id] = {cell: former.rubric_above(cell) for cell in ("reflection", "memo")}
            _type(former, BY_ID[id].mark)
            former.back()
        seen |= {"errors": former.errors, "foreign": visitor.foreign}
    return seen


def _type(former, mark):
    former.points("reflection", mark.reflection)
    former.points("memo", mark.memo)
    if mark.comment:
        former.comment("memo", mark.comment)


@pytest.fixture(scope="session")
def done(graded, typed):
    """Both courses with every mark, the feedback, and the files for the LMS."""
    marks = {one.id: one.mark for one in CLASS if one.mark}
    graded[SQLITE].mark(NAME, marks)
    graded[POSTGRES].mark(NAME, {id: mark for id, mark in marks.items() if id not in TYPED})
    for course in graded.values():
        course.mark(FIRST, ROLES)
    with ThreadPoolExecutor() as both:
        list(both.map(Course.give_back, graded.values()))
    return graded
