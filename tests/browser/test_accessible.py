"""WCAG 2.2 AA in the room: what axe cannot see by itself. docs/accessibility.md says what is claimed."""

from contextlib import ExitStack

import pytest

from .lab import ROOM, running_app, visiting
from .play import (
    CASE,
    announced,
    focused,
    fold_all,
    open_page,
    open_room,
    picture,
    take_turn,
    too_wide,
    violations,
)

LEAST_TARGET = 24          # CSS pixels: WCAG 2.2, 2.5.8 Target Size (Minimum)


@pytest.fixture(scope="module", params=["JupyterLab", "Voila"])
def opened(request, playwright, tmp_path_factory):
    """One room for all of this, after its first turn: an incident, with what came before it."""
    with visiting(playwright) as visitor, ExitStack() as running:
        if request.param == "JupyterLab":
            open_room(request.getfixturevalue("lab"), visitor, "reach")
        else:
            home = tmp_path_factory.mktemp("reach")
            open_page(visitor, running.enter_context(running_app(home, CASE)))
        visitor.page.locator("[data-guide=close]").click()
        take_turn(visitor)
        yield visitor
        assert visitor.foreign == []


@pytest.fixture
def room(opened):
    """The room as the test before left it, in an ordinary page again."""
    fold_all(opened, False)
    opened.page.evaluate(f"document.querySelector('{ROOM}').parentElement.style.width = ''")
    opened.page.emulate_media(forced_colors="none", reduced_motion="no-preference")
    return opened


def focusable(visitor):
    """Everything that Tab reaches in the room, in the order of the page, as it is shown."""
    return visitor.page.evaluate(f"""() => [...document.querySelector('{ROOM}').querySelectorAll(
        'a[href], button, input, select, textarea, summary, [tabindex="0"]')]
        .filter(node => node.checkVisibility() && !node.disabled)
        .map(node => node.dataset.at || node.dataset.action || node.textContent.trim().slice(0, 30))""")


def test_tab_goes_through_the_room_in_the_order_in_which_it_is_read(room):
    page = room.page
    expected = focusable(room)
    page.evaluate(f"document.querySelector('{ROOM} .cb-focus').focus()")
    reached = []
    for _ in range(3 * len(expected)):
        page.keyboard.press("Tab")
        here = page.evaluate(f"""() => {{
            const node = document.activeElement;
            if (node.closest('{ROOM}') === null) return null;
            return node.dataset.at || node.dataset.action || node.textContent.trim().slice(0, 30);
        }}""")
        if here is None:
            break
        reached.append(here)
    # Of a group of radio buttons Tab reaches one; everything else is reached once, in order.
    radios = {name for name in expected if name.startswith("response-")}
    first = next(name for name in expected if name in radios)
    assert [name for name in reached if name not in radios] == [
        name for name in expected if name not in radios]
    assert [name for name in reached if name in radios] == [first]


def test_the_focus_is_seen_wherever_it_is(room):
    page = room.page
    page.evaluate(f"document.querySelector('{ROOM} .cb-focus').focus()")
    for _ in range(len(focusable(room)) - 5):
        page.keyboard.press("Tab")
        style = page.evaluate("""() => {
            const style = getComputedStyle(document.activeElement);
            return [style.outlineStyle, parseFloat(style.outlineWidth), document.activeElement.outerHTML.slice(0, 90)];
        }""")
        if "cb-" in style[2] or "data-" in style[2]:
            assert style[0] != "none" and style[1] >= 2, style


def test_targets_are_large_enough(room):
    fold_all(room, True)
    small = room.page.evaluate(f"""least => [...document.querySelectorAll(
        '{ROOM} button, {ROOM} select, {ROOM} summary, {ROOM} input')]
        .filter(node => node.checkVisibility())
        .map(node => [node.closest('label') || node, node])
        .map(([area, node]) => [area.getBoundingClientRect(), node.outerHTML.slice(0, 120)])
        .filter(([box]) => box.height < least || box.width < least)
        .map(([box, html]) => [Math.round(box.width), Math.round(box.height), html])""", LEAST_TARGET)
    assert small == []


@pytest.mark.parametrize("width", [320, 360])
def test_it_reflows_at_the_width_of_a_telephone_and_at_400_percent(room, width):
    """1280 CSS pixels at 400 % are 320: everything in one column, nothing to the side."""
    page = room.page
    page.evaluate(f"width => {{document.querySelector('{ROOM}').parentElement.style.width = "
                  "width + 'px'}", width)
    fold_all(room, True)
    assert too_wide(room)["wide"] == []
    picture(room, f"width-{width}-{room.turn()}")


@pytest.mark.parametrize("opened", ["Voila"], indirect=True)
def test_a_page_of_its_own_has_nothing_to_the_side_at_400_percent(opened, room):
    page = room.page
    before = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 256})
    fold_all(room, True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.locator(f"{ROOM} [data-action=commit]").evaluate(
        "node => (node.scrollIntoView(), node.getBoundingClientRect().right)") <= 320
    page.set_viewport_size(before)


def test_wide_spaced_text_is_not_cut_off(room):
    """WCAG 1.4.12: line height 1.5, paragraphs 2, letters 0.12 and words 0.16 times the size."""
    page = room.page
    style = page.add_style_tag(content=(
        f"{ROOM} * {{ line-height: 1.5 !important; letter-spacing: 0.12em !important; "
        f"word-spacing: 0.16em !important; }} {ROOM} p {{ margin-bottom: 2em !important; }}"))
    fold_all(room, True)
    assert too_wide(room)["wide"] == []
    cut = page.evaluate(f"""() => [...document.querySelectorAll('{ROOM} button, {ROOM} summary, {ROOM} p')]
        .filter(node => node.checkVisibility() && node.scrollHeight > node.clientHeight + 2
            && getComputedStyle(node).overflow === 'hidden' && !node.classList.contains('cb-hidden'))
        .map(node => node.outerHTML.slice(0, 100))""")
    style.evaluate("node => node.remove()")
    assert cut == []


def test_forced_colours_keep_what_colours_say(room):
    page = room.page
    page.emulate_media(forced_colors="active")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    style = page.evaluate(f"""() => {{
        const track = document.querySelector('{ROOM} .cb-range-track');
        const range = getComputedStyle(track, '::before'), mark = getComputedStyle(track, '::after');
        const board = getComputedStyle(document.querySelector('{ROOM}')).backgroundColor;
        return {{range: range.backgroundImage + range.backgroundColor, mark: mark.backgroundColor,
                 track: getComputedStyle(track).backgroundColor, border: getComputedStyle(track).borderStyle}};
    }}""")
    assert style["mark"] not in (style["track"], "rgba(0, 0, 0, 0)"), style
    assert "gradient" in style["range"] or style["range"] != f"none{style['track']}", style
    assert violations(room) == []
    picture(room, "forced-colours")


def test_who_wants_no_motion_gets_none(room):
    page = room.page
    page.emulate_media(reduced_motion="reduce")
    moving = page.evaluate(f"""() => [...document.querySelectorAll('{ROOM} *')].filter(node => {{
        const style = getComputedStyle(node);
        return parseFloat(style.transitionDuration) > 0 || style.animationName !== 'none'
            || style.scrollBehavior === 'smooth';
    }}).map(node => node.outerHTML.slice(0, 100))""")
    assert moving == []


def test_how_surely_a_person_is_read_is_said_in_numbers_words_and_pattern(room):
    page = room.page
    view = page.locator(f"{ROOM} .cb-contact")
    backgrounds = {}
    for person in view.all():
        known = next(name for name in person.get_attribute("class").split()
                     if name.startswith("cb-known-"))
        text = person.inner_text()
        assert " to " in person.locator(".cb-range").first.inner_text()
        assert {"cb-known-well": "know this person well", "cb-known-partly": "readings are rough",
                "cb-known-hardly": "readings are a guess"}[known] in text
        backgrounds[known] = person.locator(".cb-range-track").first.evaluate(
            "node => getComputedStyle(node, '::before').backgroundImage")
    assert len(set(backgrounds.values())) == len(backgrounds), "each has a pattern of its own"


def test_every_turn_is_announced_and_the_focus_is_never_lost(room):
    said = announced(room)
    for _ in range(3):
        take_turn(room)
        assert announced(room) not in ("", said)
        said = announced(room)
        assert "cb-focus" in focused(room)


def test_a_message_is_an_alert_and_an_error_names_what_to_do(room):
    page = room.page
    while room.stage() != "incident":
        take_turn(room)
    page.locator(f"{ROOM} [data-action=commit]").click()
    hint = page.locator(f"{ROOM} .cb-hint")
    assert hint.get_attribute("role") == "alert" and "Choose" in hint.inner_text()
    assert focused(room, "type") == "radio", "the focus is where the mistake can be mended"
