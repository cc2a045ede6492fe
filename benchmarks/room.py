"""How the room feels: opening it, and a click until the reaction is painted; what is sent for it.

In JupyterLab and as a page by Voila.

The peer is a bare ipywidgets button whose click changes a label, in the same browser and run.
"""

from __future__ import annotations

import gzip
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from casebook.room.widget import STATIC, module
from tests.browser.lab import ROOM, running_app, running_lab, visiting, write_notebook

ROOT = Path(__file__).parents[1]
PAINTED = "() => performance.getEntriesByName('casebook:painted')[0].startTime"
TURNS = 50
PLAYS = 6
BARE = """import ipywidgets as widgets
button, label = widgets.Button(description="click"), widgets.Label("0")
button.add_class("bare-button"); label.add_class("bare-label")
button.on_click(lambda _: setattr(label, "value", str(int(label.value) + 1)))
widgets.VBox([button, label])"""
# From the click to the frame in which the answer is painted, in the page's own clock.
BARE_CLICK = """() => new Promise(done => {
  const label = document.querySelector('.bare-label');
  const start = performance.now();
  new MutationObserver((_, seen) => { seen.disconnect();
    requestAnimationFrame(() => done(performance.now() - start)); })
    .observe(label, {childList: true, characterData: true, subtree: true});
  document.querySelector('.bare-button').click(); })"""
CLICK = """() => new Promise(done => {
  const room = document.querySelector('.cb-room');
  const radio = room.querySelector('input[type=radio]');
  if (radio) radio.click();
  const start = performance.now();
  new MutationObserver((_, seen) => { seen.disconnect(); done(performance.now() - start); })
    .observe(room, {attributeFilter: ['data-answer']});
  room.querySelector('[data-action=commit]').click(); })"""


def summary(values: list[float]) -> dict:
    """Median and 95th percentile, in milliseconds."""
    ordered = sorted(values)
    return {"median_ms": round(statistics.median(ordered), 1),
            "p95_ms": round(ordered[min(int(0.95 * len(ordered)), len(ordered) - 1)], 1),
            "n": len(ordered)}


def measure() -> dict:
    """Time opening, turns of whole plays and the bare widget; weigh what is sent and shipped."""
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        lab = _in_lab(Path(home, "lab"), playwright)
        page = _in_app(Path(home, "app"), playwright)
        sizes = {"wheel_bytes": wheel_size(Path(home, "wheel")), **script_sizes()}
    ratio = lab["click_to_reaction"]["median_ms"] / lab["bare_widget"]["median_ms"]
    return {"jupyterlab": lab, "voila": page, "sizes": sizes, "ratio": round(ratio, 2)}


def _in_lab(home: Path, playwright) -> dict:
    """The room in JupyterLab, and the bare widget there."""
    opened, turns, sent = [], [], []
    work = home / "work"
    work.mkdir(parents=True)
    with running_lab(home, work) as lab:
        for number in range(PLAYS):
            write_notebook(work / f"p{number}.ipynb", "import casebook\ncasebook.play("
                           f"'green-dashboard', player='p{number}')")
            with visiting(playwright) as visitor:
                scale = Scale(visitor.page)
                opened.append(_open(visitor, lab, f"p{number}.ipynb"))
                _play(visitor, scale, turns, sent)
        write_notebook(work / "bare.ipynb", BARE)
        with visiting(playwright) as visitor:
            visitor.open(lab, "bare.ipynb")
            visitor.run_all()
            visitor.page.wait_for_selector(".bare-label")
            bare = [visitor.page.evaluate(BARE_CLICK) for _ in range(TURNS)]
    return {"room_open": summary(opened), "click_to_reaction": summary(turns),
            "bytes_a_turn": weights(sent), "bare_widget": summary(bare)}


def _in_app(home: Path, playwright) -> dict:
    """The room as a page by Voila; opening it starts a kernel, which JupyterLab has by then."""
    opened, turns, sent = [], [], []
    home.mkdir()
    for number in range(PLAYS // 2):
        with running_app(home, "green-dashboard", "--player", f"p{number}") as address, \
                visiting(playwright) as visitor:
            scale = Scale(visitor.page)
            visitor.page.goto(address)
            visitor.page.wait_for_selector(f"{ROOM}[data-painted]", timeout=60_000)
            opened.append(visitor.page.evaluate(PAINTED))
            _play(visitor, scale, turns, sent)
    return {"page_open_with_kernel": summary(opened), "click_to_reaction": summary(turns),
            "bytes_a_turn": weights(sent)}


class Scale:
    """Counts the bytes of a page's websockets, both ways."""

    def __init__(self, page):
        self.bytes = 0
        page.on("websocket", self._listen)

    def _listen(self, socket) -> None:
        for event in ("framesent", "framereceived"):
            socket.on(event, self._add)

    def _add(self, payload) -> None:
        self.bytes += len(payload if isinstance(payload, bytes) else payload.encode())


def _play(visitor, scale: Scale, turns: list[float], sent: list[int]) -> None:
    """Take the turns of a play, timing each and weighing what it sends."""
    while visitor.stage() != "end" and len(turns) < TURNS:
        before = scale.bytes
        turns.append(visitor.page.evaluate(CLICK))
        # The kernel says that it is idle again after the answer is painted.
        visitor.page.wait_for_timeout(150)
        sent.append(scale.bytes - before)


def weights(values: list[int]) -> dict:
    """Median and largest, in bytes."""
    return {"median": round(statistics.median(values)), "largest": max(values), "n": len(values)}


def wheel_size(folder: Path) -> int:
    """Bytes of the wheel, with lessons and cases."""
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(folder),
                    str(ROOT)], check=True, capture_output=True)
    return next(folder.glob("*.whl")).stat().st_size


def script_sizes() -> dict:
    """Bytes of what a browser loads for the room, as it is and as a server would compress it."""
    script, style = module().encode(), (STATIC / "room.css").read_bytes()
    return {"script_bytes": len(script), "style_bytes": len(style),
            "both_gzipped_bytes": len(gzip.compress(script + style))}


def _open(visitor, lab, notebook: str) -> float:
    """Milliseconds from running the cells to the first paint, the kernel already idle."""
    visitor.open(lab, notebook)
    visitor.page.wait_for_timeout(3000)
    visitor.page.click('.lm-MenuBar-itemLabel:text-is("Run")')
    visitor.page.wait_for_selector('[data-command="runmenu:run-all"]')
    started = visitor.page.evaluate("() => performance.now()")
    visitor.page.click('[data-command="runmenu:run-all"]')
    visitor.page.wait_for_selector(f"{ROOM}[data-painted]", timeout=60_000)
    return visitor.page.evaluate(PAINTED) - started


if __name__ == "__main__":
    print(measure())
