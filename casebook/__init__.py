"""Casebook: be project manager and client account executive at once, case by case.

Public names are loaded when they are first used, so that ``import casebook`` stays light.
"""

from __future__ import annotations

from typing import Any

_PUBLIC = {
    "play": "casebook.room",
    "progress": "casebook.room",
    "cases": "casebook.index",
    "look_back": "casebook.study",
    "predictions": "casebook.study",
    "why": "casebook.study",
    "read_case": "casebook.case",
}

__all__ = ["__version__", "cases", "look_back", "play", "predictions", "progress", "read_case",
           "why"]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("client-casebook")
    if name in _PUBLIC:
        from importlib import import_module

        module = import_module(_PUBLIC[name])
        return getattr(module, "read" if name == "read_case" else name)
    raise AttributeError(f"module 'casebook' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
