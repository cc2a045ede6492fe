"""Whatever happens to a play and its files, no turn is lost and the play goes on."""

import contextlib
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casebook import case as cases
from casebook.engagement.transcript import load
from casebook.room import kept
from casebook.room import session as sessions
from casebook.room.session import Session
from tests.casefactory import small_case, write_case

from .kit import judged, long_case, next_action, play, read_long, reopened

ROOT = Path(__file__).parents[2]
FILES = settings(deadline=None, max_examples=30,
                 suppress_health_check=[HealthCheck.function_scoped_fixture])


def all_bytes(folder):
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


def decisions(session):
    return [turn.decision for turn in session.stories[0].play.turns]


# A killed kernel.


def test_a_play_cut_at_any_byte_of_any_line_keeps_every_whole_turn(tmp_path, long):
    session = Session.open(long, folder=tmp_path)
    play(session, 3)
    session.act({"do": "hint", "turn": 3, "tier": 2})
    view = session.view()
    session.act(next_action(view, because="Weil ich es weiß 🙂", predictions=[
        {"contact": "ann", "expects": "more", "sure": 70}]))
    play(session)
    whole, path, made = session.path.read_bytes(), session.path, decisions(session)
    ends = [i + 1 for i, byte in enumerate(whole) if byte == 10]
    lines = [json.loads(line) for line in whole.splitlines()]
    for cut in range(1, len(whole)):
        path.write_bytes(whole[:cut])
        assert len(load(path).body) + 1 == sum(end - 1 <= cut for end in ends) or cut < ends[0] - 1
    within = [at for at, byte in enumerate(whole) if byte > 127]          # a sign cut in half
    for cut in sorted({*range(1, len(whole), 41), *within, *ends, *(end - 1 for end in ends)}):
        for file in tmp_path.iterdir():
            file.unlink()
        path.write_bytes(whole[:cut])
        story = kept.resumed(path, long, "you", 1)[0]
        # A line without its newline is whole.
        there = sum(end - 1 <= cut for end in ends)
        turns = sum("decision" in line for line in lines[:there])
        assert [turn.decision for turn in story.play.turns] == made[:turns], cut
        if cut not in ends and cut + 1 not in ends:
            assert [f.read_bytes() for f in tmp_path.glob("*.damaged-1")] == [whole[:cut]], cut
        if story.play.outcome is None:
            story.take(made[turns], "2026-01-01T00:00:00+00:00")
        assert load(path).problem is None, cut
        assert len(load(path).lines) == min(turns + 1, len(made))


@pytest.mark.parametrize("turns", range(10))
def test_a_kernel_killed_after_any_turn_loses_none(tmp_path, long, turns):
    before = play(Session.open(long, folder=tmp_path), turns)
    again = Session.open(long, folder=tmp_path)
    assert {**again.view(), "saved": 0} == {**before, "saved": 0}
    play(again)
    assert judged(again).verdict == "whole"


PLAYER = """
import sys
from casebook import case as cases
from casebook.room.session import Session
from tests.room.kit import next_action
case = cases.read(sys.argv[1])
session = Session.open(case, folder=sys.argv[2])
print("ready", flush=True)
view = session.view()
while view["stage"] != "end":
    view = session.act(next_action(view))
    print(view["turn"], flush=True)
    if view["turn"] in (3, 5):
        session.act({"do": "branch", "from": view["turn"]})
        session.act({"do": "switch", "branch": 0})
"""


def test_a_kernel_killed_for_real_at_any_moment_loses_no_turn_that_was_shown(tmp_path):
    """Killed at each turn as soon as it is shown, so within what is saved next."""
    folder = write_case(tmp_path / "long", long_case())
    case = cases.read(folder)
    for stop in range(1, 10, 2):
        work = tmp_path / f"work-{stop}"
        work.mkdir()
        child = subprocess.Popen([sys.executable, "-c", PLAYER, str(folder), str(work)], cwd=ROOT,
                                 env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
                                 stdout=subprocess.PIPE)
        shown = 0
        for line in child.stdout:
            shown = int(line) if line.strip().isdigit() else 0
            if shown >= stop:
                break
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        session = Session.open(case, folder=work)
        assert len(session.play.turns) >= shown == stop
        play(session)
        assert judged(session).verdict == "whole"
        for number in session.stories:
            assert judged(session, number).verdict in ("whole", "truncated")


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_kernel_that_is_stopped_while_it_saves_counts_the_turn_not_at_all(
        tmp_path, long, monkeypatch, call):
    session = Session.open(long, folder=tmp_path)
    view = play(session, 3)
    before, real = session.path.read_bytes(), getattr(os, call)

    def stopped(*given):
        real(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, call, stopped)
        with pytest.raises(KeyboardInterrupt):
            session.act(next_action(view))
    assert session.path.read_bytes() == before and session.view()["turn"] == 3
    assert session.act(next_action(view))["turn"] == 4
    play(session)
    assert judged(session).verdict == "whole"


class Killed(BaseException):
    """What stands for a kill: nothing in the casebook may catch it and go on."""


@pytest.mark.parametrize("step", range(8))
def test_a_kernel_killed_within_a_branch_leaves_play_and_branch_whole(
        tmp_path, long, monkeypatch, step):
    """Stopped before any one of the calls that touch the disk."""
    session = Session.open(long, folder=tmp_path)
    play(session, 4)
    calls, hit = [0], [False]

    def counted(real):
        def call(*given, **named):
            calls[0] += 1
            if calls[0] == step + 1:
                hit[0] = True
                # A killed process tidies nothing up.
                patch.setattr(os, "ftruncate", lambda *_: None)
                patch.setattr(Path, "unlink", lambda *_a, **_k: None)
                raise Killed
            return real(*given, **named)
        return call

    with monkeypatch.context() as patch:
        for name in ("open", "write", "fsync"):
            patch.setattr(os, name, counted(getattr(os, name)))
        with contextlib.suppress(Killed):
            session.act({"do": "branch", "from": 2})
    again = Session.open(long, folder=tmp_path)
    assert len(again.play.turns) == 4 and again.view()["message"] is None
    assert hit[0] == (step < calls[0])
    play(again)
    assert judged(again).verdict == "whole"
    view = again.act({"do": "branch", "from": 1})
    assert view["branches"]["current"] and view["message"] is None


@pytest.mark.parametrize("call", ["open", "write", "fsync", "link", "replace"])
@pytest.mark.parametrize("after", [False, True])
def test_a_kernel_killed_while_a_damaged_play_is_mended_loses_nothing(
        tmp_path, long, monkeypatch, call, after):
    session = Session.open(long, folder=tmp_path)
    play(session, 5)
    torn = session.path.read_bytes()[:-20]
    session.path.write_bytes(torn)
    real = getattr(os, call)

    def killed(*given, **named):
        # Opening to read is no step of mending.
        if call == "open" and not given[1] & os.O_RDWR:
            return real(*given, **named)
        if after:
            real(*given, **named)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(os, call, killed)
        patch.setattr(os, "ftruncate", lambda *_: None)
        with pytest.raises(Killed):
            Session.open(long, folder=tmp_path)
    again = Session.open(long, folder=tmp_path)
    assert len(again.play.turns) == 4
    kept_as = [path.read_bytes() for path in tmp_path.glob("*.damaged-*")]
    assert torn in kept_as
    play(again)
    assert judged(again).verdict == "whole"


# Two tabs.


@FILES
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(
    ["turn", "turn", "turn", "again", "hint", "branch", "back", "reopen", "delete"]),
    st.integers(0, 2)), max_size=25))
def test_tabs_in_any_order_leave_a_whole_file_and_count_no_decision_twice(
        tmp_path_factory, long, steps):
    folder = tmp_path_factory.mktemp("tabs")
    tabs = [Session.open(long, folder=folder) for _ in range(3)]
    views = [tab.view() for tab in tabs]
    for tab, what, pick in steps:
        session, view = tabs[tab], views[tab]
        if what == "reopen":
            tabs[tab] = session = Session.open(long, folder=folder)
            views[tab] = session.view()
            assert views[tab]["message"] is None
            continue
        if what == "delete":
            session.stories[0].path.unlink(missing_ok=True)
            continue
        action = {"turn": next_action(view, pick), "again": next_action(view, pick),
                  "hint": {"do": "hint", "turn": view["turn"], "tier": pick + 1},
                  "branch": {"do": "branch", "from": max(view["turn"] - pick, 1)},
                  "back": {"do": "switch", "branch": 0}}[what] if (
                      view["stage"] != "end" or what not in ("turn", "again")) else {"do": "look"}
        before = len(session.play.turns)
        held = [made.record() for made in decisions(session)]
        after = session.act(action)
        if what == "again":
            # A double click: the same action once more counts for nothing.
            assert session.act(action)["turn"] <= max(after["turn"], before + 1)
            after = session.view()
        views[tab] = after
        if after["message"]:
            assert "Traceback" not in after["message"]["text"]
        story = session.stories[0]
        if story.path.exists():
            result = judged(session)
            assert result.verdict in ("whole", "truncated") and not load(story.path).problem
            if what == "turn" and session.current == 0 and view["stage"] != "end":
                # Whatever this tab had taken stands in the play, or in what was kept beside it.
                files = [load(file) for file in folder.glob("*.1.casebook.jsonl*")]
                assert any([line["decision"] for line in one.lines][:len(held)] == held
                           for one in files)
    tab = tabs[0]
    tab.act({"do": "switch", "branch": 0})
    for _ in range(3):
        play(tab, 1)
    play(tab)
    assert judged(tab).verdict == "whole" and len(decisions(tab)) == 9
    assert not list(folder.glob("*.damaged-*"))
    for number in tab.stories:
        assert judged(tab, number).verdict in ("whole", "truncated")


def test_two_tabs_that_write_at_the_same_moment_do_not_write_over_each_other(
        tmp_path, long, monkeypatch):
    """Both have looked at the file before either has written."""
    one, two = (Session.open(long, folder=tmp_path) for _ in range(2))
    play(one, 2)
    play(two, 1), play(two, 0)
    assert len(two.play.turns) == 2
    with monkeypatch.context() as patch:
        patch.setattr(kept.Story, "is_current", lambda _self: True)
        assert one.act(next_action(one.view(), 0))["turn"] == 3
        view = two.act(next_action(two.view(), 1))
        assert view["turn"] == 2 and "another tab" in view["message"]["text"]
    view = two.act(next_action(two.view(), 1))
    assert view["turn"] == 3 and "another tab" in view["message"]["text"]
    play(two)
    assert judged(two).verdict == "whole"


def test_tabs_that_went_different_ways_lose_neither(tmp_path, long):
    one = Session.open(long, folder=tmp_path)
    play(one, 2)
    early = one.path.read_bytes()
    play(one, 3)
    theirs = decisions(one)
    one.path.write_bytes(early)                 # an old copy is put back, and gone on with
    two = Session.open(long, folder=tmp_path)
    play(two, 1, pick=1)
    view = one.act(next_action(one.view()))
    assert view["turn"] == 3 and decisions(one) == decisions(two)
    file = next(tmp_path.glob("*.other-tab-1"))
    assert file.name in view["message"]["text"]
    assert [line["decision"] for line in load(file).lines] == [d.record() for d in theirs]


def test_a_file_that_lost_turns_gets_them_back_from_the_tab_that_has_them(tmp_path, long):
    session = Session.open(long, folder=tmp_path)
    play(session, 2)
    early = session.path.read_bytes()
    play(session, 3)
    session.path.write_bytes(early)
    view = session.act(next_action(session.view()))
    assert view["turn"] == 5 and "written again" in view["message"]["text"]
    assert len(judged(session).play.turns) == 5
    assert next(tmp_path.glob("*.earlier-1")).read_bytes() == early


@pytest.mark.parametrize("damage", [b"", b"not a transcript", b"\xff\xfe", b'{"casebook": 1}\n'])
def test_a_file_damaged_under_an_open_play_costs_no_turn(tmp_path, long, damage):
    session = Session.open(long, folder=tmp_path)
    play(session, 5)
    session.path.write_bytes(damage)
    assert session.act(next_action(session.view()))["turn"] == 5
    assert len(judged(session).play.turns) == 5
    if damage:
        assert next(tmp_path.glob("*.damaged-1")).read_bytes() == damage
    play(session)
    assert judged(session).verdict == "whole"


# A disk that is full, a folder that cannot be written to.


def failing(monkeypatch, call, at, code, partial=0):
    """Let the ``at``-th call of a function of ``os`` fail; a write may put down a part first."""
    real, calls = getattr(os, call), [0]

    def stand_in(file, *given):
        calls[0] += 1
        if calls[0] >= at:
            if partial and calls[0] == at:
                return real(file, given[0][:min(partial, len(given[0]) - 1)])
            raise OSError(code, os.strerror(code))
        return real(file, *given)

    monkeypatch.setattr(os, call, stand_in)


@pytest.mark.parametrize("partial", [0, 1, 40, 300])
@pytest.mark.parametrize("call", ["write", "fsync"])
@pytest.mark.parametrize("turns", [0, 1, 4, 8])
def test_a_full_disk_refuses_the_turn_and_keeps_all_before(
        tmp_path, long, monkeypatch, turns, call, partial):
    session = Session.open(long, folder=tmp_path)
    view = play(session, turns)
    before = session.path.read_bytes() if turns else b""
    action = next_action(view)
    with monkeypatch.context() as patch:
        failing(patch, call, 1, errno.ENOSPC, partial if call == "write" else 0)
        for _ in range(2):
            view = session.act(action)
            assert view["turn"] == turns and not view["saved"]["ok"]
            assert "No space left" in view["message"]["text"] == view["saved"]["text"]
    assert (session.path.read_bytes() if session.path.exists() else b"") == before
    assert len(Session.open(long, folder=tmp_path).play.turns) == turns
    view = session.act(action)
    assert view["turn"] == turns + 1 and view["saved"]["ok"] and view["message"] is None
    play(session)
    assert judged(session).verdict == "whole"
    assert [path.name for path in tmp_path.iterdir()] == [session.path.name]


@pytest.mark.parametrize("at", range(1, 6))
@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_full_disk_while_a_way_is_branched_leaves_no_half_of_it(
        tmp_path, long, monkeypatch, call, at):
    session = Session.open(long, folder=tmp_path)
    play(session, 4)
    with monkeypatch.context() as patch:
        failing(patch, call, at, errno.ENOSPC, partial=50 if call == "write" else 0)
        view = session.act({"do": "branch", "from": 3})
    again = Session.open(long, folder=tmp_path)
    assert again.view()["message"] is None and set(again.stories) == set(session.stories)
    if view["message"]:
        assert "No space left" in view["message"]["text"] and view["branches"]["current"] == 0
    session.act({"do": "switch", "branch": 0})
    assert session.act({"do": "branch", "from": 3})["message"] is None
    session.act({"do": "switch", "branch": 0})
    play(session)
    assert judged(session).verdict == "whole"


def test_a_full_disk_when_a_damaged_play_is_mended_loses_nothing(tmp_path, long, monkeypatch):
    session = Session.open(long, folder=tmp_path)
    play(session, 5)
    torn = session.path.read_bytes()[:-20]
    session.path.write_bytes(torn)
    with monkeypatch.context() as patch:
        failing(patch, "fsync", 1, errno.ENOSPC)
        with pytest.raises(Exception, match="No space left"):
            Session.open(long, folder=tmp_path)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [torn]
    assert len(Session.open(long, folder=tmp_path).play.turns) == 4


SMALL_DISK = """
import resource, sys
from casebook import case as cases
from casebook.room.session import Session
from tests.room.kit import judged, next_action
case = cases.read(sys.argv[1])
session = Session.open(case, folder=sys.argv[2])
view = session.view()
for limit in (100, 1000, 2000, 2500, 1_000_000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    while view["stage"] != "end":
        view = session.act(next_action(view, because="x" * 150))
        if view["message"]:
            assert not view["saved"]["ok"] and "could not be saved" in view["message"]["text"]
            break
    whole = judged(session).play if session.path.exists() else None
    assert len(whole.turns if whole else ()) == view["turn"], limit
    print(view["turn"])
assert judged(session).verdict == "whole"
"""


def test_files_that_may_not_grow_for_real_and_later_may(tmp_path):
    folder = write_case(tmp_path / "long", long_case())
    work = tmp_path / "work"
    work.mkdir()
    done = subprocess.run([sys.executable, "-c", SMALL_DISK, str(folder), str(work)], cwd=ROOT,
                          env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
                          capture_output=True)
    assert done.returncode == 0, done.stderr
    turns = list(map(int, done.stdout.split()))
    assert turns == sorted(turns) and turns[0] == 0 < turns[1] < turns[-1] == 9


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 32 KB of its own, where the system lets us have one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no disk may be mounted here; the same is tested by what os answers")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_small_disk_that_is_really_full_and_later_has_room(small_disk, long):
    session = Session.open(long, folder=small_disk)
    view = play(session, 2)
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
        while True:
            file.write(b"x" * 1024)
    refused = 0
    while view["stage"] != "end" and not refused:
        before = session.path.read_bytes()
        view = session.act(next_action(view, because="y" * 1900))
        refused = view["message"] is not None
    assert refused and "No space left" in view["message"]["text"]
    assert session.path.read_bytes() == before
    turns = view["turn"]
    assert session.act({"do": "branch", "from": 1})["message"]["level"] == "error"
    assert len(Session.open(long, folder=small_disk).play.turns) == turns
    filler.unlink()
    view = session.act(next_action(view, because="y" * 1900))
    assert view["turn"] == turns + 1 and view["message"] is None
    play(session)
    assert judged(session).verdict == "whole" and set(session.stories) == {0}


def test_a_disk_that_is_really_read_only_and_later_is_not(small_disk, long):
    def remount(how):
        subprocess.run(["mount", "-o", f"remount,{how}", str(small_disk)], check=True)

    session = Session.open(long, folder=small_disk)
    play(session, 3)
    torn = session.path.read_bytes()
    remount("ro")
    view = session.act(next_action(session.view()))
    assert view["turn"] == 3 and "Read-only" in view["message"]["text"]
    again = Session.open(long, folder=small_disk)
    assert again.view()["message"] is None and len(again.play.turns) == 3
    remount("rw")
    assert session.act(next_action(view))["turn"] == 4
    session.path.write_bytes(torn[:-30])
    remount("ro")
    with pytest.raises(Exception, match="Read-only"):
        Session.open(long, folder=small_disk)
    assert session.act({"do": "hint", "turn": 4, "tier": 1})["turn"] == 4
    remount("rw")
    view = session.act(next_action(session.view()))
    assert view["turn"] == 4 and "written again" in view["message"]["text"]
    play(session)
    assert judged(session).verdict == "whole"


def test_a_folder_that_may_not_be_written_to_and_later_may(tmp_path, long, monkeypatch):
    """By what the system answers: the one who runs the tests may be root, who may do anything."""
    session = Session.open(long, folder=tmp_path)
    view = session.view()
    real = os.open

    def read_only(path, flags, *mode):
        if flags & (os.O_WRONLY | os.O_RDWR):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return real(path, flags, *mode)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", read_only)
        for _ in range(2):
            view = session.act(next_action(view))
            assert view["turn"] == 0 and "Read-only" in view["message"]["text"]
    assert session.act(next_action(view))["turn"] == 1
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", read_only)
        again = Session.open(long, folder=tmp_path)
        assert len(again.play.turns) == 1
        assert "Read-only" in again.act({"do": "branch", "from": 1})["message"]["text"]
        assert set(again.stories) == {0}
    play(session)
    assert judged(session).verdict == "whole"


def test_a_play_that_is_over_opens_from_a_folder_that_is_read_only(tmp_path, long, monkeypatch):
    session = Session.open(long, folder=tmp_path)
    play(session)
    raw = session.path.read_bytes()
    session.path.write_bytes(raw[:raw.rindex(b'{"outcome"')])

    def full(_):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        view = Session.open(long, folder=tmp_path).view()
        assert view["stage"] == "end" and "Read-only" in view["message"]["text"]
    Session.open(long, folder=tmp_path)
    assert judged(session).verdict == "whole"


def test_a_file_that_cannot_be_read_is_told_and_left_where_it_is(tmp_path, long):
    session = Session.open(long, folder=tmp_path)
    session.path.mkdir()
    with pytest.raises(Exception, match="cannot be read: Is a directory"):
        Session.open(long, folder=tmp_path)
    view = session.act(next_action(session.view()))
    assert view["turn"] == 0 and "cannot be read" in view["message"]["text"]
    session.path.rmdir()
    assert session.act(next_action(view))["turn"] == 1


def test_a_folder_that_goes_away_and_comes_back_costs_no_turn(tmp_path, long):
    folder = tmp_path / "work"
    folder.mkdir()
    session = Session.open(long, folder=folder)
    view = play(session, 3)
    folder.rename(tmp_path / "away")
    for _ in range(2):
        view = session.act(next_action(view))
        assert view["turn"] == 3 and view["message"]["level"] == "error"
    (tmp_path / "away").rename(folder)
    assert session.act(next_action(view))["turn"] == 4
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    assert session.act(next_action(session.view()))["turn"] == 4
    folder.mkdir()
    view = session.act(next_action(session.view()))
    assert view["turn"] == 4 and "written again" in view["message"]["text"]
    play(session)
    assert judged(session).verdict == "whole" and len(decisions(session)) == 9


def test_an_empty_file_under_the_name_is_as_none(tmp_path, long):
    session = Session.open(long, folder=tmp_path)
    session.path.touch()
    again = Session.open(long, folder=tmp_path)
    assert again.view()["message"] is None
    assert session.act(next_action(session.view()))["turn"] == 1
    assert play(again, 1)["turn"] == 1


# A clock that is wrong.


def test_a_clock_that_jumps_changes_no_verdict(tmp_path, long, monkeypatch):
    times = iter(["2026-05-01T10:00:00+00:00", "2026-05-01T09:00:00+00:00",
                  "1970-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00",
                  "0001-01-01T00:00:00+00:00", "2026-05-01T10:00:00", "yesterday"] * 3)
    monkeypatch.setattr(sessions, "now", lambda: next(times))
    session = Session.open(long, folder=tmp_path)
    play(session, 5)
    session.act({"do": "branch", "from": 2})
    session = reopened(session)
    play(session)
    assert judged(session).verdict == "whole" and judged(session, 1).verdict == "truncated"


# A case that is edited half-way.


def edited(folder, change):
    data = long_case()
    change(data)
    write_case(folder, data)
    return cases.read(folder)


CHANGES = {
    "its text": (lambda data: data.update(summary="Another summary."), "The text of case long"),
    "its version": (lambda data: data.update(version="1.1.0"), "version 1.0.0 of the case; here is"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_case_edited_half_way_keeps_the_old_play_and_says_how_to_go_on(tmp_path, what):
    folder, work = tmp_path / "long", tmp_path / "work"
    work.mkdir()
    case = read_long(folder)
    old = Session.open(case, folder=work)
    play(old, 5)
    old.act({"do": "branch", "from": 2})
    raw = {path.name: path.read_bytes() for path in work.iterdir()}
    change, why = CHANGES[what]
    new = Session.open(edited(folder, change), folder=work)
    view = new.view()
    text = view["message"]["text"]
    assert view["turn"] == 0 and why in text and view["message"]["level"] == "warning"
    assert "damaged" not in text and f"{old.stories[0].path.name}.other-version-1" in text
    assert {path.name.removesuffix(".other-version-1"): path.read_bytes()
            for path in work.iterdir()} == raw
    play(new)
    assert judged(new).verdict == "whole"
    # The case as it was, and the name given back: the old play goes on.
    case = read_long(folder)
    for path in [*work.glob("*.other-version-1")]:
        path.replace(path.with_name(path.name.removesuffix(".other-version-1")))
    again = Session.open(case, folder=work)
    assert again.view()["message"] is None and decisions(again) == decisions(old)
    assert set(again.stories) == {0, 1}


def test_a_case_edited_under_an_open_play_is_not_mixed_into_it(tmp_path):
    folder, work = tmp_path / "long", tmp_path / "work"
    work.mkdir()
    read_long(folder)
    session = Session.open(str(folder), folder=work)
    play(session, 3)
    edited(folder, CHANGES["its version"][0])
    view = session.act({"do": "language", "language": "en"})
    assert view["turn"] == 3 and "has been changed" in view["message"]["text"]
    (folder / "case.yaml").write_text("format: [", encoding="utf-8")
    view = session.act({"do": "language", "language": "en"})
    assert view["turn"] == 3 and "cannot be played" in view["message"]["text"]
    play(session)
    case = session.play.case
    assert judged(session).verdict == "whole" and case.version == "1.0.0"


def test_an_old_kernel_and_a_new_edition_of_the_case_both_keep_their_plays(tmp_path):
    folder, work = tmp_path / "long", tmp_path / "work"
    work.mkdir()
    old = Session.open(read_long(folder), folder=work)
    play(old, 5)
    new = Session.open(edited(folder, CHANGES["its text"][0]), folder=work)
    play(new, 3)
    view = old.act(next_action(old.view()))
    assert view["turn"] == 5 and "kept as" in view["message"]["text"]
    view = new.act(next_action(new.view()))
    assert view["turn"] == 3 and "kept as" in view["message"]["text"]
    assert len(list(work.glob("*.other-version-*"))) == 3


# What may be typed or sent.

TEXTS = {
    "long": "ä" * 2000, "emoji": "👩‍🚀🏳️‍🌈" * 100, "right to left": "‏אני חושב שכן ‮abc",
    "half a sign": "a\ud800b", "two halves": "\ud83d\ude42", "zero": "a\x00b\x1b[31m",
    "line ends": "a\r\nb\u2028c\x85d", "markup": "<script>alert(1)</script>",
}


@pytest.mark.parametrize("what", TEXTS)
def test_any_reason_is_kept(tmp_path, long, what):
    session = Session.open(long, folder=tmp_path)
    play(session, 1)
    view = session.act(next_action(session.view(), because=TEXTS[what]))
    assert view["turn"] == 2 and view["message"] is None
    json.dumps(view, ensure_ascii=False).encode("utf-8")
    again = reopened(session)
    assert again.view()["happened"]["because"] == view["happened"]["because"] != ""
    play(again)
    assert judged(again).verdict == "whole"


def test_half_a_sign_becomes_a_mark_and_two_halves_become_one_sign(tmp_path, long):
    for what, told in (("half a sign", "a\ufffdb"), ("two halves", "🙂")):
        session = Session.open(long, player=what, folder=tmp_path)
        play(session, 1)
        view = session.act(next_action(session.view(), because=TEXTS[what]))
        assert view["happened"]["because"] == told


def test_a_reason_of_ten_thousand_bytes_is_refused_and_the_turn_waits(tmp_path, long):
    session = Session.open(long, folder=tmp_path)
    play(session, 1)
    view = session.act(next_action(session.view(), because="x" * 10_000))
    assert view["turn"] == 1 and "longer than 2000 characters" in view["message"]["text"]
    assert session.act(next_action(view))["turn"] == 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 120) | st.integers() | st.floats() |
    st.text(st.characters(), max_size=20), lambda inner: st.lists(inner, max_size=3) |
    st.dictionaries(st.sampled_from(["contact", "expects", "sure", "implementer", "coach", "x"]),
                    inner, max_size=3), max_leaves=6)
KEYS = ("do", "turn", "shares", "incident", "response", "predictions", "because", "tier", "from",
        "branch", "language")
DO = st.sampled_from(["plan", "respond", "hint", "branch", "switch", "compare", "language",
                      "report"])


@pytest.fixture(scope="module")
def under_way(tmp_path_factory, long):
    folder = tmp_path_factory.mktemp("nonsense")
    session = Session.open(long, folder=folder)
    play(session, 2)
    return session


@settings(FILES, max_examples=150)
@given(known=st.booleans(), right_turn=st.booleans(), nonsense=st.one_of(JSON, st.dictionaries(
    st.sampled_from(KEYS), JSON)), do=DO)
def test_whatever_is_sent_is_answered_by_a_view_and_the_file_stays_whole(
        under_way, known, right_turn, nonsense, do):
    session, action = under_way, nonsense
    if isinstance(action, dict) and known:
        action = {**action, "do": do}
    if isinstance(action, dict) and right_turn:
        action = {**action, "turn": len(session.play.turns)}
    view = session.act(action)
    json.dumps(view, ensure_ascii=False).encode("utf-8")
    assert view["protocol"] == 1 and type(view["branches"]["current"]) is int
    assert judged(session).verdict == "truncated" and not load(session.path).problem
    assert len(session.stories[0].play.turns) <= 3


def test_every_answer_but_the_right_ones_is_refused_without_a_trace(tmp_path, long):
    session = Session.open(long, folder=tmp_path)
    play(session, 1)
    before = all_bytes(tmp_path)
    wrong = [None, 0, -1, 1.0, True, "", "x", [], {}, [1], {"a": 1}, 10 ** 30, float("nan")]
    for value in wrong:
        for action in ({"do": value}, {"do": "hint", "turn": 1, "tier": value if type(value) is not
                        int else 0}, {"do": "branch", "from": value if value is not True else 7},
                       {"do": "switch", "branch": value if value != 0 else 9},
                       {"do": "language", "language": value},
                       {"do": "respond", "turn": 1, "incident": value, "response": value},
                       {"do": "respond", "turn": 1, "predictions": [value]}):
            assert session.act(action)["turn"] == 1, action
    assert all_bytes(tmp_path) == before and set(session.stories) == {0}
    assert cases.read(write_case(tmp_path / "small", small_case())).id == "small"
