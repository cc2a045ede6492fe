"""The table of submissions: what students hand in, in every state, and the grade that each gets.

One class for each assignment: everybody below is in it, so that what one hands in could harm the
others. ``KINDS`` says for each what is done to a good submission, and what it costs; all that is not
named is graded in full.
"""

import copy
import json
from dataclasses import dataclass, field

import pytest

from casebook.engagement import file_name
from casebook.grading.assignment import read_assignment

from . import kit

OTHER_CASE = {"two-rooms": "green-dashboard"}
SECONDS = 6          # for one cell; long enough on a busy machine, short enough for an endless loop
HUGE = 100_000_000   # bytes of output


@dataclass
class Handed:
    """What a student hands in: ``text`` of the notebook (bytes or str), plays, and what it costs."""

    text: str | bytes
    plays: list = field(default_factory=list)
    costs: dict = field(default_factory=dict)     # grade_id: points that are left
    reason: str = ""                              # what the graded notebook says
    found: str = ""                               # what the doctor calls it


def dumped(book):
    return json.dumps(book, ensure_ascii=False, indent=1)


def own(paper, who):
    return [kit.played(paper.case, who)] if paper.case else []


def good(paper, who):
    return Handed(dumped(paper.answered(who)), own(paper, who))


def untouched(paper, who):
    return Handed(dumped(paper.released), [], dict.fromkeys(paper.automatic(), 0.0),
                  "You have not answered this yet")


def half_right(paper, who):
    """One wrong choice, one number a hundred times too large, and the last task left out."""
    last = [id for id in ("whatif",) if id in paper.answers]
    book = paper.answered(who, but=last)
    wrong_choice(book)
    cell = kit.cell_of(book, "own_1")
    name, _, value = kit.text(cell).strip().partition("=")
    cell["source"] = f"{name.strip()} = ({value.strip()}) * 100"
    costs = {"reading_1_test": 0.0, "own_1_test": paper.automatic()["own_1_test"] / 2}
    costs |= {f"{id}_test": 0.0 for id in last}
    return Handed(dumped(book), own(paper, who), costs, "Right but for a factor of 100")


def wrong_choice(book):
    cell = kit.cell_of(book, "reading_1")
    right = kit.text(cell).split('"')[1]
    cell["source"] = f'reading_1 = "{"ABCD"[("ABCD".index(right) + 1) % 4]}"'


def copied_cell(paper, who):
    """The first answer's cell was copied, and the copy worked on."""
    book = paper.answered(who)
    place = book["cells"].index(kit.cell_of(book, "reading_1"))
    first = copy.deepcopy(kit.cell_of(paper.released, "reading_1"))
    book["cells"].insert(place, first)
    return Handed(dumped(book), own(paper, who), found="stands 2 times")


def deleted_test(paper, who):
    book = paper.answered(who)
    book["cells"].remove(kit.cell_of(book, "reading_1_test"))
    return Handed(dumped(book), own(paper, who), found="'reading_1_test' is gone")


def deleted_answer(paper, who):
    book = paper.answered(who)
    book["cells"].remove(kit.cell_of(book, "own_1"))
    return Handed(dumped(book), own(paper, who), {"own_1_test": 0.0}, "You have not answered this yet",
                  "'own_1' is gone")


def retyped_answer(paper, who):
    """The answer stands in a new cell; the old one was deleted."""
    book = paper.answered(who)
    kit.cell_of(book, "reading_1")["metadata"] = {}
    return Handed(dumped(book), own(paper, who), found="lost what nbgrader knows it by")


def changed_test(paper, who):
    """A wrong answer, and a test that gives the points all the same."""
    book = paper.answered(who)
    wrong_choice(book)
    kit.cell_of(book, "reading_1_test")["source"] = "2.0"
    return Handed(dumped(book), own(paper, who), {"reading_1_test": 0.0}, "not the answer that the case",
                  "'reading_1_test' was changed")


def kernel_killing(paper, who):
    book = paper.answered(who)
    place = book["cells"].index(kit.cell_of(book, "own_1"))
    book["cells"].insert(place, code("import os\nos._exit(1)"))
    before = {kit.id_of(cell) for cell in book["cells"][:place]}
    settled = {"play_finished", "play_decisions"}      # replayed by the grader, whatever the kernel does
    costs = {id: 0.0 for id in paper.automatic() if id not in before | settled}
    return Handed(dumped(book), own(paper, who), costs, "This cell ended the kernel")


def endless_loop(paper, who):
    book = paper.answered(who)
    place = book["cells"].index(kit.cell_of(book, "own_1"))
    book["cells"].insert(place, code("while True:\n    pass"))
    return Handed(dumped(book), own(paper, who), {}, "KeyboardInterrupt")


def code(source):
    return {"cell_type": "code", "execution_count": None, "id": "extra", "metadata": {}, "outputs": [], "source": source}


def not_json(paper, who):
    text = dumped(paper.answered(who))
    return Handed(text[:len(text) * 2 // 3], own(paper, who), dict.fromkeys(
        set(paper.automatic()) - {"play_finished", "play_decisions"}, 0.0), "could not be graded", "it is not JSON")


def not_utf8(paper, who):
    book = paper.answered(who)
    kit.cell_of(book, "memo")["source"] += "\nÀ bientôt, à Zürich."
    text = dumped(book).encode("cp1252", errors="xmlcharrefreplace")
    return Handed(text, own(paper, who), found="not UTF-8")


def byte_order_mark(paper, who):
    return Handed(b"\xef\xbb\xbf" + dumped(paper.answered(who)).encode(), own(paper, who), found="with a mark")


def huge_output(paper, who):
    book = paper.answered(who)
    cell = kit.cell_of(book, "setup")
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * HUGE}]
    return Handed(dumped(book), own(paper, who), found="MB, nearly all of it")


def saved_by_vscode(paper, who):
    return Handed(kit.by_vscode(paper.answered(who)), own(paper, who))


def saved_by_colab(paper, who):
    return Handed(kit.by_colab(paper.answered(who)), own(paper, who))


ALWAYS = {kind.__name__: kind for kind in (
    good, untouched, half_right, copied_cell, deleted_test, deleted_answer, retyped_answer, changed_test,
    kernel_killing, endless_loop, not_json, not_utf8, byte_order_mark, huge_output, saved_by_vscode,
    saved_by_colab)}


def on_the_play(paper):
    """The cells that rest on a play, without points."""
    return dict.fromkeys(paper.settings["cells"], 0.0)


def no_play(paper, who):
    return Handed(dumped(paper.answered(who)), [], on_the_play(paper), "lies beside this notebook", "lies beside this notebook")


def foreign_play(paper, who):
    return Handed(dumped(paper.answered(who)), [kit.played(paper.case, "somebody-else")], on_the_play(paper),
                  "it was played by 'somebody-else'", "it was played by 'somebody-else'")


def renamed_foreign_play(paper, who):
    """Another student's file, under the name that one's own would have."""
    return Handed(dumped(paper.answered(who)), [(file_name(paper.case, who, 1), transcript(kit.played(paper.case, "somebody-else")))],
                  on_the_play(paper), "it was played by 'somebody-else'", "it was played by 'somebody-else'")


def edited_play(paper, who):
    """A response was changed in the file."""
    play = kit.played(paper.case, who, manager="sell-first")
    text = transcript(play)
    answer = next(turn.decision for turn in play.turns if hasattr(turn.decision, "response"))
    incident = next(one for one in play.case.incidents if one.id == answer.incident)
    other = next(one.id for one in incident.responses if one.id != answer.response)
    return Handed(dumped(paper.answered(who)), [(file_name(paper.case, who, 1), text.replace(f'"response": "{answer.response}"', f'"response": "{other}"', 1))],
                  on_the_play(paper), "was changed after it was written", "was changed after it was written")


def other_version(paper, who):
    """A play of a later version of the case, its digests in order."""
    from casebook.engagement.transcript import dump, header, sealed

    head = header(kit.played(paper.case, who, turns=1))
    later = sealed({**{k: v for k, v in head.items() if k not in ("prev", "digest")}, "case_version": "99.0.0"}, prev="")
    return Handed(dumped(paper.answered(who)), [(file_name(paper.case, who, 1), dump(later))], on_the_play(paper),
                  "version 99.0.0 of the case", "version 99.0.0 of the case")


def wrong_case(paper, who):
    other = OTHER_CASE.get(paper.case, "two-rooms")
    return Handed(dumped(paper.answered(who)), [kit.played(other, who)], on_the_play(paper),
                  f"It is for the case '{other}'", f"It is for the case '{other}'")


def too_many_attempts(paper, who):
    return Handed(dumped(paper.answered(who)), [kit.played(paper.case, who, attempt=4)], on_the_play(paper),
                  "attempts 1 to 3 may be handed in", "attempts 1 to 3 may be handed in")


def cut_off_play(paper, who):
    """The end of the file is lost: the turns before it count for what they are."""
    text = transcript(kit.played(paper.case, who))
    lines = text.splitlines(keepends=True)
    kept = "".join(lines[:-3]) + lines[-3][:20]
    return Handed(dumped(paper.answered(who)), [(file_name(paper.case, who, 1), kept)],
                  {"play_finished": "some", "play_decisions": 0.0, "whatif_test": 0.0}, "the last line is cut off", "not over")


WITH_A_PLAY = {kind.__name__: kind for kind in (
    no_play, foreign_play, renamed_foreign_play, edited_play, other_version, wrong_case, too_many_attempts, cut_off_play)}


def transcript(play):
    from casebook.engagement.transcript import dump, lines_of

    return "".join(map(dump, lines_of(play)))


@dataclass
class Class:
    """A graded class: who handed in what, and what came of it."""

    paper: kit.Paper
    handed: dict
    doctor: str
    grades: dict       # student: {grade_id: (auto, needs_manual)}
    folder: object

    def graded_text(self, student):
        path = self.folder / "autograded" / student / self.paper.name / f"{self.paper.name}.ipynb"
        return path.read_text(encoding="utf-8")


#: Assignments whose class plain nbgrader grades; `casebook course grade` grades the others in half the time.
BY_STOCK = {"roles", "two-rooms"}


def graded_class(name, root):
    """Make a course of one assignment, hand in every kind, mend what can be, grade."""
    from nbgrader.api import Gradebook

    course = root / name
    kit.run("casebook", "course", "new", course, "--assignment", name, "--solutions", kit.SOLUTIONS, cwd=root)
    with open(course / "nbgrader_config.py", "a", encoding="utf-8") as file:
        file.write(f"c.Execute.timeout = {SECONDS}\n")
    kit.run("casebook", "release", cwd=course)
    paper = kit.paper(name, course)
    handed = {}
    for who, kind in {**ALWAYS, **(WITH_A_PLAY if paper.case else {})}.items():
        handed[who] = kind(paper, who)
        folder = kit.hand_in(course, paper, who, None)
        text = handed[who].text
        (folder / f"{name}.ipynb").write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        for play in handed[who].plays:
            if isinstance(play, tuple):
                (folder / play[0]).write_text(play[1], encoding="utf-8")
            else:
                kit.write_play(play, folder)
    doctor = kit.run("casebook", "course", "doctor", name, "--fix", cwd=course, expect=None)
    if name in BY_STOCK:
        kit.run("nbgrader", "autograde", name, cwd=course)
    else:       # ends with 1: some submissions have something to know
        kit.run("casebook", "course", "grade", name, cwd=course, expect=1)
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        grades = {one.student.id: {grade.name: (grade.auto_score, grade.needs_manual_grade)
                                   for book in one.notebooks for grade in book.grades}
                  for one in gradebook.assignment_submissions(name)}
    return Class(paper, handed, doctor, grades, course)


class SubmissionTable:
    """The contract of an assignment; a test class names it in ``assignment``."""

    assignment: str

    @pytest.mark.timeout(400)
    def test_everybody_is_graded(self, group):
        assert set(group.grades) == set(group.handed)
        for student, grades in group.grades.items():
            assert {id for id, (auto, _) in grades.items() if auto is None} == {
                id for id, (_, by_hand) in group.paper.graded().items() if by_hand and grades[id][1]}, student

    def test_each_gets_what_is_expected(self, group):
        wrong = {}
        for student, handed in group.handed.items():
            expected = {**group.paper.automatic(), **handed.costs}
            for id, points in expected.items():
                auto = group.grades[student][id][0]
                full = group.paper.automatic()[id]
                right = 0 < auto < full if points == "some" else auto == pytest.approx(points, abs=1e-9)
                if not right:
                    wrong[student, id] = (auto, points)
        assert not wrong

    def test_every_loss_has_its_reason(self, group):
        for student, handed in group.handed.items():
            if handed.reason:
                said = json.dumps(json.loads(group.graded_text(student)), ensure_ascii=False)
                assert handed.reason in said, student

    def test_the_doctor_names_what_was_wrong(self, group):
        told = group.doctor
        for student, handed in group.handed.items():
            mine = [block for block in told.split("\n  ") if block.startswith(f"{student}, ")]
            said = told if handed.found else ""
            assert handed.found in said, (student, handed.found, mine)

    def test_memos_wait_for_a_person(self, group):
        by_hand = [id for id, (_, manual) in group.paper.graded().items() if manual]
        assert {"reflection", "memo"} <= set(by_hand)
        for id in by_hand:
            assert group.grades["good"][id] == (None, True)
            assert group.grades["untouched"][id] == (0.0, False)

    def test_points_in_the_calls_are_those_in_the_gradebook(self, group):
        import re

        for cell in group.paper.source["cells"]:
            id = kit.id_of(cell)
            if id in group.paper.automatic():
                said = re.findall(r"points=(\d+(?:\.\d+)?)", kit.text(cell))
                assert said, id
                assert sum(map(float, said[-1:])) == group.paper.automatic()[id], id

    def test_the_settings_name_real_cells(self, group):
        settings = read_assignment(group.folder / "source" / self.assignment)
        assert set(settings.cells) <= set(group.paper.automatic())
