"""Lesson 02 as a student meets it: a real JupyterLab in a real Chromium."""

import os
from pathlib import Path

from playwright.sync_api import TimeoutError

from casebook.lab import copy_lessons, lessons_folder

LESSON = "02-how-trust-moves.ipynb"
BOX = ".cb-explore"


def open_lesson(lab, visitor):
    """The lesson, run; every cell has been in sight, since JupyterLab draws no other.

    After a run JupyterLab jumps to the end of a lesson as long as this one, where no cell with a
    number is in sight for ``run_all`` to see. And a lab that has only just started may ask for a
    kernel once it was told to run, and then runs nothing: a student would choose Run again, and
    so do we.
    """
    list(copy_lessons(lessons_folder(), lab.folder))
    visitor.open(lab, LESSON)
    for _ in range(4):
        visitor.page.click('.lm-MenuBar-itemLabel:text-is("Run")')
        visitor.page.click('[data-command="runmenu:run-all"]')
        visitor.page.wait_for_timeout(1_000)
        visitor.wait_idle()
        cells = visitor.page.locator(".jp-Notebook .jp-Cell")
        for place in range(cells.count()):
            cells.nth(place).scroll_into_view_if_needed()
        try:
            box(visitor, "twice the loss").wait_for(timeout=15_000)
        except TimeoutError:
            continue
        return visitor
    raise AssertionError(f"The lesson did not run. JupyterLab asked: {visitor.dialogs}")


def box(visitor, label):
    """The exploration with a control of this label."""
    return visitor.page.locator(BOX).filter(has_text=label).last


def told(place, text):
    """Wait until the exploration's live region says this."""
    place.locator("[role=status]", has_text=text).wait_for(timeout=30_000)


def reveal(place, option=1):
    """Predict and press the button."""
    for guess in place.locator("select").all():
        guess.select_option(index=option)
    place.locator("button").click()
    place.locator(".js-plotly-plot .main-svg").first.wait_for(timeout=60_000)


def experiments(visitor):
    """The explorations that begin with a prediction."""
    return visitor.page.locator(BOX).filter(has=visitor.page.locator(
        "button", has_text="Show me")).all()


def picture(visitor, name):
    """A screenshot of every exploration, where somebody wants to look."""
    folder = os.environ.get("CASEBOOK_SCREENSHOTS")
    if folder:
        for place, one in enumerate(visitor.page.locator(BOX).all()):
            one.screenshot(path=str(Path(folder) / f"lesson-02-{name}-{place}.png"))


def test_an_answer_is_typed_by_keyboard_and_judged_aloud(lab, visitor):
    open_lesson(lab, visitor)
    page = visitor.page
    typed = page.get_by_label("Ruth's belief after two kept promises and a broken one, in percent")
    place = page.locator(BOX).filter(has=typed)
    region = place.locator("[role=status]").element_handle()
    typed.focus()
    page.keyboard.type("57")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Check"
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    for key in ("b", "a", "d", "d", "x"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    told(place, "You counted the broken promise once")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("0,5")
    page.keyboard.press("Enter")
    told(place, "Right.")
    assert region.evaluate("node => node.isConnected && node.textContent").startswith("Right.")
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells, "keys reached the notebook"
    assert "Traceback" not in page.locator(".jp-Notebook").inner_text()


def test_a_slider_is_moved_by_keyboard_and_the_new_text_is_announced(lab, visitor):
    open_lesson(lab, visitor)
    page = visitor.page
    place = box(visitor, "Four good weeks")
    place.locator("button").click()
    told(place, "Choose a prediction first")
    reveal(place)
    told(place, "predicted")
    told(place, "4 good and 4 bad weeks")
    slider = place.get_by_role("slider", name="Good weeks")
    slider.focus()
    page.keyboard.press("ArrowRight")
    told(place, "5 good and 4 bad weeks")
    page.keyboard.press("ArrowRight")
    told(place, "6 good and 4 bad weeks")
    assert slider.input_value() == "6"
    place.locator("summary").click()
    assert place.locator("table tbody tr").count() == 11


def test_nothing_is_cut_off_at_360_pixels(lab, visitor):
    open_lesson(lab, visitor)
    page = visitor.page
    page.add_style_tag(content=f"{BOX} {{ max-width: 360px !important; width: 360px !important; }}")
    for place in experiments(visitor):
        reveal(place)
    picture(visitor, "narrow")
    for place in page.locator(BOX).all():
        wide = place.evaluate("""node => {
            const edge = node.getBoundingClientRect().right + 1;
            return {width: node.offsetWidth, scroll: node.scrollWidth,
                    wide: [...node.querySelectorAll('label, input, select, button, p, .main-svg')]
                        .filter(part => part.getBoundingClientRect().right > edge)
                        .map(part => part.outerHTML.slice(0, 120))};
        }""")
        assert wide["width"] <= 360 and wide["scroll"] <= wide["width"] and wide["wide"] == [], wide
