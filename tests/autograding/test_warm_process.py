"""The warm parent and its kernels: how they start, are interrupted, and end."""

import contextlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from casebook.autograding.warm.manager import warm_manager
from casebook.autograding.warm.process import WarmError, WarmParent

from . import warmkit
from .warmkit import book, cold, said, warm

ROOT = Path(__file__).parents[2]
JOINS = "tests.autograding.fake_join"


@pytest.fixture(scope="module")
def parent():
    # The tests' own folder is not installed, so that the parent finds the fake sandbox by PYTHONPATH.
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    with WarmParent(env={**os.environ, "PYTHONPATH": path, "CASEBOOK_SECRET": "sesame"}, join=JOINS) as parent:
        yield parent


@pytest.fixture(autouse=True)
def same_path(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]))


def alive(pid):
    """Whether a process is there and not only waiting to be counted."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(pid, within=10):
    end = time.monotonic() + within
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not alive(pid)


def test_the_parent_has_one_thread_and_nothing_of_the_graders_environment(parent):
    status = Path(f"/proc/{parent.pid}/status").read_text()
    assert "Threads:\t1\n" in status
    environ = Path(f"/proc/{parent.pid}/environ").read_bytes()
    assert b"sesame" not in environ and os.environ["HOME"].encode() not in dict(
        line.split(b"=", 1) for line in environ.split(b"\0") if line)[b"HOME"]


def test_a_kernel_has_the_environment_that_it_is_given_and_what_nbgrader_tells(parent, tmp_path, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.setenv("CASEBOOK_SECRET", "sesame")
    look = book("import os; print(sorted(os.environ))")
    names = said(warm(parent, look, tmp_path, env={"PATH": "/usr/bin", "HOME": "/nowhere"}))
    assert "'NBGRADER_EXECUTION'" in names and "'HOME'" in names and "SECRET" not in names and "'LANG'" not in names


@pytest.mark.parametrize("joined", [False, True])
def test_an_endless_cell_is_interrupted_and_the_next_runs(parent, tmp_path, joined):
    cells = ["x = 1\nwhile True:\n    x += 1", "import time\ntime.sleep(60)", "import subprocess\nsubprocess.run(['sleep', '60'])", "print(x > 1)"]
    options = {"join": {"log": str(tmp_path / "log")}} if joined else {}
    nb = warm(parent, book(*cells), tmp_path, timeout=1, **options)
    stock = cold(book(*cells), tmp_path, timeout=1)
    assert [[out.get("ename") for out in cell.outputs] for cell in nb.cells] == [[out.get("ename") for out in cell.outputs] for cell in stock.cells]
    assert said(nb) == "True\n"


def test_a_cell_that_swallows_interrupts_is_ended_with_its_kernel(parent, tmp_path):
    stubborn = "import os\nopen('pid', 'w').write(str(os.getpid()))\nwhile True:\n    try:\n        for _ in iter(int, 1): os.getpid()\n    except KeyboardInterrupt:\n        pass"
    with pytest.raises(CellTimeoutError):
        warm(parent, book(stubborn, "1"), tmp_path, timeout=1, iopub_timeout=1)
    assert gone(int((tmp_path / "pid").read_text()))


@pytest.mark.parametrize("joined", [False, True])
@pytest.mark.parametrize("end", ["os._exit(3)", "os.kill(os.getpid(), 9)", "import ctypes; ctypes.string_at(0)"])
def test_a_kernel_that_ends_itself_is_told(parent, tmp_path, end, joined):
    options = {"join": {"log": str(tmp_path / "log")}} if joined else {}
    with pytest.raises(DeadKernelError):
        warm(parent, book("import os", end, "1"), tmp_path, **options)
    assert said(warm(parent, book("print('the next one')"), tmp_path)) == "the next one\n"


def test_what_a_cell_started_ends_with_the_kernel(parent, tmp_path):
    nb = warm(parent, book("import subprocess\np = subprocess.Popen(['sleep', '600'])\nprint(p.pid)"), tmp_path)
    assert gone(int(said(nb)))


def test_a_sandbox_is_joined_before_the_kernel_is_one(parent, tmp_path):
    spec = {"log": str(tmp_path / "log"), "holder": 4711}
    nb = warm(parent, book("import os, sys\nprint(os.getpid(), os.getppid(), os.getpgrp(), any('join' in name for name in sys.modules))"), tmp_path, join=spec)
    pid, above, group, seen = said(nb).split()
    joined = json.loads((tmp_path / "log").read_text())
    assert joined["holder"] == 4711 and [joined["pid"], joined["above"]] == [int(pid), int(above)]
    assert (group, seen) == (pid, "False")
    assert gone(int(pid)) and gone(int(above))


def test_a_sandbox_that_cannot_be_joined_says_why(parent, tmp_path):
    with pytest.raises(RuntimeError, match="no such holder"):
        warm(parent, book("1"), tmp_path, join={"fail": "no such holder"})


def test_the_kernels_folder_may_have_another_path_inside(parent, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "inside").symlink_to(tmp_path / "outside")
    from nbgrader.preprocessors.execute import Execute

    from casebook.autograding.warm.manager import run

    nb = book("from ipykernel.connect import get_connection_file; print(get_connection_file())")
    manager = warm_manager(parent, cwd=tmp_path, transport_dir=tmp_path / "outside", kernel_dir=tmp_path / "inside")
    run(Execute(), nb, {}, manager)
    assert said(nb) == f"{tmp_path}/inside/kernel.json\n"


def test_a_path_that_no_socket_can_have_is_told(parent, tmp_path):
    with pytest.raises(WarmError, match="too long"):
        warm_manager(parent, cwd=tmp_path, transport_dir=tmp_path / ("long" * 30))


def test_a_parent_that_dies_is_started_again_and_its_kernels_end(tmp_path):
    with WarmParent() as parent:
        first, pid = parent.pid, tmp_path / "pid"
        timer = threading.Thread(target=lambda: (wait_for(pid), os.kill(first, signal.SIGKILL)))
        timer.start()
        with pytest.raises(DeadKernelError), told_as_lost():
            warm(parent, book("import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(60)", "1"), tmp_path)
        timer.join()
        assert gone(int(pid.read_text()))
        assert said(warm(parent, book("print('again')"), tmp_path)) == "again\n"
        second = parent.pid
    assert second != first and gone(second)


@contextlib.contextmanager
def told_as_lost():
    made = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warmkit, "warm_manager", lambda *a, **k: made.append(warm_manager(*a, **k)) or made[-1])
        try:
            yield
        finally:
            assert made[0].lost


def wait_for(path):
    while not path.exists() or not path.read_text():
        time.sleep(0.02)


def test_nothing_outlives_a_grader_that_is_killed(tmp_path):
    grader = textwrap.dedent("""
        import sys
        from casebook.autograding.warm.process import WarmParent
        from tests.autograding.warmkit import book, warm
        parent = WarmParent()
        parent.start()
        open("home", "w").write(open(f"/proc/{parent.pid}/environ").read().partition("HOME=")[2].partition("\\0")[0])
        open("parent", "w").write(str(parent.pid))
        warm(parent, book("import os, time\\nopen('kernel', 'w').write(str(os.getpid()))\\ntime.sleep(60)"), sys.argv[1])
    """)
    process = subprocess.Popen([sys.executable, "-c", grader, str(tmp_path)], cwd=tmp_path, env={**os.environ, "TMPDIR": str(tmp_path)})
    try:
        wait_for(tmp_path / "kernel")
    finally:
        process.kill()
        process.wait()
    assert gone(int((tmp_path / "kernel").read_text())) and gone(int((tmp_path / "parent").read_text()))
    # It is the last that the parent removes, just before its end.
    home = (tmp_path / "home").read_text()
    assert "casebook-warm-" in home and not Path(home).exists()


def test_several_threads_may_use_one_parent(parent, tmp_path):
    seen = {}

    def grade(number):
        seen[number] = said(warm(parent, book(f"import pandas as pd; print(pd.Series([{number}]).sum())"), tmp_path))

    threads = [threading.Thread(target=grade, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {number: f"{number}\n" for number in range(4)}


def test_another_grader_may_use_the_same_parent(parent, tmp_path):
    other = WarmParent(shared=parent.share())
    look = "import os\nopen('pid', 'w').write(str(os.getpid()))\nprint(os.getppid())"
    assert int(said(warm(other, book(look), tmp_path))) == parent.pid and other.pid is None
    left = other.fork(cwd=str(tmp_path), env={}, connection={"transport": "ipc", "ip": str(tmp_path / "s"), "key": ""}, connection_file=str(tmp_path / "k.json"))
    pid = left.pid.result(20)
    assert left.ready.result(20) == "warm" and alive(pid)
    other.stop()
    assert gone(pid) and left.ended.result(20) != 0
    assert int(said(warm(parent, book(look), tmp_path))) == parent.pid


FAKE = """
import json, os, signal, socket, sys
control = socket.socket(fileno=0)
def say(**told):
    control.sendall(json.dumps(told).encode() + b"\\n")
say(hello=os.getpid(), threads=1)
for number, line in enumerate(control.makefile("rb"), 1):
    asked = json.loads(line)
    {0}
"""


@contextlib.contextmanager
def speaking(tmp_path, *says):
    """A WarmParent whose process says this about each fork."""
    script = tmp_path / "fake_parent.py"
    script.write_text(FAKE.format("; ".join(says)), encoding="utf-8")
    parent = WarmParent()
    parent._command = [sys.executable, str(script)]
    try:
        yield parent
    finally:
        parent.stop()


def asked(parent, tmp_path):
    return parent.fork(cwd=str(tmp_path), env={}, connection={}, connection_file="k.json")


@pytest.mark.parametrize("late", ['failed="no such box"', 'ready="warm"'])
def test_an_end_that_is_told_before_the_beginning_leaves_nobody_waiting(tmp_path, late):
    with speaking(tmp_path, 'say(id=asked["id"], pid=number)', "say(pid=number, exit=256)", f"say(pid=number, {late})") as parent:
        for _ in range(3):
            fork = asked(parent, tmp_path)
            with pytest.raises(WarmError, match="ended while it started"):
                fork.ready.result(10)
            assert fork.ended.result(10) == 1 and not fork.lost
        assert parent._control is not None


def test_what_is_told_of_a_kernel_that_was_given_up_or_told_twice_stops_no_listener(tmp_path):
    with speaking(tmp_path, 'say(id=asked["id"], pid=number)', "say(id=99, pid=98)", 'say(pid=97, ready="warm")', "say(hello=1, threads=1)",
                  'number > 1 and [say(pid=1, ready="warm"), say(pid=1, exit=0), say(pid=1, exit=0)]') as parent:
        first = asked(parent, tmp_path)
        assert first.pid.result(10) == 1
        first.ready.cancel()        # as asyncio does where a start is given up
        assert asked(parent, tmp_path).pid.result(10) == 2
        assert first.ended.result(10) == 0


@pytest.mark.parametrize("nonsense", ['control.sendall(b"no json\\n")', 'say(pid=number, exit="x")', "say(exit=0)", "control.sendall(b'[]\\n7\\n')"])
def test_a_parent_that_says_nonsense_is_lost_and_another_is_started(tmp_path, nonsense):
    with speaking(tmp_path, 'say(id=asked["id"], pid=number)', nonsense) as parent:
        lives = set()
        for _ in range(2):
            fork = asked(parent, tmp_path)
            lives.add(parent.pid)
            assert fork.ended.result(10) == -signal.SIGKILL and fork.lost and fork.ready.exception(10)
        assert len(lives) == 2


def test_a_fork_that_is_asked_of_a_parent_that_has_just_ended_is_lost_at_once(tmp_path, monkeypatch):
    parent = WarmParent()
    monkeypatch.setattr(parent, "start", lambda wait=True: None)    # it ended since
    fork = asked(parent, tmp_path)
    assert fork.lost and fork.ended.result(1) == -signal.SIGKILL and fork.ready.exception(1)


def test_how_a_kernel_began_is_told_before_how_it_ended(tmp_path, monkeypatch):
    """Also where its end is seen first, and where something that it started holds its pipe open."""
    from casebook.autograding.warm import server

    said, (ours, _theirs) = [], socket.socketpair()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "dup", lambda number: ours.detach())
        patch.setattr(os, "dup2", lambda *numbers: None)
        served = server.Server(None, None)
    monkeypatch.setattr(served._first, "say", said.append)
    served._graders[served._first.control] = served._first
    held = []
    for told in (b"no such box\n", b""):
        reads, writes = os.pipe()
        os.write(writes, told)
        held.append(writes)
        os.set_blocking(reads, False)
        pid = os.fork()
        if pid == 0:
            os._exit(1)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        served._first.kernels.add(pid)
        served._starting[reads] = pid, served._first
        served._selector.register(reads, selectors.EVENT_READ)
        served._reap()
        assert said[-1] == {"pid": pid, "exit": 256} and not served._starting
    assert [sorted(one) for one in said] == [["failed", "pid"], ["exit", "pid"], ["exit", "pid"]]
    for writes in held:
        os.close(writes)
