"""The model's numbers: read once from ``parameters.yaml``, then frozen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from casebook.yaml_text import from_yaml

FILE = Path(__file__).with_name("parameters.yaml")
FINDINGS_FILE = Path(__file__).with_name("findings.yaml")
SOURCES = ("published", "calibrated", "tuned", "chosen")


class Group:
    """Parameters of one step; ``group.name`` is the value (a float or a read-only array)."""

    def __init__(self, name: str, entries: Mapping[str, Mapping[str, Any]]):
        self._name = name
        # As plain attributes: the model reads thousands of them for every block it plays.
        self.__dict__.update({key: _frozen(entry["value"]) for key, entry in entries.items()})

    def __getattr__(self, key: str) -> Any:
        raise AttributeError(f"there is no parameter {self.__dict__.get('_name')}.{key}")


class Parameters:
    """All parameters: ``parameters.trust.conflict``; ``about`` keeps unit, meaning, source."""

    def __init__(self, data: Mapping[str, Any]):
        self._data = data
        self.version = str(data["version"])
        self.about = MappingProxyType(
            {
                f"{group}.{key}": MappingProxyType(dict(entry))
                for group, entries in data.items()
                if group != "version"
                for key, entry in entries.items()
            }
        )
        for group, entries in data.items():
            if group != "version":
                setattr(self, group, Group(group, entries))

    @property
    def digest(self) -> str:
        """Eight characters that other values would change."""
        values = sorted((name, entry["value"]) for name, entry in self.about.items())
        return hashlib.sha256(json.dumps(values).encode("ascii")).hexdigest()[:8]

    def __reduce__(self):
        return Parameters, (self._data,)

    def changed(self, **values: Any) -> Parameters:
        """A copy with other values; write ``trust__conflict=0.2`` for ``trust.conflict``."""
        data = {g: dict(e) if isinstance(e, dict) else e for g, e in self._data.items()}
        for name, value in values.items():
            group, key = name.split("__")
            if key not in data[group]:
                raise AttributeError(f"there is no parameter {group}.{key}")
            data[group][key] = {**data[group][key], "value": value}
        return Parameters(data)


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        array = np.array(value, dtype=float)
        array.setflags(write=False)
        return array
    return float(value)


@lru_cache(maxsize=1)
def parameters() -> Parameters:
    """The parameters that ship with the casebook."""
    return Parameters(from_yaml(FILE.read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def findings() -> Mapping[str, Mapping[str, str]]:
    """Published findings by id: ``statement``, ``citation``, ``seen``."""
    data = from_yaml(FINDINGS_FILE.read_text(encoding="utf-8"))
    return MappingProxyType({id: MappingProxyType(entry) for id, entry in data.items()})
