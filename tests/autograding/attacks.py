"""Attacks of students on their grader, as data: what each does, and how it shows whether it was done.

``done`` looks at what stands outside of the attack: files, processes, connections, the gradebook, the
class. Secrets count as taken where they can be taken to: on the network, in a place for everybody, or
in what the student gets back.
"""

import os
import socket
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.autograding.tiny import NAME

LOST = "that student's submission is lost without a grade"
SPACES = "Linux namespaces: "
VIEW = "The sandbox shows Python and the student's own files, nothing else"
INTAKE = "Intake, before anything is copied"


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes
    ----------
    title : str
        What it does, for the table.
    stock, stops : str
        What it does at stock nbgrader, and what stops it with the casebook.
    done : callable
        Whether it was done, from the world and the attack's id.
    cells : tuple of str
        Cells of code that come first in the notebook.
    answers : dict
        Answers that are not the right ones.
    files : callable or None
        Puts files into the folder that is handed in.
    book : callable or None
        Makes the notebook another one.
    real : bool
        Whether it is done at stock; a few are not, and stand here so that they stay so.
    alone : bool
        Whether at stock it would stop or spoil the run for others, and so has one of its own.
    """

    id: str
    title: str
    stock: str
    stops: str
    done: Callable[[Any, str], bool]
    cells: tuple[str, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    files: Callable[[Any, Path], None] | None = None
    book: Callable[[Any], Any] | None = None
    here: str = "stopped"
    real: bool = True
    alone: bool = False


def got(kind):
    return lambda world, id: world.got(id, kind)


def reading(id, title, kind, code, stock="is read, and comes back with the feedback", stops=VIEW, **more):
    return Attack(id, title, stock, stops, got(kind), (code,), **more)


READING = (
    reading("gradebook", "Read the gradebook", "gradebook", "take(open(f'{COURSE}/gradebook.db', 'rb').read())"),
    reading("source", "Read the instructor's version, with model answers", "model",
            f"take(open(f'{{COURSE}}/source/{NAME}/{NAME}.ipynb').read())"),
    reading("hidden", "Read the hidden tests in one's own notebook while it is graded", "hidden",
            f"take(open('{NAME}.ipynb').read())",
            here="shows what was handed out", stops="The notebook in the work folder has no hidden tests"),
    reading("other", "Read what another student handed in", "other",
            "for top, _, names in os.walk(f'{COURSE}/submitted'):\n    for name in names:\n"
            "        take(open(os.path.join(top, name), 'rb').read())"),
    reading("graded", "Read another student's graded notebook", "other",
            f"take(open(f'{{COURSE}}/autograded/{{OTHER}}/{NAME}/{NAME}.ipynb').read())"),
    reading("above", "Read the same by the folders above, /proc/1/root and /proc/*/cwd", "gradebook",
            "for root in ('../../..', '../../../..' + COURSE, '/proc/1/root' + COURSE, f'/proc/{os.getppid()}/cwd', f'/proc/{os.getppid()}/root' + COURSE):\n"
            "    try:\n        take(open(root + '/gradebook.db', 'rb').read())\n    except OSError as error:\n        print(error)"),
    reading("home", "Read a key in the instructor's home", "home", "take(open(f'{HOME}/.ssh/id_ed25519').read())"),
    reading("environment", "Read a password in the grader's environment", "environment", "take(dict(os.environ))",
            stops="The kernel's environment is made anew; what it is forked from was started without the grader's"),
    reading("environments", "Read environments of other processes, /proc/*/environ", "environment",
            "for _, found in each('environ'):\n    take(found)", stops=SPACES + "only its own processes are seen"),
    reading("arguments", "Read arguments of other processes, /proc/*/cmdline", "argument",
            "for _, found in each('cmdline'):\n    take(found)", stops=SPACES + "only its own processes are seen"),
    reading("memory", "Read the memory of the grader", "environment", """
import ctypes
for pid, maps in each('maps'):
    if pid == os.getppid():
        for line in maps.decode().splitlines():
            if line.endswith(('[stack]', '[heap]')):
                begin, end = (int(one, 16) for one in line.split()[0].split('-'))
                with open(f'/proc/{pid}/mem', 'rb', buffering=0) as file:
                    file.seek(begin)
                    take(file.read(end - begin))
""", stops=SPACES + "its parent is not seen; another user, no rights, and a filter of system calls besides"),
    reading("descriptors", "Use files that the grader has open, /proc/*/fd", "gradebook", """
for fd in range(3, 256):
    for pid in ('self', os.getppid()):
        try:
            if os.path.isfile(f'/proc/{pid}/fd/{fd}'):
                with open(f'/proc/{pid}/fd/{fd}', 'rb') as file:
                    take(file.read(50_000_000))
        except OSError:
            pass
""", stock="nothing: nbgrader has the gradebook closed while a notebook runs", real=False,
            stops="What the kernel is forked from never had it; all descriptors but the kernel's own are closed"),
)


def handwritten(score):
    """Whether anybody has been given these points by hand."""
    def done(world, id):
        return any(hand == score for student in (world.students[id], *world.honest)
                   for _, hand in world.scores(student).values())
    return done


WRITE = ("""
with sqlite3.connect(f'file:{{COURSE}}/gradebook.db?mode=rw', uri=True, timeout=2) as db:
    db.execute('UPDATE grade SET manual_score = {score} WHERE notebook_id IN (SELECT n.id FROM submitted_notebook n '
               'JOIN submitted_assignment a ON n.assignment_id = a.id WHERE a.student_id = ?)', ({who},))
""")
WRITING = (
    Attack("own-score", "Write one's own score into the gradebook", "is the grade", VIEW, handwritten(4321.0), (WRITE.format(score=4321.0, who="STUDENT"),)),
    Attack("others-score", "Write another student's score", "is the grade", VIEW, handwritten(-1234.0), (WRITE.format(score=-1234.0, who="OTHER"),)),
    Attack("outside", "Write into the course, the home, /tmp, site-packages and the package", "files stand there afterwards",
           "The sandbox's files are read-only; its own folders are in memory and gone with it", lambda world, id: bool(world.written(id)), ("""
for place in (COURSE, f'{COURSE}/source', f'{COURSE}/release', f'{COURSE}/submitted/{OTHER}', HOME, '/tmp', '/dev/shm', '/var/tmp', SITE, PACKAGE, LOOT):
    try:
        open(f'{place}/{ME}.txt', 'w').write('x')
    except OSError as error:
        print(error)
""",)),
    Attack("spoil", "Delete the release and what others handed in", "they are gone", VIEW,
           lambda world, id: not (world.course / "submitted" / world.honest[-1] / NAME / "bait.txt").exists(),
           ("import shutil\nfor top, _, names in os.walk(f'{COURSE}/submitted'):\n    for name in names:\n"
            "        if name == 'bait.txt':\n            os.unlink(os.path.join(top, name))",)),
    Attack("disk", "Fill the disk", "fills it (here 20 MB)", "The work folder and /tmp lie in memory, and have a size",
           lambda world, id: world.bytes_on_disk(id) > 10_000_000, ("""
for place in ('.', '/tmp', '/dev/shm', LOOT, HOME):
    for number in range(1 if BOUNDED else 200):
        try:
            with open(f'{place}/{ME}-{number}', 'wb') as file:
                for _ in range(2 if BOUNDED else 64):
                    file.write(bytes(2_000_000))
        except OSError as error:
            print(place, error)
            break
""",)),
)


def heard(name):
    return lambda world, id: any(world.me(id).encode() in line for line in getattr(world, name).heard)


def network(id, title, name, code):
    return Attack(id, title, "somebody answers", SPACES + "a network of its own with nothing in it", heard(name), (code,))


NETWORK = (
    network("loopback", "Reach a service on loopback, TCP", "tcp", "tell('hello')"),
    network("udp", "Reach a service on loopback, UDP", "udp",
            "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(ME.encode(), ('127.0.0.1', UDP))"),
    network("abstract", "Reach an abstract Unix socket, as D-Bus and X11 have", "abstract",
            "line = socket.socket(socket.AF_UNIX)\nline.connect(ABSTRACT)\nline.sendall(ME.encode())"),
    network("unix", "Reach a Unix socket by its path, as Docker has", "unix",
            "line = socket.socket(socket.AF_UNIX)\nline.connect(UNIX)\nline.sendall(ME.encode())"),
    network("network", "Reach the network", "outside", "tell('hello', HOST, OUTSIDE)"),
)

SLEEPERS = """
def sleeper(seconds=60):
    pid = os.fork()
    if pid == 0:
        os.setsid()
        os.execv('/bin/sleep', [ME, str(seconds)])
    return pid
"""
GREEDY = """
def hog(size):
    pid = os.fork()
    if pid == 0:
        os.setsid()
        os.execv(sys.executable, [sys.executable, '-I', '-S', '-c', f"x = bytearray(b'x') * {size}; import time; time.sleep(20)", ME])
    return pid
for number in range(7 if BOUNDED else 30):
    try:
        hog(150_000_000)
    except OSError:
        pass
    time.sleep(0.05)
time.sleep(3)
"""
KILL = """
# The real thing only where these are not the processes of the machine that is tested on.
apart = os.readlink('/proc/self/ns/pid') != PROCESSES
for pid in (VICTIM, os.getppid()):
    try:
        if pid > 1 or apart:
            os.kill(pid, signal.SIGKILL)
    except OSError as error:
        print(error)
if apart:
    for pid in (-1, 0):
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError as error:
            print(error)
time.sleep(1)
"""


def ungraded(world, id):
    return world.stopped() or not world.graded(world.students[id])


def killed(world, id):
    return world.victim.poll() is not None or world.stopped()


def expensive(world, id):
    return world.expensive()


TOO_MUCH = "The grader takes so much output and no more, and ends the notebook; other students' stay"
MACHINE = (
    Attack("fork-bomb", "A fork bomb", "its processes stay (here 8)", "A limit of processes for each submission; all end with the sandbox",
           lambda world, id: world.most.get(id, 0) > 80 or bool(world.left[id]), (SLEEPERS + """
for number in range(8 if BOUNDED else 3000):
    try:
        sleeper()
    except OSError:
        time.sleep(0.001)
""",)),
    Attack("memory-bomb", "Take all memory, in many processes", "holds it (here 1,000 MB)", "A limit of memory for each submission, over which it is ended",
           lambda world, id: world.held.get(id, (None, 0.0))[1] > 2.0, (GREEDY,)),
    Attack("daemon", "Leave a process behind that waits for the grader to be gone", "is there afterwards",
           SPACES + "with the first process of the sandbox all others end", lambda world, id: bool(world.left[id]), (SLEEPERS + """
if os.fork() == 0:
    os.setsid()
    sleeper()
    os._exit(0)
time.sleep(0.3)
""",)),
    Attack("kill", "Kill the grader, and every process in sight", "the class is not graded", SPACES + "only its own processes are seen; another user",
           killed, (KILL,), alone=True),
    Attack("deaf", "An endless loop that takes no interrupt", LOST, "A time limit for the notebook as a whole",
           lambda world, id: ungraded(world, id), ("""
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    try:
        while True:
            time.sleep(0.01)
    except BaseException:
        pass
""",), here="ended, with the tests before it graded"),
    Attack("output", "Endless output", "costs the grader as much memory as it likes (here 150 MB of text)", TOO_MUCH, expensive, ("""
for number in range(300) if BOUNDED else iter(int, 1):
    print('x' * 500_000)
""",), alone=True),
    Attack("displays", "Endless displays, each of a permitted size", "costs the grader as much memory as it likes (here 230 MB)", TOO_MUCH, expensive, ("""
from IPython.display import display
for number in range(120) if BOUNDED else iter(int, 1):
    display({'text/plain': 'x' * 1_900_000}, raw=True)
""",), alone=True),
    Attack("enormous", "One output of 150 MB", "costs the grader several times as much memory", "A limit for one message of a kernel", expensive, ("""
from IPython.display import display
display({'text/plain': 'x' * 150_000_000}, raw=True)
""",), alone=True),
    Attack("widgets", "Endless widgets' states, which are no output", "costs the grader as much memory as it likes (here 380 MB)", TOO_MUCH, expensive, ("""
from comm import create_comm
for number in range(200) if BOUNDED else iter(int, 1):
    create_comm(target_name='jupyter.widget', data={'state': {'value': 'x' * 1_900_000}, 'buffer_paths': []})
""",), alone=True),
    Attack("many-cells", "Much output in each of many cells", "costs the grader as much memory as it likes (here 230 MB)", TOO_MUCH, expensive,
           ("from IPython.display import display", *("display({'text/plain': 'x' * 1_900_000}, raw=True)",) * 120), alone=True),
)


FORGE = """
kernel = get_ipython().kernel
def forge(kind, content):
    kernel.session.send(kernel.iopub_socket, kind, content=content, parent=kernel.get_parent(), ident=kind.encode())
"""


def forged(id, what, code, **more):
    return Attack(id, f"Send the grader a forged message: {what}", more.pop("stock", LOST),
                  "Whatever comes of a notebook's messages is told as its own trouble", ungraded, (FORGE + code,), here="told, with no points", **more)


FORGED = (
    forged("forged-data", "an output that is none", "forge('display_data', {'data': 5, 'metadata': {}})"),
    forged("forged-empty", "with nothing in it", "forge('display_data', {})"),
    forged("forged-deep", "data nested deeply", "x = []\nfor _ in range(900):\n    x = [x]\nforge('display_data', {'data': {'application/json': x}, 'metadata': {}})"),
    forged("forged-widget", "a widget's state that is none", "forge('comm_open', {'comm_id': 5, 'data': {'state': 7}, 'target_name': 'jupyter.widget'})"),
    forged("forged-signature", "with a wrong signature", "kernel.session.key = b'other'\nforge('stream', {'name': 'stdout', 'text': 'x'})"),
)


def in_folder(kind, title, make, **more):
    return Attack(more.pop("id"), title, more.pop("stock", "its target is copied, and comes back with the feedback"),
                  INTAKE + ": links are not followed", got(kind), files=make, **more)


def link(target, name="notes.txt"):
    def make(world, folder):
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(world.course / target)
    return make


def socket_there(world, folder):
    with socket.socket(socket.AF_UNIX) as one, open_folder(folder):
        one.bind("talk")


class open_folder:
    """A socket's path must be short: stand in the folder to make it."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        self.before = os.getcwd()
        os.chdir(self.folder)

    def __exit__(self, *_):
        os.chdir(self.before)


def odd_names(world, folder):
    for name in (b"line\nbreak.txt", b"-rf", b"\xff\xfe.txt", b"x" * 255, b"\x1b]0;owned\x07.txt", "\u202etxt.exe".encode()):
        with open(os.path.join(os.fsencode(folder), name), "w") as file:
            file.write("x")


def archive(world, folder):
    with zipfile.ZipFile(folder / "work.zip", "w") as file:
        for up in range(1, 8):
            file.writestr("../" * up + f"{world.me('archive')}.txt", "x")
        file.writestr(f"{world.loot}/{world.me('archive')}.txt", "x")


def shadowing(world, folder):
    (folder / "numpy.py").write_text("def mean(_):\n    return 2\n")
    (folder / "casebook").mkdir()
    (folder / "casebook/__init__.py").write_text("")
    (folder / "casebook/roles.py").write_text("class Role:\n    id = 'mine'\nROLES = (Role,)\n")


def full(*cells):
    """Whether tests gave all points for one of these cells, whose answers are wrong or not one's own."""
    return lambda world, id: any((world.scores(world.students[id]).get(cell) or (0,))[0] == 2.0 for cell in cells)


def huge(book):
    return {**book, "cells": [*book["cells"], {"cell_type": "code", "id": "huge", "metadata": {}, "execution_count": 1, "source": "1", "outputs": [
        {"output_type": "stream", "name": "stdout", "text": "x" * 190_000_000}]}]}


HANDED_IN = (
    in_folder("gradebook", "Hand in a link to the gradebook", link("gradebook.db"), id="link"),
    in_folder("model", "Hand in a link to the instructor's folder", link(f"source/{NAME}/{NAME}.ipynb", "notes.html"), id="link-source"),
    Attack("link-notebook", "Hand in a link to the instructor's version as one's notebook", "full marks", INTAKE + ": links are not followed",
           full("double_test", "numbers_test"), answers={"double": "", "numbers": ""}, files=link(f"source/{NAME}/{NAME}.ipynb", f"{NAME}.ipynb")),
    in_folder("gradebook", "Hand in a hard link to the gradebook", lambda world, folder: os.link(world.course / "gradebook.db", folder / "notes.txt"), id="hard-link"),
    Attack("pipe", "Hand in a named pipe", LOST, INTAKE + ": plain files only", ungraded,
           files=lambda world, folder: os.mkfifo(folder / "data.csv"), here="left out, and the rest is graded"),
    Attack("socket", "Hand in a socket", LOST, INTAKE + ": plain files only", ungraded,
           files=socket_there, here="left out, and the rest is graded"),
    Attack("names", "File names with control characters, line breaks, 255 bytes, no UTF-8, `-rf`", "control characters reach the grader's terminal", INTAKE + ": names are checked, and shown without what cannot be seen",
           lambda world, id: ungraded(world, id) or "\x1b" in world.out + world.err, files=odd_names, here="left out, and the rest is graded"),
    Attack("archive", "An archive with members that lead upwards", "nothing: it is not unpacked", "No archive is unpacked",
           lambda world, id: bool(world.written(id)), files=archive, real=False),
    Attack("shadow", "Hand in modules in place of those that tests use, `numpy.py` and `casebook/`", "full marks for wrong answers",
           INTAKE + ": files that Python would take for modules", full("numbers_test", "chosen_test"),
           answers={"numbers": "numbers = [1]", "chosen": "chosen = ['mine']"}, files=shadowing),
    Attack("huge", "A notebook of 190 MB", "costs the grader several times as much memory", INTAKE + ": outputs of a large file are left out before it is read",
           lambda world, id: world.expensive() or ungraded(world, id), book=huge, here="graded without its outputs", alone=True),
)

ATTACKS = (*READING, *WRITING, *NETWORK, *MACHINE, *FORGED, *HANDED_IN)
