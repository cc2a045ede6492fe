"""Parts of the view on a terminal: what happened, what is asked, how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casebook.language import _

from .. import phrases
from ..blocks import text
from .screen import Screen

View = Mapping[str, Any]


def intro(screen: Screen, view: View) -> None:
    """The case, and how to answer."""
    case = view["case"]
    screen.head(case["title"])
    screen.line(_("{firm} for {client}").format(firm=case["firm"], client=case["client"]),
                "quiet")
    screen.line()
    screen.line(case["summary"])
    screen.line()
    screen.line(_("Read the case first: d shows the reading and the exhibits. Answer with a "
                  "number; ? lists what else you can type; q stops, and your play is kept."))


def message(screen: Screen, view: View) -> None:
    """What the session has to say, if anything."""
    if view["message"]:
        screen.line(view["message"]["text"], view["message"]["level"])
    if not view["saved"]["ok"] and view["saved"]["file"]:
        screen.line(view["saved"]["text"], "warning")


def happened(screen: Screen, view: View) -> None:
    """What came of the last decision."""
    past = view["happened"]
    if not past:
        return
    screen.line()
    # Nobody answers a plan, and often nothing comes out at once: then one line says what was done.
    if not any(past.get(key) for key in ("reactions", "why", "predictions", "news", "because")):
        screen.line(text(past["you"]))
        return
    screen.title(_("What happened: {title}").format(title=past["title"]))
    for one in past["reactions"]:
        screen.line(f"{one['name']} ({phrases.band(one['band'])}): "
                    + phrases.spoken(one["line"]), one["band"])
        for moved in one["moved"]:
            screen.entry(f"{moved['name']}: {phrases.change(moved)}")
    if past["why"]:
        screen.line(_("Why: {why}").format(why=past["why"]))
    for one in past.get("predictions") or ():
        screen.line(phrases.prediction(one), "good" if one["hit"] else "bad")
    if past.get("because"):
        screen.line(_("Your reason: {because}").format(because=past["because"]))
    news(screen, past["news"])


def news(screen: Screen, items) -> None:
    """What came out in the weeks since."""
    for item in items:
        screen.line(_("Week {week}: {text}").format(week=item["week"], text=item["text"]),
                    item["tone"], f"{phrases.MARKS[item['tone']]} ")


def why(screen: Screen, view: View) -> None:
    """What moved each person, with principle and findings."""
    past = view["happened"]
    if not past:
        screen.line(_("Nothing has happened yet."))
        return
    screen.title(_("Why: {title}").format(title=past["title"]))
    for one in past.get("findings") or ():
        screen.entry(phrases.finding(one))
    told = [(one["name"], one["why"]) for one in past["reactions"]]
    seen = {name for name, _reasons in told}
    told += [(one["name"], one["why"]) for one in view["people"] if one["name"] not in seen]
    for name, found in told:
        if found:
            screen.line()
            screen.line(name, "title")
            reasons(screen, found)


def reasons(screen: Screen, found) -> None:
    """Reasons, each with its principle and findings."""
    for one in found:
        screen.entry(phrases.because(one), phrases.ARROWS["up" if one["change"] > 0 else "down"])
        screen.line(one["principle"], "quiet", "      ")
        for finding in one["findings"]:
            screen.line(phrases.finding(finding), "quiet", "      ")


def question(screen: Screen, view: View) -> None:
    """What is asked now, or the end."""
    screen.line()
    {"plan": _plan, "incident": _incident, "end": _end}[view["ask"]["kind"]](screen, view)


def _plan(screen: Screen, view: View) -> None:
    ask = view["ask"]
    screen.head(ask["title"])
    screen.line(phrases.week_line(view), "quiet")
    screen.html(view["where"]["phase"]["brief_html"])
    screen.line()
    screen.line(ask["question"], "title")
    longest = max(len(role["name"]) for role in ask["roles"])
    for role in ask["roles"]:
        screen.line(f"{role['name']:<{longest}} {role['share']:>3} %  {role['meaning']}",
                    first="  ", rest=" " * min(longest + 11, screen.width // 3))
    for place, preset in enumerate(ask["presets"], 1):
        shares = [preset["shares"].get(role["id"], 0) for role in ask["roles"]]
        screen.line(f"{preset['name']}: {phrases.shares_text(shares)}", None, f"  {place}  ")


def _incident(screen: Screen, view: View) -> None:
    ask = view["ask"]
    who = ask["from"]
    side = ", " + _("your own side") if who["side"] == "own" else ""
    screen.head(phrases.titled(_("Week {week}: {title}").format(
        week=ask["week"], title=ask["title"]), ask.get("engagement")))
    screen.line(f"{who['name']}, {who['title']}{side}", "quiet")
    screen.html(ask["scene_html"])
    screen.line()
    responses(screen, view)
    hints(screen, view)


def responses(screen: Screen, view: View) -> None:
    """The responses, numbered."""
    for place, response in enumerate(view["ask"]["responses"], 1):
        screen.line(text(response["say_html"]), None, f"  {place}  ")


def hints(screen: Screen, view: View, after: int = 0) -> None:
    """The hints that are open, without the first ``after``."""
    found = view["ask"].get("hints")
    for place, hint in enumerate((found or {}).get("open", ())[after:], after + 1):
        screen.line()
        screen.title(phrases.hint_title(found, place))
        screen.html(hint)


def _end(screen: Screen, view: View) -> None:
    ask = view["ask"]
    screen.head(_("The end: {title}").format(title=ask["ending"]["title"]))
    screen.html(ask["ending"]["text_html"])
    screen.line()
    for yes, told in phrases.outcomes(view):
        screen.line(told, "good" if yes else "bad")
    for part in ask.get("parts") or ():
        screen.line()
        screen.title(f"{part['engagement']}: {part['title']}")
        screen.html(part["text_html"])
    screen.line()
    screen.title(_("Scorecard: {overall} of 100").format(overall=ask["overall"]))
    for area in ask["scorecard"]:
        screen.line(f"{area['name']}: {area['score']}", "title")
        for line in area["lines"]:
            screen.entry(f"{line['name']}: {line['score']} ({line['value']})")
    screen.line()
    screen.title(_("What they never told you"))
    for person in ask["unsaid"]:
        screen.line(person["name"], "title")
        screen.html(person["html"], "  ")
