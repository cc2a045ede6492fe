"""Measure the simulated figures of the page and write them to ``docs/data/``."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from casebook import case as cases
from casebook import model
from casebook.commands.facts import ENGAGEMENTS, SEED
from casebook.study.ablation import ablate, mechanisms
from casebook.study.broad import managers
from casebook.study.facts import check_facts
from casebook.study.population import population

DATA = Path(__file__).parents[1] / "data"
MEASURED = ("claim", "simulated", "low", "high", "verdict", "reason")
DIGITS = 4


def facts(n: int = ENGAGEMENTS, seed: int = SEED) -> pd.DataFrame:
    """Every claim's figure and verdict on the default population."""
    return check_facts(population(n, seed))[list(MEASURED)].round(DIGITS)


def ablation(n: int = ENGAGEMENTS, seed: int = SEED) -> pd.DataFrame:
    """What fails without each mechanism, and what holds only without it."""
    table = ablate(n, seed)[["mechanism", "breaks", "mends", "verdict"]]
    return table.assign(**{name: table[name].map(" ".join) for name in ("breaks", "mends")})


def digest() -> str:
    """A short name of everything in data that the figures depend on."""
    rests_on = {
        "model": model.MODEL_VERSION,
        "parameters": {name: about["value"] for name, about in model.parameters().about.items()},
        "claims": {id: fact["claims"] for id, fact in model.findings().items()},
        "neutral": {id: about["neutral"] for id, about in mechanisms().items()},
        "cases": {case.id: case.version for case in cases.bundled_engagements()},
        "managers": {name: np.asarray(value).tolist() for name, value in managers().items()},
    }
    return hashlib.sha256(json.dumps(rests_on, sort_keys=True).encode("utf-8")).hexdigest()[:16]


def write() -> None:
    """Measure everything and write it down."""
    DATA.mkdir(exist_ok=True)
    facts().to_csv(DATA / "facts.csv", index=False, lineterminator="\n")
    ablation().to_csv(DATA / "ablation.csv", index=False, lineterminator="\n")
    about = {"n": ENGAGEMENTS, "seed": SEED, "model": model.MODEL_VERSION, "of": digest()}
    (DATA / "measured.yaml").write_text(
        "# The population on which facts.csv and ablation.csv were measured. `of` names the data\n"
        "# that they depend on, so that figures of other numbers are not taken for these.\n"
        + yaml.safe_dump(about, sort_keys=False), encoding="utf-8")
