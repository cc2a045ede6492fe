"""The client's chair: the same engagement from a contact's side.

What is shown as seen is what the contact can have seen: responses they answered to, promises made
to them, and what became known to all of their engagement. What they believed is what the model
holds of them, without the manager's uncertainty, because the play is over.
"""

from __future__ import annotations

from typing import Any

from casebook.engagement import Play, Turn
from casebook.engagement.explain import BELIEFS, all_causes, strongest
from casebook.engagement.turns import News, Undertaking
from casebook.language import N_, _

from .markdown import html
from .parts import located, title
from .portraits import portrait
from .private import private_html

#: What somebody wants who cares about a concern, in the order of the model's concerns.
WANTED = (N_("that the agreed date is kept"), N_("that the deal is fair and worth its money"),
          N_("that the work is right and does not come back"),
          N_("that the people who use it are ready for it"),
          N_("that it does them credit in their own house"))
PARTS = {"sponsor": N_("sponsor"), "user lead": N_("user lead"),
         "technical lead": N_("technical lead"), "procurement": N_("procurement"),
         "executive": N_("executive")}
BANDS = {"warm": N_("warm"), "wary": N_("wary"), "cold": N_("cold")}
BELIEVED = {"ability": N_("Your ability"), "benevolence": N_("Your goodwill"),
            "integrity": N_("Your integrity"), "trust": N_("Trust in you"),
            "satisfaction": N_("Satisfaction with the project")}
#: How each of them is told to have risen or fallen: parts of a sentence.
MOVED = {
    "trust": (N_("trust in you rose from {start} to {end}"),
              N_("trust in you fell from {start} to {end}")),
    "ability": (N_("your ability rose from {start} to {end}"),
                N_("your ability fell from {start} to {end}")),
    "benevolence": (N_("your goodwill rose from {start} to {end}"),
                    N_("your goodwill fell from {start} to {end}")),
    "integrity": (N_("your integrity rose from {start} to {end}"),
                  N_("your integrity fell from {start} to {end}")),
    "satisfaction": (N_("satisfaction with the project rose from {start} to {end}"),
                     N_("satisfaction with the project fell from {start} to {end}")),
}
LEAST = 0.05         # of all that somebody cares about: less is not told


def chairs(play: Play) -> list[dict[str, Any]]:
    """A finished play from the side of each contact, as plain data."""
    return [chair(play, i) for i in range(len(play.case.contacts))]


def chair(play: Play, i: int) -> dict[str, Any]:
    """A finished play from the side of the contact at this place."""
    contact = play.case.contacts[i]
    start, end = play.turns[0].before, play.turns[-1].after
    return {
        "id": contact.id, "name": contact.name, "title": contact.title,
        "portrait": portrait(contact.portrait, contact.name),
        "wanted": wanted(play, i),
        "turns": [told for told in (_turn(play, turn, i) for turn in play.turns) if told],
        "believed": [{"name": _(name), "start": _points(start[measure][i]),
                      "end": _points(end[measure][i])} for measure, name in BELIEVED.items()],
        "unsaid_html": html(contact.unsaid),
        "private_html": private_html(play, i),
    }


def wanted(play: Play, i: int) -> list[str]:
    """What a contact wanted, the strongest first: as in this play, which differs by luck."""
    part, j = located(play, i)
    shares = [float(share) for share in part.state.cares[0, j]]
    order = sorted(range(len(shares)), key=lambda k: -shares[k])
    told = [_("{what} ({share} %)").format(what=_(WANTED[k]), share=round(100 * shares[k]))
            for k in order if shares[k] >= LEAST]
    role = _(PARTS[play.case.contacts[i].part])
    return [_("As {part}, above all {what}").format(part=role, what=told[0]), *told[1:]]


def seen(play: Play, turn: Turn, i: int) -> list[str]:
    """What a contact saw of the manager from one decision to the next, in sentences."""
    contact = play.case.contacts[i]
    # The band is how they stood after the response; their line can be a reproach all the same.
    out = [_("Learned what you did. By then {band} towards you: “{line}”").format(
        band=_(BANDS[one.band]), line=one.line)
        for one in turn.reactions if one.contact == contact.id]
    mine = [promise for promise in play.promises if promise.to == contact.id]
    out += [_("You promised: {what}, by week {week}.").format(what=one.what, week=one.due)
            for one in mine if _made_at(play, one) == turn.number]
    kept = {True: _("Your promise was kept: {what}."),
            False: _("Your promise was not kept: {what}.")}
    out += [kept[one.kept].format(what=one.what)
            for one in mine if one.kept is not None and _settled_at(play, one) == turn.number]
    return out + [_dated(text, news, title(play, located(play, i)[0].case.id))
                  for news in turn.news if (text := _known_to(play, news, i))]


def moved(turn: Turn, i: int) -> list[str]:
    """What changed for a contact over a turn, and why, in sentences; empty if nothing did.

    Trust and the beliefs that it rests on have their own reason, and so has satisfaction: a good
    week does not explain lost trust.
    """
    trust = [key for key in MOVED if key != "satisfaction" and _change(turn, i, key)]
    out = []
    if trust:
        out += [_sentence(turn, i, trust), _reason(turn, i, trust[0])]
    if _change(turn, i, "satisfaction"):
        out += [_sentence(turn, i, ["satisfaction"]), _reason(turn, i, "satisfaction")]
    return [one for one in out if one]


def _turn(play: Play, turn: Turn, i: int) -> dict[str, Any] | None:
    """A turn as this contact saw it; None if they saw nothing and nothing changed for them."""
    saw, changed = seen(play, turn, i), moved(turn, i)
    if not saw and not changed:
        return None
    return {
        "week": turn.week, "title": turn.title,
        "saw": " ".join(saw) or _("Nothing in particular."),
        "believed": " ".join(changed) or _("Nothing changed for this person."),
        "change": _change(turn, i, "trust"),
    }


def _change(turn: Turn, i: int, key: str) -> int:
    """How far a measure moved over a turn, in points as they are shown."""
    return _points(turn.after[key][i]) - _points(turn.before[key][i])


def _sentence(turn: Turn, i: int, keys: list[str]) -> str:
    """What rose and what fell, from where to where."""
    told = {key: _(MOVED[key][0 if _change(turn, i, key) > 0 else 1]).format(
        start=_points(turn.before[key][i]), end=_points(turn.after[key][i])) for key in keys}
    parts = [text for key, text in told.items() if key not in BELIEFS]
    if beliefs := ", ".join(text for key, text in told.items() if key in BELIEFS):
        parts.append(_("in their eyes {beliefs}").format(beliefs=beliefs))
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _reason(turn: Turn, i: int, key: str) -> str:
    """The cause that moved a measure most, the way it went; empty if none is large enough."""
    because = strongest(all_causes(turn, i), key, _change(turn, i, key) > 0)
    if not because:
        return ""
    said = {"trust": _("What moved trust most: {because}"),
            "satisfaction": _("What moved satisfaction most: {because}")}
    return said.get(key, _("What moved this most: {because}")).format(because=_(because))


def _dated(text: str, news: News, own: str) -> str:
    """News with its week before it, unless it begins with the week itself."""
    week = _("Week {week}").format(week=news.week)
    if text.removeprefix(f"{own}: ").startswith(f"{week} "):
        return text
    return _("Week {week}: {news}").format(week=news.week, news=text)


def _known_to(play: Play, news: News, i: int) -> str:
    """The news as a contact can have heard it; empty if it did not reach them.

    Promises are told from ``play.promises``. In an account, news of an engagement begins with its
    title, and only that engagement's people see it.
    """
    if news.kind == "promise":
        return ""
    own = title(play, located(play, i)[0].case.id)
    if news.kind == "account" or not own:
        return news.text
    return news.text if news.text.startswith(f"{own}: ") else ""


def _made_at(play: Play, promise: Undertaking) -> int:
    """Number of the turn in which a promise was made."""
    incident, response = promise.made.split("/")
    return next(turn.number for turn in play.turns
                if getattr(turn.decision, "incident", None) == incident
                and turn.decision.response == response)


def _settled_at(play: Play, promise: Undertaking) -> int:
    """Number of the turn after which a promise fell due."""
    made = play.turns[_made_at(play, promise) - 1].week
    week = max(made, promise.due)
    return max(turn.number for turn in play.turns if turn.week <= week)


def _points(value: Any) -> int:
    return round(100 * float(value))
