"""Where the casebook runs, as far as it matters to whoever plays: at a hub, on Binder, in a page.

On Binder, and where Python itself runs in the browser, work is not kept for long. On Binder the
name of the "user" is another one in every session, so that a play that was saved there could not
be carried on under it.
"""

from __future__ import annotations

import os
import sys

#: What a Binder sets for the servers that it starts; the first is Kubernetes' name for it.
BINDER = ("BINDER_SERVICE_HOST", "BINDER_LAUNCH_HOST", "BINDER_REPO_URL", "BINDER_REF_URL")
ANYBODY = "you"


def on_binder() -> bool:
    """Whether this is a server that a Binder started, and will take away again."""
    return any(os.environ.get(name) for name in BINDER)


def in_a_page() -> bool:
    """Whether Python itself runs in the browser."""
    return sys.platform == "emscripten"


def default_player() -> str:
    """The name of the student at a hub, or ``you``."""
    if on_binder():
        return ANYBODY
    return os.environ.get("JUPYTERHUB_USER", "").strip() or ANYBODY
