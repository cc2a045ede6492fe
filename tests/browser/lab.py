"""A JupyterLab on loopback and a Chromium, for tests and benchmarks that look as a user would."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
from playwright.sync_api import TimeoutError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--disable-dev-shm-usage")
TOKEN = "casebook-test"
ROOM = ".cb-room"


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: its address and the folder it serves."""

    address: str
    folder: Path

    def api(self, path: str, method: str = "GET", body: dict | None = None):
        """Call the server's REST interface."""
        request = urllib.request.Request(
            f"{self.address}/api/{path}", method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {TOKEN}", "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def url(self, notebook: str) -> str:
        """The address of a notebook, in a fresh workspace."""
        return f"{self.address}/lab/tree/{notebook}?reset&token={TOKEN}"

    def has_idle_kernel(self, notebook: str) -> bool:
        """Whether a page is connected to the notebook's kernel, and the kernel is idle."""
        kernels = [session["kernel"] or {} for session in self.api("sessions")
                   if session["path"] == notebook]
        return any(kernel.get("connections") and kernel["execution_state"] == "idle"
                   for kernel in kernels)

    def kill_kernels(self) -> None:
        """End every kernel process, as a crash or an idle server would."""
        for kernel in self.api("kernels"):
            self.api(f"kernels/{kernel['id']}", "DELETE")


def chromium() -> str:
    """The path of a Chromium; a plain error where there is none."""
    for name in (os.environ.get("CASEBOOK_CHROMIUM"), *BROWSERS):
        found = name and shutil.which(name)
        if found:
            return found
    raise RuntimeError("The browser tests need Chromium: install it, or name it in "
                       "CASEBOOK_CHROMIUM.")


def write_notebook(path: Path, *cells: str) -> Path:
    """A notebook with these code cells."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3",
                                "language": "python"}
    nbformat.write(made, path)
    return path


@contextmanager
def running_lab(home: Path, folder: Path, theme: str = "JupyterLab Light",
                started_in: Path | None = None, more: dict | None = None) -> Iterator[Lab]:
    """JupyterLab with settings of its own, ended by its own process id.

    ``started_in`` is the folder in which the command is given; nbgrader looks there for its course.
    ``more`` are further settings, by extension.
    """
    settings = home / "settings"
    settings.mkdir(parents=True)
    (settings / "overrides.json").write_text(json.dumps({
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false", "checkForUpdates": False},
        "@jupyterlab/apputils-extension:themes": {"theme": theme}, **(more or {}),
    }), encoding="utf-8")
    private = {f"JUPYTER_{name}_DIR": str(home / name.lower())
               for name in ("CONFIG", "DATA", "RUNTIME")}
    port = _free_port()
    with open(home / "lab.log", "w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
             f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}",
             f"--ServerApp.root_dir={folder}", f"--LabApp.app_settings_dir={settings}"],
            env={**os.environ, **private}, stdout=log, stderr=subprocess.STDOUT, cwd=started_in)
        try:
            lab = Lab(f"http://127.0.0.1:{port}", folder)
            _wait_until_up(lab, process, home / "lab.log")
            yield lab
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def running_app(home, *words):
    """``casebook app`` on a free port, ended by its own process id: its address."""
    private = {f"JUPYTER_{name}_DIR": str(home / name.lower())
               for name in ("CONFIG", "DATA", "RUNTIME")}
    process = subprocess.Popen(
        [sys.executable, "-m", "casebook", "app", *words, "--no-browser", "--port", "0",
         "--folder", str(home / "work"), "--language", "en"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=home,
        env={**os.environ, **private})
    try:
        told = []
        while not (told and "http://" in told[-1]):
            told.append(process.stdout.readline())
            assert told[-1], "".join(told)
        yield re.search(r"http://127\.0\.0\.1:\d+/\S+", told[-1]).group()
    finally:
        process.terminate()
        process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _wait_until_up(lab: Lab, process, log: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            lab.api("status")
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


@dataclass
class Visitor:
    """A page in a browser, and every request it made to another host."""

    page: object
    foreign: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note and refuse requests that would leave the machine."""
        def route(route, request):
            host = urlsplit(request.url).hostname
            if host in ("127.0.0.1", "localhost", None):
                route.continue_()
            else:
                self.foreign.append(request.url)
                route.abort()

        self.page.route("**/*", route)
        # On a busy machine JupyterLab may ask something of its own (which kernel, save anew?).
        # A user would press the button that it offers; so do we, and note what was asked.
        self.page.add_locator_handler(self.page.locator(".jp-Dialog").first, self._accept,
                                      no_wait_after=True)

    def _accept(self, dialog) -> None:
        """Press the button until the dialog is gone; a lab that is still setting up may ignore it."""
        self.dialogs.append(dialog.inner_text())
        for _ in range(20):
            try:
                dialog.locator(".jp-mod-accept").first.click(timeout=2_000)
                dialog.wait_for(state="hidden", timeout=2_000)
                return
            except TimeoutError:
                if not dialog.is_visible():
                    return

    def open(self, lab: Lab, notebook: str) -> None:
        """Open a notebook and wait until its kernel is ready.

        On a busy machine JupyterLab may start a kernel and never connect to it; who sits before it
        loads the page again, and so do we.
        """
        for last in (False, False, True):
            self.page.goto(lab.url(notebook))
            self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
            try:
                self._wait_for_kernel(lab, notebook, 60 if last else 30)
                break
            except RuntimeError:
                if last:
                    raise
        self.wait_idle()

    def _wait_for_kernel(self, lab: Lab, notebook: str, seconds: float = 60) -> None:
        """Wait until the server knows of an idle kernel that this page is connected to.

        A page that is still setting up shows "idle" as well, and on a busy machine it may ask which
        kernel to use; the answer ends a kernel that JupyterLab has started by itself meanwhile.
        """
        end = time.monotonic() + seconds
        asked = self.page.locator(".jp-Dialog").first
        while time.monotonic() < end:
            if asked.is_visible():
                self._accept(asked)
            elif lab.has_idle_kernel(notebook):
                return
            self.page.wait_for_timeout(100)
        raise RuntimeError(f"JupyterLab connected to no kernel of {notebook} in {seconds} seconds: "
                           f"{lab.api('sessions')}")

    def wait_idle(self) -> None:
        """Wait until the kernel is idle."""
        self.page.wait_for_selector(
            '.jp-Notebook-ExecutionIndicator[data-status="idle"]', state="attached",
            timeout=60_000)

    def run_all(self) -> None:
        """Run every cell from the menu.

        While JupyterLab is still setting itself up it may drop the command, so it is given again
        until a cell has a number or a star.
        """
        for _ in range(6):
            self.page.click('.lm-MenuBar-itemLabel:text-is("Run")')
            self.page.click('[data-command="runmenu:run-all"]')
            started = self.page.locator(".jp-CodeCell .jp-InputPrompt", has_text=re.compile(
                r"\[(\*|\d+)\]"))
            try:
                started.first.wait_for(timeout=5_000)
                return
            except TimeoutError:
                continue
        raise RuntimeError("JupyterLab did not run the notebook.")

    def wait_until_run(self) -> None:
        """Wait until no cell in sight waits for its turn, and the kernel is idle."""
        self.page.wait_for_function(
            "() => ![...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]"
            ".some(prompt => prompt.textContent.includes('*'))", timeout=90_000)
        self.wait_idle()

    def room(self):
        """The room, once it is painted."""
        room = self.page.locator(ROOM)
        room.first.wait_for(timeout=60_000)
        self.page.wait_for_selector(f"{ROOM}[data-painted]", timeout=30_000)
        return room.first

    def turn(self) -> int:
        """How many decisions the room shows as taken."""
        return int(self.page.locator(ROOM).first.get_attribute("data-turn"))

    def stage(self) -> str:
        """What the room asks for: plan, incident or end."""
        return self.page.locator(ROOM).first.get_attribute("data-stage")

    def wait_for_turn(self, turn: int) -> None:
        """Wait until the room shows this turn, painted."""
        self.page.wait_for_selector(f'{ROOM}[data-painted="{turn}"]', timeout=30_000)


@contextmanager
def visiting(playwright, width: int = 1280, height: int = 900) -> Iterator[Visitor]:
    """A fresh browser and its page; it may speak to this machine only."""
    browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
    try:
        page = browser.new_context(viewport={"width": width, "height": height}).new_page()
        visitor = Visitor(page)
        visitor.watch()
        yield visitor
    finally:
        browser.close()
