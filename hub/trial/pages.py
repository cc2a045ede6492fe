"""What a person sees and clicks, in a real Chromium."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import Missing, check
from .running import Hub

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--disable-dev-shm-usage")
LONG = 90_000       # milliseconds; a server may have to start


def check_browser() -> str:
    """The path of a Chromium; `Missing` if it or playwright is not there."""
    try:
        import playwright  # noqa: F401
    except ImportError as error:
        raise Missing(f"{error}. It is in the extra dev of the casebook.") from error
    for name in (os.environ.get("CASEBOOK_CHROMIUM"), *BROWSERS):
        found = name and shutil.which(name)
        if found:
            return found
    raise Missing("No Chromium was found. Install it, or name yours in CASEBOOK_CHROMIUM.")


class Person:
    """A person at a browser of their own, signed in at the hub."""

    def __init__(self, page, name: str, hub: Hub, pictures: Path | None):
        self.page = page
        self.name = name
        self.hub = hub
        self.pictures = pictures

    def sign_in(self) -> None:
        """Sign in, and wait for JupyterLab."""
        self.page.goto(self.hub.machine.at("hub/login"))
        self.page.fill("#username_input", self.name)
        self.page.fill("#password_input", self.hub.password)
        self.page.click("#login_submit")
        self.wait_for_lab()

    def wait_for_lab(self) -> None:
        self.page.wait_for_selector("#jp-top-panel .lm-MenuBar-item", timeout=LONG)
        self.page.wait_for_selector("#jupyterlab-splash", state="detached", timeout=LONG)

    def menu(self) -> list[str]:
        """The entries of JupyterLab's menu Nbgrader; open afterwards."""
        self.page.click('.lm-MenuBar-itemLabel:text-is("Nbgrader")')
        self.page.wait_for_selector(".lm-Menu-itemLabel")
        return self.page.locator('.lm-Menu-item[data-type="command"] .lm-Menu-itemLabel'
                                 ).all_inner_texts()

    def choose(self, entry: str) -> None:
        """Choose an entry of the menu that is open."""
        self.page.click(f'.lm-Menu-itemLabel:text-is("{entry}")')

    def press(self, inside: str, button: str, then: str) -> None:
        """Press a button in a list of the page, and wait for what it leads to."""
        self.page.locator(inside).get_by_role("button", name=button, exact=True).first.click(
            timeout=LONG)
        self.page.wait_for_selector(then, timeout=LONG)

    def run_all(self) -> None:
        """Run all cells of the notebook that is open."""
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=LONG)
        # Before the kernel is there JupyterLab runs nothing, and does not say so.
        self.page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=LONG)
        self.page.click('.lm-MenuBar-itemLabel:text-is("Run")')
        self.page.click('.lm-Menu-itemLabel:text-is("Run All Cells")')

    def save_until(self, path: Path, text: str, seconds: float = 120) -> None:
        """Save the notebook that is open until the file holds a text."""
        end = time.monotonic() + seconds
        while text not in path.read_text(encoding="utf-8"):
            check(time.monotonic() < end, f"After {seconds:.0f} s {path.name} does not say: {text}"
                  f"\nIts last output is: {last_output(path)}")
            self.page.keyboard.press("Control+s")
            self.page.wait_for_timeout(2000)

    def saved(self, what: str):
        """A context: wait until the formgrader has saved a grade or a comment."""
        return self.page.expect_response(lambda answer: f"/formgrader/api/{what}/" in answer.url
                                         and answer.request.method == "PUT")

    def log(self) -> str:
        """The text of the window which the formgrader opens when something is done."""
        self.page.wait_for_selector(".modal-body:visible", timeout=LONG)
        return self.page.locator(".modal-dialog:visible").inner_text()

    def picture(self, name: str) -> None:
        """Keep a picture of the page, if pictures are wanted."""
        if self.pictures:
            self.page.wait_for_timeout(800)         # a page may still be fading in
            self.page.screenshot(path=self.pictures / f"{name}.png")


def last_output(path: Path) -> str:
    """What the last cell of a notebook with an output left."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    found = [cell["outputs"][-1] for cell in cells if cell.get("outputs")]
    return json.dumps(found[-1], ensure_ascii=False)[:1000] if found else "none at all"


@contextmanager
def browser() -> Iterator[object]:
    """A Chromium for the whole trial."""
    path = check_browser()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield running
        finally:
            running.close()


def person(running, name: str, hub: Hub, pictures: Path | None) -> Person:
    """A person with a browser window of their own, signed in."""
    page = running.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(30_000)
    made = Person(page, name, hub, pictures)
    made.sign_in()
    return made
