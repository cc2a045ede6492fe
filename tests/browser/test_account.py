"""The account of three engagements, played in a real Chromium."""

from casebook import case as cases
from casebook.engagement import Division, replay

from .lab import ROOM, write_notebook
from .play import fold_all, picture, take_turn, violations

CASE = "account-plan"


def open_account(lab, visitor, player):
    write_notebook(lab.folder / f"{player}.ipynb",
                   f"import casebook\ncasebook.play({CASE!r}, player={player!r})")
    visitor.open(lab, f"{player}.ipynb")
    visitor.run_all()
    visitor.room()


def test_an_account_is_played_from_the_first_division_to_its_one_decision(lab, visitor):
    open_account(lab, visitor, "juggler")
    page = visitor.page
    assert page.locator(f"{ROOM} [data-engagement]").count() == 3
    sliders = page.locator(f"{ROOM} input[type=range]")
    assert sliders.count() == 3
    sliders.first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    shares = [int(sliders.nth(k).input_value()) for k in range(3)]
    assert sum(shares) == 100
    picture(visitor, "account-division")
    while visitor.stage() != "end":
        take_turn(visitor, choice=visitor.turn() % 2)
    assert page.locator(f"{ROOM} .cb-end h5", has_text=":").count() >= 3
    result = replay(next(lab.folder.glob(f"{CASE}.juggler.1.casebook.jsonl")), cases.read)
    assert result.verdict == "whole"
    made = [turn.decision for turn in result.play.turns if isinstance(turn.decision, Division)]
    assert list(made[0].shares) == shares
    assert page.locator(f"{ROOM} .cb-end h3").inner_text() == result.play.outcome.ending.title
    fold_all(visitor, True)
    assert violations(visitor) == []
    assert visitor.foreign == []
    picture(visitor, "account-end")


def test_an_account_fits_a_narrow_page_and_goes_on_after_a_killed_kernel(lab, visitor):
    open_account(lab, visitor, "narrow")
    for _ in range(6):
        take_turn(visitor)
    visitor.page.evaluate(
        f"document.querySelector('{ROOM}').parentElement.style.width = '360px'")
    fold_all(visitor, True)
    wide = visitor.page.evaluate(
        "(room) => { const r = document.querySelector(room); return r.scrollWidth - r.clientWidth; }",
        ROOM)
    assert wide <= 1
    picture(visitor, "account-narrow")
    lab.kill_kernels()
    visitor.open(lab, "narrow.ipynb")
    visitor.run_all()
    visitor.page.wait_for_selector(f'{ROOM}[data-painted="6"]', timeout=60_000)
    take_turn(visitor)
    assert len(replay(next(lab.folder.glob(f"{CASE}.narrow.1.casebook.jsonl")),
                      cases.read).play.turns) == 7
