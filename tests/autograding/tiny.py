"""A small course for tests of grading: one notebook with an answer, tests, and a text to mark by hand."""

import json
import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.grading.kit import run

NAME = "tiny"
CONFIG = """\
from casebook.grading.configure import configure

c = get_config()
configure(c)
c.CourseDirectory.course_id = "tiny-course"
c.CourseDirectory.db_url = {db_url!r}
"""


def _graded(id, points=0.0, *, solution=False, kind="code", locked=None):
    return {"nbgrader": {"schema_version": 3, "grade_id": id, "grade": bool(points), "points": points, "solution": solution,
                         "locked": bool(points) and not solution if locked is None else locked, "task": False, "cell_type": kind}}


def source():
    """The instructor's version: 5 points by tests in two cells (one gives part of them), 3 by hand."""
    return new_notebook(cells=[
        new_markdown_cell("# A small assignment"),
        new_code_cell("import random\nimport statistics"),
        new_code_cell("def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION",
                      metadata=_graded("double", solution=True)),
        new_code_cell("assert double(2) == 4\n### BEGIN HIDDEN TESTS\nassert double(21) == 42\n### END HIDDEN TESTS",
                      metadata=_graded("double_test", 2.0)),
        new_code_cell("words = ...\n### BEGIN SOLUTION\nwords = ['one', 'two']\n### END SOLUTION", metadata=_graded("words", solution=True)),
        new_code_cell("score = 3.0 if len(words) == 2 else 1.5\nscore", metadata=_graded("words_test", 3.0)),
        new_markdown_cell("Your text.\n\n=== BEGIN MARK SCHEME ===\nAny.\n=== END MARK SCHEME ===",
                          metadata=_graded("memo", 3.0, solution=True, kind="markdown")),
    ], metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})


def make(folder, db_url="sqlite:///gradebook.db"):
    """A course with the assignment released."""
    folder = Path(folder)
    (folder / "source" / NAME).mkdir(parents=True)
    nbformat.write(source(), folder / "source" / NAME / f"{NAME}.ipynb")
    (folder / "nbgrader_config.py").write_text(CONFIG.format(db_url=db_url), encoding="utf-8")
    run("nbgrader", "generate_assignment", NAME, cwd=folder)
    return folder


def answered(course, double="def double(x):\n    return 2 * x", words="words = ['one', 'two']", memo="My text.", extra=()):
    """The released notebook with these answers; ``extra`` code cells come after the first."""
    book = json.loads((course / "release" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8"))
    for cell in book["cells"]:
        id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if id in ("double", "words", "memo"):
            cell["source"] = {"double": double, "words": words, "memo": memo}[id]
    more = [json.loads(json.dumps(new_code_cell(text))) for text in extra]
    book["cells"][1:1] = more
    return book


def hand_in(course, student, book, **files):
    """Put a notebook (a dict, or text or bytes as they are) where nbgrader looks, with other files."""
    folder = course / "submitted" / student / NAME
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if book is not None:
        path = folder / f"{NAME}.ipynb"
        if isinstance(book, bytes):
            path.write_bytes(book)
        else:
            path.write_text(book if isinstance(book, str) else json.dumps(book), encoding="utf-8")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def hand_in_class(course, number):
    """So many students, of whom some answer wrongly, partly or not at all."""
    for i in range(number):
        kinds = [{}, {"double": "def double(x):\n    return x + 2"}, {"words": "words = ['one']"},
                 {"memo": "Your text."}, {"double": "double = None", "words": "words = ["}]
        hand_in(course, f"s{i:03d}", answered(course, **kinds[i % len(kinds)]))
