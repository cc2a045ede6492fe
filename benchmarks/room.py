"""How the room feels: opening it, and a click until the reaction is painted, in JupyterLab.

The peer is a bare ipywidgets button whose click changes a label, in the same browser and run.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.browser.lab import ROOM, running_lab, visiting, write_notebook

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
    """Time opening, turns of whole plays, and the bare widget."""
    opened, turns, bare = [], [], []
    with tempfile.TemporaryDirectory() as home:
        work = Path(home, "work")
        work.mkdir()
        with running_lab(Path(home), work) as lab, sync_playwright() as playwright:
            for number in range(PLAYS):
                write_notebook(work / f"p{number}.ipynb", "import casebook\ncasebook.play("
                               f"'green-dashboard', player='p{number}')")
                with visiting(playwright) as visitor:
                    opened.append(_open(visitor, lab, f"p{number}.ipynb"))
                    while visitor.stage() != "end" and len(turns) < TURNS:
                        turns.append(visitor.page.evaluate(CLICK))
            write_notebook(work / "bare.ipynb", BARE)
            with visiting(playwright) as visitor:
                visitor.open(lab, "bare.ipynb")
                visitor.run_all()
                visitor.page.wait_for_selector(".bare-label")
                bare = [visitor.page.evaluate(BARE_CLICK) for _ in range(TURNS)]
    ours, peer = summary(turns), summary(bare)
    return {"room_open": summary(opened), "click_to_reaction": ours, "bare_widget": peer,
            "ratio": round(ours["median_ms"] / peer["median_ms"], 2)}


def _open(visitor, lab, notebook: str) -> float:
    """Milliseconds from running the cells to the first paint, the kernel already idle."""
    visitor.open(lab, notebook)
    visitor.page.wait_for_timeout(3000)
    visitor.page.click('.lm-MenuBar-itemLabel:text-is("Run")')
    visitor.page.wait_for_selector('[data-command="runmenu:run-all"]')
    started = visitor.page.evaluate("() => performance.now()")
    visitor.page.click('[data-command="runmenu:run-all"]')
    visitor.page.wait_for_selector(f"{ROOM}[data-painted]", timeout=60_000)
    painted = visitor.page.evaluate(
        "() => performance.getEntriesByName('casebook:painted')[0].startTime")
    return painted - started


if __name__ == "__main__":
    print(measure())
