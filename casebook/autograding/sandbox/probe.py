"""Is the sandbox to be had on this machine? Found out by making one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .failed import SandboxError

WITHOUT = ("With `--sandbox off` students' code runs with your own rights: only for work that you "
           "trust.")
ELSEWHERE = ("Grade on Linux: on the course's hub, in a container with privileges, or on a virtual "
             f"machine. {WITHOUT}")
# What bubblewrap says, what it means, and the way round.
KNOWN = (
    ("No permissions to creat", "This machine lets nobody but root make namespaces.",
     "Let them be made (`sysctl kernel.unprivileged_userns_clone=1`; on Ubuntu since 23.10 an "
     "AppArmor profile for bwrap), or grade as root."),
    ("Creating new namespace failed", "This machine or container does not let namespaces be made.",
     "In Docker, start the container with `--privileged`, or with `--cap-add SYS_ADMIN "
     "--security-opt seccomp=unconfined --security-opt apparmor=unconfined`."),
    ("Can't mount proc", "This container does not let /proc be mounted in a sandbox.",
     "In Docker, start the container with `--privileged`, or with `--security-opt "
     "systempaths=unconfined`."),
    ("setting up uid map", "This machine does not let a user namespace be used.",
     "On Ubuntu since 23.10, give bwrap an AppArmor profile that allows `userns`, or grade as "
     "root."),
    ("loopback", "This machine does not let a network of its own be set up in the sandbox.",
     "On Ubuntu since 23.10, give bwrap an AppArmor profile that allows `userns`, or grade as "
     "root."),
)
TRIAL = ("import sys; sys.path[:0] = [sys.argv[1]]; "
         "from casebook.autograding.sandbox.join import main; main()")


@dataclass(frozen=True)
class Availability:
    """Whether there is a sandbox; if not, why, and what to do."""

    ok: bool
    why: str = ""
    how: str = ""


@lru_cache(maxsize=1)
def available() -> Availability:
    """Find out whether students' code can be shut in here, by trying it once (about 0.2 s)."""
    if not sys.platform.startswith("linux"):
        name = {"darwin": "macOS", "win32": "Windows"}.get(sys.platform, sys.platform)
        return Availability(False, f"The sandbox needs Linux, and this is {name}.", ELSEWHERE)
    if not shutil.which("bwrap"):
        return Availability(False, "The sandbox needs the program bwrap, which was not found.",
                            "Install bubblewrap (`apt install bubblewrap`, `dnf install "
                            f"bubblewrap`). {WITHOUT}")
    from .box import Box

    try:
        with Box() as box:
            told = _enter(box.spec())
    except (SandboxError, OSError) as error:
        told = str(error)
    if told is None:
        return Availability(True)
    for words, why, how in KNOWN:
        if words.lower() in told.lower():
            return Availability(False, f"{why} ({told})", f"{how} {WITHOUT}")
    return Availability(False, f"A trial of the sandbox failed: {told}", ELSEWHERE)


def _enter(spec: dict) -> str | None:
    """Enter a box and start Python there; what went wrong, if anything did."""
    # Its own process: entering takes one thread, and a grader has more.
    root = str(Path(__file__).resolve().parents[3])
    done = subprocess.run([sys.executable, "-I", "-c", TRIAL, root], input=json.dumps(spec),
                          capture_output=True, text=True, timeout=60)
    if done.stdout.strip() == "inside":
        return None
    return (done.stderr.strip() or f"Python ended in it with status {done.returncode}")[-2000:]


def require() -> None:
    """Go on only where students' code can be shut in; otherwise say why not, and what to do."""
    found = available()
    if not found.ok:
        raise SandboxError(f"Students' code cannot be shut in here. {found.why}", found.how)
