"""Run a snippet inside a box, in a process forked from a Python parent as a kernel is."""

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARENT = r"""
import json, os, sys
sys.path[:0] = [sys.argv[1]]
for name in sys.argv[2].split():
    __import__(name)
from casebook.autograding.sandbox.join import join
given = json.load(sys.stdin)
leak = os.open("/", os.O_RDONLY)     # what a careless parent might have open
pid = os.fork()
if pid == 0:
    os.environ.clear()
    os.environ.update(given["env"])
    join(given["spec"], keep=(1, 2))
    try:
        exec(compile(given["code"], "snippet", "exec"), {"__name__": "__main__"})
        sys.stdout.flush()
        os._exit(0)
    except SystemExit as left:
        sys.stdout.flush()
        os._exit(left.code or 0)
    except BaseException:
        import traceback
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
os.write(2, f"OUTER {pid}\n".encode())
os.close(1)
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
"""


@contextmanager
def start(box, code, *, preload=""):
    """The parent process, started; its standard output is what the snippet prints."""
    process = subprocess.Popen([sys.executable, "-c", PARENT, str(ROOT), preload], text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(json.dumps({"spec": box.spec(), "code": code, "env": box.environment()}))
    process.stdin.close()
    process.stdin = None
    try:
        with process:
            try:
                yield process
            except BaseException:
                box.kill()               # or its end would be waited for
                raise
    finally:
        process.kill()


def run(box, code, *, preload="", seconds=60):
    """What a snippet printed, what it said on stderr, and its status; the parent has ended."""
    with start(box, code, preload=preload) as process:
        out, error = process.communicate(timeout=seconds)
    error = "\n".join(line for line in error.splitlines() if not line.startswith("OUTER"))
    return out.strip(), error, process.returncode


def say(box, code, **named):
    """What a snippet printed, once it has ended well."""
    out, error, status = run(box, code, **named)
    assert status == 0, error
    return out


def until(true, seconds=30):
    """Wait until something is so; fail if it never is."""
    end = time.monotonic() + seconds
    while not (value := true()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return value


def tries(box, **attempts):
    """For each attempt (an expression) its value as text, or the name of its error."""
    code = "import json, os, socket, ctypes, subprocess, sys, signal, resource\nfound = {}\n"
    for name, expression in attempts.items():
        code += (f"try:\n    found[{name!r}] = repr({expression})\n"
                 f"except BaseException as error:\n    found[{name!r}] = type(error).__name__\n")
    return json.loads(say(box, code + "print(json.dumps(found))"))

