"""Grading on a cluster: a scheduler and two workers as processes of their own, one of them killed half-way."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time

import pytest

from casebook.autograding.cluster import on_cluster, packed
from casebook.autograding.run import Run
from casebook.cli import main
from casebook.errors import CasebookError
from tests.autograding import compare, tiny
from tests.grading.kit import BIN

STUDENTS = 16


@contextlib.contextmanager
def started(*command):
    process = subprocess.Popen([str(BIN / "dask"), *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    """The scheduler's address, and the two workers' processes."""
    file = tmp_path / "scheduler.json"
    with contextlib.ExitStack() as all:
        all.enter_context(started("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)))
        end = time.monotonic() + 60
        while not file.exists() or not file.read_text():
            assert time.monotonic() < end, "the scheduler did not start"
            time.sleep(0.1)
        workers = [all.enter_context(started("worker", "--scheduler-file", str(file), "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny",
                                             "--no-dashboard", "--local-directory", str(tmp_path / f"worker{n}"))) for n in range(2)]
        yield json.loads(file.read_text())["address"], workers


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    course = tiny.make(tmp_path_factory.mktemp("released") / "course")
    tiny.hand_in_class(course, STUDENTS)
    return course


def test_a_cluster_that_loses_a_worker_grades_as_this_machine_does(cluster, released, tmp_path):
    address, workers = cluster
    here, there = tmp_path / "here", tmp_path / "there"
    shutil.copytree(released, here)
    shutil.copytree(released, there)
    assert main(["course", "grade", tiny.NAME, "--course", str(here)]) == 0
    run, seen = Run(there, tiny.NAME), []
    with on_cluster(run, address, True) as running:
        running._client.wait_for_workers(2, timeout=60)
        for outcome in run.grade(run.submissions(), running):
            seen.append(outcome.student)
            if len(seen) == STUDENTS // 4:
                os.kill(workers[0].pid, signal.SIGKILL)
    assert sorted(seen) == [f"s{n:03d}" for n in range(STUDENTS)]
    assert workers[0].wait(10) == -signal.SIGKILL
    assert compare.differences(here, there, tiny.NAME) == []
    # And from the command line, on the worker that is left.
    assert main(["course", "grade", tiny.NAME, "--course", str(there), "--force", "--only", "s001", "--cluster", address]) == 0
    assert compare.differences(here, there, tiny.NAME) == []


def test_no_model_answer_and_no_gradebook_travels(released):
    package = packed(Run(released, tiny.NAME), True)
    whole = b"".join([package.config, *package.files.values()])
    assert not any(name.endswith((".ipynb", ".db")) for name in package.files)
    assert b"BEGIN SOLUTION" not in whole and b"return 2 * x" not in whole


def test_a_cluster_that_is_not_there_is_named(released):
    with pytest.raises(CasebookError, match="No Dask scheduler answers"), on_cluster(Run(released, tiny.NAME), "tcp://127.0.0.1:9", True):
        pass
