"""What tests do in a room as a student would: open it, decide, look."""

from __future__ import annotations

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from .lab import ROOM, write_notebook

CASE = "green-dashboard"
#: The rules of WCAG 2.2 at levels A and AA, as axe names them.
WCAG = {"runOnly": {"type": "tag", "values": [
    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def open_room(lab, visitor, player, extra="1 + 1", case=CASE, more=""):
    """A notebook of two cells with the room of this player; ``more`` are further arguments."""
    write_notebook(lab.folder / f"{player}.ipynb",
                   f"import casebook\ncasebook.play({case!r}, player={player!r}{more})", extra)
    visitor.open(lab, f"{player}.ipynb")
    visitor.run_all()
    visitor.room()
    return visitor


def open_page(visitor, address):
    visitor.page.goto(address)
    visitor.page.locator(ROOM).first.wait_for(timeout=60_000)
    visitor.page.wait_for_selector(f"{ROOM}[data-painted]", timeout=30_000)


def transcript(lab, player, case=CASE):
    return next(lab.folder.glob(f"{case}.{player}.1.casebook.jsonl"))


def take_turn(visitor, choice=0):
    """Decide by mouse: keep the plan as it is, or take one of the responses."""
    turn = visitor.turn()
    if visitor.stage() == "incident":
        visitor.page.locator(f"{ROOM} .cb-choice").nth(choice).click()
    visitor.page.locator(f"{ROOM} [data-action=commit]").click()
    visitor.wait_for_turn(turn + 1)


def play_to_the_end(visitor, choice=1):
    """Take every turn that is left, and wait for what is reckoned afterwards."""
    while visitor.stage() != "end":
        take_turn(visitor, choice)
    visitor.page.wait_for_selector(f"{ROOM} [data-after=there]", timeout=60_000)


def picture(visitor, name):
    """A screenshot, where somebody wants to look."""
    folder = os.environ.get("CASEBOOK_SCREENSHOTS")
    if folder:
        visitor.page.locator(ROOM).screenshot(path=str(Path(folder) / f"{name}.png"))


def violations(visitor, context=ROOM):
    """What axe finds against WCAG 2.2 AA in a part of the page, whatever its impact."""
    found = Axe().run(visitor.page, context=context, options=WCAG).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]} {v['nodes'][0].get('failureSummary', '')}"
            for v in found]


def fold_all(visitor, opened):
    """Open everything that can be opened, or close it again."""
    visitor.page.evaluate("([room, state]) => document.querySelectorAll(`${room} details`)"
                          ".forEach(fold => fold.open = state)", [ROOM, opened])


def tab_to(visitor, selector, most=150):
    """Press Tab until something that matches is focused."""
    for _ in range(most):
        if visitor.page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        visitor.page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {selector}")


def focused(visitor, attribute="className"):
    return visitor.page.evaluate("name => document.activeElement[name]", attribute)


def announced(visitor):
    """What the room has told a screen reader last."""
    return visitor.page.locator(f"{ROOM} .cb-live").text_content()


def too_wide(visitor):
    """Whether the room is wider than it may be, and which of its parts are."""
    return visitor.page.evaluate(f"""() => {{
        const room = document.querySelector('{ROOM}');
        const edge = room.getBoundingClientRect().right + 1;
        const wide = [...room.querySelectorAll('*')].filter(node =>
            node.getBoundingClientRect().right > edge && !node.closest('.cb-text, .cb-hidden'));
        return {{width: room.clientWidth, scroll: room.scrollWidth,
                 wide: wide.map(node => node.className || node.tagName)}};
    }}""")
