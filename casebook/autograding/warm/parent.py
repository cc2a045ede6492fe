"""The warm parent: imports what assignments import, then forks a kernel whenever it is asked to.

Run as ``python -m casebook.autograding.warm.parent MODULE`` with one end of a socket pair as
standard input (see ``process``); the module has the function ``join``. Lines of JSON go both ways.

* ``{"do": "fork", "id", "cwd", "env", "connection", "connection_file", "arguments", "join"}`` is
  answered by ``{"id", "pid"}``, later by ``{"pid", "ready": "warm" | "cold"}`` or ``{"pid",
  "failed": why}``, and at the end by ``{"pid", "exit": status of waitpid}``;
* ``{"do": "signal", "pid", "signal"}`` goes to a kernel's whole group, and has no answer;
* ``{"do": "share"}`` brings another socket along, from which the same may be asked.

When a socket's other end closes, the kernels that were asked for there are killed; when the first
one's does, the parent ends.
"""

from __future__ import annotations

import os
import sys

from casebook.autograding.warm.record import Recorder


def serve(joins: str) -> object:
    """Fork on demand; returns in each fork with the kernel that it is to run, else with None."""
    _away_from_here()
    recorder = Recorder("casebook")
    recorder.start()
    from casebook.autograding.warm.server import Server, import_all

    return Server(*import_all(recorder, joins)).run()


def launch(app: object) -> None:
    """Run a kernel. Its frames begin where a cold one's do, so that recursion ends as deep."""
    app.start()


def _away_from_here() -> None:
    """Modules are not for the folder that Python was started in, as in ipykernel's launcher."""
    if sys.path and sys.path[0] in ("", os.getcwd()):
        del sys.path[0]


if __name__ == "__main__":
    kernel = serve(sys.argv[1])
    if kernel is not None:
        launch(kernel)
