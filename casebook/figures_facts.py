"""Pictures of facts opened up: a short table in, a figure, its words and its data out.

The tables are those of :mod:`casebook.study.closeups`. Nothing is computed here but what a picture
needs to say in words what it shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .figures import LOOKS, Picture, frame

if TYPE_CHECKING:
    import pandas as pd

POINTS = 100          # trust is shown in hundredths here: its steps are small
SEEN = {"yes": "read in a source", "recall": "quoted from memory and still to be checked"}


def fact_card(claims: pd.DataFrame, id: str, fact: Mapping[str, Any]) -> Picture:
    """One fact in words: what was found, where, and what this population shows.

    Parameters
    ----------
    claims : DataFrame
        As :func:`casebook.study.facts.check_facts` makes it.
    id : str
        The fact's id, such as F20.
    fact : mapping
        The fact as ``findings.yaml`` has it.
    """
    ours = claims[claims["fact"] == id]
    held = int((ours["verdict"] == "holds").sum())
    kept = "calibration may look at it" if fact["calibrate"] else "kept from calibration"
    text = (f"{id}: {fact['statement']} Source: {fact['citation']}, "
            f"{SEEN.get(fact['seen'], 'checked in part')}. Found among: {fact['field']}. "
            f"Set: {kept}. In this population {held} of {len(ours)} claims hold.")
    table = ours.set_index("claim")[["statement", "published", "tolerance", "simulated", "low",
                                     "high", "unit", "verdict"]]
    return Picture(None, text, table.round(3))


def compare(one: pd.DataFrame, other: pd.DataFrame, name: str) -> Picture:
    """Whose verdict differs between two populations, both as ``check_facts`` makes them.

    ``name`` says what the other population is, such as a seed.
    """
    table = one[["claim", "statement", "calibrated", "verdict"]].merge(
        other[["claim", "verdict"]], on="claim", suffixes=(" above", f" with {name}"))
    before, after = table["verdict above"], table[f"verdict with {name}"]
    held = [f"of {len(rows)} claims {word}, {(rows.iloc[:, -1] == 'holds').sum()} hold"
            for word, rows in (("calibrated on", table[table["calibrated"]]),
                               ("unseen", table[~table["calibrated"]]))]
    changed = [f"{row.claim} ({old}, now {new})" for row, old, new in zip(
        table.itertuples(), before, after, strict=True) if old != new]
    text = (f"With {name}, {' and '.join(held)}. "
            + (f"Another verdict than above: {', '.join(changed)}." if changed
               else "No claim has another verdict than above."))
    shown = table.drop(columns="calibrated").set_index("claim")
    return Picture(None, text, shown)


def steps_of_trust(data: pd.DataFrame) -> Picture:
    """How far one good and one bad step move trust; ``data`` as ``closeups.steps_of_trust``."""
    shown = data[["value", "low", "high"]] * POINTS
    figure = frame("One step of a signal, at middling trust", "",
                   "change of trust (points of 100)")
    for row, sign, name, look, pattern in (("rise", 1, "a good step", LOOKS[0], ""),
                                           ("fall", -1, "a bad step", LOOKS[1], "/")):
        at = shown.loc[row]
        figure.add_bar(x=[name], y=[sign * at["value"]], name=name, width=0.5,
                       marker={"color": look[0], "pattern": {"shape": pattern}},
                       error_y={"type": "data", "array": [at["high"] - at["value"]],
                             "color": "#767676"},
                       hovertemplate="%{y:+.2f} points<extra>%{x}</extra>")
    figure.update_layout(showlegend=False)
    rise, fall = shown.loc["rise", "value"], shown.loc["fall", "value"]
    text = (f"A good step raises a middling trust by {rise:.2f} points of 100 on average, and a "
            f"bad step lowers it by {fall:.2f}: {fall / rise:.1f} times as much.")
    return Picture(figure, text, data.round(4))


def answers(data: pd.DataFrame, published: float | None = None) -> Picture:
    """What each answer to a failure does for trust, by kind of failure.

    Parameters
    ----------
    data : DataFrame
        As ``closeups.answers`` makes it.
    published : float, optional
        The published effect of an apology over both kinds, drawn as a line beside the marks.
    """
    figure = frame("An answer to a failure, against no answer", "",
                   "trust (standard deviations)")
    for (kind, ours), look, side in zip(data.groupby("kind", sort=False), LOOKS, (-1, 1),
                                        strict=False):
        places = [k + 0.12 * side for k in range(len(ours))]
        figure.add_scatter(
            x=places, y=ours["value"], mode="markers", name=f"failure of {kind}",
            marker={"color": look[0], "symbol": look[2], "size": 10}, customdata=ours["answer"],
            error_y={"type": "data", "array": ours["high"] - ours["value"]},
            hovertemplate="%{customdata}: %{y:.2f}<extra>%{fullData.name}</extra>")
    words = list(dict.fromkeys(data["answer"]))
    figure.update_xaxes(tickvals=list(range(len(words))), ticktext=words)
    figure.add_hline(y=0, line={"color": "#767676", "width": 1})
    if published is not None:
        at = words.index("apologise")
        figure.add_scatter(x=[at - 0.4, at + 0.4], y=[published, published], mode="lines",
                           name="published, for an apology",
                           line={"color": "#767676", "dash": "dot", "width": 3})
    figure.update_layout(height=460, legend={"orientation": "h", "y": -0.35})
    return Picture(figure, _answers_in_words(data), data.round(3))


def _answers_in_words(data: pd.DataFrame) -> str:
    by = data.set_index(["answer", "kind"])["value"]
    best = {kind: by.xs(kind, level="kind").idxmax() for kind in data["kind"].unique()}
    told = " and ".join(
        f"{by[answer, kind]:.2f} after a failure of {kind} ({answer})"
        for kind, answer in best.items())
    sorry = [f"{by['apologise', kind]:.2f} after a failure of {kind}" for kind in best]
    return (f"An apology leaves trust higher than no answer by {' and '.join(sorry)}, in standard "
            f"deviations of trust. The answer that does most gives {told}.")


def overruns(data: pd.DataFrame) -> Picture:
    """How projects are spread over classes of cost overrun; ``data`` as ``closeups.overruns``."""
    figure = frame("Projects by their overrun in cost", "overrun in cost",
                   "percent")
    for column, name, look, pattern in (
            ("projects", "of all projects", LOOKS[0], ""),
            ("of_all_overruns", "of all that is spent over plan", LOOKS[1], "/")):
        figure.add_bar(x=data["overrun"], y=100 * data[column], name=name,
                       marker={"color": look[0], "pattern": {"shape": pattern}},
                       hovertemplate="%{y:.1f} %<extra>%{fullData.name}</extra>")
    figure.update_layout(barmode="group", margin={"t": 110},
                         title={"y": 1, "yanchor": "top", "pad": {"t": 20}},
                         legend={"orientation": "h", "y": 1.0, "yanchor": "bottom"})
    figure.update_xaxes(type="category")
    tail = data[data["from"] >= 1]
    text = (f"{data['projects'].iloc[0]:.0%} of projects do not overrun at all. "
            f"{tail['projects'].sum():.0%} overrun by more than the whole plan, and these alone "
            f"account for {tail['of_all_overruns'].sum():.0%} of all that is spent over plan, if "
            "every project is of the same size.")
    return Picture(figure, text, data.drop(columns="from").set_index("overrun").round(3))


def citizenship_and_renewal(data: pd.DataFrame) -> Picture:
    """Renewal by citizenship, among less and more reliable performers.

    ``data`` is as ``closeups.citizenship_and_renewal`` makes it.
    """
    figure = frame("Citizenship and renewal", "citizenship felt: 1 least, 5 most",
                   "clients who renew (percent)")
    said = []
    for (word, ours), look in zip(data.groupby("performance", sort=False), LOOKS, strict=False):
        figure.add_scatter(
            x=ours["group"], y=100 * ours["value"], name=f"{word} performance",
            mode="lines+markers", line={"color": look[0], "dash": look[1]},
            marker={"symbol": look[2], "size": 9},
            error_y={"type": "data", "array": 100 * (ours["high"] - ours["value"]),
                     "arrayminus": 100 * (ours["value"] - ours["low"])},
            hovertemplate="%{y:.0f} %<extra>%{fullData.name}</extra>")
        first, last = ours["value"].iloc[0], ours["value"].iloc[-1]
        said.append(f"Where performance was {word}, {first:.0%} renew in the fifth with least "
                    f"citizenship and {last:.0%} in the fifth with most.")
    figure.update_xaxes(tickvals=sorted(data["group"].unique()))
    figure.update_yaxes(range=[0, 100])
    return Picture(figure, " ".join(said), data.round(3))
