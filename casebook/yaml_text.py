"""Plain values from YAML, read by the loader in C where Python's yaml was built with it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
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


def read_only(value: Any) -> Any:
    """The same values, in mappings and tuples that nobody can change.

    For what is read once and kept: a notebook that changed it would change what its tests expect.
    """
    if isinstance(value, Mapping):
        return MappingProxyType({key: read_only(one) for key, one in value.items()})
    if isinstance(value, list):
        return tuple(map(read_only, value))
    return value
