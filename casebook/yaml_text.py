"""Plain values from YAML, read by the loader in C where Python's yaml was built with it."""

from __future__ import annotations

from typing import Any


def from_yaml(text: str) -> Any:
    """The values in a text: dicts, lists, strings, numbers, dates, True, False and None.

    Raises
    ------
    yaml.YAMLError
        If it is no YAML, or names a type of its own.
    """
    import yaml

    # Ten times as fast as the loader in Python, and missing from some builds.
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
