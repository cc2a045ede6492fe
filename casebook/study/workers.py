"""Where the blocks of a study are played: in this process, in several, or on a Dask cluster.

Each way gives ``(block, result)`` pairs as blocks are finished, in any order, and keeps only a few
blocks under way, so that a study of any length needs little memory.
"""

from __future__ import annotations

import copyreg
import importlib
import io
import itertools
import os
import pickle
import re
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, wait
from contextlib import contextmanager
from importlib import metadata
from multiprocessing import get_context
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol
from urllib.parse import urlsplit

from casebook.errors import StudyError

_GIVEN = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
PAYS = 12            # blocks for each worker from which starting a second process pays
AHEAD = 3            # blocks under way for each worker
PATIENCE = 10        # seconds to wait for a scheduler and its first worker


class BlockJob(Protocol):
    """Plays blocks. Jobs travel to other processes, so they must be picklable."""

    def prepare(self) -> Any:
        """What all blocks share; made once in each process."""

    def play(self, block: int, prepared: Any) -> Any:
        """The result of one block, the same wherever it is played."""


def default_workers(blocks: int) -> int:
    """Two where there are two processors and enough blocks, else one."""
    if sys.platform == "emscripten":
        return 1
    enough = blocks >= 2 * PAYS and (os.cpu_count() or 1) >= 2
    return 2 if enough and _main_can_be_imported() else 1


def _main_can_be_imported() -> bool:
    """Whether a new process may import what was started here, without starting it again."""
    main = sys.modules["__main__"]
    file = getattr(main, "__file__", None)
    if file is None or getattr(main, "__spec__", None) is not None:
        return True
    try:
        return "__main__" in Path(file).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def finished(job: BlockJob, blocks: int, workers: int = 1,
             cluster: str | None = None) -> Iterator[tuple[int, Any]]:
    """``(block, result)`` for every block, as each is finished (StudyError if none can be)."""
    if cluster is not None:
        return _on_cluster(job, blocks, cluster)
    if workers == 1 or blocks == 1:
        return _here(job, blocks)
    return _in_processes(job, blocks, min(workers, blocks))


def _here(job: BlockJob, blocks: int) -> Iterator[tuple[int, Any]]:
    prepared = job.prepare()
    for block in range(blocks):
        yield block, job.play(block, prepared)


def _in_processes(job: BlockJob, blocks: int, workers: int) -> Iterator[tuple[int, Any]]:
    # "spawn" is the only way that is safe beside the threads of a notebook, on every system.
    # Python in a browser has no processes, and cannot even import these.
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor

    pool = ProcessPoolExecutor(workers, get_context("spawn"), _begin, (_packed(job),))
    waiting, numbers = set(), iter(range(blocks))

    def keep_busy() -> None:
        for block in itertools.islice(numbers, workers * AHEAD - len(waiting)):
            waiting.add(pool.submit(_play, block))

    try:
        with _deaf_to_interrupts():
            keep_busy()                      # the first submission starts the workers
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
            keep_busy()
    except BrokenProcessPool as error:
        raise StudyError(
            "The worker processes stopped.", "In a script, start the study below "
            'if __name__ == "__main__":, or give workers=1.') from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes that are started meanwhile ignore Ctrl-C from their first moment.

    They inherit it; their own ``_begin`` comes too late for an interrupt while they still import.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _packed(job: BlockJob) -> bytes:
    """A job as bytes; unlike ``pickle.dumps`` it takes the read-only mappings of a case."""
    out = io.BytesIO()
    pickler = pickle.Pickler(out)
    pickler.dispatch_table = {**copyreg.dispatch_table,
                              MappingProxyType: lambda view: (_read_only, (dict(view),))}
    pickler.dump(job)
    return out.getvalue()


def _read_only(values: dict) -> MappingProxyType:
    return MappingProxyType(values)


def _begin(job: bytes) -> None:
    """A worker begins. An interrupt is for the parent, which then stops its workers."""
    global _JOB, _PREPARED
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _JOB = pickle.loads(job)
    _PREPARED = _JOB.prepare()


def _play(block: int) -> tuple[int, Any]:
    return block, _JOB.play(block, _PREPARED)


def _on_cluster(job: BlockJob, blocks: int, address: str) -> Iterator[tuple[int, Any]]:
    client = connect(address)
    from distributed import KilledWorker, as_completed

    try:
        ahead = AHEAD * max(sum(client.nthreads().values()), 1)
        there = client.scatter(_packed(job), broadcast=True, hash=False)
        numbers = iter(range(blocks))

        def submit(block: int):
            return client.submit(_play_there, there, block, pure=False)

        under_way = as_completed([submit(block) for block in itertools.islice(numbers, ahead)],
                                 loop=client.loop)
        for future in under_way:
            yield future.result()
            for block in itertools.islice(numbers, 1):
                under_way.add(submit(block))
    except (OSError, CancelledError, KilledWorker) as error:
        raise StudyError(f"The cluster at {address!r} was lost ({type(error).__name__}).",
                         "Look at its scheduler, then run the study again.") from error
    finally:
        client.close()


def connect(address: str) -> Any:
    """A ``distributed.Client`` of a cluster whose workers have this casebook.

    Parameters
    ----------
    address : str
        The scheduler's, or ``MODULE:FUNCTION``: a function without arguments that gives a client,
        in a module of this folder or an installed one.

    Raises
    ------
    StudyError
        If dask.distributed is not installed, nobody answers, there are no workers, or they have
        another version.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise StudyError("A cluster needs dask.distributed, which is not installed.",
                         'Install it: pip install "client-casebook[cluster]".') from error
    client = _given(Client, address) if _GIVEN.fullmatch(address) else _client(Client, address)
    try:
        _wait_for_one(client, address)
        _same_version(client, address)
    except BaseException:
        client.close()
        raise
    return client


def _given(kind: type, name: str) -> Any:
    """The client that a function of the user's own gives: for clusters that need more than a name.
    """
    module, _, function = name.partition(":")
    # A command's own folder is not among those that Python looks in.
    sys.path.insert(0, os.getcwd())
    try:
        client = getattr(importlib.import_module(module), function)()
    except Exception as error:
        raise StudyError(f"{name} gave no client of a cluster ({type(error).__name__}: {error}).",
                         "It has to be a function without arguments, in a module of this folder "
                         "or an installed one, that gives a distributed.Client.") from error
    finally:
        sys.path.remove(os.getcwd())
    if not isinstance(client, kind):
        raise StudyError(f"{name} gave no client of a cluster but {type(client).__name__}.",
                         "It has to give a distributed.Client.")
    return client


def _client(make: Any, address: str) -> Any:
    """A client of a scheduler that answers."""
    import logging

    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        # A client that fails to connect cleans up at a moment of its own choosing, and can hang
        # then; so make one only where something listens.
        _knock(address)
        client = make(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise StudyError(f"No Dask scheduler answers at {address!r}.",
                         "Start one with `dask scheduler` and give its address, e.g. "
                         "tcp://127.0.0.1:8786.") from error
    return client


def _wait_for_one(client: Any, address: str) -> None:
    """Wait for a worker: a scheduler, or a function's cluster, may have been started just now."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise StudyError(f"The cluster at {address!r} has no workers.",
                         f"Start some (`dask worker {address}`), or let your function wait for "
                         "them.") from error


def _knock(address: str) -> None:
    """Raise OSError or ValueError unless something listens at an address."""
    where = urlsplit(address if "://" in address else f"tcp://{address}")
    if not where.hostname or not where.port:
        raise ValueError(f"{address!r} has no host or no port")
    socket.create_connection((where.hostname, where.port), PATIENCE).close()


def _same_version(client: Any, address: str) -> None:
    """Refuse a cluster whose workers have another casebook: their numbers would be others."""
    mend = "Install the same version of the casebook on all of them."
    try:
        found = set(client.run(versions).values())
    except ImportError as error:
        raise StudyError(f"A worker of the cluster at {address!r} lacks the casebook.",
                         mend) from error
    except AttributeError as error:     # it is so old that it does not know how to say
        raise StudyError(f"A worker of the cluster at {address!r} has another casebook.",
                         mend) from error
    if found != {versions()}:
        raise StudyError(f"The workers at {address!r} have {'; '.join(sorted(found))}; "
                         f"here is {versions()}.", mend)


def versions() -> str:
    """What has to be the same wherever something is played or graded together."""
    return f"the casebook {_installed()} with the client model {version()}"


def _installed() -> str:
    try:
        return metadata.version("client-casebook")
    except metadata.PackageNotFoundError:       # it runs from a folder
        return "that is not installed"


def version() -> str:
    """Version of the client's rules and parameters, with a digest of their values."""
    from casebook.model import MODEL_VERSION, parameters

    return f"{MODEL_VERSION}.{parameters().version} ({parameters().digest})"


def _play_there(job: bytes, block: int) -> tuple[int, Any]:
    """Play a block on a worker of a cluster."""
    global _THERE
    if _THERE is None or _THERE[0] != job:
        # Set as one value: other threads of the worker may be reading it.
        made = pickle.loads(job)
        _THERE = (job, made, made.prepare())
    _, made, prepared = _THERE
    return block, made.play(block, prepared)


_JOB: BlockJob | None = None
_PREPARED: Any = None
_THERE: tuple[bytes, BlockJob, Any] | None = None
