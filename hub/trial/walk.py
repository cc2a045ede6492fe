"""The walk: from handing out to feedback, by an instructor and two students, each step checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import unescape
from pathlib import Path

from casebook.engagement import file_name

from . import exercise, pages
from .errors import Wrong, check
from .machine import ALICE, BOB, COURSE, INSTRUCTOR
from .running import Hub

NAME = exercise.NAME
SERVER = f"services/{COURSE}"
STUDENTS = {ALICE: exercise.IN_PART, BOB: exercise.IN_FULL}
COMMENT = "Name the week in which Saskia asked you."
GRADES = f'''
import json
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db", "{COURSE}") as book:
    print(json.dumps({{one.student.id: {{grade.name: [grade.auto_score, grade.manual_score,
                                                   grade.needs_manual_grade]
                                       for notebook in one.notebooks for grade in notebook.grades}}
                      for one in book.assignment_submissions("{NAME}")}}))
'''


class Walk:
    """One walk through a hub; `steps` in their order, each with what it shows."""

    def __init__(self, hub: Hub, running, pictures: Path | None):
        self.hub = hub
        self.running = running
        self.pictures = pictures
        self.people: dict[str, pages.Person] = {}
        self.paper = exercise.paper()
        self.expected: dict[str, dict[str, list]] = {}

    def steps(self) -> list[tuple[str, Callable[[], None]]]:
        """What is walked: a sentence and the function which does it and checks it."""
        return [
            ("The instructor signs in and finds the course in the Course List", self.instructor),
            ("The assignment is generated and released in the course's server", self.release),
            ("Alice signs in, has no formgrader, and fetches the assignment by a click",
             self.fetch),
            ("Bob fetches it by command", self.bob_fetches),
            ("Each plays under the hub's name; the transcript is beside the notebook", self.play),
            ("Each answers; Alice leaves some out, runs the notebook and sees her points",
             self.answer),
            ("Limits hold; lessons are laid ready", self.limits),
            ("Nobody sees another's work, the course, or what was handed in", self.closed),
            ("Alice hands in by a click, Bob by command", self.submit),
            ("Bob hands in under Alice's name, too", self.forge),
            ("Collecting by the formgrader takes each student's own work only", self.collect),
            ("Autograding gives each cell its points; reflections and memos wait for a person",
             self.grade),
            ("JupyterLab does not show the formgrader in itself, a tab of its own does",
             self.formgrader),
            ("The instructor marks reflections and memos in the formgrader", self.mark),
            ("Feedback is generated and released", self.feedback),
            ("Alice fetches her feedback by a click, Bob by command; it says what is wrong and why",
             self.fetch_feedback),
            ("Bob hands in once more, with Alice's transcript in place of his own", self.again),
            ("It is collected and autograded by clicks; what rests on the play gets 0",
             self.grade_again),
            ("Bob's new feedback says whose play it is", self.feedback_again),
        ]

    def framed_steps(self) -> list[tuple[str, Callable[[], None]]]:
        """What differs where each server has a host of its own."""
        return [("JupyterLab shows the formgrader in itself, and its links lead into JupyterLab",
                 self.framed)]

    def enter(self, name: str) -> pages.Person:
        """A person at the hub, signed in once."""
        if name not in self.people:
            self.people[name] = pages.person(self.running, name, self.hub, self.pictures)
        return self.people[name]

    def instructor(self) -> None:
        ines = self.enter(INSTRUCTOR)
        entries = ines.menu()
        check("Formgrader" not in entries, f"The instructor's own server has {entries}.")
        ines.choose("Course List")
        link = ines.page.locator(f'a:has-text("{COURSE}")')
        link.first.wait_for(timeout=pages.LONG)
        ines.picture("1-course-list")

    def release(self) -> None:
        for student in STUDENTS:
            self.hub.command(SERVER, "nbgrader", "db", "student", "add", student)
        self.hub.command(SERVER, "casebook", "release", NAME)
        self.hub.command(SERVER, "nbgrader", "release_assignment", NAME)
        outbound = self.hub.machine.exchange / COURSE / "outbound" / NAME
        text = (outbound / f"{NAME}.ipynb").read_text(encoding="utf-8")
        check("HIDDEN" not in text and "SOLUTION" not in text,
              "Hidden tests or model answers were released.")
        check((outbound / "assignment.yaml").is_file(), "The settings were not released.")
        inbound = self.hub.machine.exchange / COURSE / "inbound"
        check(inbound.stat().st_mode & 0o777 == 0o733, "The folder to hand in is not write-only.")
        mode = self.hub.machine.exchange.stat().st_mode
        check(mode & 0o7777 == 0o1777, f"nbgrader changed the exchange's mode to {oct(mode)}.")

    def fetch(self) -> None:
        alice = self.enter(ALICE)
        entries = alice.menu()
        check("Assignment List" in entries and not {"Formgrader", "Course List"} & set(entries),
              f"A student's menu has {entries}.")
        for path, expected in ((f"user/{ALICE}/formgrader/", 404), (f"{SERVER}/lab", 403)):
            got = alice.page.context.request.get(self.hub.machine.at(path)).status
            check(got == expected, f"A student gets {got} for {path}, not {expected}.")
        alice.choose("Assignment List")
        alice.press("#released_assignments_list", "Fetch", "#fetched_assignments_list button")
        alice.picture("2-fetched")
        check(self._has(ALICE, f"{NAME}/{NAME}.ipynb"), "Fetching left no notebook.")

    def bob_fetches(self) -> None:
        self.hub.start_server(BOB)
        self.hub.command(f"user/{BOB}", "nbgrader", "fetch_assignment", NAME)

    def play(self) -> None:
        for name, student in STUDENTS.items():
            self.hub.command(f"user/{name}", "sh", "-c", f"cd {NAME} && casebook play "
                             f"{exercise.CASE} --policy {student.policy}")
            check(self._transcript(name).is_file(), f"No transcript {self._transcript(name)}.")
            earned = exercise.decisions(self._folder(name), name,
                                        self.paper.points["play_decisions"])
            self.expected[name] = self.paper.automatic(student, earned)
        points = [one["play_decisions"][0] for one in self.expected.values()]
        check(0 < points[0] < points[1], f"These plays do not tell decisions apart: {points}.")

    def answer(self) -> None:
        for name, student in STUDENTS.items():
            self.hub.run(f"user/{name}", self.paper.answered(name, student))
        alice, path = self.enter(ALICE), self._folder(ALICE) / f"{NAME}.ipynb"
        alice.page.goto(self.hub.machine.at(f"user/{ALICE}/lab/tree/{NAME}/{NAME}.ipynb"))
        alice.wait_for_lab()
        alice.run_all()
        # The first check that she has not passed ends the run, as in every notebook.
        alice.save_until(path, exercise.EMPTY)
        text = path.read_text(encoding="utf-8")
        for told in (f"You work as '{ALICE}'.", "Your play is whole", "Your score is "):
            check(told in text, f"Alice's notebook does not say: {told}")
        alice.page.locator(".jp-OutputArea-output", has_text="Your score is"
                           ).first.scroll_into_view_if_needed()
        alice.picture("3-answered")

    def limits(self) -> None:
        code = ("try:\n    bytearray(20_000_000_000)\nexcept MemoryError:\n    print('refused')")
        check(self.hub.run(f"user/{BOB}", code).strip() == "refused",
              "A student's kernel may take more memory than the limit.")
        check(self._has(ALICE, "casebook-work/00-start-here.ipynb"), "There are no lessons.")

    def closed(self) -> None:
        made = self.hub.machine
        for path in (made.home(ALICE) / NAME, made.course / "gradebook.db",
                     made.exchange / COURSE / "inbound", made.exchange / COURSE / "feedback"):
            self._refused(BOB, f"ls {path}")
        for order in (f"mv {made.exchange / COURSE} {made.exchange}/gone",
                      f"rm -r {made.exchange / COURSE / 'outbound' / NAME}"):
            self._refused(BOB, order)

    def submit(self) -> None:
        alice = self.enter(ALICE)
        alice.menu()
        alice.choose("Assignment List")
        alice.press("#fetched_assignments_list", "Submit", "#submitted_assignments_list button")
        alice.picture("4-submitted")
        self.hub.command(f"user/{BOB}", "nbgrader", "submit", NAME)

    def forge(self) -> None:
        self.hub.command(f"user/{BOB}", "nbgrader", "submit", "--student", ALICE, NAME)

    def collect(self) -> None:
        self._collect("5-collected")
        submitted = self.hub.machine.course / "submitted"
        got = sorted(path.name for path in submitted.iterdir())
        check(got == sorted(STUDENTS), f"Collected: {got}")
        for name in STUDENTS:
            text = (submitted / name / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
            check(f'me = \\"{name}\\"' in text, f"Not collected for {name}: their own work.")
            check((submitted / name / NAME / self._transcript(name).name).is_file(),
                  f"The transcript of {name} was not handed in.")

    def _collect(self, picture: str) -> None:
        """Collect by a click; what is forged is told each time."""
        ines = self.enter(INSTRUCTOR)
        # As from the hub's menu Services: the course's first page is the formgrader.
        ines.page.goto(self.hub.machine.at(f"{SERVER}/"))
        ines.page.wait_for_selector("td.num-submissions, td.collect", timeout=pages.LONG)
        name = ines.page.get_by_role("link", name=NAME, exact=True)
        check((name.get_attribute("href") or "").startswith("/tree/"),
              "The formgrader's links to files are mended; docs/hub.md says that they are not.")
        row = ines.page.locator("tr", has=name)
        row.locator("td.collect a").click()
        log = ines.log()
        ines.picture(picture)
        check("belongs to " + BOB in log, f"The forged work is not told:\n{log}")

    def grade(self) -> None:
        self.hub.command(SERVER, "nbgrader", "autograde", NAME, seconds=300)
        self._grades({name: {id: [auto, None, by_hand] for id, (auto, by_hand) in cells.items()}
                      for name, cells in self.expected.items()})

    def formgrader(self) -> None:
        ines = self.enter(INSTRUCTOR)
        answer = ines.page.goto(self.hub.machine.at(f"{SERVER}/lab?formgrader=true"))
        ines.wait_for_lab()
        check("frame-ancestors 'none'" in answer.headers.get("content-security-policy", ""),
              "JupyterHub now lets pages be framed; docs/hub.md says that it does not.")
        ines.page.wait_for_selector("#formgrader-iframe", timeout=pages.LONG)
        ines.page.wait_for_timeout(3000)
        shown = [frame for frame in ines.page.frames if "manage_assignments" in frame.url]
        ines.picture("6-formgrader-in-lab")
        check(not shown, "The formgrader shows inside JupyterLab; docs/hub.md says otherwise.")
        ines.page.goto(self.hub.machine.at(f"{SERVER}/formgrader/gradebook/{NAME}/{NAME}"))
        ines.page.wait_for_selector('a[href*="/formgrader/submissions/"]', timeout=pages.LONG)
        ines.picture("7-gradebook")

    def framed(self) -> None:
        ines = self.enter(INSTRUCTOR)
        ines.page.goto(self.hub.machine.at(f"{SERVER}/lab?formgrader=true"))
        ines.wait_for_lab()
        inside = ines.page.frame_locator("#formgrader-iframe iframe")
        inside.get_by_role("link", name=NAME, exact=True).click(timeout=pages.LONG)
        ines.page.wait_for_selector(f'.jp-DirListing-item:has-text("{NAME}.ipynb")',
                                    timeout=pages.LONG)
        ines.picture("formgrader-in-lab-with-subdomains")

    def mark(self) -> None:
        ines, places = self.enter(INSTRUCTOR), self._submissions()
        for name, student in STUDENTS.items():
            ines.page.goto(self.hub.machine.at(f"{SERVER}/formgrader/submissions/{places[name]}/"))
            for id, points in student.marks:
                # The page marks the box once it has read the grades; before, it would empty it.
                box = ines.page.locator(f"input.score.needs_manual_grade#{id}")
                box.wait_for(timeout=pages.LONG)
                with ines.saved("grade"):
                    box.fill(str(points))
                    box.press("Tab")
            if name == ALICE:
                with ines.saved("comment"):
                    ines.page.locator("#memo-comment").fill(COMMENT)
                    ines.page.locator("#memo-comment").press("Tab")
            ines.picture(f"8-marked-{name}")
        self._grades(self._marked())

    def _marked(self) -> dict[str, dict[str, list]]:
        """The whole gradebook after marking."""
        return {name: {id: [auto, dict(STUDENTS[name].marks).get(id), False]
                       for id, (auto, _) in cells.items()}
                for name, cells in self.expected.items()}

    def feedback(self) -> None:
        self.hub.command(SERVER, "nbgrader", "generate_feedback", NAME)
        self.hub.command(SERVER, "nbgrader", "release_feedback", NAME)

    def fetch_feedback(self) -> None:
        alice = self.enter(ALICE)
        alice.page.locator("#refresh_assignments_list").click()
        alice.press("#submitted_assignments_list", "Fetch Feedback",
                    '#submitted_assignments_list >> text="(view feedback)"')
        alice.picture("9-feedback-fetched")
        self.hub.command(f"user/{BOB}", "nbgrader", "fetch_feedback", NAME)
        for name, cells in self._marked().items():
            text = self._newest_feedback(name, 1)
            check(self._sum(cells) in text, f"{name}: not {self._sum(cells)}")
            for told in (exercise.EMPTY, exercise.WRONG, COMMENT):
                check((told in text) is (name == ALICE), f"The feedback of {name}, {told!r}")
        alice.page.click('text="(view feedback)"')
        alice.page.locator(".jp-DirListing-item", has_text=".html").dblclick(timeout=pages.LONG)
        shown = alice.page.frame_locator(".jp-HTMLViewer iframe")
        shown.get_by_text(self._sum(self._marked()[ALICE])).first.wait_for(timeout=pages.LONG)
        alice.picture("10-feedback")
        for number, told in enumerate((exercise.WRONG, exercise.EMPTY, COMMENT)):
            shown.get_by_text(told).first.scroll_into_view_if_needed()
            alice.picture(f"11-feedback-reason-{number}")

    def again(self) -> None:
        place = "/user/{}/api/contents/" + NAME + "/{}"
        # Down from her file browser and up into his, under the name that his own has.
        alices = self.hub.call(place.format(ALICE, self._transcript(ALICE).name))["content"]
        self.hub.call(place.format(BOB, self._transcript(BOB).name), "PUT",
                      {"type": "file", "format": "text", "content": alices})
        check(self._transcript(BOB).read_bytes() == self._transcript(ALICE).read_bytes(),
              "Bob has not got Alice's transcript.")
        self.hub.command(f"user/{BOB}", "nbgrader", "submit", NAME)

    def grade_again(self) -> None:
        self._collect("12-collected-again")
        ines = self.enter(INSTRUCTOR)
        ines.page.goto(self.hub.machine.at(f"{SERVER}/formgrader/manage_submissions/{NAME}"))
        row = ines.page.locator("tr", has_text=BOB)
        row.locator("td.autograde a").click(timeout=pages.LONG)
        log = ines.log()
        ines.picture("13-autograded-again")
        check("Successfully" in log, f"Autograding by a click:\n{log}")
        lost, marks = exercise.on_the_play(self._folder(BOB)), dict(STUDENTS[BOB].marks)
        check({"play_finished", "play_decisions"} < set(lost), f"Resting on the play: {lost}")
        # nbgrader keeps marks given by hand, and asks for a second look at them.
        self._grades(self._marked() | {BOB: {
            id: [0.0 if id in lost else auto, marks.get(id), id in marks]
            for id, (auto, _) in self.expected[BOB].items()}})

    def feedback_again(self) -> None:
        self.hub.command(SERVER, "nbgrader", "generate_feedback", "--student", BOB, NAME)
        self.hub.command(SERVER, "nbgrader", "release_feedback", "--student", BOB, NAME)
        self.hub.command(f"user/{BOB}", "nbgrader", "fetch_feedback", NAME)
        text = self._newest_feedback(BOB, 2)
        told = f"it was played by '{ALICE}', not by '{BOB}'."
        check(told in text, f"The feedback does not say {told}")
        graded = self.hub.machine.course / "autograded" / BOB / NAME / f"{NAME}.ipynb"
        silent = {id for id in exercise.on_the_play(self._folder(BOB))
                  if told not in exercise.output(graded, id)}
        check(not silent, f"Not told whose play it is: {sorted(silent)}")
        check(BOB in text and exercise.EMPTY not in text, "It is not Bob's feedback.")

    def _folder(self, name: str) -> Path:
        """A student's own folder of the assignment."""
        return self.hub.machine.home(name) / NAME

    def _transcript(self, name: str) -> Path:
        return self._folder(name) / file_name(exercise.CASE, name, 1)

    def _newest_feedback(self, name: str, files: int) -> str:
        """The text of a student's newest feedback, of so many, as one line."""
        found = sorted((self._folder(name) / "feedback").rglob("*.html"))
        check(len(found) == files, f"{name} has {len(found)} feedback files, not {files}.")
        # Long sentences are broken into lines.
        return " ".join(unescape(found[-1].read_text(encoding="utf-8")).split())

    def _sum(self, cells: dict[str, list]) -> str:
        """The first line of the feedback: all points, of how many."""
        earned = sum(auto if manual is None else manual for auto, manual, _ in cells.values())
        return f"{round(earned, 2)} / {sum(self.paper.points.values())}"

    def _has(self, person: str, path: str) -> bool:
        return (self.hub.machine.home(person) / path).is_file()

    def _refused(self, person: str, order: str) -> None:
        self.hub.command(f"user/{person}", "sh", "-c", order, fails=True)

    def _grades(self, expected: dict) -> None:
        found = json.loads(self.hub.run(SERVER, GRADES))
        wrong = {name: {id: (found.get(name, {}).get(id), "not", cells.get(id))
                        for id in {*cells, *found.get(name, {})}
                        if found.get(name, {}).get(id) != cells.get(id)}
                 for name, cells in expected.items()}
        if found != expected:
            raise Wrong(f"The gradebook has for {sorted(found)}: {wrong}.")

    def _submissions(self) -> dict[str, str]:
        """The address of each student's notebook in the formgrader."""
        return json.loads(self.hub.run(SERVER, f'''
import json
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db", "{COURSE}") as book:
    print(json.dumps({{one.student.id: one.id
                      for one in book.notebook_submissions("{NAME}", "{NAME}")}}))'''))
