"""The site as a reader meets it: served by a plain web server, opened in Chromium.

CASEBOOK_LITE_PYTHON names the Python that builds the site, CASEBOOK_PYODIDE an unpacked
distribution of pyodide. Without one there is no numpy, so kernel and widgets alone are tried.
"""

import json
import os
import subprocess
import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import sync_playwright

from lite.build import ROOT
from tests.browser.lab import visiting, write_notebook

PYTHON = os.environ.get("CASEBOOK_LITE_PYTHON", "")
DISTRIBUTION = os.environ.get("CASEBOOK_PYODIDE", "")
OPTIONS = os.environ.get("CASEBOOK_LITE_OPTIONS", "").split()
SLIDER = "import ipywidgets\nslider = ipywidgets.IntSlider(description='weeks')\nslider"
COUNTER = """import anywidget, os, traitlets
class Counter(anywidget.AnyWidget):
    _esm = '''export default { render({model, el}) {
      const button = document.createElement("button"); button.className = "counter";
      const show = () => { button.textContent = `count ${model.get("count")}`; };
      button.onclick = () => { model.set("wanted", model.get("count") + 1); model.save_changes(); };
      model.on("change:count", show); show(); el.append(button); } }'''
    count = traitlets.Int(0).tag(sync=True)
    wanted = traitlets.Int(0).tag(sync=True)
    @traitlets.observe("wanted")
    def _on_wanted(self, change):
        # As a play is saved: an older kernel never came back from closing the file.
        with open("counts.txt", "ab") as file:
            file.write(b"1")
            file.flush()
            os.fsync(file.fileno())
        self.count = os.path.getsize("counts.txt")
Counter()"""


class Quiet(SimpleHTTPRequestHandler):
    """A plain web server that keeps no log."""

    def log_message(self, *_):
        pass


@contextmanager
def serving(folder):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of a site that was built for this."""
    if not PYTHON:
        pytest.fail("Run this by: make lite-test")
    home = tmp_path_factory.mktemp("lite")
    extra = write_notebook(home / "widgets.ipynb", SLIDER, COUNTER)
    given = ["--distribution", DISTRIBUTION, "--self-contained"] if DISTRIBUTION else [
        "--without-casebook"]
    done = subprocess.run(
        [PYTHON, "-m", "lite.build", "--output", str(home / "site"), "--work", str(home / "work"),
         "--also", str(extra), *given, *OPTIONS], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    print(done.stdout.splitlines()[0])
    with serving(home / "site") as address:
        yield address


@pytest.fixture
def visitor():
    with sync_playwright() as running, visiting(running) as one:
        yield one
        assert one.foreign == [], "the site asked another host"


def open_lesson(visitor, site, name):
    """Open a notebook, run it, and say how long the kernel took."""
    begun = time.perf_counter()
    visitor.page.goto(f"{site}/lab/index.html?path={name}")
    visitor.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    visitor.run_all()
    print(f"{name}: cells run {time.perf_counter() - begun:.1f} s after the page was asked for")


def test_widgets_of_both_kinds_answer(site, visitor):
    open_lesson(visitor, site, "widgets.ipynb")
    visitor.page.locator(".widget-slider").wait_for(timeout=120_000)
    button = visitor.page.locator("button.counter")
    button.wait_for(timeout=30_000)
    for count in (1, 2):
        button.click()
        visitor.page.wait_for_selector(f"button.counter:text-is('count {count}')", timeout=10_000)


@pytest.mark.skipif(not DISTRIBUTION, reason="numpy needs a distribution of pyodide")
def test_the_room_opens_and_a_play_is_there_again_after_a_new_start(site, visitor):
    lesson = "03-the-green-dashboard.ipynb"
    open_lesson(visitor, site, lesson)
    visitor.page.wait_for_selector(".cb-room[data-painted]", timeout=180_000)
    assert visitor.turn() == 0
    visitor.page.locator('.cb-room [data-action=commit]').click()
    visitor.wait_for_turn(1)
    open_lesson(visitor, site, lesson)
    visitor.page.wait_for_selector('.cb-room[data-painted="1"]', timeout=180_000)


def test_the_site_holds_the_lessons_and_no_teaching_note(site, visitor):
    found = json.loads(visitor.page.request.get(f"{site}/api/contents/all.json").text())
    names = {one["name"] for one in found["content"]}
    assert {path.name for path in (ROOT / "notebooks").glob("*.ipynb")} <= names
    assert not [name for name in names if "teaching-note" in name]
