"""The room as a page of its own: Voila, served by ``casebook app``, in a real Chromium."""

import os

import pytest

from casebook import case as cases
from casebook.engagement import replay
from casebook.room.session import Session

from ..room.plays import transcript
from .lab import ROOM, running_app
from .play import fold_all, open_page, picture, tab_to, take_turn, violations

CASE = "green-dashboard"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("app")


@pytest.fixture(scope="module")
def address(home):
    """The page of one case, for the player ``page``."""
    with running_app(home, CASE, "--player", "page") as address:
        yield address


def saved(home):
    return next((home / "work").glob(f"{CASE}.page.1.casebook.jsonl"))


def test_turns_by_mouse_and_no_code_is_in_sight(address, home, visitor):
    open_page(visitor, address)
    page = visitor.page
    for _ in range(3):
        take_turn(visitor, choice=1)
    assert "The Green Dashboard" in page.title()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator(".jp-InputArea, .cm-editor, .jp-InputPrompt, pre").count() == 0
    assert "casebook.room" not in page.locator("body").inner_text()
    assert len(replay(saved(home), cases.read).play.turns) == 3
    picture(visitor, "app-light")


def test_a_whole_play_by_keyboard_equals_the_same_moves_elsewhere(address, home, visitor, tmp_path):
    """It goes on where the mouse left it, after the page was closed."""
    open_page(visitor, address)
    page = visitor.page
    assert visitor.turn() == 3
    while visitor.stage() != "end":
        turn = visitor.turn()
        if visitor.stage() == "plan":
            tab_to(visitor, '[data-role="coach"]')
            page.keyboard.press("ArrowRight")
        else:
            tab_to(visitor, "input[type=radio]")
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
        tab_to(visitor, "[data-action=commit]")
        page.keyboard.press("Enter")
        visitor.wait_for_turn(turn + 1)
    result = replay(saved(home), cases.read)
    assert result.verdict == "whole"
    assert page.locator(f"{ROOM} .cb-end h3").inner_text() == result.play.outcome.ending.title
    session = Session.open(CASE, "page", folder=tmp_path)
    for turn in result.play.turns:
        session.take(turn.decision)
    assert transcript(tmp_path) == transcript(home / "work")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_the_page(address, visitor, theme):
    visitor.page.emulate_media(color_scheme=theme)
    open_page(visitor, address)
    shown = visitor.page.evaluate("document.body.dataset.jpThemeLight")
    assert shown == str(theme == "light").lower()
    fold_all(visitor, True)
    picture(visitor, f"app-end-{theme}")
    assert violations(visitor) == []
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(visitor.page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def test_the_player_chooses_light_or_dark_and_it_stays(address, visitor):
    visitor.page.emulate_media(color_scheme="light")
    open_page(visitor, address)
    visitor.page.locator("#casebook-theme").click()
    assert visitor.page.evaluate("document.body.dataset.jpThemeLight") == "false"
    open_page(visitor, address)
    assert visitor.page.evaluate("document.body.dataset.jpThemeLight") == "false"


def test_the_cases_are_chosen_on_the_page_and_fit_360_pixels(tmp_path, visitor):
    page = visitor.page
    page.set_viewport_size({"width": 360, "height": 740})
    with running_app(tmp_path, "--player", "narrow") as address:
        page.goto(address)
        buttons = page.locator(".cb-cases button")
        buttons.first.wait_for(timeout=60_000)
        assert buttons.count() == len(cases.bundled())
        _look(visitor, "app-cases-360")
        page.get_by_role("button", name="The Account Plan").click()
        page.locator(ROOM).first.wait_for(timeout=30_000)
        page.wait_for_selector(f"{ROOM}[data-painted]")
        take_turn(visitor)
        fold_all(visitor, True)
        _look(visitor, "app-room-360")
        fold_all(visitor, False)
        page.get_by_role("button", name="Other cases").click()
        buttons.nth(3).wait_for()
    assert list((tmp_path / "work").glob("account-plan.narrow.1.casebook.jsonl"))


def _look(visitor, name):
    """Nothing is wider than the page."""
    folder = os.environ.get("CASEBOOK_SCREENSHOTS")
    if folder:
        visitor.page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    wide = visitor.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 1


def test_without_its_token_the_page_is_not_shown(address, visitor):
    visitor.page.goto(address.split("?")[0])
    visitor.page.wait_for_load_state()
    assert visitor.page.locator(ROOM).count() == 0
    assert "login" in visitor.page.url
