"""Marking by hand, as an instructor does it: nbgrader's formgrader inside JupyterLab, in Chromium."""

from playwright.sync_api import expect

from tests.browser.lab import TOKEN

from .desk import NAME

LIST = "formgrader/gradebook"
SECONDS = 30_000


class Formgrader:
    """The formgrader in a tab of JupyterLab, with one submission open or the list of them."""

    def __init__(self, page, lab):
        self.page, self.lab, self.errors = page, lab, []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    @property
    def tab(self):
        """What the tab shows: nbgrader has it in a frame."""
        return self.page.frame_locator('iframe[src*="formgrader"]')

    def open(self):
        """Menu Nbgrader, Formgrader; then to the list of this assignment's submissions."""
        self.page.goto(f"{self.lab.address}/lab?reset&token={TOKEN}")
        item = self.page.locator('.lm-Menu-itemLabel:text-is("Formgrader")')
        for _ in range(5):      # a lab that is still setting itself up may close the menu again
            self.page.click('.lm-MenuBar-itemLabel:text-is("Nbgrader")', timeout=60_000)
            try:
                item.click(timeout=4_000)
                break
            except Exception:
                self.page.keyboard.press("Escape")
        self.tab.get_by_role("link", name="Manual Grading").click(timeout=SECONDS)
        self.tab.locator(f'td a[href$="{LIST}/{NAME}"]').click(timeout=SECONDS)
        self.tab.locator(f'td a[href$="{LIST}/{NAME}/{NAME}"]').click(timeout=SECONDS)
        # Only this list has names to be shown; the one before it looks much the same.
        self.tab.locator("td.name a.name-shown").first.wait_for(state="attached", timeout=SECONDS)

    def names(self):
        """The names in the list, shown by the button above it."""
        self.tab.get_by_role("button", name="Show All Names").click()
        expect(self.tab.locator("a.name-hidden:visible")).to_have_count(0)
        return self.tab.locator("a.name-shown:visible").all_inner_texts()

    def choose(self, name):
        """Open the submission of the student with this name, from the list."""
        self.tab.locator("a.name-shown").get_by_text(name, exact=True).click()
        self.ready()

    def ready(self):
        """Wait until points and comments may be typed: what the gradebook has is shown first."""
        self.tab.locator("#memo").wait_for(timeout=SECONDS)
        self.page.wait_for_function(
            """() => { const f = document.querySelector('iframe[src*="formgrader"]').contentWindow.formgrader;
                       return f && f.loaded && f.grades.loaded && f.comments.loaded; }""", timeout=SECONDS)

    def points(self, cell, points):
        """Type points, and wait until they are saved."""
        box = self.tab.locator(f"#{cell}")
        expect(box).to_have_class("score tabbable needs_manual_grade")
        with self.page.expect_response(lambda answer: "/api/grade/" in answer.url) as answer:
            box.fill(f"{points:g}")
            box.press("Tab")
        assert answer.value.ok
        expect(box).to_have_class("score tabbable")

    def comment(self, cell, text):
        """Type a comment, and wait until it is saved."""
        box = self.tab.locator(f"#{cell}-comment")
        with self.page.expect_response(lambda answer: "/api/comment/" in answer.url) as answer:
            box.fill(text)
            box.press("Tab")
        assert answer.value.ok

    def rubric_above(self, cell):
        """The table nearest above an answer, as rows of text."""
        return self.tab.locator(f"#{cell}").evaluate("""box => {
            const tables = [...document.querySelectorAll('table')].filter(
                table => table.compareDocumentPosition(box) & Node.DOCUMENT_POSITION_FOLLOWING);
            const last = tables.at(-1);
            return last && [...last.rows].map(row => [...row.cells].map(one => one.innerText.trim()));
        }""")

    def back(self):
        """To the list of submissions, by the line of links at the top."""
        self.tab.locator(f'.breadcrumb a[href$="{LIST}/{NAME}/{NAME}"]').click()
        self.tab.locator("td.name a.name-shown").first.wait_for(state="attached", timeout=SECONDS)
