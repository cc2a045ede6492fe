"""The room as a student meets it: a real JupyterLab in a real Chromium."""

import json

import pytest

from casebook import case as cases
from casebook.engagement import replay
from casebook.lab import FIRST, copy_lessons, lessons_folder

from .lab import ROOM, write_notebook
from .play import (
    fold_all,
    open_room,
    picture,
    tab_to,
    take_turn,
    too_wide,
    transcript,
    violations,
)

SHORTCUTS = ("b", "a", "d", "d", "x", "m")


@pytest.mark.parametrize("case", [one.id for one in cases.bundled_engagements()])
def test_a_whole_engagement_is_played_by_mouse(lab, visitor, case):
    open_room(lab, visitor, "mouse", case=case)
    while visitor.stage() != "end":
        take_turn(visitor, choice=1)
    page = visitor.page
    assert page.locator(f"{ROOM} .cb-end h3").inner_text()
    assert page.locator(f"{ROOM} .cb-score").count() == 4
    picture(visitor, f"end-{case}")
    result = replay(transcript(lab, "mouse", case), cases.read)
    assert result.verdict == "whole"
    assert page.locator(f"{ROOM} .cb-end h3").inner_text() == result.play.outcome.ending.title


def test_the_first_lesson_opens_and_leads_to_the_case(lab, visitor):
    list(copy_lessons(lessons_folder(), lab.folder))
    visitor.open(lab, FIRST)
    visitor.run_all()
    visitor.page.locator("text=The Green Dashboard").first.wait_for(timeout=30_000)
    visitor.open(lab, "03-the-green-dashboard.ipynb")
    visitor.run_all()
    visitor.room()
    assert visitor.stage() == "plan"


def press_shortcuts(visitor):
    for key in SHORTCUTS:
        visitor.page.keyboard.press(key)


def cell_sources(visitor):
    return visitor.page.evaluate(
        "() => [...document.querySelectorAll('.jp-Notebook .jp-Cell')]"
        ".map(cell => cell.querySelector('.cm-content')?.textContent)")


def test_a_whole_engagement_is_played_by_keyboard_and_the_notebook_stays_as_it_is(lab, visitor):
    open_room(lab, visitor, "keyboard")
    page, before = visitor.page, cell_sources(visitor)
    page.evaluate(f"document.querySelector('{ROOM} form h3').focus()")
    while visitor.stage() != "end":
        turn = visitor.turn()
        if visitor.stage() == "plan":
            tab_to(visitor, '[data-role="coach"]')
            press_shortcuts(visitor)
            page.keyboard.press("ArrowRight")
            tab_to(visitor, '[data-step="coach+"]')
            press_shortcuts(visitor)
            page.keyboard.press("Enter")
        else:
            tab_to(visitor, "input[type=radio]")
            press_shortcuts(visitor)
            page.keyboard.press("ArrowDown")
        tab_to(visitor, "[data-action=commit]")
        press_shortcuts(visitor)
        page.keyboard.press("Enter")
        visitor.wait_for_turn(turn + 1)
        focused = page.evaluate("document.activeElement.className")
        assert "cb-focus" in focused, "after a turn the focus is on what happened"
        press_shortcuts(visitor)
    assert cell_sources(visitor) == before
    result = replay(transcript(lab, "keyboard"), cases.read)
    assert result.verdict == "whole"
    assert result.play.turns[0].decision.shares[1] > 15, "the keys moved the coach's share"


def test_control_keys_still_reach_the_notebook(lab, visitor):
    open_room(lab, visitor, "save")
    saved = lab.folder / "save.ipynb"
    visitor.page.locator(f"{ROOM} [data-action=commit]").focus()
    # JupyterLab drops a save while another one is under way, so it is asked again.
    for _ in range(20):
        visitor.page.keyboard.press("Control+s")
        visitor.page.wait_for_timeout(1000)
        if "application/vnd.jupyter.widget-view+json" in saved.read_text(encoding="utf-8"):
            return
    raise AssertionError("Control+s in the room did not save the notebook")


def test_a_killed_kernel_loses_nothing(lab, visitor):
    open_room(lab, visitor, "killed")
    for _ in range(4):
        take_turn(visitor)
    story = visitor.page.locator(f"{ROOM} .cb-story").text_content()
    lab.kill_kernels()
    visitor.open(lab, "killed.ipynb")
    visitor.run_all()
    visitor.page.wait_for_selector(f'{ROOM}[data-painted="4"]', timeout=60_000)
    assert visitor.page.locator(f"{ROOM} .cb-story").text_content() == story
    take_turn(visitor)
    assert len(replay(transcript(lab, "killed"), cases.read).play.turns) == 5


def test_a_kernel_that_does_not_answer_is_said_plainly(lab, visitor):
    open_room(lab, visitor, "silent")
    take_turn(visitor)
    lab.kill_kernels()
    if visitor.stage() == "incident":
        visitor.page.locator(f"{ROOM} .cb-choice").first.click()
    visitor.page.locator(f"{ROOM} [data-action=commit]").click()
    visitor.page.locator(f"{ROOM} .cb-message", has_text="not answering").wait_for(timeout=10_000)
    saved = transcript(lab, "silent").read_text(encoding="utf-8").splitlines()
    assert len(saved) == 2 and json.loads(saved[1])["turn"] == 1


def test_choosing_nothing_is_answered_by_a_hint_and_no_turn(lab, visitor):
    open_room(lab, visitor, "hint")
    take_turn(visitor)
    assert visitor.stage() == "incident"
    visitor.page.locator(f"{ROOM} [data-action=commit]").click()
    visitor.page.locator(f"{ROOM} .cb-hint", has_text="Choose").wait_for()
    assert visitor.turn() == 1


def test_sliders_and_presets_always_add_up_to_100(lab, visitor):
    open_room(lab, visitor, "sliders")
    page = visitor.page

    def shares():
        return [int(text.split()[0]) for text in page.locator(f"{ROOM} .cb-share").all_inner_texts()]

    for preset in page.locator(f"{ROOM} [data-preset]").all():
        preset.click()
        assert sum(shares()) == 100
    for role, value in (("marketer", 97), ("friend", 33), ("implementer", 0), ("coach", 100)):
        page.locator(f'{ROOM} [data-role="{role}"]').fill(str(value))
        assert sum(shares()) == 100 and value in shares()
    page.locator(f'{ROOM} [data-step="politician+"]').click()
    assert sum(shares()) == 100
    planned = shares()
    take_turn(visitor)
    decision = json.loads(transcript(lab, "sliders").read_text().splitlines()[1])["decision"]
    assert list(decision["shares"].values()) == planned


def test_a_reaction_is_announced_and_explained(lab, visitor):
    open_room(lab, visitor, "told")
    take_turn(visitor)
    take_turn(visitor)
    page = visitor.page
    line = page.locator(f"{ROOM} .cb-reaction blockquote").first.inner_text()
    assert line in page.locator(f"{ROOM} .cb-live").text_content()
    page.locator(f"{ROOM} .cb-reaction summary", has_text="Why?").first.click()
    assert page.locator(f"{ROOM} .cb-reaction .cb-why .cb-principle").first.is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(request, visitor, theme):
    lab = request.getfixturevalue("lab" if theme == "light" else "dark_lab")
    open_room(lab, visitor, f"axe-{theme}")
    # Everything that can be opened is opened, so that it is looked at too.
    seen = set()
    while True:
        stage = visitor.stage()
        if stage not in seen or visitor.turn() == 2:
            seen.add(stage)
            fold_all(visitor, True)
            picture(visitor, f"{theme}-{visitor.turn()}-{stage}")
            assert violations(visitor) == [], f"{theme}, {stage}, turn {visitor.turn()}"
            fold_all(visitor, False)
        if stage == "end":
            break
        take_turn(visitor)
    assert seen == {"plan", "incident", "end"}


def test_nothing_is_cut_off_at_360_pixels(lab, visitor):
    open_room(lab, visitor, "narrow")
    page = visitor.page
    page.evaluate(f"document.querySelector('{ROOM}').parentElement.style.width = '360px'")
    for _ in range(3):
        fold_all(visitor, True)
        room = too_wide(visitor)
        assert room["width"] <= 360 and room["scroll"] <= room["width"], room
        assert room["wide"] == []
        picture(visitor, f"narrow-{visitor.turn()}")
        fold_all(visitor, False)
        take_turn(visitor)


def test_what_cannot_be_opened_is_said_in_place_of_a_room(lab, visitor):
    write_notebook(lab.folder / "wrong.ipynb", "import casebook\ncasebook.play('no-such-case')")
    visitor.open(lab, "wrong.ipynb")
    visitor.run_all()
    notice = visitor.page.locator(".jp-OutputArea [role=alert]")
    notice.wait_for(timeout=30_000)
    assert "There is no case 'no-such-case'" in notice.inner_text()
    assert "Traceback" not in visitor.page.locator(".jp-OutputArea").inner_text()
