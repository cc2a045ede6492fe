"""Published facts against a simulated population: which hold, and which do not.

A fact is one or more claims, kept with their measures in ``casebook/model/findings.yaml``. A
claim holds by these rules:

========  ===========================================================================
band      the estimate lies in the published value or range, widened by the tolerance
``+``     the 95 % interval lies above 0 (for ``-``, below)
``not +`` the estimate is no larger than the tolerance
``>``     the 95 % interval of the difference lies above 0
``>=``    the difference is not reversed: its 95 % interval does not lie below 0
========  ===========================================================================

A claim that cannot be measured on the table given, because a column is missing or constant or too
few rows qualify, is ``not measured``, with the reason, and never counts as held. A fact holds when
all its claims do; it fails when one fails. Intervals are cluster-robust by engagement
(:mod:`casebook.study.statistics`) and need no random numbers.

Facts with ``calibrate: false`` are kept from calibration. Only they test the model; the others say
how well it was fitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from casebook import model
from casebook.yaml_text import from_yaml

from .measures import MEASURES, People
from .statistics import Estimate, Unmeasurable

if TYPE_CHECKING:
    import pandas as pd

HOLDS, FAILS, NOT_MEASURED = "holds", "fails", "not measured"
VERDICTS = (HOLDS, FAILS, NOT_MEASURED)
#: More band facts than this share falling short make the whole check fail.
SHORT = 0.10
SETS = ("calibrated", "unseen")
COLUMNS = ("fact", "claim", "statement", "kind", "unit", "published", "published_low",
           "published_high", "tolerance", "simulated", "low", "high", "verdict", "reason",
           "calibrated", "seen")
_REFERENCES = Path(model.__file__).with_name("references.yaml")


@lru_cache(maxsize=1)
def references() -> Mapping[str, Mapping[str, Any]]:
    """Full references by id: authors, year, title, in, and what of it was checked."""
    data = from_yaml(_REFERENCES.read_text(encoding="utf-8"))
    return MappingProxyType({id: MappingProxyType(entry) for id, entry in data.items()})


def check_facts(table: pd.DataFrame,
                facts: Mapping[str, Mapping[str, Any]] | None = None) -> pd.DataFrame:
    """Every claim of every fact, measured on a population.

    Parameters
    ----------
    table : DataFrame
        As ``casebook.study.population`` makes it: one row for each contact and engagement.
    facts : mapping, optional
        Facts by id, as in ``findings.yaml``, which are the default.

    Returns
    -------
    DataFrame
        One row for each claim. ``published`` is as printed; ``published_low`` and
        ``published_high`` are the published value or range of a band and nan otherwise.
        ``simulated``, ``low`` and ``high`` are the estimate and its 95 % interval in ``unit`` (of
        an order, the difference), nan where not measured, and ``reason`` says why. ``verdict`` is
        holds, fails or not measured; ``calibrated`` is False for facts kept from calibration.
    """
    import pandas as pd

    facts = model.findings() if facts is None else facts

    @cache
    def people() -> People:
        return People(table)

    @cache
    def measure(name: str, of: Any) -> Estimate:
        return MEASURES[name][0](people(), of)

    rows = [_row(id, fact, claim, measure)
            for id, fact in facts.items() for claim in fact.get("claims", ())]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def by_fact(table: pd.DataFrame) -> pd.DataFrame:
    """One row for each fact of :func:`check_facts`' table: fact, verdict, calibrated, claims."""
    import pandas as pd

    return pd.DataFrame(
        [(fact, together(claims["verdict"]), bool(claims["calibrated"].iloc[0]), len(claims))
         for fact, claims in table.groupby("fact", sort=False)],
        columns=["fact", "verdict", "calibrated", "claims"])


def together(verdicts: pd.Series) -> str:
    """The verdict on a fact from those on its claims."""
    if (verdicts == FAILS).any():
        return FAILS
    return HOLDS if (verdicts == HOLDS).all() else NOT_MEASURED


def summary(table: pd.DataFrame) -> dict[str, dict[str, int]]:
    """How many facts hold, fail and are not measured: ``calibrated`` and ``unseen`` apart."""
    facts = by_fact(table)
    return {name: {"facts": int(len(ours)),
                   **{verdict: int((ours["verdict"] == verdict).sum()) for verdict in VERDICTS}}
            for name, ours in zip(SETS, (facts[facts["calibrated"]], facts[~facts["calibrated"]]),
                                  strict=True)}


def shortfalls(table: pd.DataFrame) -> list[str]:
    """Why the population does not pass, one sentence each; empty where it does.

    It passes when every sign and order holds and at most one band fact in ten falls short.
    """
    missed = table[table["verdict"] != HOLDS]
    gates = missed[missed["kind"] != "band"]
    found = [f"{row.claim} ({row.kind}) {_said(row.verdict)}" for row in gates.itertuples()]
    bands = set(table.loc[table["kind"] == "band", "fact"])
    short = sorted(set(missed.loc[missed["kind"] == "band", "fact"]))
    if len(short) > SHORT * len(bands):
        found.append(f"{len(short)} of {len(bands)} band facts fall short, more than one in ten: "
                     + ", ".join(short))
    return found


def missed(claim: Any) -> str:
    """How a claim misses, in a few words; ``claim`` is a row of :func:`check_facts`' table."""
    if claim.verdict == NOT_MEASURED:
        return f"not measured, because {claim.reason}"
    value = f"{claim.simulated:.{3 if abs(claim.simulated) < 0.095 else 2}f}".replace("-", "−")
    if claim.kind == "band":
        return f"{value}, published {claim.published.replace('-', '−')}"
    asked = {"+": "be clearly above 0", "-": "be clearly below 0", ">": "be clearly above 0",
             ">=": "not be clearly below 0", "not +": f"be no larger than {claim.tolerance:.2f}"}
    thing = "a difference" if claim.kind == "order" else "an effect"
    return f"{thing} of {value}, which should {asked[claim.published]}"


def _said(verdict: str) -> str:
    return "is not measured" if verdict == NOT_MEASURED else verdict


def _row(id: str, fact: Mapping[str, Any], claim: Mapping[str, Any], measure) -> dict[str, Any]:
    """A claim's row of the table."""
    try:
        estimate = _estimate(claim, measure)
        numbers = (estimate.value, estimate.low, estimate.high)
        verdict, reason = (HOLDS if _holds(claim, *numbers) else FAILS), ""
    except Unmeasurable as why:
        numbers, verdict, reason = (np.nan,) * 3, NOT_MEASURED, str(why)
    low, high = _range(claim)
    return dict(zip(COLUMNS, (
        id, claim["id"], claim["says"], claim["kind"], MEASURES[claim["measure"]][1],
        _printed(claim), low, high, float(claim.get("tolerance", np.nan)), *numbers, verdict,
        reason, bool(fact["calibrate"]), fact["seen"]), strict=True))


def _estimate(claim: Mapping[str, Any], measure) -> Estimate:
    """What is measured for a claim; for an order, how much the greater exceeds the less."""
    def measured(key: str) -> Estimate:
        of = claim.get(key)
        found = measure(claim["measure"], tuple(of) if isinstance(of, list) else of)
        return abs(found) if claim.get("absolute") else found

    if claim["kind"] == "order":
        return measured("greater") - measured("less")
    return measured("of")


def _holds(claim: Mapping[str, Any], value: float, low: float, high: float) -> bool:
    """Whether a claim holds; the rules are at the top of this module."""
    published, tolerance = claim["published"], claim.get("tolerance", 0.0)
    if claim["kind"] == "band":
        least, most = _range(claim)
        return least - tolerance <= value <= most + tolerance
    return {"+": low > 0, "-": high < 0, "not +": value <= tolerance,
            ">": low > 0, ">=": high >= 0}[published]


def _range(claim: Mapping[str, Any]) -> tuple[float, float]:
    """The published value or range of a band; nan for other kinds."""
    if claim["kind"] != "band":
        return np.nan, np.nan
    published = claim["published"]
    low, high = published if isinstance(published, list) else (published, published)
    return float(low), float(high)


def _printed(claim: Mapping[str, Any]) -> str:
    low, high = _range(claim)
    if claim["kind"] != "band":
        return claim["published"]
    return f"{low:.2f}" if low == high else f"{low:.2f} to {high:.2f}"
