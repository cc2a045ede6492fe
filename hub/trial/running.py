"""A running hub, and programs run inside its servers as a person would from a notebook."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from .errors import Missing, Wrong
from .machine import COURSE, Machine

PROXY = "configurable-http-proxy"


def check_programs() -> None:
    """Raise `Missing` if JupyterHub or its proxy is not there."""
    try:
        import jupyterhub  # noqa: F401
        import websocket  # noqa: F401
    except ImportError as error:
        raise Missing(f"{error}. Install the casebook with the extras hub and grade: "
                      "pip install -c constraints.txt -e '.[hub,grade,dev]'") from error
    if not shutil.which(PROXY):
        raise Missing(f"{PROXY} was not found. Install it with Node's npm, in any folder: "
                      f"npm install {PROXY}; then put that folder's node_modules/.bin on the PATH.")


@dataclass
class Hub:
    """A hub that answers, with a token that may start and use every server."""

    machine: Machine
    password: str
    token: str = field(repr=False)

    def call(self, path: str, method: str = "GET", body: dict | None = None, seconds: float = 60):
        """Ask the hub or one of its servers; the answer as data, or as text if it is no JSON."""
        address = urlsplit(self.machine.at(path.lstrip("/")))
        # Not every system knows names under localhost, so they go into the request only.
        request = urllib.request.Request(
            f"http://127.0.0.1:{address.port}{path}", method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json",
                     "Host": address.netloc})
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            text = answer.read().decode()
        try:
            return json.loads(text) if text else None
        except ValueError:
            return text

    def status(self, path: str) -> int:
        """The status with which a path answers."""
        try:
            self.call(path)
            return 200
        except urllib.error.HTTPError as error:
            return error.code

    def start_server(self, person: str, seconds: float = 120) -> None:
        """Start a person's own server and wait until it answers."""
        try:
            self.call(f"/hub/api/users/{person}/server", "POST", seconds=seconds)
        except urllib.error.HTTPError as error:
            if error.code != 400:               # 400: it runs already
                raise
        wait_for(lambda: self.status(f"/user/{person}/api/status") == 200, seconds,
                 f"the server of {person} to answer")

    def run(self, server: str, code: str, seconds: float = 120) -> str:
        """Run Python in a fresh kernel of a server, ``user/NAME`` or ``services/NAME``."""
        kernel = self.call(f"/{server}/api/kernels", "POST", {"name": "python3"})["id"]
        try:
            return self._run(f"{server}/api/kernels/{kernel}/channels", code, seconds)
        finally:
            self.call(f"/{server}/api/kernels/{kernel}", "DELETE")

    def _run(self, path: str, code: str, seconds: float) -> str:
        import websocket

        address = self.machine.at(path).replace("http", "ws", 1)
        line = websocket.create_connection(address, timeout=seconds,
                                           header=[f"Authorization: token {self.token}"])
        try:
            line.send(json.dumps(_request(code)))
            return _output(line, time.monotonic() + seconds)
        finally:
            line.close()

    def command(self, server: str, *words: str, fails: bool = False, seconds: float = 180) -> str:
        """Run a command in a server, as in its terminal; its output, told apart if it failed."""
        code = ("import subprocess; done = subprocess.run("
                f"{list(words)!r}, capture_output=True, text=True, timeout={seconds}); "
                "print(done.returncode); print(done.stdout + done.stderr)")
        status, _, text = self.run(server, code, seconds + 30).partition("\n")
        if (status.strip() != "0") is not fails:
            raise Wrong(f"{' '.join(words)} in {server} ended with {status}:\n{text[-2000:]}")
        return text


def _request(code: str) -> dict:
    head = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "session": uuid.uuid4().hex,
            "username": "", "version": "5.3"}
    return {"header": head, "parent_header": {}, "metadata": {}, "channel": "shell", "buffers": [],
            "content": {"code": code, "silent": False, "store_history": False,
                        "user_expressions": {}, "allow_stdin": False, "stop_on_error": True}}


def _output(line, end: float) -> str:
    """What the kernel prints until it is idle again; `Wrong` if it raises."""
    printed, replied, idle = [], False, False
    while not (replied and idle):
        if time.monotonic() > end:
            raise Wrong("A kernel did not answer in time.")
        message = json.loads(line.recv())
        kind, content = message["header"]["msg_type"], message["content"]
        if message["parent_header"].get("msg_type") != "execute_request":
            continue                            # what it says while it starts is not our answer
        if kind == "stream":
            printed.append(content["text"])
        elif kind == "error":
            raise Wrong(f"In a kernel: {content['ename']}: {content['evalue']}")
        replied = replied or kind == "execute_reply"
        idle = idle or (kind == "status" and content["execution_state"] == "idle")
    return "".join(printed)


def wait_for(holds, seconds: float, what: str) -> None:
    """Wait until something holds; `Wrong` if it takes longer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if holds():
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise Wrong(f"Waited {seconds:.0f} seconds for {what}.")


@contextmanager
def hub(machine: Machine, log: Path) -> Iterator[Hub]:
    """The hub of the trial's configuration, ended by its own process id."""
    made = Hub(machine, secrets.token_hex(8), secrets.token_hex(16))
    state = machine.folder / "state"
    state.mkdir(mode=0o700)
    environment = {
        **os.environ, "CASEBOOK_HUB_PASSWORD": made.password, "CASEBOOK_HUB_TOKEN": made.token,
        "CONFIGPROXY_AUTH_TOKEN": secrets.token_hex(16)}
    with open(log, "w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(machine.config / "loopback_config.py")],
            cwd=state, env=environment, stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait_until_up(made, process, log)
            yield made
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_up(made: Hub, process: subprocess.Popen, log: Path) -> None:
    def answers() -> bool:
        if process.poll() is not None:
            raise Wrong(f"The hub ended:\n{log.read_text(encoding='utf-8')[-3000:]}")
        return made.status("/hub/api/") == 200 and made.status(
            f"/services/{COURSE}/api/status") == 200

    wait_for(answers, 120, f"the hub and the course's server to answer; see {log}")
