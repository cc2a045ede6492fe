"""Submissions run on a Dask cluster. Students' files travel there; the gradebook stays here.

A worker gets what a bench needs and no more: the course's configuration, the names under which
students play, the instructor's settings of the assignment (without its notebook, so that no model
answer leaves), and one submission at a time.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from traitlets.config import Config

from casebook.errors import CasebookError
from casebook.grading.folder import CONFIG, coursedir
from casebook.grading.players import FILE as PLAYERS

from .bench import Bench
from .converter import converter_of
from .desk import Done, Task
from .kernels import Kernels, Plan, limits_of
from .reasons import in_words
from .run import Run

AHEAD = 2       # submissions under way for each worker, so that none waits for the next


@dataclass(frozen=True)
class Package:
    """What every worker needs once: configuration, and the course's files that a bench reads."""

    assignment: str
    config: bytes
    files: dict[str, bytes]
    sandbox: bool

    @property
    def digest(self) -> str:
        """What tells this package from another."""
        told = [self.assignment.encode(), self.config, str(self.sandbox).encode()]
        for name in sorted(self.files):
            told += [name.encode(), self.files[name]]
        return sha256(b"\0".join(told)).hexdigest()


def packed(run: Run, sandbox: bool) -> Package:
    """The package of a run."""
    root = Path(run.dirs.root)
    source = Path(run.dirs.format_path(run.dirs.source_directory, ".", run.assignment))
    files = {str(path.relative_to(source)): path.read_bytes()
             for path in sorted(source.rglob("*")) if path.is_file() and path.suffix != ".ipynb"}
    files = {f"{run.dirs.source_directory}/{run.assignment}/{name}": content
             for name, content in files.items()}
    if (root / PLAYERS).is_file():
        files[PLAYERS] = (root / PLAYERS).read_bytes()
    try:
        config = pickle.dumps(_without_database(run.config))
    except Exception as error:
        raise CasebookError(f"The configuration of the course cannot travel to a cluster: {error}.",
                            "Name functions and classes of an installed module in it, not of "
                            "nbgrader_config.py.") from error
    return Package(run.assignment, config, files, sandbox)


def _without_database(config: Config) -> dict[str, Any]:
    """The configuration without the gradebook's address, in which a password may stand."""
    return {name: {key: value for key, value in part.items() if key != "db_url"}
            for name, part in config.items()}


class Cluster:
    """Runs tasks on a cluster; see `pool.Pool`, whose place it takes."""

    def __init__(self, client: Any, package: Package):
        self._client = client
        # As a task: what is scattered is gone for good with the last worker that has it.
        self._package = client.submit(_package, package, pure=False)

    def results(self, tasks: Iterator[Task]) -> Iterator[tuple[Task, Done | Exception]]:
        """Run the tasks. A worker that is lost gives its submission to another.

        Where no worker is left, it waits for one to come.
        """
        from distributed import as_completed

        under_way: dict[str, Task] = {}
        done = as_completed([], loop=self._client.loop)
        self._keep_busy(tasks, under_way, done)
        while under_way:
            with _scheduler_there():
                future = next(done)
            task = under_way.pop(future.key)
            result = self._result(future)
            if isinstance(result, SandboxMissing):
                raise result
            yield task, result
            self._keep_busy(tasks, under_way, done)

    def _keep_busy(self, tasks: Iterator[Task], under_way: dict[str, Task], done: Any) -> None:
        with _scheduler_there():
            most = AHEAD * max(sum(self._client.nthreads().values()), 1)
        while len(under_way) < most and (task := next(tasks, None)) is not None:
            files = {str(path.relative_to(task.folder)): path.read_bytes()
                     for path in sorted(task.folder.rglob("*")) if path.is_file()}
            with _scheduler_there():
                future = self._client.submit(run_there, self._package,
                                             replace(task, folder=Path()), files, pure=False)
                under_way[future.key] = task
                done.add(future)

    def _result(self, future: Any) -> Done | Exception:
        from distributed import KilledWorker

        try:
            with _scheduler_there():
                return future.result()
        except KilledWorker:
            return CasebookError("The worker of the cluster that ran it was lost, several times.",
                                 "Run the command again with --only.")


@contextlib.contextmanager
def _scheduler_there() -> Iterator[None]:
    """Say it plainly where the scheduler goes away."""
    try:
        yield
    except (CancelledError, TimeoutError, OSError, RuntimeError) as error:
        raise CasebookError(
            f"The cluster's scheduler is gone, or was restarted ({type(error).__name__}).",
            "What is graded stays. See that it runs, and run the command again.") from None


class SandboxMissing(CasebookError):
    """A worker of the cluster on which students' code cannot be shut in."""


_LOCK = threading.Lock()        # threads of a worker share a process, and a bench is for one
_HERE: tuple[str, Bench, tempfile.TemporaryDirectory] | None = None


def _package(package: Package) -> Package:
    return package


def run_there(package: Package, task: Task, files: dict[str, bytes]) -> Done | Exception:
    """Run one submission on a worker of the cluster."""
    with _LOCK:
        try:
            bench = _bench(package)
            with tempfile.TemporaryDirectory(prefix="casebook-") as folder:
                _write(Path(folder), files)
                return bench.run(replace(task, folder=Path(folder)))
        except CasebookError as error:
            return error
        except Exception as error:      # a full disk there, say: told, and the others go on
            return CasebookError(f"On the cluster's worker {os.uname().nodename}: "
                                 f"{in_words(error)}.")


def _bench(package: Package) -> Bench:
    """The bench of this process, made anew for another package."""
    global _HERE
    if _HERE is None or _HERE[0] != package.digest:
        if _HERE is not None:
            _HERE[1].close()
            _HERE[2].cleanup()
        root = tempfile.TemporaryDirectory(prefix="casebook-course-")
        _write(Path(root.name), {**package.files, CONFIG: b"c = get_config()\n"})
        dirs = coursedir(root.name)
        dirs.assignment_id = package.assignment
        config = Config(pickle.loads(package.config))
        config.CourseDirectory.root = root.name
        dirs.update_config(config)
        dirs.root = root.name
        try:
            kernels = Kernels(Plan(package.sandbox, limits_of(config)))
        except CasebookError as error:
            raise SandboxMissing(f"On the cluster's worker {os.uname().nodename}: {error.wrong}",
                                 error.mend) from error
        _HERE = (package.digest, Bench(converter_of(dirs, config), kernels), root)
    return _HERE[1]


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@contextlib.contextmanager
def on_cluster(run: Run, address: str, sandbox: bool) -> Iterator[Cluster]:
    """A cluster, for a run.

    Raises
    ------
    CasebookError
        If nobody answers there, it has no workers, or they have another casebook.
    """
    from casebook.study.workers import connect

    limits_of(run.config)       # a mistake in them is told here, not by every worker
    client = connect(address)
    try:
        yield Cluster(client, packed(run, sandbox))
    finally:
        client.close()
