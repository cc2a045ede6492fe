"""Where the time of ``nbgrader autograde`` goes: the command itself, with clocks around its parts.

``python stock_parts.py ASSIGNMENT STUDENTS`` in a course folder prints seconds in all, as JSON:
until the converter begins (``command start``), and for each part what is spent in it alone.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import sys
import time

_BEGAN = time.perf_counter()
SPENT = {"command start": 0.0, "kernel start": 0.0, "cells": 0.0, "gradebook": 0.0,
         "conversion": 0.0}
_INSIDE: list[float] = []       # seconds of clocked calls within each clocked call under way


def clock(owner: type, name: str, part: str) -> None:
    """Add what a method takes, without what clocked methods take within it, to a part."""
    stock = getattr(owner, name)

    @functools.wraps(stock)
    def instead(*args, **named):
        began = time.perf_counter()
        _INSIDE.append(0.0)
        try:
            return stock(*args, **named)
        finally:
            seconds = time.perf_counter() - began
            SPENT[part] += seconds - _INSIDE.pop()
            if _INSIDE:
                _INSIDE[-1] += seconds

    setattr(owner, name, instead)


def main(assignment: str, students: str) -> None:
    """Run the command with clocks."""
    from nbclient import NotebookClient
    from nbgrader.api import Gradebook
    from nbgrader.apps import NbGraderApp
    from nbgrader.converters import Autograde

    for name in ("start_new_kernel", "start_new_kernel_client", "_cleanup_kernel"):
        clock(NotebookClient, name, "kernel start")
    clock(NotebookClient, "execute_cell", "cells")
    for name, found in vars(Gradebook).items():
        if callable(found) and (name == "__init__" or not name.startswith("_")):
            clock(Gradebook, name, "gradebook")
    clock(Autograde, "start", "conversion")
    begins = Autograde.start

    def start(self):
        SPENT["command start"] = time.perf_counter() - _BEGAN
        return begins(self)

    Autograde.start = start
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        NbGraderApp.launch_instance(["autograde", assignment, "--student", students])
    print(json.dumps(SPENT))


if __name__ == "__main__":
    main(*sys.argv[1:])
