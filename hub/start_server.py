"""Start one person's server: set limits, lay the lessons ready, become jupyterhub-singleuser.

JupyterHub's own memory limits do nothing for servers that are plain processes (the class
LocalProcessSpawner says so), so the limits are the operating system's.
"""

import os
import resource
import sys
import tomllib
from pathlib import Path

SITE = tomllib.loads(Path(__file__).resolve().with_name("site.toml").read_text(encoding="utf-8"))


def set_limits(limits: dict[str, int]) -> None:
    """Limit this process and all that it starts."""
    megabyte = 1024 * 1024
    for what, most in ((resource.RLIMIT_DATA, limits["memory_mb"] * megabyte),
                       (resource.RLIMIT_FSIZE, limits["file_mb"] * megabyte),
                       (resource.RLIMIT_NPROC, limits["processes"])):
        hard = resource.getrlimit(what)[1]
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(what, (most, most))


def lay_lessons() -> None:
    """Copy the lessons to the person's folder; what they have changed is never written over."""
    from casebook.errors import CasebookError
    from casebook.lab import FOLDER, copy_lessons, lessons_folder

    try:
        for line in copy_lessons(lessons_folder(), Path.home() / FOLDER):
            print(line, flush=True)
    except CasebookError as error:
        # A full disk must not keep a person from their server: there they can make room.
        print(error, file=sys.stderr, flush=True)


def main() -> None:
    arguments = sys.argv[1:]
    set_limits(SITE["limits"])
    if "--lessons" in arguments:
        arguments.remove("--lessons")
        lay_lessons()
    os.execv(sys.executable, [sys.executable, "-m", "jupyterhub.singleuser", *arguments])


if __name__ == "__main__":
    main()
