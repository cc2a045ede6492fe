"""The page about the model, made of a template, data, docstrings and measured figures."""

from __future__ import annotations

import re
from pathlib import Path

from . import sections
from .calibrated import calibration
from .sources import Incomplete, Sources

TEMPLATE = Path(__file__).with_name("model.template.md")
TARGET = Path(__file__).parents[1] / "model.md"
_ASKED = re.compile(r"\{\{ (\w+) \}\}")


def make(sources: Sources) -> str:
    """The whole page."""
    parts = {
        **sections.equation_blocks(sources), **sections.facts_tables(sources),
        "state": sections.state(), "parameter_counts": sections.parameter_counts(sources),
        "parameters": sections.parameter_tables(sources),
        "facts_counted": sections.facts_counted(sources),
        "revised": sections.revised(sources),
        "falls_short": sections.falls_short(sources), "ablation": sections.ablation(sources),
        "calibration": calibration(sources.calibration),
        "managers": sections.managers(sources), "columns": sections.columns(sources),
        "bibliography": sections.bibliography(sources),
        "n": f"{sources.measured['n']:,}", "seed": str(sources.measured["seed"]),
        "model_version": str(sources.measured["model"]),
    }
    template = TEMPLATE.read_text(encoding="utf-8")
    asked = set(_ASKED.findall(template))
    if asked != set(parts):
        raise Incomplete(f"The template and the parts differ: {sorted(asked ^ set(parts))}.")
    return _ASKED.sub(lambda match: parts[match[1]], template)
