"""The basic view in a real JupyterLab: plain ipywidgets, by mouse and by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from casebook import case as cases
from casebook.engagement import replay

from .lab import write_notebook
from .test_room import tab_to

BASIC = ".cb-basic"
CASE = "green-dashboard"


def open_basic(lab, visitor, player):
    write_notebook(lab.folder / f"{player}.ipynb", f"import casebook\ncasebook.play({CASE!r}, "
                   f"player={player!r}, view='basic', language='en')")
    visitor.open(lab, f"{player}.ipynb")
    visitor.run_all()
    visitor.page.locator(BASIC).wait_for(timeout=60_000)


def turns(lab, player):
    return len(replay(next(lab.folder.glob(f"{CASE}.{player}.1.casebook.jsonl")),
                      cases.read).play.turns)


def press(visitor, words):
    visitor.page.get_by_role("button", name=words, exact=True).click()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_turns_by_mouse_and_axe_finds_nothing_serious(request, visitor, theme):
    lab = request.getfixturevalue("lab" if theme == "light" else "dark_lab")
    player = f"basic-{theme}"
    open_basic(lab, visitor, player)
    page = visitor.page
    page.get_by_label("Coach, percent").fill("33")
    press(visitor, "Work to this plan")
    page.locator(f"{BASIC} input[type=radio]").nth(1).click()
    press(visitor, "Open a hint")
    page.get_by_text("Hint 1 of 3").wait_for()
    page.evaluate(f"document.querySelectorAll('{BASIC} details').forEach(d => d.open = true)")
    found = Axe().run(page, context=BASIC).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    assert page.locator(f"{BASIC} input[type=radio]").nth(1).is_checked()
    press(visitor, "Do this")
    page.get_by_text("What happened: Two figures").wait_for()
    assert turns(lab, player) == 2
    page.evaluate(f"document.querySelector('{BASIC}').style.width = '360px'")
    wide = page.evaluate(f"""() => {{
        const room = document.querySelector('{BASIC}');
        const edge = room.getBoundingClientRect().right + 1;
        return [...room.querySelectorAll('*')].filter(node =>
            node.getBoundingClientRect().right > edge && !node.closest('.cb-wide'))
            .map(node => node.className || node.outerHTML.slice(0, 90)); }}""")
    assert wide == []


def test_the_focus_stays_on_the_button_so_that_the_keyboard_goes_on(lab, visitor):
    open_basic(lab, visitor, "basic-keys")
    page = visitor.page
    page.locator(f"{BASIC} summary").first.focus()
    tab_to(visitor, ".mod-primary")
    page.keyboard.press("Enter")
    page.locator(f"{BASIC} input[type=radio]").first.wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Do this"
    page.keyboard.press("Shift+Tab")
    while not page.evaluate("document.activeElement.matches('input[type=radio]')"):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    tab_to(visitor, ".mod-primary")
    page.keyboard.press("Enter")
    page.get_by_text("What happened: Two figures").wait_for()
    assert turns(lab, "basic-keys") == 2
