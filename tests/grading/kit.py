"""Submissions for tests: a released notebook, answered by its own model answers, and spoilt in every way."""

import copy
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from casebook import case as cases
from casebook.engagement import begin_play, file_name
from casebook.engagement.transcript import dump, lines_of
from casebook.study import policy

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions"
BIN = Path(sys.executable).parent


def run(*command, cwd, expect=0, env=None):
    """Run a command as a user would, and give what it printed."""
    done = subprocess.run([str(BIN / command[0]), *map(str, command[1:])], cwd=cwd, text=True,
                          capture_output=True, env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", **(env or {})})
    assert expect is None or done.returncode == expect, f"{command}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
    return done.stdout + done.stderr


def load(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def text(cell):
    return "".join(cell["source"])


def id_of(cell):
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


@dataclass
class Paper:
    """An assignment as its tests need it: the released notebook and the model answers by grade_id."""

    name: str
    source: dict
    released: dict
    settings: dict
    answers: dict = field(init=False)

    def __post_init__(self):
        self.answers = {}
        for cell in self.source["cells"]:
            known = cell["metadata"].get("nbgrader", {})
            if known.get("solution"):
                found = re.findall(r"BEGIN SOLUTION\n(.*?)\n?### END SOLUTION", text(cell), re.DOTALL)
                self.answers[known["grade_id"]] = "\n".join(found) if found else text(cell)

    @property
    def case(self):
        return self.settings.get("case") or None

    def graded(self):
        """The cells that earn points: grade_id to (points, by hand)."""
        return {id_of(c): (float(c["metadata"]["nbgrader"]["points"]), c["metadata"]["nbgrader"]["solution"])
                for c in self.source["cells"] if c["metadata"].get("nbgrader", {}).get("grade")}

    def automatic(self):
        return {id: points for id, (points, by_hand) in self.graded().items() if not by_hand}

    def answered(self, student, but=()):
        """The released notebook with the model answers written in, under this student's name."""
        book = copy.deepcopy(self.released)
        for cell in book["cells"]:
            id = id_of(cell)
            if id in self.answers and id not in but:
                answer = self.answers[id].replace('"model"', json.dumps(student))
                cell["source"] = answer
        return book


def paper(name, course):
    """An assignment of a course that has been released."""
    import yaml

    return Paper(name, load(course / "source" / name / f"{name}.ipynb"),
                 load(course / "release" / name / f"{name}.ipynb"),
                 yaml.safe_load((course / "source" / name / "assignment.yaml").read_text(encoding="utf-8")))


def played(case, player, attempt=1, manager="trust-first", turns=None):
    """A play of a case by a named manager; cut short after some turns."""
    play, chooser = begin_play(cases.read(case), player, attempt), policy(manager)
    while play.outcome is None and (turns is None or len(play.turns) < turns):
        play = play.take(chooser(play))
    return play


def write_play(play, folder, name=None, times=None):
    """The transcript of a play, as a student hands it in; ``times`` by turn, or none."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or file_name(play.case.id, play.player, play.attempt))
    path.write_text("".join(map(dump, lines_of(play, times))), encoding="utf-8")
    return path


def hand_in(course, paper, student, book, play=None):
    """Put a notebook, and a play, where nbgrader looks for a submission."""
    folder = course / "submitted" / student / paper.name
    shutil.copytree(course / "release" / paper.name, folder)
    if book is not None:
        (folder / f"{paper.name}.ipynb").write_text(json.dumps(book, ensure_ascii=False, indent=1), encoding="utf-8")
    if play is not None:
        write_play(play, folder)
    return folder


def cell_of(book, id):
    return next(cell for cell in book["cells"] if id_of(cell) == id)


def by_vscode(book):
    """The notebook as VS Code saves it: cells and their metadata kept, its own view of the kernel."""
    book = copy.deepcopy(book)
    book["metadata"] = {"kernelspec": {"display_name": ".venv", "language": "python", "name": "python3"},
                        "vscode": {"interpreter": {"hash": "b1677b440931f40d"}}}
    for cell in book["cells"]:
        cell["metadata"] = {**cell["metadata"], "vscode": {"languageId": "python"}} if cell["cell_type"] == "code" else cell["metadata"]
    return json.dumps(book, ensure_ascii=False, indent=1)


def by_colab(book):
    """The notebook as Colab saves it: minor format 0, no cell ids but in metadata, outputs first, indent 2."""
    book = copy.deepcopy(book)
    cells = []
    for number, cell in enumerate(book["cells"]):
        metadata = {**cell["metadata"], "id": f"colab{number:07d}"}
        if cell["cell_type"] == "code":
            metadata |= {"colab": {"base_uri": "https://localhost:8080/"}, "outputId": f"28b07730-954d-4958-f35a-{number:012d}"}
            cells.append({"cell_type": "code", "execution_count": number, "metadata": metadata,
                          "outputs": [{"output_type": "stream", "name": "stdout", "text": ["from Colab\n"]}], "source": text(cell).splitlines(keepends=True)})
        else:
            cells.append({"cell_type": cell["cell_type"], "source": text(cell).splitlines(keepends=True), "metadata": metadata})
    return json.dumps({"nbformat": 4, "nbformat_minor": 0, "metadata": {
        "colab": {"provenance": []}, "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"}}, "cells": cells}, ensure_ascii=True, indent=2)
