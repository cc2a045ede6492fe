"""Pictures of a play: a table in, a plotly figure out, with its text alternative and its data.

Nothing is computed here but what a picture needs to say in words what it shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import count
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from casebook.language import _

from .markup import folded, picture_html, table_html

if TYPE_CHECKING:
    import pandas as pd

#: Okabe and Ito's colours, which colour-blind readers tell apart, each with a line and a mark. Each
#: stands out from a white and from a dark page by 3 to 1: for that their yellow is darker here, and
#: grey is in the place of their light blue.
LOOKS = (("#0072B2", "solid", "circle"), ("#D55E00", "dash", "square"),
         ("#009E73", "dot", "diamond"), ("#CC79A7", "dashdot", "triangle-up"),
         ("#7A6A00", "longdash", "x"), ("#767676", "longdashdot", "star"))

PLOTLY = "application/vnd.plotly.v1+json"
NARROW = 30                    # letters of a title that stand side by side on a page of 320 pixels
#: plotly's tool bar cannot be used without a mouse, and offers to send the data to a stranger.
BARE = {"displayModeBar": False, "showSendToCloud": False, "responsive": True}


@dataclass(frozen=True)
class Picture:
    """A figure, the same in words, and the table of its data.

    A notebook shows the figure, the words below it, and the table to open. A screen reader meets
    the figure as one picture of ``name``.
    """

    figure: Any
    text: str
    table: pd.DataFrame

    def _ipython_display_(self) -> None:
        from IPython.display import HTML, display

        words = f"<p>{escape(self.text)}</p>{folded(self.data_html())}"
        if self.table.empty:
            words = f"<p>{escape(self.text)}</p>"
        if self.figure is not None:
            self.draw(words)
        else:
            display(HTML(f'<div class="cb-picture">{words}</div>'))

    @property
    def title(self) -> str:
        """What the figure is called; of words without a figure, the data's own name."""
        title = self.figure.layout.title.text if self.figure is not None else None
        return title.replace("<br>", " ") if title else _("Data")

    @property
    def name(self) -> str:
        """The figure's text alternative; what it shows is told in words beside it."""
        told = _("Figure: {title}. The same is told in words, and as a table, on this page.")
        return told.format(title=self.title)

    def draw(self, words: str = "") -> None:
        """Show the figure with its name, and below it ``words``, which are HTML."""
        from IPython.display import HTML, display

        shown = self.figure._repr_mimebundle_()
        if PLOTLY in shown:
            shown[PLOTLY] = {**shown[PLOTLY], "config": {**shown[PLOTLY].get("config", {}), **BARE}}
            display(shown, raw=True)
        else:
            display(self.figure)
        display(HTML(picture_html(self.name, words)))

    def data_html(self) -> str:
        """The table of the data; nothing where there is none."""
        return "" if self.table.empty else table_html(self.table, self.title)


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
    figure = frame(f"{title} after each turn", "turn", f"{title} (0 to 1)")
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

    ``table`` is as for :func:`over_time`, with columns ``attention_<role>`` in percent. Of an
    account, each engagement has a bar of its own, in percent of the time it gets.
    """
    columns = [name for name in table.columns if name.startswith("attention_")]
    plans = table[table["kind"] == "plan"] if len(table) else table
    if "engagement" in plans and len(plans):
        names = sorted(set(plans["engagement"]), key=len, reverse=True)
        whose = [next((name for name in names if title.startswith(f"{name}:")), "")
                 for title in plans["title"]]
        plans = plans[plans["engagement"] == whose]
    plans = plans.drop_duplicates("turn") if len(plans) else plans
    data = plans.set_index("title")[columns].rename(
        columns=lambda name: name.removeprefix("attention_")) if len(plans) else plans[columns]
    if data.empty:
        return Picture(None, "There is nothing to show yet: play the case first.", data)
    figure = frame("Your attention in each phase", "", "percent of the week")
    patterns = ("", "/", "\\", "x", ".", "-")
    for (role, values), look, pattern in zip(data.items(), _looks(), patterns, strict=False):
        figure.add_bar(x=data.index, y=values, name=role, marker={
            "color": look[0], "pattern": {"shape": pattern}})
    figure.update_layout(barmode="stack", height=460, legend={"y": -0.35})
    mean = data.mean()
    text = (f"Over {len(data)} phases you gave most of your week to the role of {mean.idxmax()} "
            f"({mean.max():.0f} % on average) and least to {mean.idxmin()} ({mean.min():.0f} %).")
    return Picture(figure, text, data)


def division(table: pd.DataFrame) -> Picture:
    """How the week was divided over the engagements of an account, in percent, phase by phase.

    ``table`` is as for :func:`over_time`, of an account: with columns engagement and share.
    """
    made = table[table["kind"] == "division"] if len(table) else table
    data = made.pivot_table(index="title", columns="engagement", values="share", sort=False,
                            aggfunc="first") if len(made) else made
    if data.empty:
        return Picture(None, "There is nothing to show yet: play the case first.", data)
    figure = frame("Your week over the engagements", "", "percent of the week")
    patterns = ("", "/", "\\", "x", ".", "-")
    for (name, values), look, pattern in zip(data.items(), _looks(), patterns, strict=False):
        figure.add_bar(x=data.index, y=values, name=name, marker={
            "color": look[0], "pattern": {"shape": pattern}})
    figure.update_layout(barmode="stack", height=460, legend={"y": -0.35})
    mean = data.mean()
    text = (f"Over {len(data)} phases {mean.idxmax()} got most of your week ({mean.max():.0f} % on "
            f"average) and {mean.idxmin()} least ({mean.min():.0f} %).")
    return Picture(figure, text, data)


def lines(table: pd.DataFrame, title: str, y: str, text: str, whole: bool = True) -> Picture:
    """A line for each column of a table in percent, over its index, with ``text`` in words.

    ``whole`` shows 0 to 100 %, so that a small difference looks small.

    Line, mark and name differ, not colour alone. The legend stands below, so that the picture is
    as wide as its place.
    """
    figure = frame(title, str(table.index.name), y)
    for (name, values), look in zip(table.items(), _looks(), strict=False):
        figure.add_scatter(x=[str(at) for at in table.index], y=values, name=name,
                           mode="lines+markers", line={"color": look[0], "dash": look[1]},
                           marker={"symbol": look[2], "size": 8},
                           hovertemplate="%{y:.0f}<extra>%{fullData.name}</extra>",
                           cliponaxis=False)
    figure.update_layout(height=380, margin={"l": 55, "r": 15, "t": 70, "b": 60})
    figure.update_xaxes(type="category")
    figure.update_yaxes(range=[0, 100] if whole else None)
    return Picture(figure, text, table.round(1))


def facts_picture(table: pd.DataFrame) -> Picture:
    """Published values and their tolerance against a simulated population.

    One row for each claim about a size. Facts the model is calibrated on and facts kept from
    calibration differ by mark and by word.

    Parameters
    ----------
    table : DataFrame
        As :func:`casebook.study.facts.check_facts` makes it.
    """
    bands = table[table["kind"] == "band"]
    data = bands.set_index("claim")[[
        "statement", "unit", "published", "tolerance", "simulated", "low", "high", "verdict",
        "calibrated"]]
    if data.empty:
        return Picture(None, "There is no claim about a size to show.", data)
    figure = frame("Published and simulated", "value (r, d, share or plans)", "")
    _add_published(figure, bands)
    for calibrated, name, look in ((True, "simulated, calibrated on", LOOKS[0]),
                                   (False, "simulated, unseen", LOOKS[1])):
        ours = bands[(bands["calibrated"] == calibrated) & bands["simulated"].notna()]
        figure.add_scatter(
            x=ours["simulated"], y=_labels(ours), name=name, mode="markers",
            marker={"color": look[0], "symbol": look[2], "size": 9}, customdata=ours["statement"],
            error_x={"type": "data", "array": ours["high"] - ours["simulated"], "width": 0},
            hovertemplate="%{customdata}<br>%{x:.2f}<extra>%{y}</extra>")
    figure.update_yaxes(categoryorder="array", categoryarray=_labels(bands), autorange="reversed")
    # Room above for a legend that is three lines high on a narrow page.
    figure.update_layout(height=200 + 26 * len(bands), margin={"l": 160, "t": 130, "r": 10},
                         title={"y": 1, "yanchor": "top", "pad": {"t": 20}},
                         legend={"orientation": "h", "y": 1.0, "yanchor": "bottom"})
    return Picture(figure, _bands_in_words(bands), data.round(3))


def _add_published(figure: Any, bands: pd.DataFrame) -> None:
    """The published value, or the middle of its range, and what lies within its tolerance."""
    middle = (bands["published_low"] + bands["published_high"]) / 2
    reach = (bands["published_high"] - bands["published_low"]) / 2 + bands["tolerance"]
    figure.add_scatter(
        x=middle, y=_labels(bands), name="published, with tolerance", mode="markers",
        marker={"color": "#767676", "symbol": "line-ns-open", "size": 14},
        error_x={"type": "data", "array": reach, "thickness": 10, "width": 0,
                 "color": "rgba(128, 128, 128, 0.35)"},
        hovertemplate="published %{x:.2f}<extra>%{y}</extra>")


def _labels(claims: pd.DataFrame) -> list[str]:
    return [claim if calibrated else f"{claim} (unseen)"
            for claim, calibrated in zip(claims["claim"], claims["calibrated"], strict=True)]


def _bands_in_words(bands: pd.DataFrame) -> str:
    """How many sizes lie within tolerance, which do not, and which could not be measured."""
    parts = []
    for calibrated, name in ((True, "calibrated on"), (False, "unseen")):
        ours = bands[bands["calibrated"] == calibrated]
        if len(ours):
            parts.append(f"Of {len(ours)} sizes {name}, {(ours['verdict'] == 'holds').sum()} lie "
                         "within the tolerance of the published value.")
    for verdict, name in (("fails", "Outside it"), ("not measured", "Not measured")):
        ours = bands[bands["verdict"] == verdict]
        if len(ours):
            told = [label if verdict == "not measured" else
                    f"{label} ({row.simulated:.2f} against {row.published})"
                    for label, row in zip(_labels(ours), ours.itertuples(), strict=True)]
            parts.append(f"{name}: {', '.join(told)}.")
    return " ".join(parts)


def _looks():
    """Colour, line and mark; when the colours come round again, lines and marks have moved on."""
    for turn in count():
        for k, (colour, *_marks) in enumerate(LOOKS):
            yield (colour, LOOKS[(k + turn) % len(LOOKS)][1],
                   LOOKS[(k + 2 * turn) % len(LOOKS)][2])


def frame(title: str, x: str, y: str) -> Any:
    """An empty figure in the casebook's manner, which reads on a light and on a dark page.

    Nothing in it can be done with a mouse alone but to be told a value, which the table has too.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    grey = "rgba(128, 128, 128, 0.35)"
    figure.update_layout(
        title={"text": "<br>".join(wrap(title, NARROW)), "font": {"size": 16}},
        xaxis_title=x, yaxis_title=y, height=420, font={"color": "#767676"},
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", dragmode=False,
        hoverlabel={"bgcolor": "#1d232a", "bordercolor": "#fff", "font": {"color": "#fff"}},
        margin={"r": 20}, legend={"orientation": "h", "y": -0.25, "itemclick": False,
                                  "itemdoubleclick": False})
    for update in (figure.update_xaxes, figure.update_yaxes):
        update(gridcolor=grey, linecolor=grey, zerolinecolor=grey, fixedrange=True)
    return figure
