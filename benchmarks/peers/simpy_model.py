"""The client model as a SimPy process: one process works the weeks of one engagement.

A process for each contact as well would only add events; this is the quicker of the two.
"""

from __future__ import annotations

import simpy

from . import plain


def weeks(env: simpy.Environment, play: plain.Play, setting, luck, shares, moves, p):
    """The process: answer, work, and wait for the next week."""
    for index in range(setting.last_week - setting.first_week + 1):
        if index in moves:
            plain.respond(play, moves[index], luck.taking[index], setting, p)
        plain.play_week(play, shares, luck, setting, p)
        yield env.timeout(1)


def play(setting, luck, shares, moves, p):
    """A whole engagement: the play at its end, and the client's decision."""
    env = simpy.Environment()
    engagement = plain.begin(setting, luck, p)
    env.process(weeks(env, engagement, setting, luck, shares, moves, p))
    env.run()
    return engagement, plain.decide(engagement, luck, setting, p)
