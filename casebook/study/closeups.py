"""A few facts opened up: the small tables from which a reader can see what a fact looks like.

Each takes a population (:func:`casebook.study.population`) and gives a short table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .broad import ANSWERS, KINDS
from .measures import MEASURES, People
from .statistics import Estimate, mean

if TYPE_CHECKING:
    import pandas as pd

#: Edges of the classes of cost overrun, as shares of plan; the last class is open.
CLASSES = (-0.5, 0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
FIFTHS = 5


def steps_of_trust(table: pd.DataFrame) -> pd.DataFrame:
    """What a step of good and of bad signals does to a middling trust (F20).

    Returns
    -------
    DataFrame
        Indexed by ``rise`` and ``fall``: ``value``, ``low``, ``high`` in trust per step, both as
        positive numbers, and ``contacts``, how many went through such steps.
    """
    import pandas as pd

    people, measure = People(table), MEASURES["step_of_trust"][0]
    return pd.DataFrame(
        [(*_numbers(measure(people, of)), int(table[of].notna().sum()))
         for of in ("rise", "fall")],
        index=["rise", "fall"], columns=["value", "low", "high", "contacts"])


def answers(table: pd.DataFrame) -> pd.DataFrame:
    """How much more trust each answer to a failure leaves than no answer (F23, F25).

    Returns
    -------
    DataFrame
        One row for each ``answer`` and ``kind`` of failure: ``value``, ``low``, ``high`` in
        standard deviations of trust.
    """
    import pandas as pd

    people, measure = People(table), MEASURES["effect_of_answer"][0]
    return pd.DataFrame([(answer, kind, *_numbers(measure(people, [answer, kind])))
                         for kind in KINDS for answer in ANSWERS],
                        columns=["answer", "kind", "value", "low", "high"])


def overruns(table: pd.DataFrame) -> pd.DataFrame:
    """How projects are spread over classes of overrun in cost (F28).

    Returns
    -------
    DataFrame
        One row for each class: ``overrun`` in words, ``from`` (share of plan), ``projects`` (their
        share of all), and ``of_all_overruns``, their share of all that is spent over plan, every
        project counting as of the same size.
    """
    import pandas as pd

    cost = table.drop_duplicates("engagement")["cost_overrun"].to_numpy()
    over, where = np.maximum(cost, 0), np.digitize(cost, CLASSES[1:])
    rows = []
    for k, start in enumerate(CLASSES):
        inside = where == k
        rows.append((_class_in_words(k), start, float(inside.mean()),
                     float(over[inside].sum() / over.sum())))
    return pd.DataFrame(rows, columns=["overrun", "from", "projects", "of_all_overruns"])


def _class_in_words(k: int) -> str:
    if k == 0:
        return "none"
    if k + 1 == len(CLASSES):
        return f"over {CLASSES[k]:.0%}"
    return f"{CLASSES[k]:.0%} to {CLASSES[k + 1]:.0%}"


def citizenship_and_renewal(table: pd.DataFrame) -> pd.DataFrame:
    """Share of clients who renew, by how much citizenship they felt (F02).

    Engagements are halved by how reliable performance was, and each half is cut into five equal
    groups by citizenship, so that citizenship is compared among alike performers.

    Returns
    -------
    DataFrame
        One row for each ``performance`` (less or more reliable) and ``group`` (1 least to 5 most
        citizenship): ``value``, ``low``, ``high`` as shares of 1, and ``engagements``.
    """
    import pandas as pd

    accounts = People(table).engagements()
    felt, reliable = accounts.column("citizenship"), accounts.column("reliable_performance")
    renewed = accounts.column("renewed")
    more = reliable > np.median(reliable)
    rows = []
    for word, half in (("less reliable", ~more), ("more reliable", more)):
        cuts = np.quantile(felt[half], np.arange(1, FIFTHS) / FIFTHS)
        group = np.where(half, np.digitize(felt, cuts), -1)
        for k in range(FIFTHS):
            ours = np.where(group == k, renewed, np.nan)
            found = _numbers(mean(ours, accounts.clusters))
            rows.append((word, k + 1, *np.clip(found, 0, 1), int((group == k).sum())))
    return pd.DataFrame(rows, columns=["performance", "group", "value", "low", "high",
                                       "engagements"])


def _numbers(found: Estimate) -> tuple[float, float, float]:
    return found.value, found.low, found.high
