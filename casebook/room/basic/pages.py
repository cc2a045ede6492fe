"""The texts of the basic view: parts of the session's view as HTML."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from html import escape
from typing import Any

from casebook.language import _

from .. import phrases
from .markup import (
    STYLE,
    findings,
    fold,
    listed,
    news,
    para,
    reading,
    reasons,
    section,
    table,
    who,
)

View = Mapping[str, Any]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def head(view: View) -> str:
    """The case and the week."""
    case = view["case"]
    names = _("{firm} for {client}").format(firm=case["firm"], client=case["client"])
    first = _("Read the case first: with its exhibits it takes about half an hour. Then plan "
              "your week.") if view["turn"] == 0 else ""
    return (STYLE + section(case["title"], para(names), para(phrases.week_line(view)),
                            para(first)))


def message(view: View) -> str:
    """What the session has to say; empty where it has nothing."""
    told = [view["message"]["text"]] if view["message"] else []
    if not view["saved"]["ok"] and view["saved"]["file"]:
        told.append(view["saved"]["text"])
    return f'<div role="alert" class="cb-said">{"".join(map(para, told))}</div>' if told else ""


def documents(view: View) -> str:
    """The reading and the exhibits, closed."""
    return fold(_("The case: reading and exhibits"),
                fold(_("The reading"), _told(view, view["reading_html"])),
                *(fold(one["title"], _told(view, one["html"])) for one in view["exhibits"]))


def _told(view: View, html: str) -> str:
    """What the case tells, in the language in which it does; wide tables scroll."""
    language = view.get("case_language") or view.get("language") or "en"
    return f'<div class="cb-wide" lang="{escape(language)}">{html}</div>'


def happened(view: View) -> str:
    """What came of the last decision, and why."""
    past = view["happened"]
    if not past:
        return ""
    said = [who(one, para(one["line"], "blockquote"),
                listed(escape(f"{moved['name']}: {phrases.change(moved)}")
                       for moved in one["moved"]),
                fold(_("Why? {name}").format(name=one["name"]), reasons(one["why"]))
                if one["why"] else "") for one in past["reactions"]]
    predicted = listed(escape(phrases.prediction(one)) for one in past.get("predictions") or ())
    why = para(_("The principle: {why}").format(why=past["why"])) if past["why"] else ""
    since = para(_("In the weeks since")) + news(past["news"]) if past["news"] else ""
    return ('<div role="status" class="cb-said">'
            + section(_("What happened: {title}").format(title=past["title"]), past["you"], *said,
                      predicted, para(past.get("because") or ""), why,
                      findings(past.get("findings")), since) + "</div>")


def question(view: View) -> str:
    """What is asked now, or the end."""
    ask = view["ask"]
    if ask["kind"] == "plan":
        return section(ask["title"], _told(view, view["where"]["phase"]["brief_html"]))
    if ask["kind"] == "incident":
        return _incident(view)
    return _end(view)


def _incident(view: View) -> str:
    ask = view["ask"]
    side = _("your own side") if ask["from"]["side"] == "own" else ""
    title = phrases.titled(_("Week {week}: {title}").format(week=ask["week"], title=ask["title"]),
                           ask.get("engagement"))
    said = "".join(f"<li>{one['say_html']}</li>" for one in ask["responses"])
    responses = f'<ol class="cb-letters">{said}</ol>'
    return section(title, who({**ask["from"], "part": side}, level="h4"),
                   _told(view, ask["scene_html"]),
                   section(_("What you can do"), _told(view, responses), level=4))


def hints(view: View) -> str:
    """The hints that are open."""
    found = view["ask"].get("hints") or {}
    told = [section(phrases.hint_title(found, place), hint, level=4)
            for place, hint in enumerate(found.get("open", ()), 1)]
    return "".join(told) + para(found.get("note", ""))


def _end(view: View) -> str:
    ask = view["ask"]
    outcomes = listed((escape(text) for _yes, text in phrases.outcomes(view)), "plain")
    parts = [section(f"{one['engagement']}: {one['title']}", one["text_html"], level=4)
             for one in ask.get("parts") or ()]
    scores = [table(f"{area['name']}: {area['score']}", (_("Line"), _("Points"), _("Value")),
                    [(line["name"], line["score"], line["value"]) for line in area["lines"]])
              for area in ask["scorecard"]]
    unsaid = [who(one, one["html"]) for one in ask["unsaid"]]
    again = _("Play again with another attempt: {code}. Your luck will be different; this play is "
              "kept.").format(code=f'casebook.play("{view["case"]["id"]}", attempt=2, '
                                   'view="basic")')
    return section(
        _("The end: {title}").format(title=ask["ending"]["title"]), ask["ending"]["text_html"],
        outcomes, *parts,
        section(_("Scorecard: {overall} of 100").format(overall=ask["overall"]), *scores, level=4),
        section(_("What they never told you"), *unsaid, level=4), para(again))


def status(view: View) -> str:
    """Projects and promises."""
    parts = []
    for one in view["engagements"] or (view["where"],):
        if view["engagements"]:
            parts.append(section(one["title"], para(phrases.share_line(one)), level=4))
        parts.append(_project(one))
    promises = listed(escape(f"{one['to']}: {one['what']} ({phrases.promise(one)})")
                      for one in view["where"]["promises"])
    if promises:
        parts.append(section(_("Your promises"), promises, level=4))
    return section(_("Where we are"), *parts)


def _project(project: Mapping[str, Any]) -> str:
    bars = listed((escape(f"{label}: {percent} %") + '<span class="cb-track" aria-hidden="true">'
                   f'<i style="left:0;width:{min(percent, 100)}%"></i></span>'
                   for label, percent in phrases.progress(project)), "plain")
    told, true = project["reported"], project["measured"]
    values = table(_("Money in thousand {currency}").format(currency=project["currency"]),
                   ("", _("reported"), _("measured"), _("meaning")),
                   [(name, phrases.number(told[key]), phrases.number(true[key]), _(meaning))
                    for key, name, meaning in phrases.TERMS])
    return bars + para(phrases.gap(project)) + fold(_("Earned value"), values)


def people(view: View) -> str:
    """Everybody: what they say, how they look at the manager, how sure that is, and why."""
    cards = []
    for one in view["people"]:
        why = (fold(_("Why? Since your last decision"), reasons(one["why"]))
               if one.get("why") else "")
        cards.append("<div>" + who(
            one, para(one["says"], "blockquote"), listed(map(reading, one["readings"]), "plain"),
            para(_(phrases.KNOWN[one["known"]])), why, fold(_("About"), one["about_html"]))
            + "</div>")
    return section(_("Who is here"), f'<div class="cb-people">{"".join(cards)}</div>')


def your_side(view: View) -> str:
    """The manager and their own side, closed."""
    return fold(_("You and your own side"), *(
        who(one, one["about_html"]) for one in (view["you"], *view["colleagues"])))


def story(view: View) -> str:
    """Every turn so far, closed."""
    if not view["story"]:
        return ""
    turns = [fold(phrases.story_title(turn), turn["you_html"], *(
        para(f"{one['name']} ({phrases.band(one['band'])}): {one['line']}")
        for one in turn["reactions"]), para(turn["why"] or ""), news(turn["news"]))
        for turn in view["story"]]
    return fold(phrases.story_head(view), *turns)


def comparison(view: View) -> str:
    """Another story beside the one that is shown."""
    found = view.get("compare")
    if not found:
        return ""
    here, there = found["here"], found["label"]
    rows = [f"<strong>{escape(phrases.row_title(row))}</strong>"
            + _side(here, row["here"]) + _side(there, row["there"]) for row in found["rows"]]
    people = [(f"{one['name']}: {entry['name']}", entry["here"], entry["there"], entry["word"])
              for one in found["people"] for entry in one["readings"]]
    scores = [(one["name"], one["here"], one["there"]) for one in found["scores"] or ()]
    return section(
        _("{here} and {there}").format(here=here, there=there), para(phrases.alike(found)),
        listed(rows, "plain"),
        table(_("How people look at you. {when}.").format(when=found["when"]),
              (_("Person and reading"), here, there, _("Difference")), people),
        table(_("Scorecards"), (_("Area"), here, there), scores) if scores else "")


def _side(name: str, side: Mapping[str, Any] | None) -> str:
    if not side:
        return para(f"{name}: " + _("this did not happen, or has not yet."))
    said = "".join(para(f"{one['name']} ({phrases.band(one['band'])}): {one['line']}")
                   for one in side["reactions"])
    return f"<div>{para(f'{name}:')}{side['you_html']}{said}</div>"


def after(view: View) -> str:
    """The look back; empty before it was asked for."""
    found = view.get("after")
    if not found:
        return ""
    benchmarks = [(("* " if one["you"] else "") + one["name"], one["overall"], one["ending"])
                  for one in found.get("benchmarks") or ()]
    points = listed(
        f"<strong>{escape(phrases.titled(_('Week {week}').format(week=one['week']), one['title']))}"
        f"</strong> {para(one['text'])}"
        for one in found.get("turning_points") or ())
    return (section(_("Other managers on the same luck"), table(
        _("Overall, best first; * is you"), (_("manager"), _("overall"), _("ending")), benchmarks))
        + section(_("The turning points"), points) + _calibration(found.get("calibration"))
        + section(_("The same story from the others' chairs"),
                  *(_chair(one) for one in found.get("chairs") or ())))


def _calibration(found: Mapping[str, Any] | None) -> str:
    if not found:
        return ""
    rows = [(row["sure"], row["said"], row["came"], row["n"]) for row in found["rows"]]
    return section(_("How sure you were, and how often you were right"), para(found["text"]),
                   found.get("svg") or "", table(
                       _("Percent"), (_("sure"), _("said"), _("came"), _("predictions")), rows))


def _chair(chair: Mapping[str, Any]) -> str:
    turns = []
    for turn in chair.get("turns") or ():
        change = turn.get("change")
        told = f" ({phrases.signed(change)})" if isinstance(change, int | float) else ""
        title = _("Week {week}: {title}").format(week=turn["week"], title=turn["title"]) + told
        turns.append(escape(title) + "".join(
            para(said) for said in (turn.get("saw"), turn.get("believed"))
            if isinstance(said, str)))
    believed = listed(escape(_("{name}: {start} at the start, {end} at the end").format(**one))
                      for one in chair.get("believed") or ())
    wanted = listed(map(escape, chair.get("wanted") or ()))
    return fold(f"{chair['name']}, {chair['title']}", wanted, listed(turns), believed,
                chair.get("unsaid_html") or "", chair.get("private_html") or "")


def download(made: Mapping[str, Any]) -> str:
    """A link that keeps the report; the page itself carries it."""
    data = base64.b64encode(made["html"].encode()).decode("ascii")
    words = _("Download my report: {file}").format(file=made["file"])
    return (f'<p><a download="{escape(made["file"])}" data-lm-suppress-shortcuts="true" '
            f'href="data:text/html;charset=utf-8;base64,{data}">{escape(words)}</a></p>')
