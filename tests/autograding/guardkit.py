"""A small notebook as nbgrader's Execute gets it, run in a kernel of its own, and graded."""

from random import Random
from types import SimpleNamespace

from nbformat import v4
from nbgrader.preprocessors import Execute as Stock
from nbgrader.utils import determine_grade
from traitlets.config import Configurable

from casebook.autograding.guarding.execute import GuardedExecute


def cell(source, id, points=None, solution=False, locked=True, tags=()):
    made = v4.new_code_cell(source)
    made.metadata["nbgrader"] = {"grade_id": id, "grade": points is not None, "solution": solution, "locked": locked and not solution, "schema_version": 3, "task": False}
    if points is not None:
        made.metadata["nbgrader"]["points"] = points
    if tags:
        made.metadata["tags"] = list(tags)
    return made


def given(source):
    return cell(source, "setup")


def answer(source, id="answer"):
    return cell(source, id, solution=True)


def test(source, id="test", points=2, tags=()):
    return cell(source, id, points, tags=tags)


test.__test__ = False     # not for pytest


def book(*cells):
    return v4.new_notebook(cells=list(cells), metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})


def _inside(folder):
    """As much of nbgrader around a preprocessor as ours asks for."""
    course = Configurable()
    course.coursedir = SimpleNamespace(root=str(folder))
    return Configurable(parent=course)


def run(kind, nb, folder, seed=1, **settings):
    """Run a notebook; gives it, its grades by grade_id, and the reasons."""
    return run_on(preprocessor(kind, folder, seed, **settings), nb, folder)


def preprocessor(kind, folder, seed=1, **settings):
    part = kind(parent=_inside(folder), timeout=20, iopub_timeout=10, **settings)
    if kind is GuardedExecute:
        part.random = Random(seed)
    return part


def run_on(part, nb, folder):
    resources = {"nbgrader": {"student": "ada", "assignment": "a", "notebook": "n", "db_url": ""}, "metadata": {"path": str(folder)}}
    done, resources = part.preprocess(nb, resources)
    grades = {one.metadata.nbgrader["grade_id"]: determine_grade(one)[0] for one in done.cells if one.metadata.get("nbgrader", {}).get("grade")}
    return done, grades, resources.get("casebook", {}).get("reasons", [])


def stock(nb, folder):
    return run(Stock, nb, folder)


def guarded(nb, folder, seed=1, **settings):
    return run(GuardedExecute, nb, folder, seed, **settings)
