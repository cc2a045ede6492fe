"""Everything the page is made of, read once: data of the package, and measured figures.

The measured figures are committed under ``docs/data/``; :mod:`docs.page.measure` makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

import casebook
from casebook import model
from casebook.study.ablation import mechanisms
from casebook.study.columns import columns
from casebook.study.facts import HOLDS, check_facts, references

from .measure import DATA, MEASURED, digest

PACKAGE = Path(casebook.__file__).parent


class Incomplete(Exception):
    """The page cannot be made; the text says what is missing and what to do."""


@dataclass(frozen=True)
class Sources:
    """What the page says, before it is put into words.

    ``claims`` is a table as :func:`casebook.study.facts.check_facts` makes it; ``ablation`` has
    ``breaks`` and ``mends`` as words; ``calibration`` is None until there is one.
    """

    parameters: model.Parameters
    facts: Mapping[str, Mapping[str, Any]]
    references: Mapping[str, Mapping[str, Any]]
    mechanisms: Mapping[str, Mapping[str, Any]]
    managers: Mapping[str, Mapping[str, Any]]
    columns: Mapping[str, Mapping[str, Any]]
    measured: Mapping[str, Any]
    claims: pd.DataFrame
    ablation: pd.DataFrame
    calibration: Mapping[str, Any] | None


def read() -> Sources:
    """The sources as they are in the repository.

    Raises
    ------
    Incomplete
        If figures are missing or belong to other facts or mechanisms, or if a fact falls short
        and nothing explains why.
    """
    ablation = pd.read_csv(_needed("ablation.csv"), keep_default_na=False)
    if list(ablation["mechanism"]) != list(mechanisms()):
        raise Incomplete("docs/data/ablation.csv is about other mechanisms than mechanisms.yaml. "
                         "Measure again: make model-measure")
    study = PACKAGE / "study"
    found = Sources(
        model.parameters(), model.findings(), references(), mechanisms(),
        _yaml(study / "managers.yaml"), columns(), current(_yaml(_needed("measured.yaml"))),
        claims(pd.read_csv(_needed("facts.csv"), keep_default_na=False)), ablation,
        _yaml(study / "calibration.yaml") if (study / "calibration.yaml").exists() else None)
    explained(found)
    return found


def current(measured: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is said of the figures, if they are of the numbers that are in force."""
    if measured["of"] != digest():
        raise Incomplete("The figures in docs/data are of other numbers than those in force. "
                         "Measure again: make model-measure")
    return measured


def claims(measured: pd.DataFrame) -> pd.DataFrame:
    """Claims as ``findings.yaml`` has them, with the figures and verdicts that were measured."""
    known = check_facts(pd.DataFrame()).drop(columns=list(MEASURED[1:]))
    if list(known["claim"]) != list(measured["claim"]):
        raise Incomplete("docs/data/facts.csv is about other claims than findings.yaml. "
                         "Measure again: make model-measure")
    both = known.merge(measured, on="claim", validate="1:1")
    for name in ("simulated", "low", "high"):
        both[name] = pd.to_numeric(both[name], errors="coerce")
    return both


def falling_short(claims: pd.DataFrame) -> list[str]:
    """Facts of which some claim does not hold, in the order of the table."""
    return list(dict.fromkeys(claims.loc[claims["verdict"] != HOLDS, "fact"]))


def explained(sources: Sources) -> None:
    """Refuse to make a page in which a fact falls short and nobody says why, or the reverse."""
    short = falling_short(sources.claims)
    told = [id for id, fact in sources.facts.items() if fact.get("falls_short", "").strip()]
    silent = [id for id in short if id not in told]
    if silent:
        raise Incomplete(f"{', '.join(silent)} fall short and nothing says why. Write it down as "
                         "falls_short in casebook/model/findings.yaml.")
    stale = [id for id in told if id not in short]
    if stale:
        raise Incomplete(f"{', '.join(stale)} hold, and falls_short in casebook/model/"
                         "findings.yaml still says why not. Take it out.")


def _needed(name: str) -> Path:
    if not (DATA / name).exists():
        raise Incomplete(f"docs/data/{name} is missing. Measure first: make model-measure")
    return DATA / name


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
