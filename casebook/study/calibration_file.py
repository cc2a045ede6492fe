"""What a calibration leaves behind: new values in ``parameters.yaml``, and a record beside it."""

from __future__ import annotations

import math
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from casebook.errors import CasebookError, Place
from casebook.model.parameters import FILE, Parameters
from casebook.yaml_text import from_yaml

from .calibration import MATTERS, Calibration

RECORD = Path(__file__).with_name("calibration.yaml")
HEAD = """\
# What `casebook calibrate --write` did last: do not edit. `start` and `value` are the number before
# and after, `low` and `high` its range; `effect` sums up Morris's mu* over the claims' misses (root
# of the sum of squares; the misses squashed to -3 to 3); `spread` is the standard deviation that
# the facts leave it, as a share of its range (0.29 where they say nothing), null where it was not
# fitted because its effect is below {matters:.0%} of the largest. `tied` are pairs that the facts
# cannot tell apart, with their correlation. `before` and `after` are sums of squared misses of the
# facts that calibration may see, in tolerances.
"""


def record(found: Calibration) -> dict[str, Any]:
    """A calibration as plain data."""
    numbers = [{
        "name": fate.free.name, "place": list(fate.free.place), "start": _short(fate.free.start),
        "value": _short(fate.value), "low": fate.free.low, "high": fate.free.high,
        "effect": round(fate.effect, 2),
        "spread": round(fate.spread, 2) if math.isfinite(fate.spread) else None,
        "known": fate.known,
    } for fate in found.fates]
    return {"n": found.n, "seed": found.seed, "before": round(found.before, 2),
            "after": round(found.after, 2), "numbers": numbers,
            "tied": [[one, other, round(r, 2)] for one, other, r in found.tied]}


@lru_cache(maxsize=1)
def last() -> dict[str, Any]:
    """The record of the last calibration that was written."""
    return from_yaml(RECORD.read_text(encoding="utf-8"))


def as_table(found: Calibration) -> str:
    """What became of every number, a line each, and the sums of squared misses."""
    width = max(len(fate.free.label) for fate in found.fates)
    lines = [f"{fate.free.label:<{width}}  {fate.free.start:8.3f} -> {fate.value:8.3f}  "
             f"effect {fate.effect:5.2f}  {fate.known}" for fate in found.fates]
    return "\n".join([*lines, "", f"Squared misses: {found.before:.2f} before, "
                      f"{found.after:.2f} after."])


def write(found: Calibration, parameters: Path = FILE, record_to: Path = RECORD) -> list[Path]:
    """Write the values and the record; every comment and every other line stays as it is."""
    text = parameters.read_text(encoding="utf-8")
    for name in dict.fromkeys(fate.free.name for fate in found.fates):
        text = _replaced(text, name, found.parameters.about[name]["value"], parameters)
    text = _next_version(text)
    Parameters(from_yaml(text))
    parameters.write_text(text, encoding="utf-8")
    data = yaml.safe_dump(record(found), sort_keys=False, default_flow_style=None, width=200)
    record_to.write_text(HEAD.format(matters=MATTERS) + data, encoding="utf-8")
    return [parameters, record_to]


def check_writable(paths: tuple[Path, ...] = (FILE, RECORD)) -> None:
    """Refuse before the work rather than after it (CasebookError)."""
    for path in paths:
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            raise CasebookError("This file cannot be written.", "Run the command in a clone that "
                                "you may write to, or leave out --write.", Place(str(path)))


def _next_version(text: str) -> str:
    """The file's text with its version raised: other values give other states."""
    return re.sub(r'^version: "(\d+)"', lambda m: f'version: "{int(m[1]) + 1}"', text, count=1,
                  flags=re.M)


def _replaced(text: str, name: str, value: Any, file: Path) -> str:
    """The file's text with one parameter's value replaced."""
    group, key = name.split(".")
    pattern = re.compile(rf"(^{group}:\n(?:(?:  .*|#.*)?\n)*?  {key}: \{{value: )"
                         r"(\[.*?\]|[^,\[]+)(, unit)", re.M)
    found = pattern.search(text)
    if not found:
        raise CasebookError(f"The parameter {name} could not be found in its own line.",
                            "Write it as name: {value: ..., unit: ...} on one line.",
                            Place(str(file)))
    new = yaml.safe_dump(_short(value), default_flow_style=True, width=1000).split("\n")[0]
    return text[:found.start(2)] + new + text[found.end(2):]


def _short(value: Any) -> Any:
    """Numbers without the tail that binary fractions have."""
    if isinstance(value, list):
        return [_short(element) for element in value]
    return float(f"{float(value):.4g}")
