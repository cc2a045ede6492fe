"""Other ways, predictions, hints, the guide, languages and the end, as a student meets them."""

import json

from casebook import case as cases
from casebook.engagement import replay

from .lab import ROOM
from .play import (
    CASE,
    announced,
    focused,
    open_room,
    picture,
    play_to_the_end,
    tab_to,
    take_turn,
    too_wide,
    transcript,
    violations,
)


def test_the_guide_leads_through_the_room_once_and_can_be_skipped(lab, visitor):
    page = open_room(lab, visitor, "guide").page
    guide = page.locator(f"{ROOM} .cb-guide")
    assert guide.locator("h3").inner_text() == "Where you are"
    page.locator("[data-guide=next]").click()
    assert focused(visitor).split()[-1] == "cb-guide", "the focus stays on the guide"
    assert page.locator(f"{ROOM} .cb-people.cb-pointed").count() == 1
    page.locator("[data-guide=close]").click()
    assert guide.count() == 0 and page.locator(".cb-pointed").count() == 0
    page.reload()
    visitor.open(lab, "guide.ipynb")
    visitor.run_all()
    visitor.room()
    assert guide.count() == 0, "who has skipped it is not asked again"
    page.locator("[data-action=guide]").click()
    assert guide.is_visible()


def test_hints_open_one_by_one_are_read_out_and_are_kept(lab, visitor):
    page = open_room(lab, visitor, "hints").page
    take_turn(visitor)
    page.locator(f"{ROOM} .cb-choice").nth(1).click()
    for tier in (1, 2, 3):
        page.locator("[data-action=hint]").click()
        text = page.locator(f'[data-hint="{tier}"]')
        text.wait_for()
        assert focused(visitor).split()[-1] == "cb-hint-text"
        assert announced(visitor) == text.text_content()
    assert page.locator("[data-action=hint]").count() == 0
    assert page.locator(f"{ROOM} .cb-choice input").nth(1).is_checked(), "the choice outlives it"
    take_turn(visitor, choice=1)
    assert replay(transcript(lab, "hints"), cases.read).hints == {2: 3}


def test_what_was_said_before_stands_beside_what_came(lab, visitor):
    page = open_room(lab, visitor, "seer").page
    take_turn(visitor)
    page.locator(f"{ROOM} summary", has_text="First say how").click()
    people = page.locator(f"{ROOM} [data-predict]")
    for one, sure in zip(people.all(), page.locator(f"{ROOM} [data-sure]").all(), strict=True):
        one.select_option("more")
        sure.select_option("60")
    page.locator(f"{ROOM} [data-sure]").first.select_option("90")
    page.locator(f"{ROOM} .cb-because textarea").fill("I tell them first.")
    n = people.count()
    picture(visitor, "predictions")
    take_turn(visitor, choice=1)
    shown = page.locator(f"{ROOM} .cb-happened .cb-foretold, {ROOM} .cb-silent li")
    assert shown.count() == n
    told = shown.all_inner_texts()
    assert all("expected" in text for text in told)
    said = replay(transcript(lab, "seer"), cases.read).said[2]
    assert len(said.predictions) == n and said.because == "I tell them first."
    hits = sum("As you expected" in text for text in told)
    assert f"Predictions that came true: {hits} of {n}." in announced(visitor)
    assert "I tell them first." in page.locator(f"{ROOM} .cb-happened").inner_text()


def test_where_predictions_are_asked_no_response_is_taken_without_them(lab, visitor):
    page = open_room(lab, visitor, "asked", more=", predictions='asked'").page
    take_turn(visitor)
    page.locator(f"{ROOM} .cb-choice").first.click()
    page.locator(f"{ROOM} [data-action=commit]").click()
    page.locator(f"{ROOM} .cb-message", has_text="Say first how each of them will take it").wait_for()
    assert visitor.turn() == 1
    for one in page.locator(f"{ROOM} [data-predict]").all():
        one.select_option("same")
    for one in page.locator(f"{ROOM} [data-sure]").all():
        one.select_option("70")
    page.locator(f"{ROOM} .cb-because textarea").fill("Nothing much moves.")
    page.locator(f"{ROOM} [data-action=commit]").click()
    visitor.wait_for_turn(2)


def test_another_way_is_taken_and_laid_beside_by_keyboard(lab, visitor):
    page = open_room(lab, visitor, "branch").page
    for _ in range(4):
        take_turn(visitor)
    page.evaluate(f"document.querySelector('{ROOM} .cb-focus').focus()")
    tab_to(visitor, '[data-at="fold-story"]')
    page.keyboard.press("Enter")
    tab_to(visitor, '[data-at="fold-story-2"]')
    page.keyboard.press("Enter")
    tab_to(visitor, '[data-branch="2"]')
    page.keyboard.press("Enter")
    page.wait_for_selector(f'{ROOM}[data-way="1"][data-painted="1"]')
    assert announced(visitor) == "Now shown: Another way 1, from turn 2."
    assert page.evaluate("document.activeElement.tagName") == "H3", "the focus is on what to do"
    take_turn(visitor, choice=2)
    rows = page.locator(f"{ROOM} .cb-rows > li")
    assert "≠ different" in rows.first.inner_text()
    assert rows.first.locator(".cb-side-of").count() == 2
    assert violations(visitor) == []
    picture(visitor, "two-ways")
    page.evaluate(f"document.querySelector('{ROOM}').parentElement.style.width = '320px'")
    assert too_wide(visitor)["wide"] == [], "the comparison too fits a telephone"
    page.evaluate(f"document.querySelector('{ROOM}').parentElement.style.width = ''")
    tab_to(visitor, '[data-switch="0"]')
    page.keyboard.press("Enter")
    page.wait_for_selector(f'{ROOM}[data-way="0"][data-painted="4"]')
    tree = page.locator(f"{ROOM} .cb-tree li")
    assert tree.count() == 2 and tree.nth(0).get_attribute("aria-current") == "true"
    result = replay(transcript(lab, "branch"), cases.read)
    assert len(result.play.turns) == 4 and result.tried_before_the_end == 1
    other = replay(next(lab.folder.glob(f"{CASE}.branch.1.branch-1.*")), cases.read)
    assert len(other.play.turns) == 2


def test_in_an_assignment_other_ways_wait_for_the_end(lab, visitor):
    (lab.folder / "assignment.yaml").write_text(f"format: 1\ncase: {CASE}\n", encoding="utf-8")
    try:
        page = open_room(lab, visitor, "assessed").page
        take_turn(visitor)
        page.locator(f"{ROOM} summary", has_text="The story so far").click()
        assert "This play is assessed" in page.locator(f'{ROOM} [data-key="story"]').inner_text()
        assert page.locator("[data-branch]").count() == 0
    finally:
        (lab.folder / "assignment.yaml").unlink()


def test_the_room_speaks_german_when_asked_and_goes_on_where_it_was(lab, visitor):
    page = open_room(lab, visitor, "sprache").page
    take_turn(visitor)
    page.locator("[data-action=language]").focus()
    page.locator("[data-action=language]").select_option("de")
    page.locator(f"{ROOM}[lang=de]").wait_for()
    room = page.locator(ROOM)
    assert room.locator(".cb-head h2").inner_text() == "Das grüne Dashboard"
    assert visitor.turn() == 1 and focused(visitor, "tagName") == "SELECT"
    take_turn(visitor)
    assert "Was geschah" in room.locator(".cb-happened h3").inner_text()
    assert announced(visitor).startswith("Was geschah")
    assert violations(visitor) == []
    picture(visitor, "german")
    result = replay(transcript(lab, "sprache"), cases.read)
    assert len(result.play.turns) == 2, "the transcript knows no language"


def test_the_end_is_looked_back_on_and_taken_home(lab, visitor, tmp_path):
    page = open_room(lab, visitor, "looker").page
    take_turn(visitor)
    page.locator(f"{ROOM} summary", has_text="First say how").click()
    for one in page.locator(f"{ROOM} [data-predict]").all():
        one.select_option("less")
    for one in page.locator(f"{ROOM} [data-sure]").all():
        one.select_option("50")
    play_to_the_end(visitor)
    room = page.locator(ROOM)
    assert room.locator(".cb-benchmarks .cb-own").count() == 1
    assert room.locator(".cb-turning li").count() >= 3
    assert room.locator(".cb-picture svg title").text_content()
    result = replay(transcript(lab, "looker"), cases.read)
    chairs = room.locator(".cb-chair")
    assert chairs.count() == len(result.play.case.contacts)
    picture(visitor, "looking-back")
    with page.expect_download() as coming:
        page.locator("[data-action=report]").click()
    assert coming.value.suggested_filename == f"{CASE}.looker.1.report.html"
    path = tmp_path / "report.html"
    coming.value.save_as(path)
    assert "Your report was downloaded" in announced(visitor)
    reader = page.context.new_page()
    foreign = []
    reader.on("request", lambda request: foreign.append(request.url))
    reader.goto(path.as_uri())
    assert foreign == [path.as_uri()], "the file needs nothing else"
    assert reader.locator("h1").inner_text() == "The Green Dashboard"
    for scheme in ("light", "dark"):
        reader.emulate_media(color_scheme=scheme)
        visitor_of = type("Page", (), {"page": reader})
        assert violations(visitor_of, "main") == []
    reader.set_viewport_size({"width": 360, "height": 800})
    assert reader.evaluate("document.documentElement.scrollWidth") <= 360
    assert json.loads(transcript(lab, "looker").read_text().splitlines()[-1])["outcome"]
