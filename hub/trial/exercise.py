"""The trial's assignment, one of the casebook's own: what students answer, and what it earns."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from casebook.grading.assignment import read_assignment
from casebook.grading.plays import counted
from casebook.grading.points import decisions_points

NAME = CASE = "two-rooms"
SOURCE = Path(__file__).resolve().parents[2] / "solutions" / NAME / f"{NAME}.ipynb"
MODEL = re.compile(r"BEGIN SOLUTION\n(.*?)\n?### END SOLUTION", re.DOTALL)
#: What the grader says of the two kinds of answer that earn nothing.
EMPTY = "You have not answered this yet."
WRONG = "A is not the answer that the case supports best."


@dataclass(frozen=True)
class Student:
    """How one student goes through the assignment."""

    policy: str                              # the named manager who plays for them
    unanswered: tuple[str, ...] = ()         # cells left as they were
    wrong: tuple[tuple[str, str], ...] = ()  # cells with a wrong answer, and that answer
    nothing: tuple[str, ...] = ()            # graded cells that earn 0 for it
    marks: tuple[tuple[str, float], ...] = ()


#: She sells first, which earns a part for decisions; one answer is wrong and the end is left out.
IN_PART = Student(
    "sell-first", ("analysis_3", "whatif_incident", "whatif_response", "whatif", "reflection"),
    (("reading_1", 'reading_1 = "A"'),),
    ("reading_1_test", "analysis_3_test", "whatif_test", "reflection"), (("memo", 9.0),))
IN_FULL = Student("balanced", marks=(("reflection", 2.0), ("memo", 14.0)))


@dataclass(frozen=True)
class Paper:
    """The source notebook: model answers and points, by ``grade_id``."""

    answers: dict[str, str]
    points: dict[str, float]
    by_hand: frozenset[str]

    def answered(self, name: str, student: Student) -> str:
        """Python which fills in a fetched notebook, as a student does by typing."""
        answers = {id: text.replace('"model"', json.dumps(name))
                   for id, text in self.answers.items() if id not in student.unanswered}
        return f'''
import nbformat
path, answers = "{NAME}/{NAME}.ipynb", {answers | dict(student.wrong)!r}
book = nbformat.read(path, 4)
for cell in book.cells:
    name = cell.metadata.get("nbgrader", {{}}).get("grade_id")
    cell.source = answers.pop(name, cell.source)
assert not answers, f"Not in the notebook: {{list(answers)}}"
nbformat.write(book, path)
'''

    def automatic(self, student: Student, decisions: float) -> dict[str, list]:
        """For each graded cell the computer's points, and whether a person has to mark it."""
        expected = {}
        for id, points in self.points.items():
            if id in student.nothing:
                expected[id] = [0.0, False]
            elif id in self.by_hand:
                expected[id] = [None, True]
            else:
                expected[id] = [decisions if id == "play_decisions" else points, False]
        return expected


def paper() -> Paper:
    """The assignment as its source has it."""
    answers, points, by_hand = {}, {}, set()
    for cell in json.loads(SOURCE.read_text(encoding="utf-8"))["cells"]:
        known, text = cell["metadata"].get("nbgrader", {}), "".join(cell["source"])
        if known.get("solution"):
            answers[known["grade_id"]] = "\n".join(MODEL.findall(text))
        if known.get("grade"):
            points[known["grade_id"]] = float(known["points"])
            if known["solution"]:
                by_hand.add(known["grade_id"])
    return Paper(answers, points, frozenset(by_hand))


def decisions(folder: Path, name: str, points: float) -> float:
    """What the casebook gives for the decisions of the play in a student's folder."""
    assignment = read_assignment(folder)
    return decisions_points(counted(assignment, name), assignment, points)[0]


def on_the_play(folder: Path) -> list[str]:
    """The cells that rest on a play of the student's own."""
    return list(read_assignment(folder).cells)


def output(notebook: Path, id: str) -> str:
    """What one cell of a graded notebook says, as one line; empty without that cell."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == id:
            # A stream has its text in lines, an error in "evalue" as a whole.
            said = ["".join(one.get("text", "")) + one.get("evalue", "")
                    for one in cell["outputs"]]
            return " ".join(" ".join(said).split())
    return ""
