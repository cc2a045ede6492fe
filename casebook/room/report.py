"""The report: a play that is over as one HTML file that needs nothing else, on screen or paper.

No script, no font and no picture from elsewhere; headings in order, tables with headers, light and
dark by the reader's own setting. It is made of the view, so it says nothing that the room does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casebook.engagement import SUFFIX, file_name
from casebook.language import _
from casebook.whereabouts import ANYBODY

from .parts import expected

if TYPE_CHECKING:
    from .session import Session

STYLE = Path(__file__).with_name("static") / "report.css"
#: Nothing may be fetched or run, whatever the texts of a case hold.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
ENDING = ".report.html"


def report(session: Session) -> dict[str, str]:
    """The report of the story that a session shows: ``file``, a name for it, and ``html``."""
    play, number = session.play, session.current
    name = file_name(play.case.id, play.player, play.attempt, number)
    return {"file": name.removesuffix(SUFFIX) + ENDING, "html": page(session.view(), play.player)}


def page(view: dict[str, Any], player: str) -> str:
    """A view at the end of a play, with what was reckoned then, as a whole HTML page."""
    title = _("{case}: report of a play").format(case=view["case"]["title"])
    style = STYLE.read_text(encoding="utf-8")
    parts = (_head(view, player), _ending(view), _scorecard(view), _after(view), _story(view),
             _ways(view), _chairs(view), _foot())
    return (f'<!DOCTYPE html>\n<html lang="{escape(view["language"])}">\n<head>\n'
            f'<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
            f'<main>{"".join(filter(None, parts))}</main>\n</body>\n</html>\n')


def _tag(tag: str, content: str, **attributes: str) -> str:
    told = "".join(f' {key.rstrip("_")}="{escape(value)}"' for key, value in attributes.items())
    return f"<{tag}{told}>{content}</{tag}>"


def _p(text: str, **attributes: str) -> str:
    return _tag("p", escape(text), **attributes)


def _in_case(view: dict[str, Any], html: str, tag: str = "div") -> str:
    """A text of the case, marked with its language where that is another one than the page's."""
    own = view["case_language"]
    return _tag(tag, html, **({} if own == view["language"] else {"lang": own}))


def _table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table whose first column names the rows; all cells are plain text."""
    head = "".join(_tag("th", escape(name), scope="col") for name in heads)
    body = "".join(_tag("tr", "".join(
        _tag("th", escape(str(cell)), scope="row") if i == 0 else _tag("td", escape(str(cell)))
        for i, cell in enumerate(row))) for row in rows)
    return _tag("table", _tag("caption", escape(caption)) + _tag("thead", _tag("tr", head))
                + _tag("tbody", body))


def _head(view: dict[str, Any], player: str) -> str:
    case = view["case"]
    way = next(one for one in view["branches"]["tree"]
               if one["number"] == view["branches"]["current"])
    who = _("{player}, attempt {attempt}: {way}").format(
        player=_("You") if player == ANYBODY else player, attempt=case["attempt"],
        way=way["label"])
    return (_tag("h1", escape(case["title"])) + _p(_("{firm} for {client}").format(**case))
            + _p(who) + _in_case(view, _p(case["summary"])))


def _ending(view: dict[str, Any]) -> str:
    ask, yes = view["ask"], {True: _("yes"), False: _("no")}
    outcome = ask["outcome"]
    lines = [(_("The system went live"), outcome["delivered"]),
             (_("The contract was renewed"), outcome["renewed"]),
             (_("Further work was agreed"), outcome["follow_on"]),
             (_("Somebody speaks for you in public"), outcome["reference"])]
    parts = "".join(_tag("h3", escape(f"{one['engagement']}: {one['title']}"))
                    + _in_case(view, one["text_html"]) for one in ask["parts"])
    return (_tag("h2", escape(ask["ending"]["title"])) + _in_case(view, ask["ending"]["text_html"])
            + _tag("ul", "".join(_tag("li", escape(f"{text}: {yes[came]}"))
                                 for text, came in lines))
            + parts)


def _scorecard(view: dict[str, Any]) -> str:
    ask = view["ask"]
    tables = "".join(_table(f"{area['name']}: {area['score']}",
                            (_("Line"), _("Points"), _("Value")),
                            ((line["name"], line["score"], line["value"])
                             for line in area["lines"])) for area in ask["scorecard"])
    return _tag("h2", escape(_("Scorecard: {n} of 100").format(n=ask["overall"]))) + tables


def _after(view: dict[str, Any]) -> str:
    after = view["after"]
    if not after:
        return ""
    out = _tag("h2", escape(_("Other managers on the same luck"))) + _table(
        _("Named managers with fixed habits, played on exactly your luck"),
        (_("Manager"), _("Overall"), _("Ending")),
        ((one["name"], one["overall"], one["ending"]) for one in after["benchmarks"]))
    if after["turning_points"]:
        points = "".join(
            _tag("li", _tag("strong", escape(_in_week(one["week"], f"{one['title']}."))) + " "
                 + escape(one["text"]) + _tag("ul", _tag("li", _both(
                     view, _("What you did:"), one["chose"])) + _tag("li", _both(
                         view, _("The best other way:"), one["other"]))))
            for one in after["turning_points"])
        out += _tag("h2", escape(_("Turning points"))) + _p(_(
            "The decisions that mattered most, found by playing their alternatives many times.")
            ) + _tag("ol", points)
    found = after["calibration"]
    if found:
        rows = ((row["sure"], f"{row['said']} %", f"{row['came']} %", row["n"])
                for row in found["rows"])
        out += (_tag("h2", escape(_("How well you read your clients"))) + _p(found["text"])
                + _tag("figure", found["svg"]) + _table(
                    _("Predictions by how sure you were"),
                    (_("You said"), _("On average"), _("Came true"), _("Number")), rows))
    return out


def _story(view: dict[str, Any]) -> str:
    turns = "".join(_turn(view, turn) for turn in view["story"])
    return _tag("h2", escape(_("The story"))) + turns


def _both(view: dict[str, Any], lead: str, text: str) -> str:
    return f"{escape(lead)} {_in_case(view, escape(text), 'span')}"


def _in_week(week: int, text: str) -> str:
    return ": ".join((_("Week {week}").format(week=week), text))


def _turn(view: dict[str, Any], turn: dict[str, Any]) -> str:
    title = ": ".join(filter(None, (_("Week {week}").format(week=turn["week"]),
                                    turn["engagement"], turn["title"])))
    said = "".join(_tag("p", _tag("strong", escape(f"{one['name']}: ")) + escape(one["line"]))
                   for one in turn["reactions"])
    body = _in_case(view, turn["you_html"] + said)
    if turn["predictions"]:
        body += _tag("ul", "".join(_tag("li", escape(_predicted(one)))
                                   for one in turn["predictions"]))
    if turn["because"]:
        body += _p(_("Your reason: {because}").format(because=turn["because"]))
    if turn["hints"]:
        body += _p(_("Hints opened: {n}").format(n=turn["hints"]), class_="quiet")
    if turn["why"]:
        body += _in_case(view, _p(turn["why"], class_="quiet"))
    if turn["news"]:
        body += _tag("ul", "".join(_tag("li", escape(
            _in_week(one["week"], one["text"])))
            for one in turn["news"]))
    return _tag("section", _tag("h3", escape(title)) + body)


def _predicted(one: dict[str, Any]) -> str:
    return _("{name}: you expected “{expects}” ({sure} % sure); it came: “{came}”.").format(
        name=one["name"], expects=expected(one["expects"]), sure=one["sure"],
        came=expected(one["came"]))


def _ways(view: dict[str, Any]) -> str:
    tree = view["branches"]["tree"]
    if len(tree) < 2:
        return ""
    return _tag("h2", escape(_("Ways through this engagement"))) + _table(
        _("Your play and the other ways you tried"),
        (_("Way"), _("Turns"), _("Where it stands"), _("Overall")),
        ((one["label"], one["turns"], one["state"],
          "" if one["overall"] is None else one["overall"]) for one in tree))


def _chairs(view: dict[str, Any]) -> str:
    if not view["after"]:
        return ""
    return _tag("h2", escape(_("From the client's chair"))) + "".join(
        _chair(view, one) for one in view["after"]["chairs"])


def _chair(view: dict[str, Any], one: dict[str, Any]) -> str:
    saw = "".join(_tag("li", _tag("strong", escape(
        _in_week(turn["week"], f"{turn['title']}."))) + " "
        + _in_case(view, escape(turn["saw"]), "span") + " " + _tag("em", escape(turn["believed"])))
        for turn in one["turns"])
    return _tag("section", _tag("h3", escape(f"{one['name']}, {one['title']}"))
                + one["private_html"]
                + _tag("h4", escape(_("What they wanted")))
                + _tag("ul", "".join(_tag("li", escape(text)) for text in one["wanted"]))
                + _table(_("What they believed of you"), ("", _("at the start"), _("at the end")),
                         ((row["name"], row["start"], row["end"]) for row in one["believed"]))
                + _tag("h4", escape(_("What they saw"))) + _tag("ol", saw)
                + _tag("h4", escape(_("What they never told you")))
                + _in_case(view, one["unsaid_html"]))


def _foot() -> str:
    return _p(_("Case, firms and people are fictional. The simulated clients follow rules that the "
                "casebook's documentation gives with their sources."), class_="quiet")
