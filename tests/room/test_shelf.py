"""The shelf: what it says of the files in a folder, and that work kept in one file is never lost."""

import io
import os
import shutil
import sys
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import casebook
from casebook import case as cases
from casebook.cli import main
from casebook.engagement import file_name, replay
from casebook.errors import CasebookError
from casebook.room import keeping
from casebook.room.keeping import belongs, pack, restore
from casebook.room.session import Session
from casebook.room.shelf import shelf
from casebook.room.shelf_text import Page, as_html, as_text
from casebook.room.shelf_widget import Shelf
from casebook.study import policy

CASE = "green-dashboard"
NAME = file_name(CASE, "you", 1)


def played(folder, turns=None, case=CASE, player="you", attempt=1, name="balanced"):
    """A play of this many turns, or to its end; its transcript."""
    session = Session.open(case, player, attempt, folder)
    while session.play.ask is not None and turns != len(session.play.turns):
        session.take(policy(name)(session.play), time="2026-01-01T00:00:00+00:00")
    return session.path


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The bytes of a finished play."""
    return played(tmp_path_factory.mktemp("whole")).read_bytes()


def beginning(whole, turns):
    """The bytes of the same play after so many turns."""
    return b"".join(whole.splitlines(True)[:turns + 1])


def row(folder, case=CASE, **more):
    return next(one for one in shelf(folder, **more)["cases"] if one["id"] == case)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


# ---- what is shown ------------------------------------------------------------------------------

def test_every_case_has_a_row_in_the_order_of_the_lessons(tmp_path):
    view = shelf(tmp_path)
    assert {one["id"] for one in view["cases"]} == set(cases.bundled())
    lessons = [one["lesson"] for one in view["cases"]]
    assert all(lessons) and lessons == sorted(lessons)
    for one in view["cases"]:
        known = cases.read(one["id"])
        assert one["title"] == known.title and one["firm"] == known.firm.name
        assert one["minutes"] == known.minutes and one["attempts"] == []
        assert one["run"].endswith(f'casebook.play("{one["id"]}", folder="{tmp_path}")')


def test_a_play_under_way_says_its_turn_and_week_and_how_to_go_on(tmp_path, monkeypatch):
    path = played(tmp_path, 4)
    play = replay(path, cases.read).play
    monkeypatch.chdir(tmp_path)
    one = row(".")
    told = one["attempts"][0]
    assert told["state"] == "open" and told["turn"] == 4 and 0 < told["percent"] < 100
    assert f"week {play.state.week} of {play.setting.last_week}" in told["text"]
    assert one["run"] == f'casebook.play("{CASE}")' and one["run_says"] == "To go on"


def test_a_finished_play_says_its_ending_and_points_and_offers_another_attempt(tmp_path):
    outcome = replay(played(tmp_path), cases.read).play.outcome
    one = row(tmp_path)
    told = one["attempts"][0]
    assert (told["state"], told["percent"]) == ("finished", 100)
    assert told["points"] == round(outcome.overall) and told["ending"] == outcome.ending.title
    assert outcome.ending.title in told["text"] and f"{told['points']} of 100" in told["text"]
    assert "attempt=2" in one["run"]
    assert shelf(tmp_path)["summary"].startswith(f"1 of {len(cases.bundled())} cases finished")


def test_an_account_is_told_like_any_other_case(tmp_path):
    played(tmp_path, 5, case="account-plan")
    assert row(tmp_path, "account-plan")["attempts"][0]["turn"] == 5


def test_attempts_are_listed_each_and_the_open_one_is_gone_on_with(tmp_path):
    played(tmp_path)
    played(tmp_path, 2, attempt=3)
    one = row(tmp_path)
    assert [(a["attempt"], a["state"]) for a in one["attempts"]] == [(1, "finished"), (3, "open")]
    assert "attempt=3" in one["run"]


DAMAGE = {
    "empty": lambda data: b"",
    "torn": lambda data: data[:-40],
    "edited": lambda data: data.replace(b'"turn": 2', b'"turn": 3'),
    "header": lambda data: data.replace(b'"attempt": 1', b'"attempt": 2', 1),
    "binary": lambda data: b"\xff\x00" + data,
    "other text": lambda data: b"hello\n",
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_transcript_is_told_with_what_to_do_and_left_as_it_is(tmp_path, kind, whole):
    (tmp_path / NAME).write_bytes(DAMAGE[kind](beginning(whole, 5)))
    before = contents(tmp_path)
    one = row(tmp_path)
    assert one["state"] == one["attempts"][0]["state"] == "damaged"
    assert one["attempts"][0]["text"].startswith("damaged: ")
    assert "kept beside" in one["run_says"] and CASE in one["run"]
    assert contents(tmp_path) == before
    for text in (as_text(shelf(tmp_path)), as_html(shelf(tmp_path))):
        assert "damaged: " in text


def test_what_the_shelf_promises_of_a_damaged_play_is_what_the_room_does(tmp_path, whole):
    (tmp_path / NAME).write_bytes(beginning(whole, 5)[:-40])
    told = row(tmp_path)
    assert told["run_says"].startswith("To go on from turn 5")
    session = Session.open(CASE, folder=tmp_path)
    assert len(session.play.turns) == 4
    after = row(tmp_path)["attempts"][0]
    assert after["state"] == "open" and after["kept"] == [f"{NAME}.damaged-1"]


def test_what_to_do_with_a_damaged_attempt_is_said_beside_one_that_is_under_way(tmp_path, whole):
    (tmp_path / NAME).write_bytes(beginning(whole, 5)[:-40])
    played(tmp_path, 2, attempt=2)
    one = row(tmp_path)
    assert one["run_says"] == "To go on" and "attempt=2" in one["run"]
    (note,) = one["attempts"][0]["notes"]
    assert note.startswith("To go on from turn 5; the damaged file is kept") and CASE in note
    assert one["attempts"][1]["notes"] == []


def test_a_play_of_another_version_is_told_and_another_attempt_offered(tmp_path, whole):
    (tmp_path / NAME).write_bytes(whole.replace(b'{"casebook": 1', b'{"casebook": 9', 1))
    one = row(tmp_path)
    assert one["state"] == "other-version" and "format 9" in one["attempts"][0]["text"]
    assert "Open it with the version" in one["attempts"][0]["text"]
    assert "attempt=2" in one["run"]


def test_other_ways_tried_are_counted_and_are_no_plays(tmp_path, whole):
    (tmp_path / NAME).write_bytes(whole)
    for n in (1, 2):
        (tmp_path / NAME.replace(".casebook", f".branch-{n}.casebook")).write_bytes(whole)
    view = shelf(tmp_path)
    (told,) = next(one for one in view["cases"] if one["id"] == CASE)["attempts"]
    assert told["branches"] == 2 and "2 other ways tried." in told["notes"]
    assert view["others"] == []


def test_files_of_others_copies_and_nonsense_are_named_never_hidden(tmp_path, whole):
    played(tmp_path, 1, player="Ann Öz")
    (tmp_path / "green-dashboard.you.1 (1).casebook.jsonl").write_bytes(whole)
    (tmp_path / "notes.casebook.jsonl").write_bytes(b"mine")
    (tmp_path / "away.casebook.jsonl").symlink_to(tmp_path / "nowhere")
    told = shelf(tmp_path)["others"]
    assert len(told) == 4
    text = as_text(shelf(tmp_path))
    assert "“ann öz”" in text and "green-dashboard.you.1 (1)" in text and "not a transcript" in text
    assert 'casebook.progress(player="ann öz")' in text


def test_another_players_shelf_is_theirs(tmp_path):
    played(tmp_path, 3, player="ann")
    assert row(tmp_path)["attempts"] == []
    one = row(tmp_path, player=" Ann ")
    assert one["attempts"][0]["turn"] == 3 and "player=" in one["run"]


def test_what_is_to_be_run_opens_the_play(tmp_path, monkeypatch):
    played(tmp_path, 3, player='a "quoted" name', attempt=2)
    one = row(tmp_path, player='a "quoted" name')
    seen = {}
    monkeypatch.setattr(casebook, "play", lambda case, **how: seen.update(case=case, **how),
                        raising=False)
    eval(one["run"], {"casebook": casebook})
    assert seen == {"case": CASE, "player": 'a "quoted" name', "attempt": 2,
                    "folder": str(tmp_path)}


def test_html_shows_names_as_text(tmp_path):
    played(tmp_path, 1, player="<b>x</b>")
    (tmp_path / "<i>.casebook.jsonl").write_bytes(b"")
    html = as_html(shelf(tmp_path, "<b>x</b>"))
    assert "<b>" not in html and "<i>" not in html and "&lt;b&gt;x" in html


@pytest.mark.parametrize("name", ["BINDER_LAUNCH_HOST", "BINDER_SERVICE_HOST", "BINDER_REF_URL"])
def test_binder_is_warned_of_and_its_changing_names_are_no_player(tmp_path, monkeypatch, name):
    monkeypatch.setenv("JUPYTERHUB_USER", "casebook-a1b2c3")
    assert shelf(tmp_path)["warning"] == "" and shelf(tmp_path)["player"] == "casebook-a1b2c3"
    monkeypatch.setenv(name, "https://binder.example/")
    view = shelf(tmp_path)
    assert "Binder" in view["warning"] and "gone" in view["warning"] and view["player"] == "you"
    assert "Binder" in as_text(view) and "Binder" in as_html(view)


def test_a_kernel_in_the_page_is_warned_of(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert "inside your browser" in shelf(tmp_path)["warning"]


def test_the_command_prints_the_same(tmp_path, capsys):
    played(tmp_path, 2)
    assert main(["progress", str(tmp_path)]) == 0
    assert capsys.readouterr().out.strip() == repr(casebook.progress(tmp_path))
    assert main(["progress", str(tmp_path), "--json"]) == 0
    assert '"turn": 2' in capsys.readouterr().out
    assert main(["progress", str(tmp_path / "nowhere")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_progress_falls_back_to_a_page_and_says_what_cannot_be_shown(tmp_path, monkeypatch):
    assert "cannot be read" in repr(casebook.progress(tmp_path / "nowhere"))
    strip = casebook.progress(tmp_path)
    assert isinstance(strip, Shelf)
    shown = strip._repr_mimebundle_()[0]
    assert "<table>" in shown["text/html"] and "Your progress" in shown["text/plain"]
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert isinstance(casebook.progress(tmp_path), Page)
    monkeypatch.delenv("NBGRADER_EXECUTION")
    monkeypatch.setitem(sys.modules, "casebook.room.shelf_widget", None)
    assert isinstance(casebook.progress(tmp_path), Page)


# ---- saved and brought back ---------------------------------------------------------------------

STEMS = st.text("abcxyz019-. ()äß", min_size=1, max_size=12).filter(
    lambda text: not text.startswith("."))
ENDS = st.sampled_from([".casebook.jsonl", ".casebook.jsonl.damaged-1", ".casebook.jsonl.damaged-2",
                        ".casebook.jsonl.restored-1", ".casebook.jsonl.replaced-3", ".report.html",
                        ".branch-1.casebook.jsonl"])
NAMES = st.one_of(st.just(NAME), st.builds("{}{}".format, st.sampled_from(["a", "green.you.1"]), ENDS),
                  st.builds("{}{}".format, STEMS, ENDS))


@st.composite
def folders(draw, whole):
    """Files as they may lie in a folder: whole plays, beginnings, damaged ones, anything."""
    some = st.one_of(
        st.binary(max_size=60), st.integers(0, 16).map(lambda n: beginning(whole, n)),
        st.integers(0, len(whole)).map(lambda n: whole[:n]),
        st.integers(1, 16).map(lambda n: beginning(whole, n).replace(b"\n", b"\r\n")))
    return draw(st.dictionaries(NAMES, some, max_size=7))


SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def laid(folder, files):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


@SLOW
@given(data=st.data())
def test_any_work_comes_back_byte_by_byte_and_again_changes_nothing(tmp_path, whole, data):
    files = data.draw(folders(whole))
    source, empty = laid(tmp_path / "a", files), laid(tmp_path / "b", {})
    if not files:
        with pytest.raises(CasebookError, match="nothing to save"):
            pack(source, "you")
        return
    packed = pack(source, "you")
    assert packed.data == pack(source, "you").data and not packed.left_out
    restore(empty, packed.data)
    assert contents(empty) == files
    told = restore(empty, packed.data)
    assert contents(empty) == files and sorted(told.same) == sorted(files)


@SLOW
@given(data=st.data())
def test_bringing_back_over_anything_never_loses_bytes(tmp_path, whole, data):
    here, there = data.draw(folders(whole)), data.draw(folders(whole).filter(bool))
    target = laid(tmp_path / "here", here)
    packed = pack(laid(tmp_path / "there", there), "you")
    restore(target, packed.data)
    after = contents(target)
    for old in [*here.values(), *there.values()]:
        assert any(new.startswith(old) for new in after.values())
    for name, old in here.items():
        # What had a name is still there under it, or a longer file of the same play is, and it beside.
        assert after[name].startswith(old) or any(
            new == old and other.startswith(f"{name}.replaced-") for other, new in after.items())
    again = restore(target, packed.data)
    assert contents(target) == after and not (again.new or again.longer or again.beside)


def zipped(**files):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return memory.getvalue()


def test_a_longer_play_takes_the_place_of_its_own_beginning(tmp_path, whole):
    (tmp_path / NAME).write_bytes(beginning(whole, 3))
    told = restore(tmp_path, zipped(**{NAME: whole}))
    assert contents(tmp_path) == {NAME: whole} and told.longer == [NAME]
    assert row(tmp_path)["state"] == "finished"


def test_a_beginning_with_other_line_ends_is_kept_beside_the_longer_play(tmp_path, whole):
    old = beginning(whole, 3).replace(b"\n", b"\r\n")
    (tmp_path / NAME).write_bytes(old)
    told = restore(tmp_path, zipped(**{NAME: whole}))
    assert contents(tmp_path) == {NAME: whole, f"{NAME}.replaced-1": old}
    assert f"{NAME}.replaced-1" in told.beside[0]


def test_a_play_further_on_is_left_alone(tmp_path, whole):
    (tmp_path / NAME).write_bytes(whole)
    told = restore(tmp_path, zipped(**{NAME: beginning(whole, 3)}))
    assert contents(tmp_path) == {NAME: whole} and told.covered == [NAME]


def test_two_plays_that_differ_are_both_kept_and_said_apart(tmp_path, whole):
    mine = played(tmp_path, 4, name="coach").read_bytes()
    (tmp_path / "x.report.html").write_bytes(b"old")
    told = restore(tmp_path, zipped(**{NAME: whole, "x.report.html": b"new"}))
    assert contents(tmp_path) == {NAME: mine, f"{NAME}.restored-1": whole, "x.report.html": b"old",
                                  "x.restored-1.report.html": b"new"}
    assert all("left as it is" in line and "restored-1" in line for line in told.beside)
    assert row(tmp_path)["attempts"][0]["kept"] == [f"{NAME}.restored-1"]


def test_a_damaged_longer_file_does_not_take_the_place_of_a_whole_one(tmp_path, whole):
    (tmp_path / NAME).write_bytes(beginning(whole, 3))
    restore(tmp_path, zipped(**{NAME: beginning(whole, 5) + b"{torn"}))
    assert contents(tmp_path)[NAME] == beginning(whole, 3)
    assert contents(tmp_path)[f"{NAME}.restored-1"].endswith(b"{torn")


EVIL = ["../up.casebook.jsonl", "/tmp/abs.casebook.jsonl", "a/b.casebook.jsonl", "..\\x.casebook.jsonl",
        "C:x.casebook.jsonl", ".hidden.casebook.jsonl", "x.ipynb", "x.casebook.jsonl.exe", "",
        "x\n.casebook.jsonl", ".casebook.jsonl", "x.casebook.jsonl.damaged-", "evil.py",
        "x.report.html.restored-1", f"{'x' * 300}.casebook.jsonl", "\udc80.casebook.jsonl"]


@pytest.mark.parametrize("name", EVIL)
def test_only_flat_names_of_work_are_let_in(tmp_path, name):
    assert not belongs(name)
    inside = tmp_path / "inside"
    inside.mkdir()
    if name and "\udc80" not in name:
        told = restore(inside, zipped(**{name: b"x", NAME: b"y"}))
        assert list(contents(inside)) == [NAME] and list(contents(tmp_path)) == []
        assert len(told.refused) == 1 and "passed over" in told.refused[0]


def encrypted():
    data = bytearray(zipped(**{NAME: b"secret"}))
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + at] |= 1
    return bytes(data)


def test_an_encrypted_or_damaged_entry_is_named_and_the_others_come_back(tmp_path):
    assert "encrypted" in restore(tmp_path, encrypted()).lines()[0]
    data = zipped(**{NAME: os.urandom(500), "b.casebook.jsonl": b"whole"})
    data = data[:120] + bytes([data[120] ^ 255]) + data[121:]
    told = restore(tmp_path, data)
    assert told.new == ["b.casebook.jsonl"] and "damaged in the zip" in told.refused[0]


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7", b"PK\x03\x04", os.urandom(3000)])
def test_what_is_no_zip_is_said_plainly(tmp_path, data):
    with pytest.raises(CasebookError, match=r"not a zip file|cut off"):
        restore(tmp_path, data)
    assert contents(tmp_path) == {}


def test_a_file_that_was_cut_off_is_said_so(tmp_path, whole):
    data = zipped(**{NAME: whole})
    for length in range(4, len(data), 97):
        with pytest.raises(CasebookError, match="cut off or damaged"):
            restore(tmp_path, data[:length])
    assert contents(tmp_path) == {}


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "MAX_FILE", 1_000_000)
    monkeypatch.setattr(keeping, "MAX_ALL", 1_500_000)
    told = restore(tmp_path, zipped(**{"a.casebook.jsonl": bytes(5_000_000),
                                       "b.casebook.jsonl": bytes(900_000),
                                       "c.casebook.jsonl": bytes(900_000)}))
    assert list(contents(tmp_path)) == ["b.casebook.jsonl"]
    assert len(told.refused) == 2 and all("too large" in line for line in told.refused)
    monkeypatch.setattr(keeping, "MAX_FILES", 2)
    with pytest.raises(CasebookError, match="more than 2 files"):
        restore(tmp_path, zipped(**{f"{n}.casebook.jsonl": b"" for n in range(3)}))
    monkeypatch.setattr(keeping, "MAX_ZIP", 10)
    with pytest.raises(CasebookError, match="larger than"):
        restore(tmp_path, zipped(**{NAME: b""}))


def test_what_is_too_large_to_come_back_is_left_out_and_named(tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "MAX_FILE", 100)
    (tmp_path / NAME).write_bytes(bytes(101))
    (tmp_path / "a:b.casebook.jsonl").write_bytes(b"x")
    (tmp_path / "b.casebook.jsonl").write_bytes(bytes(100))
    packed = pack(tmp_path, "you")
    assert packed.files == ["b.casebook.jsonl"] and len(packed.left_out) == 2
    assert NAME in packed.told() and "by hand" in packed.told()


def test_a_disk_that_is_full_is_said_and_nothing_is_half_written(tmp_path, whole, monkeypatch):
    (tmp_path / NAME).write_bytes(beginning(whole, 3))
    other = "b.casebook.jsonl"
    before = contents(tmp_path)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for files in ({NAME: whole}, {other: whole}, {NAME: whole.replace(b"\n", b"\r\n")}):
        with pytest.raises(CasebookError, match="No space left.*Nothing that was here is lost"):
            restore(tmp_path, zipped(**files))
        assert contents(tmp_path) == before


def test_a_folder_that_may_not_be_written_to_is_said(tmp_path, whole, monkeypatch):
    # Tests may run as root, whom no mode of a folder keeps out.
    def refused(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(keeping, "open", refused, raising=False)
    with pytest.raises(CasebookError, match="could not be written: Permission denied"):
        restore(tmp_path, zipped(**{NAME: whole}))
    assert contents(tmp_path) == {}


# ---- the widget ---------------------------------------------------------------------------------

@pytest.fixture
def strip(tmp_path):
    played(tmp_path, 2)
    made = casebook.progress(tmp_path)
    made.sent = []
    made.send = lambda content, buffers=None: made.sent.append((content, buffers))
    return made


def test_saving_sends_one_file_and_says_what_is_in_it(strip, tmp_path):
    strip._receive(strip, {"do": "save"}, [])
    ((content, buffers),) = strip.sent
    assert content == {"do": "save", "name": "casebook-work-you.zip"}
    assert buffers == [pack(tmp_path, "you").data]
    assert "1 file" in strip.view["message"]["lines"][0] and strip.view["answer"] == 1


def test_a_file_in_pieces_is_put_together_whatever_their_order(strip, tmp_path):
    data = pack(tmp_path, "you").data
    before = contents(tmp_path)
    (tmp_path / NAME).unlink()
    pieces = [data[i:i + 100] for i in range(0, len(data), 100)]
    strip._receive(strip, {"do": "bring", "id": "older", "part": 0, "of": 2}, [b"left behind"])
    for part in reversed(range(len(pieces))):
        assert contents(tmp_path) == {}
        strip._receive(strip, {"do": "bring", "id": "x", "part": part, "of": len(pieces)},
                       [memoryview(pieces[part])])
    assert contents(tmp_path) == before
    assert strip.view["message"]["lines"] == [f"Brought back: {NAME}."]


def test_a_turn_taken_elsewhere_is_seen_when_it_is_read_again(strip, tmp_path):
    played(tmp_path, 5)
    strip._receive(strip, {"do": "look"}, [])
    one = next(one for one in strip.view["cases"] if one["id"] == CASE)
    assert one["attempts"][0]["turn"] == 5 and "turn 6" in repr(strip)


@pytest.mark.parametrize("nonsense", [None, "text", {}, {"do": "bring", "part": "x", "id": 1},
                                      {"do": "bring", "id": 2, "of": 1}])
def test_nonsense_and_trouble_are_told_in_the_strip(strip, tmp_path, nonsense):
    before = contents(tmp_path)
    strip._receive(strip, nonsense, [])
    assert contents(tmp_path) == before
    assert not strip.view["message"] or strip.view["message"]["level"] == "error"


def test_a_folder_that_went_away_is_told(strip, tmp_path):
    shutil.rmtree(tmp_path)
    strip._receive(strip, {"do": "save"}, [])
    assert strip.view["message"]["level"] == "error" and strip.sent == []
