"""How much code in a box can use up, and what is said where there is no box to be had."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

import pytest

from casebook.autograding.sandbox import (
    Box,
    Limits,
    SandboxError,
    available,
    calls,
    probe,
    require,
    watch,
)
from casebook.autograding.sandbox.join import FAILED
from casebook.autograding.sandbox.watching import living

from .inside import run, say, start, tries, until

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the sandbox is Linux's")
MB = 1 << 20


def test_a_fork_bomb_stays_small_and_ends_with_its_box():
    with Box(limits=Limits(processes=20)) as box:
        bomb = r"""
import os, signal, time
while True:
    try:
        if os.fork() == 0:
            os.setsid()
    except OSError:
        os.write(1, b"full\n")
        while True:
            time.sleep(60)
"""
        namespace = box.spec()["pid_namespace"]
        with start(box, bomb) as process:
            assert process.stdout.readline() == "full\n"
            until(lambda: len(living(namespace)) >= 20)
            assert len(living(namespace)) <= 22        # with the two of the holder
            box.kill()
            assert living(namespace) == []


def test_one_students_processes_are_not_counted_against_another():
    few = Limits(processes=8)
    with Box(limits=few) as one, Box(limits=few) as two, start(one, r"""
import os, time
try:
    while True:
        if os.fork() == 0:
            time.sleep(60)
except OSError:
    os.write(1, b"full\n")
    time.sleep(60)
""") as process:
        assert process.stdout.readline() == "full\n"
        assert say(two, "import subprocess; print(subprocess.run(['echo', 'free'], capture_output=True, text=True).stdout)") == "free"
        one.kill()


def test_one_process_that_wants_too_much_gets_a_memory_error():
    with Box(limits=Limits(address_mb=400)) as box:
        assert tries(box, much="len(bytearray(500 << 20))", little="len(bytearray(50 << 20))") == {
            "much": "MemoryError", "little": str(50 * MB)}
        assert box.check() is None


def test_many_processes_that_take_too_much_end_the_box_with_a_reason():
    with Box(limits=Limits(memory_mb=300)) as box:
        bomb = r"""
import os, time
for _ in range(4):
    if os.fork() == 0:
        kept = bytearray(os.urandom(1 << 20)) * 120
        time.sleep(60)
print("sown", flush=True)
time.sleep(60)
"""
        namespace = box.spec()["pid_namespace"]
        with start(box, bomb) as process:
            assert process.stdout.readline() == "sown\n"
            assert asyncio.run(asyncio.wait_for(watch(box, 0.02), 60)) == "memory"
            assert box.check() == "memory" and living(namespace) == []


def test_memory_shared_with_the_parent_is_not_counted_again_and_again():
    with Box(limits=Limits(memory_mb=200)) as box:
        code = """
import os, time
kept = bytearray(b"x") * (100 << 20)
for _ in range(6):
    if os.fork() == 0:
        time.sleep(60)
print("shared", flush=True)
time.sleep(60)
"""
        with start(box, code) as process:
            assert process.stdout.readline() == "shared\n"
            assert box.check() is None and 90 * MB < box.memory() < 200 * MB
            box.kill()


def test_too_long_and_an_early_end_have_a_reason():
    with Box(limits=Limits(wall_seconds=0.05)) as box:
        assert asyncio.run(asyncio.wait_for(watch(box, 0.02), 60)) == "time"
    with Box() as box:
        os.kill(box.pid, 9)
        assert until(box.check) == "ended"
    with Box() as box:
        box.kill()
        assert box.check() == "ended" and box.reason is None      # the grader's own doing


def test_no_disk_and_no_table_of_files_can_be_filled(tmp_path):
    used = Limits(folder_mb=8, scratch_mb=4, file_mb=6, files=200)
    with Box(limits=used) as box:
        found = tries(box, large="open('large', 'wb').write(b'x' * (7 << 20))",
                      many="[open(f'part{i}', 'wb').write(b'x' * (1 << 20)) for i in range(20)]",
                      tmp="[open(f'/tmp/part{i}', 'wb').write(b'x' * (1 << 20)) for i in range(20)]",
                      shm="[open(f'/dev/shm/part{i}', 'wb').write(b'x' * (1 << 20)) for i in range(20)]",
                      sockets="[open(f'/k/part{i}', 'wb').write(b'x' * (1 << 20)) for i in range(20)]",
                      empty="[open(f'/tmp/e{i}', 'wb').close() for i in range(500)]")
        assert set(found.values()) == {"OSError"}, found
        for folder, most in ((box.work, 8), ("/tmp", 4), ("/dev/shm", 4), (box.sockets, 1)):
            space = os.statvfs(f"/proc/{box.pid}/root{folder}")
            assert space.f_blocks * space.f_frsize == most * MB
    (tmp_path / "large").write_bytes(b"x" * 9 * MB)
    with Box(tmp_path, limits=used) as box:
        _, error, status = run(box, "print('ran')")
        assert status == FAILED and "do not fit: at most 8 MB and 200 files" in error


def test_time_on_the_processor_open_files_and_core_files():
    with Box(limits=Limits(cpu_seconds=1, open_files=32)) as box:
        assert run(box, "while True: pass")[2] in (-24 % 256, -9 % 256)      # SIGXCPU
        found = tries(box, open="[open('/dev/null') for _ in range(40)] and 1",
                      core="resource.getrlimit(resource.RLIMIT_CORE)",
                      crash="subprocess.run([sys.executable, '-c', 'import os; os.abort()']).returncode",
                      left="os.listdir('.')", wider="resource.setrlimit(resource.RLIMIT_CORE, (-1, -1))")
        assert found == {"open": "OSError", "core": "(1, 1)", "crash": "-6", "left": "[]", "wider": "ValueError"}


def test_packages_of_a_notebook_run_within_the_limits():
    code = """
import numpy, pandas, plotly.express, ipywidgets
import casebook.grading.checks
table = pandas.DataFrame({"a": numpy.arange(1000.0)})
plotly.express.line(table, y="a").to_json()
square = numpy.ones((600, 600)) @ numpy.ones((600, 600))
print(int(square[0, 0]), pandas.Timestamp("2024-07-01", tz="Europe/Berlin").utcoffset())
"""
    with Box() as box:
        assert say(box, code) == "600 2:00:00"
        # And in a process that had them before it came in.
        assert say(box, code, preload="numpy pandas plotly.express ipywidgets") == "600 2:00:00"


# Where there is none ------------------------------------------------------------------------------

@pytest.fixture
def fresh():
    available.cache_clear()
    yield
    available.cache_clear()


@pytest.mark.parametrize("platform, name", [("darwin", "macOS"), ("win32", "Windows")])
def test_other_systems_are_told(platform, name, fresh, monkeypatch):
    monkeypatch.setattr(probe.sys, "platform", platform)
    with pytest.raises(SandboxError, match=f"needs Linux, and this is {name}.*--sandbox off"):
        require()


@pytest.mark.parametrize("said, told", [
    ("No permissions to create new namespace", "unprivileged_userns_clone"),
    ("Creating new namespace failed: Operation not permitted", "--privileged"),
    ("Can't mount proc on /newroot/proc: Operation not permitted", "systempaths=unconfined"),
    ("something else", "A trial of the sandbox failed: bubblewrap could not make the sandbox: bwrap: something else")])
def test_a_machine_without_is_told_why_and_the_way_round(said, told, fresh, monkeypatch, tmp_path):
    (tmp_path / "bwrap").write_text(f"#!/bin/sh\necho \"bwrap: {said}\" >&2; exit 1\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    found = available()
    assert not found.ok and told in f"{found.why} {found.how}" and "--sandbox off" in found.how


def test_a_machine_without_bubblewrap_is_told(fresh, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name, **_: None)
    assert "apt install bubblewrap" in available().how


def test_the_modules_can_be_imported_anywhere():
    """Nothing that only Linux or only Unix has is asked for at import."""
    import subprocess

    code = ("import sys; sys.modules['fcntl'] = sys.modules['resource'] = None; sys.path[:0] = [sys.argv[1]]\n"
            "import os\nfor name in ('pidfd_open', 'memfd_create', 'O_DIRECTORY', 'sysconf', 'fork'):\n"
            "    delattr(os, name)\n"
            "import signal; del signal.pthread_sigmask, signal.pidfd_send_signal\n"
            "import casebook.autograding.sandbox.join, casebook.autograding.sandbox")
    done = subprocess.run([sys.executable, "-c", code, str(Path(__file__).parents[2])], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_calls_are_filtered_where_their_numbers_are_known():
    assert calls.program("riscv64") is None
    for machine in calls.ARCHITECTURES:
        assert len(calls.program(machine)) % 8 == 0
    assert all(len(numbers) == len(calls.ARCHITECTURES) for numbers in calls.REFUSED.values())
