"""A play as tables: how contacts stood after each turn, and what moved them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from casebook import case as cases
from casebook.case import Account
from casebook.engagement import Decision, Division, Plan, Play, Replay, file_name, replay
from casebook.engagement.explain import all_causes, cited
from casebook.engagement.predictions import brier, came
from casebook.engagement.words import causes as words
from casebook.model import MEASURES as MODEL_MEASURES
from casebook.roles import ROLE_IDS
from casebook.whereabouts import default_player

if TYPE_CHECKING:
    import pandas as pd

MEASURES = ("trust", "cognitive_trust", "affective_trust", "satisfaction", "commitment",
            "conflict")
COLUMNS = ("turn", "week", "phase", "kind", "title", "response", "contact", "name", *MEASURES,
           *(f"attention_{role}" for role in ROLE_IDS))
ACCOUNT_COLUMNS = ("engagement", "share")


def turns(play: Play) -> pd.DataFrame:
    """What was decided and how contacts stood after it.

    Returns
    -------
    DataFrame
        One row per turn and contact. ``week`` in project weeks; ``kind`` is ``plan``, ``division``
        (of the week, in an account) or ``incident``; ``response`` is the id of the response or
        empty; measures are in [0, 1], as they stood when the next decision was asked for;
        ``attention_<role>`` is in percent of the time that the contact's engagement gets. Of an
        account also ``engagement``, the title of the contact's, and ``share``, what it gets of
        the manager's week in percent.
    """
    import pandas as pd

    several = isinstance(play.case, Account)
    homes = [(part.id, part.case) for part in play.case.parts] if several else [("", play.case)]
    plans = {id: (0,) * len(ROLE_IDS) for id, _ in homes}
    rows, week = [], dict.fromkeys(plans, 0)
    for turn in play.turns:
        if isinstance(turn.decision, Plan):
            plans[turn.engagement] = turn.decision.shares
        elif isinstance(turn.decision, Division):
            week = dict(zip(turn.decision.engagements, turn.decision.shares, strict=True))
        response = getattr(turn.decision, "response", "")
        people = [(id, case, contact) for id, case in homes for contact in case.contacts]
        rows += [(
            turn.number, turn.week, turn.phase, _kind(turn.decision), turn.title,
            response, contact.id, contact.name, *(float(turn.after[name][i]) for name in MEASURES),
            *plans[id], *((case.title, week[id]) if several else ()))
            for i, (id, case, contact) in enumerate(people)]
    return pd.DataFrame(rows, columns=[*COLUMNS, *(ACCOUNT_COLUMNS if several else ())])


def _kind(decision: Decision) -> str:
    """``plan``, ``division`` or ``incident``."""
    if isinstance(decision, Division):
        return "division"
    return "plan" if isinstance(decision, Plan) else "incident"


WHY_COLUMNS = ("turn", "week", "contact", "name", "measure", "cause", "change", "because",
               "principle", "source")


def causes(play: Play) -> pd.DataFrame:
    """Why contacts' readings moved: every named cause of every change.

    Returns
    -------
    DataFrame
        One row per turn, contact, measure and cause that moved it. ``change`` is in the measure's
        own unit, from -1 to 1; over the causes of a turn, contact and measure it adds up to the
        whole change exactly. ``because`` and ``principle`` say it in words, ``source`` names the
        published findings behind the rule, with those quoted from memory marked.
    """
    import pandas as pd

    rows = []
    for turn in play.turns:
        for i, contact in enumerate(play.case.contacts):
            for cause, entry in all_causes(turn, i).items():
                said = words()[cause]
                source = "; ".join(
                    f["citation"] + (" (from memory)" if f["seen"] == "recall" else "")
                    for f in cited(said.get("findings", ())))
                who = (turn.number, turn.week, contact.id, contact.name)
                rows += [(*who, measure, cause, change, said["up" if change > 0 else "down"],
                          said["principle"], source)
                         for measure in MODEL_MEASURES if (change := entry[measure]) != 0]
    return pd.DataFrame(rows, columns=list(WHY_COLUMNS))


PREDICTION_COLUMNS = ("turn", "week", "incident", "contact", "name", "expects", "sure", "came",
                      "hit", "brier", "because")


def foretold(result: Replay) -> pd.DataFrame:
    """What was predicted in a play before each response took effect, and what came.

    Parameters
    ----------
    result : Replay
        A transcript that was replayed.

    Returns
    -------
    DataFrame
        One row per prediction. ``expects`` and ``came`` are ``more``, ``same`` or ``less`` trust at
        the moment the response was taken in; ``sure`` in percent; ``brier`` from 0 (best) to 2, 2/3
        for a blind guess; ``because`` is the reason given for the turn.
    """
    import pandas as pd

    rows = []
    for turn in result.play.turns if result.play else ():
        told = result.said.get(turn.number)
        for i, contact in enumerate(result.play.case.contacts):
            for one in told.predictions if told else ():
                if one.contact == contact.id:
                    real = came(turn, i)
                    rows.append((
                        turn.number, turn.week, turn.decision.incident, contact.id, contact.name,
                        one.expects, one.sure, real, real == one.expects,
                        brier(one.sure / 100, real == one.expects), told.because))
    return pd.DataFrame(rows, columns=list(PREDICTION_COLUMNS))


def predictions(case: str, player: str | None = None, attempt: int = 1,
                folder: str | Path = ".") -> pd.DataFrame:
    """What you predicted in your own play of a case, and what came.

    A table as :func:`casebook.study.foretold` makes it.
    Parameters are those of :func:`casebook.play`.
    """
    import pandas as pd

    result = _own(case, player, attempt, folder)
    return foretold(result) if result else pd.DataFrame(columns=list(PREDICTION_COLUMNS))


def why(case: str, player: str | None = None, attempt: int = 1,
        folder: str | Path = ".") -> pd.DataFrame:
    """Why your clients reacted as they did, in your own play of a case.

    A table as :func:`casebook.study.causes` makes it.

    Parameters are those of :func:`casebook.play`.
    """
    import pandas as pd

    result = _own(case, player, attempt, folder)
    if result and result.play:
        return causes(result.play)
    return pd.DataFrame(columns=list(WHY_COLUMNS))


def look_back(case: str, player: str | None = None, attempt: int = 1,
              folder: str | Path = ".") -> pd.DataFrame:
    """Your own play of a case as a table, read from its transcript and played again.

    Parameters are those of :func:`casebook.play`. Where nothing has been played yet, or the
    transcript is damaged, a sentence says so and the table holds the turns that are whole.
    """
    import pandas as pd

    result = _own(case, player, attempt, folder)
    if result and result.play:
        return turns(result.play)
    several = isinstance(cases.read(case), Account)
    return pd.DataFrame(columns=[*COLUMNS, *(ACCOUNT_COLUMNS if several else ())])


def _own(case: str, player: str | None, attempt: int, folder: str | Path) -> Replay | None:
    """Your own play from its transcript, as far as it is whole; a sentence where it is not."""
    player = player or default_player()
    path = Path(folder) / file_name(case, player, attempt)
    if not path.exists():
        cases.read(case)                    # a name that is no case is told, with those there are
        print("You have not played this case yet. Play it first, then run this again. Your play "
              f"would be in {path}.")
        return None
    result = replay(path, cases.read)
    if result.verdict not in ("whole", "truncated"):
        print(f"{result.text} {result.mend}")
    elif result.play.outcome is None:
        print(f"You are at turn {len(result.play.turns)}; the play is not over yet.")
    return result
