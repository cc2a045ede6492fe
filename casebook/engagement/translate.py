"""From a case, in its author's units, to the arrays of the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from casebook.case.types import (
    CONCERNS,
    CONDITION,
    DIMENSIONS,
    FAIRNESS,
    REPAIRS,
    REPORTING,
    STEPS,
    VIOLATIONS,
    Case,
    Incident,
    Response,
)
from casebook.model import Move, Setting
from casebook.model.state import NO_REPAIR

from .words import settings

NEUTRAL = 3          # the middle of an author's scale from 1 to 5


def setting(case: Case) -> Setting:
    """The case as the model sees it."""
    project, contacts = case.project, case.contacts
    weeks = np.arange(project.last_week + 1)
    points = sorted({0: 0, **project.plan}.items())
    plan = np.interp(weeks, [w for w, _ in points], [v / 100 for _, v in points])
    milestones = np.full(project.last_week + 1, np.nan)
    for phase in case.phases:
        if phase.milestone:
            milestones[phase.milestone.week] = phase.milestone.percent / 100
    influence = np.array([c.influence for c in contacts], dtype=float)
    cares = np.array([[c.cares.get(k, 0) for k in CONCERNS] for c in contacts], dtype=float)
    step = settings()["condition"]
    stands = np.array([(project.start.get(k, NEUTRAL) - NEUTRAL) * step[k] for k in CONDITION])
    return Setting(
        first_week=project.first_week, last_week=project.last_week, go_live=project.go_live,
        plan=plan, milestones=milestones, done=project.done / 100, hidden=project.hidden / 100,
        budget=float(project.budget), spent=float(project.spent),
        weekly_cost=float(project.weekly_cost), error_share=project.error_share / 100,
        volatility=project.volatility / 100, variety=settings()["people"]["variety"],
        skill_variety=0.0, influence=influence / influence.sum(),
        propensity=np.array([c.propensity - NEUTRAL for c in contacts], dtype=float),
        orientation=np.array([0.25 + 0.5 * (c.orientation - 1) / 4 for c in contacts]),
        start=np.array([c.trust - NEUTRAL for c in contacts], dtype=float),
        cares=cares / np.maximum(cares.sum(axis=1, keepdims=True), 1),
        condition=stands,
    )


def move(case: Case, incident: Incident, response: Response) -> Move:
    """One response as a move for one engagement (``n = 1``)."""
    place = {contact.id: i for i, contact in enumerate(case.contacts)}
    effects, c = response.effects, len(case.contacts)

    def table(entries, names: Sequence[str]) -> np.ndarray:
        out = np.zeros((1, c, len(names)))
        for contact, values in entries.items():
            for name, value in values.items():
                out[0, place[contact], names.index(name)] = value
        return out

    def mask(*contacts: str | None) -> np.ndarray:
        out = np.zeros((1, c))
        for contact in contacts:
            if contact is not None:
                out[0, place[contact]] += 1
        return out

    amount = np.ones((1, c))
    repair = np.full((1, c, len(VIOLATIONS)), NO_REPAIR)
    for entry in response.repair:
        amount[0, place[entry.to]] = entry.amount / 100
        repair[0, place[entry.to], VIOLATIONS.index(entry.violation)] = REPAIRS.index(entry.by)
    gains, loses = effects.sides or (None, None)
    citizenship = mask(*(k for k, kinds in response.citizenship.items() for _ in kinds))
    reporting = -1 if effects.reporting is None else REPORTING.index(effects.reporting)
    return Move(
        weight=np.array([float(incident.weight)]),
        signals=table(response.signals, DIMENSIONS), fairness=table(response.fairness, FAIRNESS),
        citizenship=citizenship,
        steps=np.array([[float(effects.steps.get(s, 0)) for s in STEPS]]),
        project=np.array([[effects.scope / 100, effects.cost, effects.rework / 100,
                           effects.go_live, effects.announce, effects.opportunities]], dtype=float),
        reporting=np.array([reporting]), pitch=mask(effects.pitch), side_for=mask(gains),
        side_against=mask(loses), repair=repair, amount=amount,
        promised=mask(*(p.to for p in response.promises)),
    )


def moves(case: Case, incident: Incident) -> Move:
    """Every response to an incident as one move, a row for each in the case's order."""
    rows = [move(case, incident, response) for response in incident.responses]
    return Move(**{field.name: np.concatenate([getattr(row, field.name) for row in rows])
                   for field in fields(Move)})
