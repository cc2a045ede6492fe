"""What a player can type besides an answer. Each key says in a few words what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from casebook.language import N_, _

from . import more, show
from .ask import predict
from .talk import Stop, Talk


@dataclass(frozen=True)
class Key:
    """A key: what it does in words, and doing it."""

    words: str
    do: Callable[[Talk], None]


def stop(talk: Talk) -> None:
    """End the run; the play is kept."""
    raise Stop


def lists(talk: Talk) -> None:
    """List the keys."""
    for name, key in KEYS.items():
        talk.screen.entry(_(key.words), name)


def documents(talk: Talk) -> None:
    """List reading and exhibits, and show the one that is wanted."""
    found = more.documents(talk.view)
    for place, (title, _html) in enumerate(found, 1):
        talk.screen.line(title, None, f"  {place}  ")
    place = _one_of(talk, _("Which one? "), range(1, len(found) + 1))
    if place is not None:
        title, html = found[place - 1]
        talk.screen.line()
        talk.screen.title(title)
        talk.screen.html(html)


def hint(talk: Talk) -> None:
    """Open the next hint."""
    found = talk.view["ask"].get("hints")
    if not found:
        talk.screen.line(_("There are no hints here."))
        return
    opened = len(found["open"])
    if opened >= found["of"]:
        talk.screen.line(_("Every hint is open; a shows them again."))
        return
    if found.get("note"):
        talk.screen.line(found["note"], "quiet")
    # What costs marks is never opened by a single key.
    if talk.view["rules"]["hints"] != "counted" or _yes(talk, _("Open it? (y/n) ")):
        talk.act({"do": "hint", "turn": talk.view["turn"], "tier": opened + 1})
        show.hints(talk.screen, talk.view, opened)


def _yes(talk: Talk, question: str) -> bool:
    """Whether the answer is yes, in the language that is spoken or in English; h says it, too."""
    return talk.sub(question).lower() in ("h", "y", "yes", _("yes"), _("yes")[0])


def back(talk: Talk) -> None:
    """Try another way from before a turn of the story that is shown."""
    branches = talk.view.get("branches")
    if not branches or not branches["allowed"]:
        talk.screen.line((branches or {}).get("why_not") or _("You cannot go back here."))
        return
    for turn in talk.view["story"]:
        talk.screen.line(f"{turn['title']} ({_('week {week}').format(week=turn['week'])})",
                         None, f"  {turn['turn']}  ")
    turn = _one_of(talk, _("Another way from before which turn? "),
                   range(1, len(talk.view["story"]) + 1))
    if turn is not None:
        talk.act({"do": "branch", "from": turn})


def switch(talk: Talk) -> None:
    """Show another story."""
    branches = talk.view.get("branches")
    if not branches or len(branches["tree"]) < 2:
        talk.screen.line(_("There is one story only; b tries another way."))
        return
    more.tree(talk.screen, talk.view)
    number = _one_of(talk, _("Which story? "), [one["number"] for one in branches["tree"]])
    if number is not None:
        talk.act({"do": "switch", "branch": number})


def compare(talk: Talk) -> None:
    """Lay another story beside the one that is shown."""
    branches = talk.view.get("branches") or {"tree": ()}
    others = [one["number"] for one in branches["tree"] if one["number"] != branches["current"]]
    if not others:
        talk.screen.line(_("There is nothing to compare with yet; b tries another way."))
        return
    more.tree(talk.screen, talk.view, others)
    number = _one_of(talk, _("Compare with which story? "), others)
    if number is not None:
        talk.act({"do": "compare", "branch": number})
        if talk.view.get("compare"):
            more.comparison(talk.screen, talk.view)


def report(talk: Talk) -> None:
    """Write the report into a file, beside the play."""
    if talk.view["stage"] != "end":
        talk.screen.line(_("The report is made after the end."))
        return
    made = talk.act({"do": "report"}).get("report")
    if made:
        folder = talk.session.path.parent if talk.session.path else Path.cwd()
        try:
            path = _write(folder / made["file"], made["html"])
        except OSError as error:
            talk.screen.line(_("The report could not be written: {error}.").format(
                error=error.strerror or error), "error")
        else:
            talk.screen.line(_("Your report is in {path}.").format(path=path))


def _write(path: Path, text: str) -> Path:
    """Write a file, beside another of this name that says something else."""
    wanted, number = path, 1
    while path.exists() and path.read_text(encoding="utf-8", errors="replace") != text:
        number += 1
        path = wanted.with_name(wanted.name.replace(".html", f".{number}.html"))
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def look_back(talk: Talk) -> None:
    """Reckon what takes a moment: other managers, turning points, the others' chairs."""
    if talk.view["stage"] != "end":
        talk.screen.line(_("You can look back after the end."))
        return
    if not talk.view.get("after"):
        talk.screen.line(_("This takes a moment."), "quiet")
        talk.act({"do": "look-back"})
    found = talk.view.get("after")
    if found:
        more.after(talk.screen, talk.view)
        _chairs(talk, found.get("chairs") or [])


def _chairs(talk: Talk, chairs: list) -> None:
    """The same story from the others' chairs, one after another, as long as one is wanted."""
    place = 0
    while place is not None:
        talk.screen.line()
        talk.screen.line(_("The same story from the chair of"), "title")
        for number, one in enumerate(chairs, 1):
            talk.screen.line(f"{one['name']}, {one['title']}", None, f"  {number}  ")
        place = _one_of(talk, _("Whose? (nothing to go on) "), range(1, len(chairs) + 1))
        if place is not None:
            more.chair(talk.screen, chairs[place - 1])


def language(talk: Talk) -> None:
    """Speak another language."""
    known = list((talk.view.get("languages") or {}).items())
    if len(known) < 2:
        talk.screen.line(_("There is one language only."))
        return
    for place, (_code, name) in enumerate(known, 1):
        talk.screen.line(name, None, f"  {place}  ")
    place = _one_of(talk, _("Which one? "), range(1, len(known) + 1))
    if place is not None:
        talk.act({"do": "language", "language": known[place - 1][0]})


def _one_of(talk: Talk, question: str, allowed) -> int | None:
    """A number among those allowed; None for nothing."""
    while True:
        typed = talk.sub(question)
        if not typed:
            return None
        if typed.isdecimal() and int(typed) in allowed:
            return int(typed)
        talk.screen.line(_("Type one of these numbers, or nothing."))


def _showing(part: Callable) -> Callable[[Talk], None]:
    return lambda talk: part(talk.screen, talk.view)


KEYS = {
    "d": Key(N_("the reading and the exhibits"), documents),
    "w": Key(N_("where we are: week, project, promises"), _showing(more.where)),
    "o": Key(N_("who is here, and how they look at you"), _showing(more.people)),
    "y": Key(N_("why it happened: what moved whom"), _showing(show.why)),
    "t": Key(N_("the story so far"), _showing(more.story)),
    "a": Key(N_("show again what is asked"), _showing(show.question)),
    "h": Key(N_("open a hint"), hint),
    "p": Key(N_("predict how they will take it, then decide"), predict),
    "b": Key(N_("go back and try another way"), back),
    "s": Key(N_("switch to another story"), switch),
    "c": Key(N_("compare with another story"), compare),
    "l": Key(N_("look back, after the end"), look_back),
    "r": Key(N_("write the report, after the end"), report),
    "g": Key(N_("another language"), language),
    "?": Key(N_("this list"), lists),
    "q": Key(N_("stop; your play is kept"), stop),
}
