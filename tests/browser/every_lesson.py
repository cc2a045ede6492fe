"""The cells of every lesson in one notebook, so that a page and a kernel are started once.

Each play of the lessons is played before, so that the figures of looking back have something to
show. The rooms themselves are left out: they have tests of their own.
"""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat

from casebook.case import bundled, read
from casebook.engagement import begin_play, file_name
from casebook.engagement.transcript import dump, lines_of
from casebook.lab import lessons_folder
from casebook.study import policy

from .lab import _free_port

NAME = "every-lesson.ipynb"
BOX = ".cb-explore"
#: JupyterLab draws only the cells in sight unless told otherwise.
WHOLE = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}


def write_every_lesson(folder: Path) -> Path:
    """The notebook, and the plays that it looks back on."""
    for id in bundled():
        play = begin_play(read(id), "you", 1)
        while play.ask is not None:
            play = play.take(policy("balanced")(play))
        (folder / file_name(id, "you", 1)).write_text(
            "".join(map(dump, lines_of(play))), encoding="utf-8")
    made = nbformat.v4.new_notebook(cells=list(_cells()))
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3",
                                "language": "python"}
    nbformat.write(made, folder / NAME)
    return folder / NAME


def _cells() -> Iterator:
    for path in sorted(lessons_folder().glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if "casebook.play(" in cell.source:
                cell.source = "import casebook"
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
            cell.metadata, cell.id = {}, f"{path.stem[:2]}-{cell.id}"
            yield cell


def try_everything(page) -> None:
    """Answer every exercise, make every prediction, and open every table."""
    for place in page.locator(BOX).all():
        for guess in place.locator("select").all():
            guess.select_option(index=1)
        for typed in place.locator("input[type=text]").all():
            typed.fill("57")
            typed.press("Enter")
        for button in place.locator("button", has_text="Show me").all():
            button.click()
    page.wait_for_function(
        """box => [...document.querySelectorAll(box)].filter(one => one.querySelector("button")
           ?.textContent.includes("Show me")).every(one => one.querySelector(".cb-figure"))""",
        arg=BOX, timeout=60_000)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")


@contextmanager
def running_voila(notebook: Path, home: Path) -> Iterator[str]:
    """Voila with one notebook, ended by its own process id; yields its address."""
    port = _free_port()
    with open(home / "voila.log", "w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "voila", str(notebook), "--no-browser", f"--port={port}",
             "--Voila.ip=127.0.0.1", "--Voila.root_url=/"],
            stdout=log, stderr=subprocess.STDOUT, cwd=home)
        try:
            _wait_until_up(f"http://127.0.0.1:{port}/voila/static/none", process)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_up(address: str, process, seconds: float = 60) -> None:
    """Wait for any answer; the notebook's own address would run the notebook."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("Voila did not start.")
