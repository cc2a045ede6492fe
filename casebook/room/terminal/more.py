"""What a player can look up at a terminal: place, people, documents, story, branches, look back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from casebook.language import _

from .. import phrases
from ..blocks import text
from .screen import Screen
from .show import news

View = Mapping[str, Any]


def where(screen: Screen, view: View) -> None:
    """Week, projects and promises."""
    screen.title(_("Where we are"))
    screen.line(phrases.week_line(view))
    for one in view["engagements"] or (view["where"],):
        if view["engagements"]:
            screen.line(one["title"], "title")
            screen.line(phrases.share_line(one))
        _project(screen, one)
    for one in view["where"]["promises"]:
        screen.entry(f"{one['to']}: {one['what']} ({phrases.promise(one)})")


def _project(screen: Screen, project: Mapping[str, Any]) -> None:
    for label, percent in phrases.progress(project):
        screen.line(f"{label}: {percent} %", first="  ")
    if phrases.gap(project):
        screen.line(phrases.gap(project), first="  ")
    told, true = project["reported"], project["measured"]
    screen.line(_("Earned value, money in thousand {currency}").format(
        currency=project["currency"]), "quiet")
    screen.table(("", _("reported"), _("measured"), ""), [
        (name, phrases.number(told[key]), phrases.number(true[key]), _(meaning))
        for key, name, meaning in phrases.TERMS])


def people(screen: Screen, view: View) -> None:
    """Everybody: what they say, how they look at the manager, and how sure that is."""
    screen.title(_("Who is here"))
    for one in view["people"]:
        screen.line()
        screen.line(phrases.titled(one["name"], one["title"], one["part"], one.get("engagement")),
                    "title")
        screen.line(text(one["about_html"]), "quiet")
        if one["says"]:
            screen.line(phrases.spoken(one["says"]))
        for reading in one["readings"]:
            screen.entry(phrases.reading(reading))
        screen.line(_(phrases.KNOWN[one["known"]]), "quiet")
    screen.line()
    screen.title(_("You and your own side"))
    for one in (view["you"], *view["colleagues"]):
        screen.line(f"{one['name']}, {one['title']}: {text(one['about_html'])}")


def documents(view: View) -> list[tuple[str, str]]:
    """The documents of the case: title and HTML."""
    return [(_("The reading"), view["reading_html"]),
            *((one["title"], one["html"]) for one in view["exhibits"])]


def story(screen: Screen, view: View) -> None:
    """Every turn so far."""
    screen.title(phrases.story_head(view))
    for turn in view["story"]:
        screen.line(phrases.story_title(turn), "title")
        screen.line(text(turn["you_html"]), first="  ")
        for one in turn["reactions"]:
            screen.line(f"{one['name']} ({phrases.band(one['band'])}): {one['line']}", first="  ")
        if turn["why"]:
            screen.line(turn["why"], "quiet", "  ")
        news(screen, turn["news"])


def tree(screen: Screen, view: View, only: Sequence[int] | None = None) -> None:
    """The play and its branches, or only some of them, numbered as they are."""
    branches = view["branches"]
    for one in branches["tree"]:
        if only is not None and one["number"] not in only:
            continue
        here = " " + _("(shown now)") if one["number"] == branches["current"] else ""
        screen.entry(phrases.branch_line(one) + here, str(one["number"]),
                     depth=0 if one.get("parent") is None else 1)


def comparison(screen: Screen, view: View) -> None:
    """Another story beside the one that is shown."""
    found = view["compare"]
    here, there = found["here"], found["label"]
    screen.title(_("{here} and {there}").format(here=here, there=there))
    screen.line(phrases.alike(found))
    for row in found["rows"]:
        screen.line(phrases.row_title(row), "title")
        for name, side in ((here, row["here"]), (there, row["there"])):
            _side(screen, name, side)
    screen.line()
    screen.title(_("How people look at you. {when}.").format(when=found["when"]))
    for person in found["people"]:
        screen.line(person["name"], "title")
        for one in person["readings"]:
            screen.entry(_("{name}: {here} here, {there} there ({word})").format(**one))
    if found["scores"]:
        screen.title(_("Scorecards"))
    for one in found["scores"] or ():
        screen.entry(_("{name}: {here} here, {there} there").format(**one))


def _side(screen: Screen, name: str, side: Mapping[str, Any] | None) -> None:
    if not side:
        screen.entry(f"{name}: " + _("this did not happen, or has not yet."))
        return
    screen.entry(f"{name}: {text(side['you_html'])}")
    for one in side["reactions"]:
        screen.line(f"{one['name']} ({phrases.band(one['band'])}): {one['line']}", one["band"],
                    "    ")


def after(screen: Screen, view: View) -> None:
    """The look back: other managers, turning points, how sure you were."""
    found = view["after"]
    screen.title(_("Other managers on the same luck"))
    for one in found.get("benchmarks") or ():
        mark = "*" if one["you"] else "-"
        screen.entry(f"{one['name']}: {one['overall']} ({one['ending']})", mark)
    screen.line()
    screen.title(_("The turning points"))
    for one in found.get("turning_points") or ():
        screen.entry(_("Week {week}: {title}").format(week=one["week"], title=one["title"])
                     + f". {one['text']}")
    sure = found.get("calibration")
    if sure:
        screen.line()
        screen.title(_("How sure you were, and how often you were right"))
        screen.line(sure["text"])
        screen.table((_("sure"), _("said"), _("came"), _("predictions")), [
            (row["sure"], row["said"], row["came"], row["n"]) for row in sure["rows"]])


def chair(screen: Screen, chair: Mapping[str, Any]) -> None:
    """The story from the chair of one of the client's people."""
    screen.line()
    screen.title(_("From the chair of {name}, {title}").format(
        name=chair["name"], title=chair["title"]))
    for wanted in chair.get("wanted") or ():
        screen.entry(wanted)
    for turn in chair.get("turns") or ():
        change = turn.get("change")
        told = f" ({phrases.signed(change)})" if isinstance(change, int | float) else ""
        screen.line(_("Week {week}: {title}").format(week=turn["week"], title=turn["title"])
                    + told, "title")
        for said in (turn.get("saw"), turn.get("believed")):
            if isinstance(said, str) and said:
                screen.line(said, first="  ")
    for one in chair.get("believed") or ():
        screen.entry(_("{name}: {start} at the start, {end} at the end").format(**one))
    for key in ("unsaid_html", "private_html"):
        if chair.get(key):
            screen.html(chair[key])
