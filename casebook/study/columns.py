"""What the columns of a population are: the one place where their units are written down."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from casebook.yaml_text import from_yaml


@lru_cache(maxsize=1)
def columns() -> Mapping[str, Mapping[str, Any]]:
    """Columns of :func:`casebook.study.population` by name: ``unit``, ``meaning``, ``range``.

    ``range`` is the least and the most that can occur, None where there is no bound; columns of
    text have none.
    """
    data = from_yaml(Path(__file__).with_name("columns.yaml").read_text(encoding="utf-8"))
    return MappingProxyType({name: MappingProxyType(entry) for name, entry in data.items()})
