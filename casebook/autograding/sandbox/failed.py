"""The one error of the sandbox."""

from __future__ import annotations

from casebook.errors import CasebookError


class SandboxError(CasebookError):
    """The sandbox is not to be had here, or cannot hold what it was given."""
