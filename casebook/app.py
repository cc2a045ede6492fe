"""``casebook app``: the room as a page of its own, with no code in sight, by Voila.

The page is a notebook of one cell and a template of Voila's, both in ``casebook/room/app``. It is
served on loopback only, behind a token, and asks nothing of any other host.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from casebook.errors import CasebookError, Place
from casebook.lab import FOLDER, can_show, check_port, free_port, until_stopped
from casebook.language import _, chosen, speaking

PAGE = Path(__file__).parent / "room" / "app"
NOTEBOOK = "casebook.ipynb"
#: The room and plain widgets need these of JupyterLab's extensions; all others stay out.
EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8",
              "anywidget"]
FIRST_PORT = 8866
PATIENCE = 60                     # seconds until the server answers


def app(case: str | None = None, folder: str | Path | None = None, browser: bool = True,
        port: int | None = None, language: str | None = None, player: str | None = None) -> int:
    """Serve the room as a page and wait until it ends.

    Parameters
    ----------
    case : str, optional
        The id of a case, or a case folder; without it the page lists the cases.
    folder : path, optional
        Where plays are kept; ``casebook-work`` by default, as for ``casebook lab``.
    browser : bool
        Whether to open a browser. The address is printed in any case.
    port : int, optional
        The port; a free one near 8866 by default.
    language : str, optional
        Such as ``"en"``; the system's by default.
    player : str, optional
        Who plays.
    """
    spoken = chosen(language)
    with speaking(spoken):
        return _app(case, folder, browser, port, spoken, player)


def _app(case: str | None, folder: str | Path | None, browser: bool, port: int | None,
         language: str, player: str | None) -> int:
    if find_spec("voila") is None:
        raise CasebookError(
            _("This command needs Voila, which is not installed."),
            _("Install it: pip install 'client-casebook[app]', or in the repository "
              "pip install -c constraints.txt -e '.[app]'."))
    if case is not None:
        # A wrong name is told here, not on a page that opens first.
        from casebook import case as cases

        title = cases.read(case, language if language in cases.translations(case) else None).title
        case = str(Path(case).resolve()) if Path(case).is_dir() else case
    else:
        title = _("Casebook")
    work = _work(folder)
    number = check_port(port) if port is not None else free_port(FIRST_PORT)
    settings = {"case": case, "player": player, "folder": str(work), "language": language}
    with tempfile.TemporaryDirectory(prefix="casebook-app-") as home:
        notebook = _notebook(Path(home), title, language)
        return _serve(notebook, number, browser and can_show(), settings)


def _work(folder: str | Path | None) -> Path:
    work = Path(folder or FOLDER).resolve()
    try:
        work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CasebookError(
            _("The folder for plays cannot be made: {error}.").format(
                error=error.strerror or error),
            _("Name a folder you may write to: casebook app --folder DIR."),
            Place(str(work))) from error
    return work


def _notebook(home: Path, title: str, language: str) -> Path:
    """The notebook of the page, with the words that its template shows."""
    book = json.loads((PAGE / NOTEBOOK).read_text(encoding="utf-8"))
    name = title if title == _("Casebook") else f"{title} · {_('Casebook')}"
    book["metadata"] |= {"title": name, "casebook": {
        "title": _("Casebook"), "dark": _("Dark"), "opens": _("The room opens …"),
        "script": _("This page needs JavaScript.")}}
    path = home / NOTEBOOK
    path.write_text(json.dumps(book), encoding="utf-8")
    return path


def command(notebook: Path, port: int, token: str, language: str) -> list[str]:
    """The command that starts Voila."""
    return [
        sys.executable, "-m", "voila", str(notebook), "--no-browser", f"--port={port}",
        "--Voila.ip=127.0.0.1", "--Voila.port_retries=0", f"--Voila.token={token}",
        "--template=casebook", "--theme=light", "--Voila.log_level=ERROR",
        f"--VoilaExporter.language_code={language.split('_')[0]}",
        "--VoilaConfiguration.strip_sources=True", "--VoilaConfiguration.show_tracebacks=False",
        "--VoilaConfiguration.allow_template_override=NO",
        *(f"--VoilaConfiguration.extension_allowlist={name}" for name in EXTENSIONS),
    ]


def _serve(notebook: Path, port: int, shows: bool, settings: dict[str, str | None]) -> int:
    import secrets

    token = secrets.token_hex(16)
    address = f"http://127.0.0.1:{port}/?token={token}"
    # Voila looks for templates where Jupyter keeps data.
    path = os.pathsep.join(filter(None, (str(PAGE), os.environ.get("JUPYTER_PATH"))))
    process = subprocess.Popen(
        command(notebook, port, token, settings["language"]), cwd=notebook.parent,
        env={**os.environ, "JUPYTER_PATH": path, "CASEBOOK_APP": json.dumps(settings)})
    try:
        if not _answers(port, process):
            process.terminate()
            raise CasebookError(_("Voila did not start."), _("What it said stands above."))
    except KeyboardInterrupt:
        process.terminate()
        return 0
    intro = _("Opening") if shows else _("Open this address in a browser:")
    kept = _("Your plays are kept in {folder}").format(folder=settings["folder"])
    print(f"{kept}\n{intro} {address}\n{_('Press Ctrl-C here to stop.')}", flush=True)
    if shows:
        import webbrowser

        webbrowser.open(address)
    return until_stopped(process, settings["folder"])


def _answers(port: int, process: subprocess.Popen) -> bool:
    """Wait until the server takes connections; False if it ended before."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.1)
    return False
