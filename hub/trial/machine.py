"""Accounts and folders for a trial, made as an administrator would, and taken away again."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .errors import Missing, Wrong

HUB = Path(__file__).resolve().parents[1]
MARK = "casebook hub trial"          # in the account's comment: ours, so that we may remove it
INSTRUCTOR, ALICE, BOB, GRADER = "cbtry-ines", "cbtry-alice", "cbtry-bob", "cbtry-grader"
PEOPLE = (INSTRUCTOR, ALICE, BOB, GRADER)
COURSE = "trial-course"


@dataclass(frozen=True)
class Machine:
    """Where everything of the trial is, and on which ports."""

    folder: Path
    ports: dict[str, int]
    subdomains: bool = False

    @property
    def config(self) -> Path:
        """The copy of the hub's files that the trial runs."""
        return self.folder / "hub"

    @property
    def exchange(self) -> Path:
        return self.folder / "exchange"

    @property
    def course(self) -> Path:
        return self.home(GRADER) / "course"

    @property
    def host(self) -> str:
        """The hub's own address where each server has a host of its own, otherwise empty.

        A browser finds names under ``localhost`` without a name server.
        """
        return f"http://hub.localhost:{self.ports['public']}" if self.subdomains else ""

    def at(self, path: str) -> str:
        """The address of a path of the hub, ``hub/...``, ``user/NAME/...`` or ``services/...``."""
        host = "127.0.0.1"
        if self.subdomains:
            kind, _, rest = path.partition("/")
            before = {"user": f"{rest.split('/')[0]}.", "services": f"{COURSE}--service."}
            host = f"{before.get(kind, '')}hub.localhost"
        return f"http://{host}:{self.ports['public']}/{path}"

    def home(self, person: str) -> Path:
        return self.folder / "home" / person


def check_rights() -> None:
    """Raise `Missing` if accounts cannot be made here, or could not run this Python."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        raise Missing("This needs root on Linux: it makes accounts, and the hub starts servers as "
                      "them. Run it on a machine or in a container that you can spare.")
    for command in ("useradd", "userdel"):
        if not shutil.which(command):
            raise Missing(f"{command} was not found. On Debian it is in the package passwd.")
    try:
        done = subprocess.run([sys.executable, "-c", "import casebook, nbgrader"], user="nobody",
                              cwd="/", env={"PATH": os.environ["PATH"], "HOME": "/"},
                              capture_output=True, text=True)
        told = done.stderr.strip()[-400:] if done.returncode else ""
    except OSError as error:
        told = str(error)
    if told:
        raise Missing(f"Other accounts cannot use {sys.executable}, or the casebook and nbgrader "
                      "are not installed for it. Use an environment outside of root's home folder, "
                      f"made with a Python that all may run.\n{told}")


@contextmanager
def machine(subdomains: bool = False) -> Iterator[Machine]:
    """Accounts, homes, exchange and course folder; all of it gone afterwards."""
    _remove_leftovers()
    folder = Path(tempfile.mkdtemp(prefix="casebook-hub-"))
    folder.chmod(0o755)
    made = Machine(folder, _ports("public", "hub", "proxy", "course"), subdomains)
    try:
        (folder / "home").mkdir()
        for person in PEOPLE:
            _add(person, made.home(person))
        made.exchange.mkdir()
        # Anybody may hand in; the sticky bit keeps anybody from renaming or removing a course.
        made.exchange.chmod(0o1777)
        _make_course(made)
        _copy_config(made)
        yield made
    finally:
        end_processes(PEOPLE)
        for person in PEOPLE:
            subprocess.run(["userdel", person], capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def _add(person: str, home: Path) -> None:
    subprocess.run(["useradd", "--comment", MARK, "--home-dir", str(home), "--create-home",
                    "--user-group", "--shell", "/bin/bash", person], check=True,
                   capture_output=True)
    home.chmod(0o700)


def _make_course(made: Machine) -> None:
    """The course folder, by the grader's account, as docs/hub.md says."""
    done = subprocess.run(
        [sys.executable, "-m", "casebook", "course", "new", str(made.course), "--course-id", COURSE,
         "--solutions", str(HUB.parent / "solutions")], user=GRADER, group=GRADER, extra_groups=[],
        cwd=made.home(GRADER), env={"PATH": os.environ["PATH"], "HOME": str(made.home(GRADER))},
        capture_output=True, text=True)
    if done.returncode:
        raise Wrong(f"The course folder was not made:\n{done.stdout}{done.stderr}")


def _copy_config(made: Machine) -> None:
    """The hub's files as they are; only the settings of the school are the trial's."""
    shutil.copytree(HUB, made.config, ignore=shutil.ignore_patterns("trial", "__pycache__"))
    lines = [f'course = "{COURSE}"', f'instructors = ["{INSTRUCTOR}"]',
             f'students = ["{ALICE}", "{BOB}"]', f'grader = "{GRADER}"',
             f'course_folder = "{made.course}"', f'exchange = "{made.exchange}"',
             f'subdomain_host = "{made.host}"', "[ports]",
             *(f"{name} = {port}" for name, port in made.ports.items())]
    text = (HUB / "site.toml").read_text(encoding="utf-8")
    limits = text[text.index("[limits]"):]
    (made.config / "site.toml").write_text("\n".join(lines) + "\n" + limits, encoding="utf-8")


def _ports(*names: str) -> dict[str, int]:
    """Free ports; all are held at once, so that no two are the same."""
    held = [socket.socket() for _ in names]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return {name: one.getsockname()[1] for name, one in zip(names, held, strict=True)}
    finally:
        for one in held:
            one.close()


def _remove_leftovers() -> None:
    """Accounts of a trial that was cut off; an account of that name that is not ours is kept."""
    for person in PEOPLE:
        try:
            found = pwd.getpwnam(person)
        except KeyError:
            continue
        if found.pw_gecos != MARK:
            raise Missing(f"There is an account {person} on this machine that the trial did not "
                          "make. Run the trial where that name is free.")
        end_processes([person])
        subprocess.run(["userdel", person], check=True, capture_output=True)


def end_processes(people) -> None:
    """End what still runs under these accounts, each by its own process id."""
    numbers = set()
    for person in people:
        try:
            numbers.add(pwd.getpwnam(person).pw_uid)
        except KeyError:
            continue
    for sign in (signal.SIGTERM, signal.SIGKILL):
        running = _processes(numbers)
        if not running:
            return
        for process in running:
            try:
                os.kill(process, sign)
            except ProcessLookupError:
                continue
        end = time.monotonic() + 10
        while _processes(numbers) and time.monotonic() < end:
            time.sleep(0.1)


def _processes(numbers: set[int]) -> list[int]:
    """The living processes of these accounts."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and entry.stat().st_uid in numbers:
                state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
                if state != "Z":
                    found.append(int(entry.name))
        except (OSError, IndexError):
            continue
    return found
