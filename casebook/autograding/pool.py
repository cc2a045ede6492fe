"""Worker processes on this machine. One that ends is replaced, and what it held is tried again."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any

from casebook.errors import CasebookError

from .desk import Done, Task
from .reasons import in_words

TRIES = 2            # a worker that ended twice over one submission is that submission's doing
PR_SET_PDEATHSIG = 1


@dataclass
class _Worker:
    process: Any
    pipe: Connection
    task: Task | None = None
    since: float = 0.0


class Pool:
    """Processes that each run one task at a time.

    Parameters
    ----------
    workers : int
        How many.
    begin : callable
        Called in each process at its start, with the number of the process (from 0); gives an
        object whose ``run(task)`` gives a `Done` and whose ``close()`` ends what it has started.
    longest : float
        Seconds that one task may take in all, before its worker is ended.
    """

    def __init__(self, workers: int, begin: Callable[[int], Any], longest: float):
        self._begin, self._longest = begin, longest
        # Forked where there is forking: what nbgrader imports (1.5 seconds) is there already.
        methods = multiprocessing.get_all_start_methods()
        self._context = multiprocessing.get_context("fork" if "fork" in methods else "spawn")
        self._workers: list[_Worker] = []
        self._made = 0
        for _ in range(workers):
            self._workers.append(self._new())

    def results(self, tasks: Iterator[Task]) -> Iterator[tuple[Task, Done | Exception]]:
        """Run the tasks; give each with its result, as they are done.

        A task is taken only when a worker is free, or will be next. What cannot be run gives an
        exception in place of a result.
        """
        tried: dict[str, int] = {}       # by student: an id() is given again
        waiting: list[Task] = []
        more = True
        while True:
            while more and len(waiting) < 1 + sum(w.task is None for w in self._workers):
                task = next(tasks, None)
                more = task is not None
                if task is not None:
                    waiting.append(task)
            for worker in self._workers:
                if worker.task is None and waiting:
                    self._give(worker, waiting.pop(0))
            busy = [worker for worker in self._workers if worker.task is not None]
            if not busy:
                return
            for worker in self._ready(busy):
                task, result = worker.task, self._result(worker)
                worker.task = None
                if isinstance(result, WorkerEnded):
                    self._replace(worker)
                    tried[task.student] = tried.get(task.student, 0) + 1
                    if tried[task.student] < TRIES:
                        waiting.insert(0, task)
                        continue
                yield task, result

    def _ready(self, busy: list[_Worker]) -> list[_Worker]:
        """Workers with a result, or that ended, or that have had too long."""
        now = time.monotonic()
        first = min(worker.since for worker in busy) + self._longest
        ready = wait([end for w in busy for end in (w.pipe, w.process.sentinel)],
                     timeout=max(0.0, first - now))
        found = [w for w in busy if w.pipe in ready or w.process.sentinel in ready]
        for worker in busy:
            if worker not in found and time.monotonic() - worker.since >= self._longest:
                _end(worker)
                found.append(worker)
        return found

    def _give(self, worker: _Worker, task: Task) -> None:
        worker.task, worker.since = task, time.monotonic()
        with contextlib.suppress(OSError):   # it has just ended; that is seen when it is read
            worker.pipe.send(task)

    def _result(self, worker: _Worker) -> Done | Exception:
        try:
            if worker.pipe.poll():
                return worker.pipe.recv()
        except (EOFError, OSError):
            pass
        return WorkerEnded("The process that ran this submission ended.")

    def _new(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_begin_to_work, daemon=False,
                                        args=(theirs, self._begin, self._made))
        process.start()
        self._made += 1
        theirs.close()
        return _Worker(process, ours)

    def _replace(self, worker: _Worker) -> None:
        _end(worker)
        worker.pipe.close()
        new = self._new()
        worker.process, worker.pipe = new.process, new.pipe

    def close(self) -> None:
        """Ask each worker to end, and see that it does."""
        for worker in self._workers:
            if worker.task is None:
                with contextlib.suppress(OSError):
                    worker.pipe.send(None)
        for worker in self._workers:
            if worker.task is None:
                worker.process.join(5)
            _end(worker)
            worker.pipe.close()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


class WorkerEnded(CasebookError):
    """A worker process that is no longer there."""


def _end(worker: _Worker) -> None:
    if worker.process.is_alive():
        worker.process.kill()
    worker.process.join()


def _begin_to_work(pipe: Connection, begin: Callable[[int], Any], number: int) -> None:
    """A worker's first step: leave the event loop that the process it was forked from may have.

    All that are forked would share its epoll and its wake-ups, and wait for what another has read.
    """
    asyncio.set_event_loop(None)
    contextvars.Context().run(_work, pipe, begin, number)


def _work(pipe: Connection, begin: Callable[[int], Any], number: int) -> None:
    """The life of a worker."""
    # Ctrl-C reaches the whole group; the main process decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent()
    bench = None
    try:
        bench = begin(number)
        run = bench.run
    except Exception as error:      # told for each task, or the tasks would be taken for its cause
        run = partial(_refuse, error)
    try:
        while (task := pipe.recv()) is not None:
            try:
                result: Done | Exception = run(task)
            except CasebookError as error:
                result = error
            except Exception as error:
                result = CasebookError(f"{in_words(error)}.")
            pipe.send(result)
    except (EOFError, OSError):
        pass
    finally:
        if bench is not None:
            bench.close()


def _refuse(error: Exception, task: Task) -> Done:
    raise error


def _end_with_parent() -> None:
    """Where Linux offers it, let a killed grader take its workers along."""
    with contextlib.suppress(Exception):
        import ctypes

        parent = os.getppid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
