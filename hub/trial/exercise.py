"""The trial's assignment: a play handed in with the notebook, a number read off it, and a memo."""

from __future__ import annotations

from pathlib import Path

import nbformat

NAME = "first-play"
TITLE = "How many decisions did you take in your play of The Green Dashboard?"
POINTS = {"play": 2, "count": 1, "memo": 3}

PLAY = '''from pathlib import Path
from casebook import read_case
from casebook.engagement import replay

plays = sorted(Path(".").glob("green-dashboard.*.casebook.jsonl"))
assert plays, "There is no play beside this notebook. Play the case first: casebook.play(...)."
found = replay(plays[0], read_case)
assert found.verdict == "whole", found.text
### BEGIN HIDDEN TESTS
assert found.header["player"] == Path.cwd().parent.name, "This is the play of somebody else."
### END HIDDEN TESTS'''

COUNT = '''assert isinstance(decisions, int), "Put a whole number in the place of the three dots."
### BEGIN HIDDEN TESTS
assert decisions == len(found.play.turns), "Count the lines of your play again."
### END HIDDEN TESTS'''


def write(folder: Path) -> Path:
    """Write the assignment's source into a folder; gives the notebook."""
    folder.mkdir(parents=True)
    made = nbformat.v4.new_notebook(cells=[
        nbformat.v4.new_markdown_cell(f"# First play\n\n{TITLE}"),
        _code("answer", "### BEGIN SOLUTION\ndecisions = 0\n### END SOLUTION", solution=True),
        _code("play", PLAY, grade=True), _code("count", COUNT, grade=True), _memo()])
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3",
                                "language": "python"}
    path = folder / f"{NAME}.ipynb"
    nbformat.write(made, path)
    return path


def _code(name: str, source: str, grade: bool = False, solution: bool = False):
    cell = nbformat.v4.new_code_cell(source)
    cell.metadata.nbgrader = {"grade_id": name, "grade": grade, "solution": solution,
                              "locked": grade, "task": False, "schema_version": 3,
                              **({"points": POINTS[name]} if grade else {})}
    return cell


def _memo():
    cell = nbformat.v4.new_markdown_cell("YOUR ANSWER HERE")
    cell.metadata.nbgrader = {"grade_id": "memo", "grade": True, "solution": True,
                              "locked": False, "task": False, "points": POINTS["memo"],
                              "schema_version": 3}
    return cell


COUNTED = f'''
from pathlib import Path
from casebook import read_case
from casebook.engagement import replay
print(len(replay(next(Path("{NAME}").glob("*.casebook.jsonl")), read_case).play.turns))
'''


def answer(decisions: int, memo: str) -> str:
    """Python which fills in a fetched notebook, as a student does by typing."""
    return f'''
import nbformat
path = "{NAME}/{NAME}.ipynb"
book = nbformat.read(path, 4)
for cell in book.cells:
    name = cell.metadata.get("nbgrader", {{}}).get("grade_id")
    if name == "answer":
        cell.source = "decisions = {decisions}"
    elif name == "memo":
        cell.source = {memo!r}
nbformat.write(book, path)
'''
