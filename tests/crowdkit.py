"""Comparing engagements of a crowd with single plays."""

import dataclasses

import numpy as np
import pytest

from casebook.engagement import Answer, Crowd, Engagement
from casebook.engagement.history import BROKEN, KEPT
from casebook.model import pick


def alone(case, player, attempt, chooser):
    play = Engagement.start(case, player, attempt)
    while play.ask is not None:
        play = play.take(chooser(play))
    return play


def assert_same(crowd: Crowd, row: int, play: Engagement):
    """One engagement of a crowd is what this play is."""
    ids = {f"{i.id}/{r.id}" for i in crowd.case.incidents
           for r in i.responses if crowd.response(i.id)[row] == r.id}
    assert ids == set(play.chosen)
    weeks = {t.decision.incident: t.week for t in play.turns if isinstance(t.decision, Answer)}
    for i, one in enumerate(crowd.case.incidents):
        assert crowd.history.weeks[row, i] == weeks.get(one.id, 0)
    assert crowd.history.kept[row].tolist() == play.history.kept[0].tolist()
    for came_to, verdict in ((KEPT, True), (BROKEN, False)):
        made = sum(promise.kept is verdict for promise in play.promises)
        assert crowd.history.fallen_due(came_to)[row] == made
    out = crowd.outcome
    assert crowd.case.endings[out.ending[row]] == play.outcome.ending
    for name in ("renewed", "follow_on", "reference", "delivered"):
        assert getattr(out, name)[row] == getattr(play.outcome, name)
    assert out.overall[row] == pytest.approx(play.outcome.overall, abs=1e-7)
    for area, points in play.outcome.scores.items():
        assert out.scores[area][row] == pytest.approx(points, abs=1e-7)
    assert_same_state(pick(crowd.state, np.array([row])), play.state)


def assert_same_state(one, other, atol=1e-9):
    for field in dataclasses.fields(one):
        np.testing.assert_allclose(getattr(one, field.name), getattr(other, field.name),
                                   rtol=0, atol=atol, err_msg=field.name)
