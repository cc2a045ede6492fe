"""A play as a table: one row for each turn and contact."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from casebook import case as cases
from casebook.engagement import Engagement, Plan, file_name, replay
from casebook.roles import ROLE_IDS

if TYPE_CHECKING:
    import pandas as pd

MEASURES = ("trust", "cognitive_trust", "affective_trust", "satisfaction", "commitment",
            "conflict")
COLUMNS = ("turn", "week", "phase", "kind", "title", "response", "contact", "name", *MEASURES,
           *(f"attention_{role}" for role in ROLE_IDS))


def turns(play: Engagement) -> pd.DataFrame:
    """What was decided and how contacts stood after it.

    Returns
    -------
    DataFrame
        One row per turn and contact. ``week`` in project weeks; ``kind`` is ``plan`` or
        ``incident``; ``response`` is the id of the response or empty; measures are in [0, 1],
        as they stood when the next decision was asked for; ``attention_<role>`` is in percent.
    """
    import pandas as pd

    rows, shares = [], None
    for turn in play.turns:
        planned = isinstance(turn.decision, Plan)
        shares = turn.decision.shares if planned else shares
        for i, contact in enumerate(play.case.contacts):
            rows.append((
                turn.number, turn.week, turn.phase, "plan" if planned else "incident", turn.title,
                "" if planned else turn.decision.response, contact.id, contact.name,
                *(float(turn.after[name][i]) for name in MEASURES), *shares))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def look_back(case: str, player: str | None = None, attempt: int = 1,
              folder: str | Path = ".") -> pd.DataFrame:
    """Your own play of a case as a table, read from its transcript and played again.

    Parameters are those of :func:`casebook.play`. Where nothing has been played yet, or the
    transcript is damaged, a sentence says so and the table holds the turns that are whole.
    """
    import os

    import pandas as pd

    player = player or os.environ.get("JUPYTERHUB_USER", "").strip() or "you"
    path = Path(folder) / file_name(case, player, attempt)
    if not path.exists():
        print("You have not played this case yet. Play it above, then run this cell again.")
        return pd.DataFrame(columns=list(COLUMNS))
    result = replay(path, cases.read)
    if result.verdict not in ("whole", "truncated"):
        print(f"{result.text} {result.mend}")
    elif result.play.outcome is None:
        print(f"You are at turn {len(result.play.turns)}; the play is not over yet.")
    return turns(result.play) if result.play else pd.DataFrame(columns=list(COLUMNS))
