"""Pictures of a play: a table in, a plotly figure out, with its text alternative and its data.

Nothing is computed here but what a picture needs to say in words what it shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

#: Okabe and Ito's colours, which colour-blind readers tell apart, each with a line and a mark.
LOOKS = (("#0072B2", "solid", "circle"), ("#D55E00", "dash", "square"),
         ("#009E73", "dot", "diamond"), ("#CC79A7", "dashdot", "triangle-up"),
         ("#7A6A00", "longdash", "x"), ("#56B4E9", "longdashdot", "star"))


@dataclass(frozen=True)
class Picture:
    """A figure, the same in words, and the table of its data.

    A notebook shows the figure, the words below it, and the table to open.
    """

    figure: Any
    text: str
    table: pd.DataFrame

    def _ipython_display_(self) -> None:
        from IPython.display import HTML, display

        if self.figure is not None:
            display(self.figure)
        display(HTML(
            f"<p>{escape(self.text)}</p>" + ("" if self.table.empty else
            f"<details><summary>The data as a table</summary>{self.table.to_html()}</details>")))


def over_time(table: pd.DataFrame, measure: str = "trust") -> Picture:
    """One measure of every contact over the turns of a play.

    Parameters
    ----------
    table : DataFrame
        As :func:`casebook.study.turns` makes it: columns turn, week, name and the measure, which
        is in [0, 1].
    measure : str
        A column: trust, satisfaction, commitment, conflict, ...
    """
    data = table.pivot_table(index="turn", columns="name", values=measure, sort=False)
    if data.empty:
        return Picture(None, "There is nothing to show yet: play the case first.", data)
    title = measure.replace("_", " ").capitalize()
    figure = _figure(f"{title} after each turn", "turn", f"{title} (0 to 1)")
    for (name, values), look in zip(data.items(), _looks(), strict=False):
        figure.add_scatter(x=data.index, y=values, name=name, mode="lines+markers",
                           line={"color": look[0], "dash": look[1]}, marker={"symbol": look[2]})
    figure.update_yaxes(range=[0, 1])
    last = data.iloc[-1]
    moved = (data.iloc[-1] - data.iloc[0]).round(2)
    text = (f"{title} after turn {data.index[-1]}: highest for {last.idxmax()} "
            f"({last.max():.2f}), lowest for {last.idxmin()} ({last.min():.2f}). Since turn "
            f"{data.index[0]} it moved most for {moved.abs().idxmax()} "
            f"({moved[moved.abs().idxmax()]:+.2f}).")
    return Picture(figure, text, data.round(3))


def attention(table: pd.DataFrame) -> Picture:
    """How attention was divided in each phase of a play, in percent of the week.

    ``table`` is as for :func:`over_time`, with columns ``attention_<role>`` in percent.
    """
    columns = [name for name in table.columns if name.startswith("attention_")]
    plans = table[table["kind"] == "plan"].drop_duplicates("turn") if len(table) else table
    data = plans.set_index("title")[columns].rename(
        columns=lambda name: name.removeprefix("attention_")) if len(plans) else plans[columns]
    if data.empty:
        return Picture(None, "There is nothing to show yet: play the case first.", data)
    figure = _figure("Your attention in each phase", "phase", "percent of the week")
    patterns = ("", "/", "\\", "x", ".", "-")
    for (role, values), look, pattern in zip(data.items(), _looks(), patterns, strict=False):
        figure.add_bar(x=data.index, y=values, name=role, marker={
            "color": look[0], "pattern": {"shape": pattern}})
    figure.update_layout(barmode="stack")
    mean = data.mean()
    text = (f"Over {len(data)} phases you gave most of your week to the role of {mean.idxmax()} "
            f"({mean.max():.0f} % on average) and least to {mean.idxmin()} ({mean.min():.0f} %).")
    return Picture(figure, text, data)


def _looks():
    """Colour, line and mark, again and again."""
    while True:
        yield from LOOKS


def _figure(title: str, x: str, y: str) -> Any:
    import plotly.graph_objects as go

    figure = go.Figure()
    grey = "rgba(128, 128, 128, 0.35)"
    figure.update_layout(
        title=title, xaxis_title=x, yaxis_title=y, height=420, font={"color": "#767676"},
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "y": -0.25})
    figure.update_xaxes(gridcolor=grey, linecolor=grey)
    figure.update_yaxes(gridcolor=grey, linecolor=grey)
    return figure
