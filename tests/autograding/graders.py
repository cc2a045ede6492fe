"""Graders to be killed, each a process of its own, forked here so that nothing has to be imported again.

A line of JSON on standard input, ``{"course", "output", "place"}``, starts one; its number is answered. What it says goes to the file
``output``. With a ``place`` (module, class or empty, function, number, ``before`` or ``after``) it kills itself at that call.
"""

import contextlib
import importlib
import json
import os
import signal
import sys

from casebook.autograding import run, workers  # noqa: F401  (once for all that are forked)
from casebook.autograding.warm import process as warm
from casebook.cli import main

from . import tiny


def kill_at(module, owner, name, number, when):
    """Let this process kill itself at the given call of a function, before or after it."""
    where = importlib.import_module(module)
    where = getattr(where, owner) if owner else where
    stock, calls = getattr(where, name), []

    def instead(*args, **named):
        calls.append(name)
        if len(calls) == number and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        done = stock(*args, **named)
        if len(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(where, name, instead)


def grade(asked, parent, shared):
    os.setsid()
    parent.leave()
    output = os.open(asked["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    if asked["place"]:
        kill_at(*asked["place"])
    warm.prepared = lambda: contextlib.nullcontext(warm.WarmParent(shared=shared))
    return main(["course", "grade", tiny.NAME, "--course", asked["course"], "--workers", "2"])


def serve():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)       # nobody waits for those that are killed
    parent = warm.WarmParent()
    parent.prepare()
    for line in iter(sys.stdin.buffer.readline, b""):
        shared = parent.share()
        number = os.fork()
        if number == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            code = 70
            try:
                code = grade(json.loads(line), parent, shared)
            finally:
                sys.stdout.flush()
                os._exit(code)
        shared.close()
        print(number, flush=True)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    parent.stop()


if __name__ == "__main__":
    serve()
