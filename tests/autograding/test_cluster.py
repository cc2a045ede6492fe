"""Grading on a cluster: a scheduler and two workers as processes of their own, one of them killed half-way."""

import contextlib
import json
import os
import pickle
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from casebook.autograding import cluster
from casebook.autograding.cluster import on_cluster, packed
from casebook.autograding.desk import Done, Task
from casebook.autograding.run import Run
from casebook.cli import main
from casebook.errors import CasebookError
from tests.autograding import compare, tiny
from tests.grading import kit

STUDENTS = 16


@contextlib.contextmanager
def started(*command):
    process = subprocess.Popen([str(kit.BIN / "dask"), *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
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
def scheduler(tmp_path):
    """The scheduler's process and its file."""
    file = tmp_path / "scheduler.json"
    with started("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)) as process:
        end = time.monotonic() + 60
        while not file.exists() or not file.read_text():
            assert time.monotonic() < end, "the scheduler did not start"
            time.sleep(0.1)
        yield process, file


@pytest.fixture
def worker(scheduler, tmp_path):
    """Starts a worker and gives its process."""
    with contextlib.ExitStack() as running:
        def start(number):
            return running.enter_context(started(
                "worker", "--scheduler-file", str(scheduler[1]), "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard",
                "--local-directory", str(tmp_path / f"worker{number}")))
        yield start


@pytest.fixture
def address(scheduler):
    return json.loads(scheduler[1].read_text())["address"]


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    course = tiny.make(tmp_path_factory.mktemp("released") / "course")
    tiny.hand_in_class(course, STUDENTS)
    return course


def test_a_cluster_that_loses_a_worker_grades_as_this_machine_does(address, worker, released, tmp_path):
    """The worker that is killed is the only one at first; the other comes while grading is under way."""
    here, there = tmp_path / "here", tmp_path / "there"
    shutil.copytree(released, here)
    shutil.copytree(released, there)
    # In a process of its own: Dask leaves threads behind, and a process with threads is not to be forked.
    kit.run("casebook", "course", "grade", tiny.NAME, cwd=here)
    run, seen, workers = Run(there, tiny.NAME), [], [worker(0)]
    with on_cluster(run, address, True) as running:
        for outcome in run.grade(run.submissions(), running):
            seen.append(outcome.student)
            if len(seen) == 1:
                workers.append(worker(1))
                running._client.wait_for_workers(2, timeout=60)
            if len(seen) == STUDENTS // 2:
                os.kill(workers[0].pid, signal.SIGKILL)
    assert sorted(seen) == [f"s{n:03d}" for n in range(STUDENTS)]
    assert workers[0].wait(10) == -signal.SIGKILL
    assert compare.differences(here, there, tiny.NAME) == []
    # And from the command line, on the worker that is left.
    assert main(["course", "grade", tiny.NAME, "--course", str(there), "--force", "--only", "s001", "--cluster", address]) == 0
    assert compare.differences(here, there, tiny.NAME) == []


def test_a_scheduler_that_ends_is_told_and_what_is_graded_stays(scheduler, address, worker, released, tmp_path):
    course = tmp_path / "course"
    shutil.copytree(released, course)
    worker(0)
    run, seen = Run(course, tiny.NAME), []
    with pytest.raises(CasebookError, match="scheduler is gone"), on_cluster(run, address, True) as running:
        for outcome in run.grade(run.submissions(), running):
            seen.append(outcome.student)
            if len(seen) == 3:
                scheduler[0].kill()
    assert 3 <= len(seen) < STUDENTS
    kit.run("casebook", "course", "grade", tiny.NAME, cwd=course)
    assert len(compare.gradebook(course)["grades"]) == 3 * STUDENTS


def test_a_client_may_come_from_a_function_of_the_instructors(address, worker, released, tmp_path, monkeypatch, capsys):
    course = tmp_path / "course"
    shutil.copytree(released, course)
    worker(0)
    (course / "my_cluster.py").write_text(
        f"def client():\n    from distributed import Client\n    return Client({address!r}, set_as_default=False)\n\ndef nothing():\n    pass\n", encoding="utf-8")
    monkeypatch.chdir(course)
    order = ["course", "grade", tiny.NAME, "--only", "s000", "--cluster"]
    assert main([*order, "my_cluster:client"]) == 0
    assert len(compare.gradebook(course)["grades"]) == 3
    capsys.readouterr()
    assert main([*order, "my_cluster:nothing", "--force"]) == 2 and "my_cluster:nothing gave no client of a cluster" in capsys.readouterr().err
    assert main([*order, "no_such:client", "--force"]) == 2 and "ModuleNotFoundError" in capsys.readouterr().err


def test_no_model_answer_no_gradebook_and_no_password_travels(released, tmp_path):
    course = tmp_path / "course"
    shutil.copytree(released, course)
    with open(course / "nbgrader_config.py", "a", encoding="utf-8") as config:
        config.write('c.CourseDirectory.db_url = "postgresql://grader:secret@db.example/gradebook"\n')
    package = packed(Run(course, tiny.NAME), True)
    whole = b"".join([package.config, *package.files.values()])
    assert b"secret" not in whole and b"tiny-course" in whole
    assert not any(name.endswith((".ipynb", ".db")) for name in package.files)
    assert b"BEGIN SOLUTION" not in whole and b"return 2 * x" not in whole


def test_a_cluster_that_is_not_there_is_named(released):
    with pytest.raises(CasebookError, match="No Dask scheduler answers"), on_cluster(Run(released, tiny.NAME), "tcp://127.0.0.1:9", True):
        pass


class FakeBench:
    """Runs nothing; while ``hanging``, it does not end until it is closed."""

    hanging = False

    def __init__(self, converter, kernels):
        self.closed = threading.Event()

    def run(self, task):
        if self.hanging:
            assert self.closed.wait(60)
        return Done(dict.fromkeys(task.notebooks, task.student))

    def close(self):
        self.closed.set()


@pytest.fixture
def package(released, monkeypatch):
    """A package, for benches in this process that run nothing."""
    monkeypatch.setattr(cluster, "Bench", FakeBench)
    monkeypatch.setattr(cluster, "Kernels", lambda plan: None)
    yield packed(Run(released, tiny.NAME), True)
    cluster._forget_bench()


def there(package):
    return cluster.run_there(package, Task("s000", tiny.NAME, Path(), {tiny.NAME: "{}"}), {})


def test_a_bench_that_could_not_be_made_leaves_no_closed_one_in_its_place(package, monkeypatch):
    first = cluster._bench(package)
    with monkeypatch.context() as patch:
        def none(plan):
            raise CasebookError("There is no sandbox.")

        patch.setattr(cluster, "Kernels", none)
        assert "There is no sandbox." in str(there(replace(package, config=pickle.dumps({"Sandbox": {"memory_mb": 4000}}))))
    assert first.closed.is_set()
    assert there(package).notebooks == {tiny.NAME: "s000"} and not cluster._bench(package).closed.is_set()


def test_a_submission_that_does_not_end_is_told_and_the_worker_goes_on(package, monkeypatch):
    hung = cluster._bench(package)
    with monkeypatch.context() as patch:
        patch.setattr(FakeBench, "hanging", True)
        told = there(replace(package, longest=0.2))
    assert isinstance(told, CasebookError) and "had not ended after 0 seconds" in str(told) and hung.closed.is_set()
    assert there(package).notebooks == {tiny.NAME: "s000"}
    assert package.longest > 300


def test_what_the_course_leaves_out_and_notes_for_teachers_do_not_travel(released, tmp_path):
    course = tmp_path / "course"
    shutil.copytree(released, course)
    with open(course / "nbgrader_config.py", "a", encoding="utf-8") as config:
        config.write('c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.bak"]\n')
    source = course / "source" / tiny.NAME
    for name in ("data.csv", "cases/own/case.yaml", "cases/own/teaching-note.md", "teaching-note.md", ".ipynb_checkpoints/data.csv", "old.bak", "more.ipynb"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text("x", encoding="utf-8")
    names = {name.removeprefix(f"source/{tiny.NAME}/") for name in packed(Run(course, tiny.NAME), True).files}
    assert names - {".casebook.json"} == {"data.csv", "cases/own/case.yaml"}
