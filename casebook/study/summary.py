"""What a study shows: means and shares with 95 % intervals, as plain data and in words."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

Z = 1.959964         # of the normal distribution, 97.5 %
SCORES = ("overall", "delivery", "relationship", "account", "team")
SHARES = ("renewed", "follow_on", "reference", "delivered")


def summary(table: pd.DataFrame) -> dict[str, Any]:
    """The summary of a study's table as plain data.

    Returns
    -------
    dict
        ``runs``; ``scores`` by area, points from 0 to 100 as ``{mean, low, high}``; ``shares`` of
        plays that were renewed and so on, ``endings`` by id, and ``responses`` by incident and id
        with ``happened``, all fractions as ``{share, low, high}``. Shares of responses are of the
        plays in which the incident happened.
    """
    n = len(table)
    incidents = [name for name in table.columns if name.startswith("incident:")]
    return {
        "runs": n,
        "scores": {name: mean(table[name]) for name in SCORES},
        "shares": {name: share(int(table[name].sum()), n) for name in SHARES},
        "endings": {id: share(count, n) for id, count in _counts(table["ending"]).items()},
        "responses": {name.removeprefix("incident:"): _responses(table[name])
                      for name in incidents},
    }


def mean(values: pd.Series) -> dict[str, float]:
    """Mean and 95 % interval of the mean; the interval has no width where there is one value."""
    middle, n = float(values.mean()), len(values)
    half = Z * float(values.std(ddof=1)) / sqrt(n) if n > 1 else 0.0
    return {"mean": middle, "low": middle - half, "high": middle + half}


def share(count: int, n: int) -> dict[str, float]:
    """A share and its 95 % interval (Wilson 1927), which holds near 0 and 1 too."""
    if n == 0:
        return {"share": 0.0, "low": 0.0, "high": 1.0}
    part, scale = count / n, 1 + Z * Z / n
    middle = (part + Z * Z / (2 * n)) / scale
    half = Z * sqrt(part * (1 - part) / n + Z * Z / (4 * n * n)) / scale
    # At 0 and 1 the interval touches the share, which rounding must not undo.
    return {"share": part, "low": min(max(middle - half, 0.0), part),
            "high": max(min(middle + half, 1.0), part)}


def _counts(column: pd.Series) -> dict[str, int]:
    counts = column.value_counts()
    return {str(id): int(counts[id]) for id in column.cat.categories}


def _responses(column: pd.Series) -> dict[str, Any]:
    met = int(column.notna().sum())
    return {"happened": share(met, len(column)),
            "chosen": {id: share(count, met) for id, count in _counts(column).items()}}


def text(found: Mapping[str, Any]) -> str:
    """A summary in lines to read."""
    runs = f"{found['runs']:,} plays of {found['case']} {found['version']}"
    stopped = f", stopped before {found['asked']:,}" if found["partial"] else ""
    lines = [f"{runs} by the policy {found['policy']} (seed {found['seed']}){stopped}", "",
             "points of 100         mean   95 % interval"]
    lines += [f"  {name:<18}{_points(value)}" for name, value in found["scores"].items()]
    lines += ["", "share of plays                95 % interval"]
    lines += [f"  {name.replace('_', '-'):<18}{_percent(value)}"
              for name, value in found["shares"].items()]
    lines += ["", "endings"]
    lines += [f"  {_percent(value)}  {id}" for id, value in found["endings"].items()]
    lines += ["", "responses, of the plays in which the incident happened"]
    for id, incident in found["responses"].items():
        lines.append(f"  {id}: happened in {100 * incident['happened']['share']:.1f} %")
        if incident["happened"]["share"]:
            lines += [f"    {_percent(value)}  {name}"
                      for name, value in incident["chosen"].items()]
    return "\n".join(lines)


def comparison(studies: Mapping[str, Any]) -> str:
    """Several studies side by side, one line each."""
    head = "policy          overall   95 % interval   delivery  relation  account  team  renewed"
    lines = []
    for name, study in studies.items():
        found = study.summary()
        mid = {area: value["mean"] for area, value in found["scores"].items()}
        lines.append(
            f"{name:<14}{_points(found['scores']['overall'])}{mid['delivery']:>11.1f}"
            f"{mid['relationship']:>10.1f}{mid['account']:>9.1f}{mid['team']:>6.1f}"
            f"{100 * found['shares']['renewed']['share']:>7.1f} %")
    return "\n".join([head, *lines])


def _points(value: Mapping[str, float]) -> str:
    return f"{value['mean']:>8.1f}   {value['low']:>5.1f} to {value['high']:>5.1f}"


def _percent(value: Mapping[str, float]) -> str:
    low, high = 100 * value["low"], 100 * value["high"]
    return f"{100 * value['share']:>6.1f} %   {low:>5.1f} to {high:>5.1f} %"
