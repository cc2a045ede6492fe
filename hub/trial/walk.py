"""The walk: from handing out to feedback, by an instructor and two students, each step checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from . import exercise, pages
from .errors import Wrong, check
from .machine import ALICE, BOB, COURSE, GRADER, INSTRUCTOR, own
from .running import Hub

NAME = exercise.NAME
SERVER = f"services/{COURSE}"
GRADES = f'''
import json
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db", "{COURSE}") as book:
    print(json.dumps({{one.student.id: [one.score, one.max_score, one.needs_manual_grade]
                      for one in book.assignment_submissions("{NAME}")}}))
'''


class Walk:
    """One walk through a hub; `steps` in their order, each with what it shows."""

    def __init__(self, hub: Hub, running, pictures: Path | None):
        self.hub = hub
        self.running = running
        self.pictures = pictures
        self.people: dict[str, pages.Person] = {}

    def steps(self) -> list[tuple[str, Callable[[], None]]]:
        """What is walked: a sentence and the function which does it and checks it."""
        return [
            ("The instructor signs in and finds the course in the Course List", self.instructor),
            ("The assignment is generated and released in the course's server", self.release),
            ("Alice signs in, has no formgrader, and fetches the assignment by a click",
             self.fetch),
            ("Bob fetches it by command", self.bob_fetches),
            ("Each plays under the hub's name; the transcript is beside the notebook", self.play),
            ("Limits hold; lessons are laid ready", self.limits),
            ("Nobody sees another's work, the course, or what was handed in", self.closed),
            ("Alice hands in by a click, Bob by command", self.submit),
            ("Bob hands in under Alice's name, too", self.forge),
            ("Collecting by the formgrader takes each student's own work only", self.collect),
            ("Autograding gives the points of the tests; the memos wait to be marked", self.grade),
            ("JupyterLab does not show the formgrader in itself, a tab of its own does",
             self.formgrader),
            ("The instructor marks the memos by hand in the formgrader", self.mark),
            ("Feedback is generated and released", self.feedback),
            ("Alice fetches her feedback by a click, Bob by command; each gets their own",
             self.fetch_feedback),
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
        course = self.hub.machine.course
        book = exercise.write(course / "source" / NAME)
        own(GRADER, book.parent, book)
        for student in (ALICE, BOB):
            self.hub.command(SERVER, "nbgrader", "db", "student", "add", student)
        self.hub.command(SERVER, "casebook", "release", "second-question")
        check((course / "release" / "second-question" / "second-question.ipynb").is_file(),
              "casebook release made no students' version of an assignment of the casebook.")
        self.hub.command(SERVER, "nbgrader", "generate_assignment", NAME)
        self.hub.command(SERVER, "nbgrader", "release_assignment", NAME)
        released = self.hub.machine.exchange / COURSE / "outbound" / NAME / f"{NAME}.ipynb"
        check("HIDDEN" not in released.read_text(encoding="utf-8"), "Hidden tests were released.")
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
        for student, policy in ((ALICE, "trust-first"), (BOB, "balanced")):
            self.hub.command(f"user/{student}", "sh", "-c",
                             f"cd {NAME} && casebook play green-dashboard --policy {policy}")
            name = self.hub.run(f"user/{student}", (
                "from casebook.engagement import file_name; from casebook.room import "
                "default_player; print(file_name('green-dashboard', default_player(), 1))"))
            check(self._has(student, f"{NAME}/{name.strip()}"), f"No transcript {name}.")

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
        counted = int(self.hub.run(f"user/{ALICE}", exercise.COUNTED))
        self.hub.run(f"user/{ALICE}", exercise.answer(counted, "I told them early."))
        self.hub.run(f"user/{BOB}", exercise.answer(1, "I waited."))
        alice = self.enter(ALICE)
        alice.press("#fetched_assignments_list", "Submit", "#submitted_assignments_list button")
        alice.picture("3-submitted")
        self.hub.command(f"user/{BOB}", "nbgrader", "submit", NAME)

    def forge(self) -> None:
        self.hub.command(f"user/{BOB}", "nbgrader", "submit", "--student", ALICE, NAME)

    def collect(self) -> None:
        ines = self.enter(INSTRUCTOR)
        # As from the hub's menu Services: the course's first page is the formgrader.
        ines.page.goto(self.hub.machine.at(f"{SERVER}/"))
        ines.page.wait_for_selector("td.num-submissions, td.collect", timeout=pages.LONG)
        name = ines.page.get_by_role("link", name=NAME, exact=True)
        check((name.get_attribute("href") or "").startswith("/tree/"),
              "The formgrader's links to files are mended; docs/hub.md says that they are not.")
        row = ines.page.locator("tr", has=name)
        row.locator("td.collect a").click()
        ines.page.wait_for_selector(".modal-body:visible", timeout=pages.LONG)
        log = ines.page.locator(".modal-dialog:visible").inner_text()
        ines.picture("4-collected")
        check("belongs to " + BOB in log, f"The forged work is not told:\n{log}")
        submitted = self.hub.machine.course / "submitted"
        got = sorted(path.name for path in submitted.iterdir())
        check(got == sorted([ALICE, BOB]), f"Collected: {got}")
        text = (submitted / ALICE / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
        check("I told them early." in text, "Bob's work was collected as Alice's.")
        check(len(list((submitted / ALICE / NAME).glob("*.casebook.jsonl"))) == 1,
              "The transcript was not handed in.")

    def grade(self) -> None:
        self.hub.command(SERVER, "nbgrader", "autograde", NAME)
        self._grades({ALICE: [3, 6, True], BOB: [2, 6, True]})

    def formgrader(self) -> None:
        ines = self.enter(INSTRUCTOR)
        answer = ines.page.goto(self.hub.machine.at(f"{SERVER}/lab?formgrader=true"))
        ines.wait_for_lab()
        check("frame-ancestors 'none'" in answer.headers.get("content-security-policy", ""),
              "JupyterHub now lets pages be framed; docs/hub.md says that it does not.")
        ines.page.wait_for_selector("#formgrader-iframe", timeout=pages.LONG)
        ines.page.wait_for_timeout(3000)
        shown = [frame for frame in ines.page.frames if "manage_assignments" in frame.url]
        ines.picture("5-formgrader-in-lab")
        check(not shown, "The formgrader shows inside JupyterLab; docs/hub.md says otherwise.")
        ines.page.goto(self.hub.machine.at(f"{SERVER}/formgrader/gradebook/{NAME}/{NAME}"))
        ines.page.wait_for_selector('a[href*="/formgrader/submissions/"]', timeout=pages.LONG)
        ines.picture("6-gradebook")

    def framed(self) -> None:
        course = self.hub.machine.course
        book = exercise.write(course / "source" / NAME)
        own(GRADER, book.parent, book)
        ines = self.enter(INSTRUCTOR)
        ines.page.goto(self.hub.machine.at(f"{SERVER}/lab?formgrader=true"))
        ines.wait_for_lab()
        inside = ines.page.frame_locator("#formgrader-iframe iframe")
        inside.get_by_role("link", name=NAME, exact=True).click(timeout=pages.LONG)
        ines.page.wait_for_selector(f'.jp-DirListing-item:has-text("{NAME}.ipynb")',
                                    timeout=pages.LONG)
        ines.picture("formgrader-in-lab-with-subdomains")

    def mark(self) -> None:
        ines = self.enter(INSTRUCTOR)
        for place, points in self._submissions():
            ines.page.goto(self.hub.machine.at(f"{SERVER}/formgrader/submissions/{place}/"))
            # The page marks the box when it has read the grades; before, it would empty it again.
            box = ines.page.locator("input.score.needs_manual_grade")
            box.wait_for(timeout=pages.LONG)
            with ines.page.expect_response(lambda answer: "/formgrader/api/grade/" in answer.url
                                           and answer.request.method == "PUT"):
                box.fill(str(points))
                box.press("Tab")
            ines.picture(f"7-marked-{points}")
        self._grades({ALICE: [6, 6, False], BOB: [3, 6, False]})

    def feedback(self) -> None:
        self.hub.command(SERVER, "nbgrader", "generate_feedback", NAME)
        self.hub.command(SERVER, "nbgrader", "release_feedback", NAME)

    def fetch_feedback(self) -> None:
        alice = self.enter(ALICE)
        alice.page.locator("#refresh_assignments_list").click()
        alice.press("#submitted_assignments_list", "Fetch Feedback",
                    '#submitted_assignments_list >> text="(view feedback)"')
        alice.picture("8-feedback-fetched")
        self.hub.command(f"user/{BOB}", "nbgrader", "fetch_feedback", NAME)
        for student, score in ((ALICE, "6.0 / 6.0"), (BOB, "3.0 / 6.0")):
            found = list((self.hub.machine.home(student) / NAME / "feedback").rglob("*.html"))
            check(len(found) == 1, f"{student} has {len(found)} feedback files.")
            check(score in found[0].read_text(encoding="utf-8"), f"{student}: not {score}")
        alice.page.click('text="(view feedback)"')
        alice.page.locator(".jp-DirListing-item", has_text=".html").dblclick(timeout=pages.LONG)
        shown = alice.page.frame_locator(".jp-HTMLViewer iframe").get_by_text("6.0 / 6.0")
        shown.first.wait_for(timeout=pages.LONG)
        alice.picture("9-feedback")

    def _has(self, person: str, path: str) -> bool:
        return (self.hub.machine.home(person) / path).is_file()

    def _refused(self, person: str, order: str) -> None:
        self.hub.command(f"user/{person}", "sh", "-c", order, fails=True)

    def _grades(self, expected: dict) -> None:
        found = json.loads(self.hub.run(SERVER, GRADES))
        if found != expected:
            raise Wrong(f"The gradebook has {found}, not {expected}.")

    def _submissions(self) -> list[tuple[str, int]]:
        """The addresses of the two notebooks in the formgrader, with the points for the memo."""
        found = json.loads(self.hub.run(SERVER, f'''
import json
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db", "{COURSE}") as book:
    print(json.dumps({{one.student.id: one.id
                      for one in book.notebook_submissions("{NAME}", "{NAME}")}}))'''))
        return [(found[ALICE], 3), (found[BOB], 1)]
