"""The data that tells an engagement: causes in words, thresholds, presets."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from casebook.language import _
from casebook.yaml_text import from_yaml

HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def causes() -> dict[str, dict[str, Any]]:
    """What each cause of the ledger means: ``up``, ``down``, ``principle``, ``findings``."""
    return from_yaml((HERE / "causes.yaml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def settings() -> dict[str, Any]:
    """Bands, words, scorecard and presets."""
    return from_yaml((HERE / "settings.yaml").read_text(encoding="utf-8"))


def band(trust: float) -> str:
    """``warm``, ``wary`` or ``cold``, from trust in [0, 1]."""
    limits = settings()["bands"]
    if trust >= limits["warm"]:
        return "warm"
    return "cold" if trust < limits["cold"] else "wary"


def change_word(points: float) -> tuple[str, str]:
    """Arrow and word for a change in points of 100, e.g. ``("up", "a little higher")``."""
    limits = settings()["words"]
    size = abs(points)
    if size < limits["level"]:
        return "level", _("unchanged")
    little, clear = size < limits["little"], size >= limits["clear"]
    if points > 0:
        return "up", _("a little higher") if little else _("much higher") if clear else _("higher")
    return "down", _("a little lower") if little else _("much lower") if clear else _("lower")
