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
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from nbgrader.utils import find_all_files
from traitlets.config import Config

from casebook.errors import CasebookError
from casebook.grading.configure import NOTE
from casebook.grading.folder import CONFIG, coursedir
from casebook.grading.players import FILE as PLAYERS

from .bench import Bench
from .converter import converter_of
from .desk import Done, Task
from .kernels import Kernels, Plan, limits_of
from .pool import WorkerEnded
from .reasons import in_words
from .run import Run
from .workers import longest

AHEAD = 2       # submissions under way for each worker, so that none waits for the next


@dataclass(frozen=True)
class Package:
    """What every worker needs once: configuration, and the course's files that a bench reads.

    Attributes
    ----------
    longest : float
        Seconds that one submission may take in all.
    """

    assignment: str
    config: bytes
    files: dict[str, bytes]
    sandbox: bool
    longest: float

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
    # What the course leaves out does not leave the house; nor does a note for teachers, ever.
    kept = find_all_files(str(source), [*run.dirs.ignore, "*.ipynb", NOTE])
    files = {f"{run.dirs.source_directory}/{run.assignment}/{Path(path).relative_to(source)}":
             Path(path).read_bytes() for path in sorted(kept)}
    if (root / PLAYERS).is_file():
        files[PLAYERS] = (root / PLAYERS).read_bytes()
    try:
        config = pickle.dumps(_without_database(run.config))
    except Exception as error:
        raise CasebookError(f"The configuration of the course cannot travel to a cluster: {error}.",
                            "Name functions and classes of an installed module in it, not of "
                            "nbgrader_config.py.") from error
    return Package(run.assignment, config, files, sandbox, longest(run, limits_of(run.config)))


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
            return WorkerEnded("The worker of the cluster that ran it was lost, several times.")


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
            # One that took too long may still hold a file.
            with tempfile.TemporaryDirectory(prefix="casebook-",
                                             ignore_cleanup_errors=True) as folder:
                _write(Path(folder), files)
                return _in_time(bench, replace(task, folder=Path(folder)), package.longest)
        except CasebookError as error:
            return error
        except Exception as error:      # a full disk there, say: told, and the others go on
            return CasebookError(f"On the cluster's worker {os.uname().nodename}: "
                                 f"{in_words(error)}.")


def _in_time(bench: Bench, task: Task, longest: float) -> Done:
    """Run it in a thread, which is left to itself when it has had too long.

    On one machine its process is ended. Here that would be Dask's worker, which would be taken for
    lost, and the submission given to the next.
    """
    found: Future[Done] = Future()
    late = threading.Event()

    def run() -> None:
        try:
            found.set_result(bench.run(task))
        except BaseException as error:
            found.set_exception(error)
        if late.is_set():       # the bench, closed meanwhile, may have started kernels again
            bench.close()

    thread = threading.Thread(target=run, name="casebook-submission", daemon=True)
    thread.start()
    thread.join(longest)
    if not thread.is_alive():
        return found.result()
    # Its kernel ends with the bench, and the thread then, unless it hangs somewhere else.
    late.set()
    _forget_bench()
    raise WorkerEnded(f"It had not ended after {longest:.0f} seconds on the cluster's worker "
                      f"{os.uname().nodename}.")


def _bench(package: Package) -> Bench:
    """The bench of this process, made anew for another package."""
    global _HERE
    if _HERE is None or _HERE[0] != package.digest:
        _forget_bench()
        root = tempfile.TemporaryDirectory(prefix="casebook-course-")
        try:
            _HERE = (package.digest, _made(package, root.name), root)
        except BaseException:
            root.cleanup()
            raise
    return _HERE[1]


def _forget_bench() -> None:
    """End the bench of this process, if there is one; the next has nothing of it left."""
    global _HERE
    here, _HERE = _HERE, None
    if here is not None:
        _, bench, root = here
        with contextlib.suppress(Exception):
            bench.close()
        with contextlib.suppress(OSError):
            root.cleanup()


def _made(package: Package, root: str) -> Bench:
    """A bench over a course of this package, unpacked in the folder ``root``."""
    _write(Path(root), {**package.files, CONFIG: b"c = get_config()\n"})
    dirs = coursedir(root)
    dirs.assignment_id = package.assignment
    config = Config(pickle.loads(package.config))
    config.CourseDirectory.root = root
    dirs.update_config(config)
    dirs.root = root
    try:
        kernels = Kernels(Plan(package.sandbox, limits_of(config)))
    except CasebookError as error:
        raise SandboxMissing(f"On the cluster's worker {os.uname().nodename}: {error.wrong}",
                             error.mend) from error
    return Bench(converter_of(dirs, config), kernels)


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
