"""A PostgreSQL server of the test's own: started in a temporary folder, ended by its process id."""

import getpass
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg2

#: Where packages put the server's programs, besides the search path.
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
USER = "casebook"
#: The server refuses to run as root; Debian's package brings this user.
UNPRIVILEGED = "postgres"
SETTINGS = ("listen_addresses=127.0.0.1", "fsync=off", "full_page_writes=off", "max_connections=40")


def program(name):
    """The path of one of the server's programs; a plain error where there is none."""
    own = os.environ.get("CASEBOOK_POSTGRES")
    folders = [own] if own else sorted((found for place in PLACES for found in glob.glob(place)),
                                       key=lambda path: int("0" + "".join(filter(str.isdigit, path))), reverse=True)
    for folder in folders:
        if os.access(Path(folder) / name, os.X_OK):
            return str(Path(folder) / name)
    found = shutil.which(name)
    if found:
        return found
    raise RuntimeError(f"The round trip needs PostgreSQL's {name}: run scripts/ensure-postgres.")


@contextmanager
def server():
    """A running server; gives the address of its database ``gradebook``, for nbgrader's ``db_url``."""
    home = Path(tempfile.mkdtemp(prefix="cb-pg-"))      # short: a socket's path has at most 107 letters
    try:
        whose = _whose()
        if whose:
            shutil.chown(home, **whose)
        _as(whose, program("initdb"), "-D", home / "data", "-U", USER, "-A", "trust", "-E", "UTF8",
            "--locale=C", "--no-sync", check=True)
        yield from _served(home, whose)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _served(home, whose):
    port = _free_port()
    words = [program("postgres"), "-D", home / "data", "-k", home, "-p", port]
    with open(home / "log", "w", encoding="utf-8") as log:
        process = subprocess.Popen([*map(str, words), *(word for one in SETTINGS for word in ("-c", one))],
                                   stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=home, **_rights(whose))
        try:
            _create(port, process, home / "log")
            yield f"postgresql+psycopg2://{USER}@127.0.0.1:{port}/gradebook"
        finally:
            # Ends at once; on SIGTERM it would wait until every client has gone.
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=20)


def _create(port, process, log, seconds=40):
    """Wait for the server, and make the database."""
    end = time.monotonic() + seconds
    while True:
        try:
            connection = psycopg2.connect(host="127.0.0.1", port=port, user=USER, dbname="postgres")
            break
        except psycopg2.OperationalError:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()[-3000:]}") from None
            time.sleep(0.1)
    try:
        connection.autocommit = True
        connection.cursor().execute("CREATE DATABASE gradebook")
    finally:
        connection.close()


def _whose():
    """The user and group to run as, or None to run as we are."""
    if os.geteuid() != 0:
        return None
    try:
        found = pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        raise RuntimeError(f"PostgreSQL refuses to run as {getpass.getuser()}, and there is no user "
                           f"{UNPRIVILEGED!r}: run scripts/ensure-postgres.") from None
    return {"user": found.pw_uid, "group": found.pw_gid}


def _rights(whose):
    return {**whose, "extra_groups": []} if whose else {}


def _as(whose, *words, check=False):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, cwd="/", **_rights(whose))
    if check and done.returncode:
        raise RuntimeError(f"{words[0]}: {done.stdout[-1500:]}\n{done.stderr[-1500:]}")
    return done


def _free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
