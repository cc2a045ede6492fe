"""The progress strip as a student meets it: a real JupyterLab in a real Chromium."""

import os
import zipfile
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from casebook import case as cases
from casebook.engagement import file_name, replay
from casebook.lab import FIRST, copy_lessons, lessons_folder
from casebook.room.session import Session
from casebook.study import policy

from .lab import ROOM, write_notebook

SHELF = ".cb-shelf"
CASE = "green-dashboard"
SHORTCUTS = ("b", "a", "d", "d", "x", "m")


def played(folder, player, turns=None, case=CASE, attempt=1):
    """A play of this many turns, or to its end; its transcript."""
    session = Session.open(case, player, attempt, folder)
    while session.play.ask is not None and turns != len(session.play.turns):
        session.take(policy("balanced")(session.play))
    return session.path


def open_shelf(lab, visitor, player, before="import casebook"):
    """A notebook in a folder of its own with the strip of this player; the folder."""
    folder = lab.folder / player
    folder.mkdir(exist_ok=True)
    write_notebook(folder / "shelf.ipynb",
                   f"{before}\nimport casebook\ncasebook.progress(player={player!r})", "1 + 1")
    # From now on choosers are caught: one that opened before that could not be answered.
    visitor.page.on("filechooser", lambda _: None)
    visitor.open(lab, f"{player}/shelf.ipynb")
    visitor.run_all()
    visitor.page.locator(f"{SHELF}[data-answer]").wait_for(timeout=60_000)
    return folder


def state(visitor, case=CASE):
    return visitor.page.locator(f'{SHELF} [data-case="{case}"]').get_attribute("data-state")


def said(visitor, text):
    """Wait until the strip's live region says this."""
    visitor.page.locator(f"{SHELF} [role=status]", has_text=text).wait_for(timeout=30_000)


def save(visitor, kept):
    with visitor.page.expect_download(timeout=30_000) as waiting:
        visitor.page.locator(f"{SHELF} [data-action=save]").click()
    waiting.value.save_as(kept)
    return waiting.value.suggested_filename


def bring_back(visitor, kept):
    with visitor.page.expect_file_chooser() as waiting:
        visitor.page.locator(f"{SHELF} [data-action=bring]").click()
    waiting.value.set_files(kept)


def picture(visitor, name):
    """A screenshot, where somebody wants to look."""
    folder = os.environ.get("CASEBOOK_SCREENSHOTS")
    if folder:
        visitor.page.set_viewport_size({"width": 1280, "height": 2600})
        visitor.page.wait_for_timeout(500)
        visitor.page.locator(SHELF).screenshot(path=str(Path(folder) / f"shelf-{name}.png"))


def furnish(folder, player):
    """A folder with a bit of everything."""
    played(folder, player)
    played(folder, player, 6, attempt=2)
    played(folder, player, 3, case="two-rooms")
    played(folder, player, 5, case="account-plan")
    path = played(folder, player, 4, case="after-hours")
    path.write_bytes(path.read_bytes()[:-30])
    (folder / "old notes.casebook.jsonl").write_text("hello")
    (folder / path.name.replace(".1.casebook", ".1.branch-1.casebook")).write_bytes(b"")


def test_work_is_saved_deleted_brought_back_and_played_on(lab, visitor, tmp_path):
    folder = lab.folder / "keeper"
    folder.mkdir()
    path = played(folder, "keeper", 3)
    report = folder / "green-dashboard.keeper.1.report.html"
    # More than the server lets through in one message, and nothing that packing makes smaller.
    report.write_bytes(os.urandom(12_000_000))
    before = {file.name: file.read_bytes() for file in (path, report)}
    open_shelf(lab, visitor, "keeper")
    assert state(visitor) == "open"
    kept = tmp_path / "kept.zip"
    assert save(visitor, kept) == "casebook-work-keeper.zip"
    said(visitor, "2 files are in casebook-work-keeper.zip")
    assert sorted(zipfile.ZipFile(kept).namelist()) == sorted(before)
    path.unlink()
    report.unlink()
    visitor.page.locator(f"{SHELF} [data-action=look]").click()
    said(visitor, "read again")
    assert state(visitor) == "new"
    bring_back(visitor, kept)
    said(visitor, "Brought back")
    assert state(visitor) == "open"
    assert {file.name: file.read_bytes() for file in (path, report)} == before
    write_notebook(folder / "on.ipynb", f"import casebook\ncasebook.play({CASE!r}, player='keeper')")
    visitor.open(lab, "keeper/on.ipynb")
    visitor.run_all()
    visitor.page.wait_for_selector(f'{ROOM}[data-painted="3"]', timeout=60_000)
    if visitor.stage() == "incident":
        visitor.page.locator(f"{ROOM} .cb-choice").first.click()
    visitor.page.locator(f"{ROOM} [data-action=commit]").click()
    visitor.wait_for_turn(4)
    assert len(replay(path, cases.read).play.turns) == 4


def test_a_file_that_is_not_ones_work_is_answered_plainly(lab, visitor, tmp_path):
    folder = open_shelf(lab, visitor, "wrongfile")
    wrong = tmp_path / "photo.zip"
    wrong.write_bytes(b"not a zip")
    bring_back(visitor, wrong)
    said(visitor, "This is not a zip file. Nothing was changed.")
    visitor.page.locator(f"{SHELF} [data-action=save]").click()
    said(visitor, "There is nothing to save yet.")
    assert not list(folder.glob("*.casebook.jsonl*"))


def test_everything_is_done_by_keyboard_and_the_notebook_stays_as_it_is(lab, visitor, tmp_path):
    (lab.folder / "keys").mkdir()
    played(lab.folder / "keys", "keys", 2)
    open_shelf(lab, visitor, "keys")
    page = visitor.page
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    page.locator(f"{SHELF} [data-action=save]").focus()
    for key in SHORTCUTS:
        page.keyboard.press(key)
    with page.expect_download(timeout=30_000) as waiting:
        page.keyboard.press("Enter")
    kept = tmp_path / "kept.zip"
    waiting.value.save_as(kept)
    said(visitor, "1 file is in")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.action") == "bring"
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Space")
    chosen.value.set_files(kept)
    said(visitor, "here already")
    assert page.evaluate("document.activeElement.dataset.action") == "bring", "focus is kept"
    for key in SHORTCUTS:
        page.keyboard.press(key)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    said(visitor, "read again")
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells


def test_a_kernel_that_does_not_answer_is_said_plainly(lab, visitor):
    (lab.folder / "gone").mkdir()
    played(lab.folder / "gone", "gone", 1)
    open_shelf(lab, visitor, "gone")
    lab.kill_kernels()
    visitor.page.locator(f"{SHELF} [data-action=save]").click()
    said(visitor, "not answering")


def violations(visitor):
    """Serious and critical findings of axe in the strip."""
    found = Axe().run(visitor.page, context=SHELF).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]} {v['nodes'][0].get('failureSummary', '')}"
            for v in found if v["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_nothing_is_cut_off(request, visitor, theme, tmp_path):
    lab = request.getfixturevalue("lab" if theme == "light" else "dark_lab")
    player = f"axe-{theme}"
    (lab.folder / player).mkdir()
    furnish(lab.folder / player, player)
    open_shelf(lab, visitor, player,
               "import os\nos.environ['BINDER_LAUNCH_HOST'] = 'https://binder.example/'")
    visitor.page.locator(".cbs-fleeting", has_text="This is Binder").wait_for()
    assert violations(visitor) == []
    save(visitor, tmp_path / "kept.zip")
    said(visitor, "are in casebook-work")
    (lab.folder / player / file_name(CASE, player, 1)).write_text("another")
    bring_back(visitor, tmp_path / "kept.zip")
    said(visitor, "restored-1")
    assert violations(visitor) == []
    picture(visitor, theme)
    for width in (700, 360):
        visitor.page.evaluate(
            f"document.querySelector('{SHELF}').parentElement.style.width = '{width}px'")
        picture(visitor, f"{theme}-{width}")
        found = visitor.page.evaluate(f"""() => {{
            const shelf = document.querySelector('{SHELF}');
            const edge = shelf.getBoundingClientRect().right + 1;
            return {{scroll: shelf.scrollWidth, width: shelf.clientWidth,
                     wide: [...shelf.querySelectorAll('*')].filter(node =>
                       node.getBoundingClientRect().right > edge).map(node => node.className)}};
        }}""")
        assert found["scroll"] <= found["width"] <= width and found["wide"] == []
        assert violations(visitor) == []


def test_the_first_lesson_shows_the_strip(lab, visitor):
    list(copy_lessons(lessons_folder(), lab.folder))
    visitor.open(lab, FIRST)
    visitor.run_all()
    visitor.page.locator(f"{SHELF}[data-answer]").first.wait_for(timeout=60_000)
    assert state(visitor, "account-plan")
