"""Plays by actions, as a room sends them, of a case that is small enough to be played often."""

from casebook import case as cases
from casebook.engagement.replay import Expected, replay
from casebook.room.session import Session
from tests.casefactory import incident, small_case, write_case

SHARES = ({"implementer": 40, "coach": 60}, {"politician": 50, "friend": 50},
          {"entrepreneur": 30, "marketer": 30, "implementer": 40})


def long_case(id="long"):
    """A small case with seven incidents: nine turns."""
    data = small_case(id)
    data["incidents"] = [incident(f"i{week}{part}", week) for week in range(3, 9)
                         for part in ("a", "b")][:7]
    return data


def read_long(folder):
    return cases.read(write_case(folder, long_case()))


def next_action(view, pick=0, **said):
    """The action of a manager who takes what ``pick`` says of what is on offer."""
    ask = view["ask"]
    if ask["kind"] == "plan":
        return {"do": "plan", "turn": view["turn"], "shares": SHARES[pick % len(SHARES)]}
    responses = ask["responses"]
    return {"do": "respond", "turn": view["turn"], "incident": ask["id"],
            "response": responses[pick % len(responses)]["id"], **said}


def play(session, turns=None, pick=0):
    """Play on for some turns, or to the end; gives the last view."""
    view = session.view()
    while view["stage"] != "end" and turns != 0:
        view = session.act(next_action(view, pick))
        turns = None if turns is None else turns - 1
    return view


def judged(session, number=0):
    """The verdict on the file of a story of a session."""
    story = session.stories[number]
    case, made = story.play.case, story.play
    return replay(story.path, lambda _id: case, Expected(case.id, made.player, made.attempt, number))


def reopened(session):
    """What another kernel finds in the same folder."""
    made = session.play
    return Session.open(made.case, made.player, made.attempt, session.path.parent)
