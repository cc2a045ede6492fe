"""What code in a box can see and reach. Run as root, the same tests run again as an ordinary user."""

import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from casebook.autograding.sandbox import Box, Limits, SandboxError, available
from casebook.autograding.sandbox.join import FAILED
from casebook.autograding.sandbox.view import free_name, outermost, python_paths
from casebook.autograding.sandbox.watching import living

from .inside import ROOT, run, say, start, tries, until

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the sandbox is Linux's")
TOKEN = "hidden-8472-answer"
ROOT_USER = os.geteuid() == 0


@pytest.fixture
def box():
    with Box() as made:
        yield made


@pytest.fixture
def course(tmp_path):
    """A course with what a student must not see, and two submissions."""
    for name in ("gradebook.db", "source/two/two.ipynb", "home/.ssh/id_ed25519", "submitted/bob/two/two.ipynb",
                 "submitted/ann/two/two.ipynb", "submitted/ann/two/.ipynb_checkpoints/two-checkpoint.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(TOKEN)
    mine = tmp_path / "submitted/ann/two"
    (mine / "play.jsonl").write_text("mine")
    (mine / "more").mkdir()
    (mine / "more/notes.txt").write_text("notes")
    (mine / "link.txt").symlink_to(tmp_path / "gradebook.db")
    os.mkfifo(mine / "pipe")
    (tmp_path / "source/two/figures.csv").write_text("a,b\n")
    return tmp_path


# What is seen -------------------------------------------------------------------------------------

def test_available_here():
    found = available()
    assert found.ok, f"{found.why} {found.how}"


def test_a_submission_is_seen_without_its_notebook_and_nothing_else_of_the_course(course):
    with Box(course / "submitted/ann/two", data={"figures.csv": course / "source/two/figures.csv",
                                                 "given/figures.csv": course / "source/two/figures.csv"}) as box:
        found = json.loads(say(box, """
import json, os
seen = sorted(os.path.join(where, name) for where, _, names in os.walk(".") for name in names)
named = [os.path.join(where, name) for top in os.listdir("/") if top not in ("proc", "usr")
         for where, _, names in os.walk("/" + top) for name in names
         if name in ("gradebook.db", "two.ipynb", "id_ed25519", "two-checkpoint.ipynb")
         and b"hidden-8472" in open(os.path.join(where, name), "rb").read()]
open("given/own.txt", "w").write("a student may write beside the data")
open("play.jsonl", "a").write("!")
print(json.dumps([seen, named, open("figures.csv").read(), open("more/notes.txt").read()]))
"""))
        assert found == [["./figures.csv", "./given/figures.csv", "./more/notes.txt", "./play.jsonl"], [], "a,b\n", "notes"]
        denied = tries(box, gradebook=f"open({str(course / 'gradebook.db')!r}).read()",
                       around=f"open('/proc/1/root' + {str(course / 'gradebook.db')!r}).read()",
                       up=f"open('/submission/../../..' + {str(course / 'gradebook.db')!r}).read()",
                       folder=f"os.listdir({str(course)!r})",
                       data="open('figures.csv', 'w')", away="os.unlink('figures.csv')")
    assert set(denied.values()) <= {"FileNotFoundError", "PermissionError", "OSError"}, denied
    assert (course / "submitted/ann/two/play.jsonl").read_text() == "mine"
    assert (course / "source/two/figures.csv").read_text() == "a,b\n"


def test_links_made_inside_lead_nowhere(box, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(TOKEN)
    found = tries(box, soft=f"(os.symlink({str(secret)!r}, 'soft'), open('soft').read())",
                  hard=f"os.link({str(secret)!r}, 'hard')", program="os.link('/usr/bin/true', 'true')",
                  holder="os.link('/proc/1/root' '/etc/passwd', 'passwd')")
    assert set(found.values()) <= {"FileNotFoundError", "PermissionError", "OSError"}, found


def test_nothing_of_the_checkout_but_the_package(box):
    found = tries(box, solutions=f"os.listdir({str(ROOT / 'solutions')!r})", tests=f"os.listdir({str(ROOT / 'tests')!r})",
                  package=f"'errors.py' in os.listdir({str(ROOT / 'casebook')!r})",
                  git=f"os.listdir({str(ROOT / '.git')!r})")
    assert found == {"solutions": "FileNotFoundError", "tests": "FileNotFoundError", "package": "True",
                     "git": "FileNotFoundError"}
    notes = [str(path) for path in (ROOT / "casebook").rglob("teaching-note.md")]
    read = tries(box, **{f"note{i}": f"open({path!r}).read()" for i, path in enumerate(notes)})
    assert set(read.values()) <= {"PermissionError"}


def test_nothing_of_the_graders_environment_or_descriptors(monkeypatch):
    monkeypatch.setenv("GRADER_PASSWORD", TOKEN)
    with Box() as box:
        out = say(box, """
import os
found = b""
for process in os.listdir("/proc"):
    if process.isdigit() and process != str(os.getpid()):
        for name in ("environ", "cmdline"):
            try:
                found += open(f"/proc/{process}/{name}", "rb").read()
            except OSError:
                pass
print(found, dict(os.environ))
import glob
for fd in glob.glob("/proc/[0-9]*/fd/*"):
    try:
        print(repr(os.readlink(fd)))
    except OSError:
        pass
""")
    assert TOKEN not in out and "bwrap" in out
    # The folder that the parent had open is closed; the holder has pipes only.
    assert "'/'" not in out and "/dev/null" in out


def test_only_its_own_processes_are_seen_and_the_grader_is_out_of_reach(box):
    me = os.getpid()
    listed = json.loads(say(box, "import json, os; print(json.dumps([p for p in os.listdir('/proc') if p.isdigit()]))"))
    assert len(listed) <= 4
    found = tries(box, kill=f"os.kill({me + 100_000_000 if me < 100 else me}, 9)", init="os.kill(1, 9)",
                  group="os.getpgid(0) == os.getpid() == os.getsid(0)",
                  trace="ctypes.CDLL(None).ptrace(16, 1, 0, 0)", memory="open('/proc/1/mem', 'r+b').read(1)")
    assert found["kill"] == "ProcessLookupError" and found["group"] == "True" and found["trace"] == "-1"
    run(box, "import os; os.kill(-1, 9)")
    assert box.check() in (None, "ended")      # without root it is the same user: its own loss


def test_a_closed_folder_above_is_open_inside(tmp_path):
    (tmp_path / "home/python/lib").mkdir(parents=True)
    (tmp_path / "home/python/lib/text").write_text("seen")
    (tmp_path / "home").chmod(0o700)
    with Box(shown=[tmp_path / "home/python/lib"]) as box:
        assert say(box, f"print(open({str(tmp_path / 'home/python/lib/text')!r}).read())") == "seen"
        assert tries(box, home=f"os.listdir({str(tmp_path / 'home')!r})")["home"] == "['python']"


def test_names_for_its_own_folders_give_way_to_what_is_shown(tmp_path):
    assert free_name("/submission", [Path("/submission/venv")]) == "/submission_"
    assert free_name("/submission", [Path("/opt")]) == "/submission"
    (tmp_path / "a/b").mkdir(parents=True)
    assert outermost([tmp_path / "a/b", tmp_path / "a", tmp_path / "none", Path("/usr/lib")]) == [tmp_path / "a"]
    assert not any(path == ROOT or ROOT.is_relative_to(path) for path in python_paths())


# What is written ----------------------------------------------------------------------------------

def test_nothing_can_be_written_but_its_own_folders(box):
    library = Path(os.__file__)
    targets = {"etc": "/etc/x", "top": "/x", "dev": "/dev/x", "usr": "/usr/bin/x", "passwd": "/etc/passwd",
               "library": str(library), "beside": str(library.parent / "x"),
               "package": str(ROOT / "casebook/errors.py"), "sysctl": "/proc/sys/kernel/hostname",
               "core": "/proc/sys/kernel/core_pattern", "trigger": "/proc/sysrq-trigger"}
    before = library.read_bytes()
    found = tries(box, **{name: f"open({path!r}, 'a').write('x')" for name, path in targets.items()})
    assert set(found.values()) <= {"PermissionError", "OSError", "FileNotFoundError"}, found
    assert library.read_bytes() == before and not (library.parent / "x").exists()
    for path in ("x", "/tmp/x", "/dev/shm/x"):
        assert say(box, f"open({path!r}, 'w').write('x'); print(open({path!r}).read())") == "x"
    assert not Path("/tmp/x").exists() and not Path("/dev/shm/x").exists()


# The network --------------------------------------------------------------------------------------

def test_no_network_but_its_own_loopback(box):
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, \
            socket.socket(socket.AF_UNIX) as abstract:
        udp.bind(("127.0.0.1", 0))
        abstract.bind(f"\0casebook-test-{os.getpid()}")
        abstract.listen()
        found = tries(
            box, tcp=f"socket.create_connection({tcp.getsockname()!r}, 5)",
            udp=f"socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', {udp.getsockname()!r})",
            abstract=f"socket.socket(socket.AF_UNIX).connect('\\0casebook-test-{os.getpid()}')",
            away="socket.create_connection(('192.0.2.1', 80), 5)", name="socket.getaddrinfo('example.org', 80)",
            machine="socket.socket(40, 1)", crypto="socket.socket(38, 5)", raw="socket.socket(17, 3)",
            cards="[name for _, name in socket.if_nameindex()]",
            own="(s := socket.create_server(('127.0.0.1', 0)), socket.create_connection(s.getsockname(), 5)) and 1",
            netlink="socket.socket(16, 3) and 1")
        for server in (tcp, udp, abstract):
            server.setblocking(False)
        for accept in (tcp.accept, lambda: udp.recv(9), abstract.accept):
            with pytest.raises(BlockingIOError):
                accept()
    assert found["tcp"] == found["abstract"] == "ConnectionRefusedError"
    assert found["away"] == "OSError" and found["name"] == "gaierror"
    assert found["machine"] == found["crypto"] == "OSError"
    assert found["raw"] in ("OSError", "PermissionError")
    assert (found["cards"], found["own"], found["netlink"]) == ("['lo']", "1", "1")


def test_the_grader_reaches_the_kernels_sockets_and_nothing_else_can_take_their_place(box):
    code = """
import os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.bind("/k/s-1"); server.listen(); print("bound", flush=True)
talk, _ = server.accept()
word = talk.recv(9)
try:
    os.unlink("/k/s-1"); os.symlink("/run/other", "/k/s-1"); word += b" moved"
except OSError:
    word += b" stays"
talk.send(word)
"""
    with start(box, code) as process, socket.socket(socket.AF_UNIX) as client:
        assert process.stdout.readline() == "bound\n"
        box.seal()
        client.connect(f"{box.outside}/s-1")
        client.send(b"hello")
        assert client.recv(99) == (b"hello stays" if box.spec()["drop"] else b"hello moved")


# Rights -------------------------------------------------------------------------------------------

def test_no_rights_and_no_way_to_get_any(box):
    status = dict(line.split(":\t", 1) for line in say(box, "print(open('/proc/self/status').read())").splitlines()
                  if ":\t" in line)
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[name], 16) == 0, name
    assert status["NoNewPrivs"] == "1" and status["Groups"].strip() in ("", "65534")
    assert "0" not in status["Uid"].split()
    found = tries(
        box, unshare="ctypes.CDLL(None).unshare(0x10000000)", again="ctypes.CDLL(None).unshare(0x00020000)",
        mount="ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None)", chroot="os.chroot('/tmp')",
        root="os.setuid(0)", groups="os.setgroups([0])", nice="os.nice(-5)", node="os.mknod('n', 0o60600, 0)",
        command="subprocess.run(['unshare', '-Ur', 'true'], capture_output=True).returncode == 0",
        su="subprocess.run(['su', '-c', 'true'], capture_output=True, stdin=subprocess.DEVNULL).returncode == 0",
        name="socket.sethostname('x')", limit="resource.setrlimit(resource.RLIMIT_NPROC, (9999, 9999))",
        memory="ctypes.CDLL(None).memfd_create(b'x', 0)", shared="ctypes.CDLL(None).shmget(0, 4096, 0o1600)",
        anywhere="[line.split()[1] for line in open('/proc/self/mounts') if line.startswith('/') and 'nosuid' not in line]")
    for name in ("unshare", "again", "mount", "memory", "shared"):
        assert found[name] == "-1", name
    for name in ("command", "su"):
        assert found[name] == "False", name
    assert found["anywhere"] == "[]"
    for name in ("chroot", "root", "groups", "nice", "node", "name", "limit"):
        assert found[name] in ("PermissionError", "OSError", "ValueError"), (name, found[name])


# Its life and its end -----------------------------------------------------------------------------

def test_how_a_process_ends_and_interrupts_are_passed_on(box):
    assert run(box, "import sys; sys.exit(7)")[2] == 7
    assert run(box, "import os; os.kill(os.getpid(), 9)")[2] == -signal.SIGKILL % 256
    code = """
import time
try:
    print("ready", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
    with start(box, code) as process:
        outer = int(process.stderr.readline().split()[1])
        assert process.stdout.readline() == "ready\n"
        os.kill(outer, signal.SIGINT)
        assert process.stdout.readline() == "interrupted\n"


def test_a_daemon_is_gone_with_its_box():
    with Box() as box:
        say(box, """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.close(1); os.close(2)
        open("beat", "w").write("x")
        while True:
            time.sleep(1)
    os._exit(0)
while not os.path.exists("beat"):
    time.sleep(0.01)
""")
        namespace = box.spec()["pid_namespace"]
        assert len(living(namespace)) == 3           # two of the holder, and the daemon
        box.kill()
        assert living(namespace) == []
    box.kill()                                         # again does no harm


def test_the_waiters_death_and_the_graders_death_end_what_is_inside(box):
    with start(box, "import time; print('ready', flush=True); time.sleep(60)") as process:
        outer = int(process.stderr.readline().split()[1])
        process.stdout.readline()
        os.kill(outer, signal.SIGKILL)
        until(lambda: len(living(box.spec()["pid_namespace"])) == 2)
        box.kill()
    code = ("import os, sys; sys.path[:0] = [sys.argv[1]]\n"
            "from casebook.autograding.sandbox import Box\n"
            "box = Box().start(); print(box.spec()['pid_namespace'], flush=True); os.kill(os.getpid(), 9)")
    done = subprocess.run([sys.executable, "-c", code, str(ROOT)], capture_output=True, text=True)
    until(lambda: living(int(done.stdout)) == [])


def test_endless_output_does_not_keep_a_box_alive(box):
    with start(box, "import os\nwhile True: os.write(1, b'x' * 65536)") as process:
        process.stdout.read(1 << 20)                   # and then nobody reads
        box.kill()
        process.stdout.close()
        process.wait(30)


def test_nothing_runs_unprotected_when_the_box_is_gone(tmp_path):
    box = Box().start()
    spec = box.spec()
    box.kill()
    gone = SimpleNamespace(spec=lambda: spec, environment=dict, kill=lambda: None)
    out, error, status = run(gone, f"open({str(tmp_path / 'ran')!r}, 'w'); print('ran')")
    assert (out, status) == ("", FAILED) and "ended before" in error and not (tmp_path / "ran").exists()
    with pytest.raises(SandboxError, match="started"):
        box.spec()


def test_two_boxes_at_once_are_strangers():
    with Box() as one, Box() as two:
        say(one, "open('mine', 'w').write('x'); open('/tmp/mine', 'w').write('x')")
        assert tries(two, work="os.listdir('.')", tmp="'mine' in os.listdir('/tmp')") == {"work": "[]", "tmp": "False"}
        if one.spec()["drop"]:
            assert one.spec()["uid"] != two.spec()["uid"]


def test_a_missing_folder_and_a_bad_bubblewrap_are_told(tmp_path, monkeypatch):
    with pytest.raises(SandboxError, match="is not there"):
        Box(tmp_path / "none")
    (tmp_path / "bwrap").write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2; exit 1\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(SandboxError, match="No permissions"):
        Box().start()
    assert len(os.listdir("/proc/self/fd")) == before


# Python goes on as usual --------------------------------------------------------------------------

def test_python_works_as_usual_inside(box):
    found = json.loads(say(box, """
import getpass, json, multiprocessing, os, subprocess, sys, tempfile, time, zoneinfo
with multiprocessing.get_context("fork").Pool(2) as pool:
    squares = pool.map(abs, [-1, -2])
more = subprocess.run([sys.executable, "-c", "import json; print(json.dumps(1))"], capture_output=True, text=True).stdout
shell = subprocess.run("echo $HOME | cat", shell=True, capture_output=True, text=True).stdout
with tempfile.NamedTemporaryFile() as file:
    place = os.path.dirname(file.name)
print(json.dumps([squares, more, shell, place, time.tzname, sys.getfilesystemencoding(), getpass.getuser(),
                  os.path.exists("/proc/self/fd/1"), len(zoneinfo.available_timezones()) > 100]))
"""))
    assert found == [[1, 2], "1\n", "/tmp\n", "/tmp", list(time.tzname), "utf-8", "student", True, True]


# As somebody else ---------------------------------------------------------------------------------

@pytest.mark.skipif(not ROOT_USER, reason="this run is an ordinary user's already")
@pytest.mark.parametrize("module", ["test_sandbox", "test_sandbox_limits"])
def test_all_of_this_as_an_ordinary_user(module):
    python = next((each for each in (sys.executable, "/usr/bin/python3") if _new_enough(each)), None)
    assert python and shutil.which("setpriv"), "an ordinary user needs a Python of 3.11 or later, and setpriv"
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        here.chmod(0o755)
        for name in ("casebook/__init__.py", "casebook/errors.py", "casebook/autograding", "tests/autograding"):
            _copy(ROOT / name, here / name)
        (here / "tests/__init__.py").touch()
        for name in ("pytest", "_pytest", "py", "pluggy", "iniconfig", "packaging"):
            _copy_package(name, here / "packages")
        (here / "tmp").mkdir(mode=0o777)
        (here / "tmp").chmod(0o777)
        done = subprocess.run(
            _ordinary(python, "-m", "pytest", "-q", "--noconftest", "-c", "/dev/null", "--rootdir", folder, "--color=no",
                      "-p", "no:cacheprovider", "-k", "not packages", f"tests/autograding/{module}.py"),
            cwd=here, capture_output=True, text=True,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{here}:{here / 'packages'}", "TMPDIR": str(here / "tmp"),
                 "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "HOME": str(here / "tmp")})
    assert done.returncode == 0 and " passed" in done.stdout, done.stdout[-6000:] + done.stderr[-2000:]


def _ordinary(*words):
    return ["setpriv", "--reuid=12345", "--regid=12345", "--clear-groups", "--", *words]


def _new_enough(python):
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', '']); print(sys.version_info >= (3, 11))"
    done = subprocess.run(_ordinary(python, "-c", code),
                          capture_output=True, text=True, cwd="/", env={"PATH": os.environ["PATH"]})
    return done.stdout.strip() == "True"


def _copy_package(name, target):
    origin = Path(importlib.util.find_spec(name).origin)
    source = origin.parent if origin.name == "__init__.py" else origin
    _copy(source, target / source.name)


def _copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def test_limits_are_checked():
    for bad in ({"memory_mb": 0}, {"processes": "many"}, {"open_files": True}, {"file_mb": 1.5}):
        with pytest.raises(SandboxError, match=next(iter(bad))):
            Limits(**bad)
