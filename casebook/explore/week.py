"""A week of six roles: the table of the roles, and forty hours to divide over them."""

from __future__ import annotations

from html import escape
from typing import Any

from casebook import model
from casebook.language import _
from casebook.markup import rows_html, table_html
from casebook.roles import ROLES

HOURS = 40
PLANNED = (16, 6, 4, 6, 5, 3)          # a week to begin with


def roles() -> Any:
    """The six roles as a table."""
    from IPython.display import HTML

    names = (_("Role"), _("What it is"), _("The challenge it answers (our reading)"),
             _("In a week (our reading)"), _("Overdone (our reading)"))
    rows = [[escape(text) for text in (
        _("{role} (primary)").format(role=role.name) if role.primary else role.name,
        role.meaning, role.challenge, role.week, role.overdone)] for role in ROLES]
    return HTML(rows_html(names, rows, _("The six roles")))


def a_week() -> Any:
    """Forty hours over six roles: how much is planned, and which role is about to be overdone."""
    from .controls import Data
    from .widgets import Voice, box, slider

    sliders = [slider(_("{role}, hours").format(role=role.name), hours, 0, HOURS)
               for role, hours in zip(ROLES, PLANNED, strict=True)]
    voice, data = Voice(), Data()

    def tell(_change=None) -> None:
        hours = [one.value for one in sliders]
        voice.tell("\n".join(told(hours)))
        data.table = table_html(as_table(hours), _("Your week"))

    for one in sliders:
        one.observe(tell, "value")
    tell()
    return box(*sliders, voice, data)


def told(hours: list[int]) -> list[str]:
    """A week in words: its length, and each role that takes more than the model's limit."""
    total = sum(hours)
    line = _("You have planned {total} of {hours} hours.").format(total=total, hours=HOURS)
    if total > HOURS:
        line += " " + _("Take away {hours}.").format(hours=total - HOURS)
    elif total < HOURS:
        line += " " + _("There are still {hours}.").format(hours=HOURS - total)
    limits = model.parameters().evidence.overdone_above
    return [line, *(
        _("{role}: {hours} hours is more than {limit} % of the week. {overdone}").format(
            role=role.name, hours=spent, limit=round(100 * limit), overdone=role.overdone)
        for role, spent, limit in zip(ROLES, hours, limits, strict=True) if spent > limit * HOURS)]


def as_table(hours: list[int]) -> Any:
    """The hours and their share of the week, a row for each role."""
    import pandas as pd

    table = pd.DataFrame({_("hours"): hours, _("percent of the week"): [
        round(100 * spent / HOURS) for spent in hours]}, index=[role.name for role in ROLES])
    table.index.name = _("role")
    return table
