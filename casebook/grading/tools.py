"""Programs that nbgrader starts by name, found beside the Python that runs us."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def find_tools() -> None:
    """Put the folder of this Python first in the search path, unless it is in it.

    A new gradebook makes nbgrader start ``alembic`` by its name, which fails in an environment that
    is used without being activated.
    """
    here = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", "")
    if here not in path.split(os.pathsep):
        os.environ["PATH"] = here + (os.pathsep + path if path else "")
