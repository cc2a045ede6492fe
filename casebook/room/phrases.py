"""What the views in plain text say alike: marks, terms, and short sentences about a view.

Each function takes parts of the view of ``docs/room-protocol.md`` and gives text in the language
that is spoken now. Nothing here is HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from casebook import language
from casebook.language import N_, _, several

ARROWS = {"up": "▲", "down": "▼", "level": "="}
MARKS = {"good": "✓", "bad": "!", "plain": "·"}
BANDS = {"warm": N_("warm"), "wary": N_("wary"), "cold": N_("cold")}
KNOWN = {
    "well": N_("You know this person well."),
    "partly": N_("You know this person in part: readings are rough."),
    "hardly": N_("You hardly know this person: readings are a guess."),
}
TERMS = (
    ("pv", "PV", N_("planned value: what should be done by now")),
    ("ev", "EV", N_("earned value: what is done, at its planned cost")),
    ("ac", "AC", N_("actual cost so far")),
    ("spi", "SPI", N_("EV ÷ PV; below 1 is behind the plan")),
    ("cpi", "CPI", N_("EV ÷ AC; below 1 costs more than planned")),
    ("eac", "EAC", N_("what the whole will cost if it goes on like this")),
)
OUTCOMES = (
    ("delivered", N_("The system went live")), ("renewed", N_("The contract was renewed")),
    ("follow_on", N_("Further work was agreed")),
    ("reference", N_("Somebody speaks for you in public")),
)


def signed(value: float) -> str:
    """A change with its sign."""
    return language.number(value, _digits(value), sign=True)


def number(value: float) -> str:
    """A number with its thousands apart, and the decimals that it has."""
    return language.number(value, _digits(value))


def _digits(value: float) -> int:
    return len(f"{value:.2f}".rstrip("0").partition(".")[2])


def week_line(view: Mapping[str, Any]) -> str:
    """Week, phase and, of one engagement, its date."""
    where, parts = view["where"], []
    if view["stage"] == "end":
        parts.append(_("After week {week}").format(week=where["last_week"]))
    else:
        parts.append(_("Week {week}").format(week=where["week"]))
    phase = where["phase"]
    parts.append(_("phase {number} of {of}: {title}").format(
        number=phase["number"], of=phase["of"], title=phase["title"]))
    if not view["engagements"]:
        parts.append(go_live(where))
    return " · ".join(parts)


def go_live(project: Mapping[str, Any]) -> str:
    """When an engagement goes live, or since when it is."""
    if project["live"]:
        return _("live since week {week}").format(week=project["live"])
    return _("{days} working days to go-live (week {week})").format(
        days=project["days_left"], week=project["go_live"])


def progress(project: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Planned, reported and measured progress, in percent."""
    told, true = project["reported"], project["measured"]
    return [(_("Planned"), told["planned"]), (told["label"], told["progress"]),
            (true["label"], true["progress"])]


def gap(project: Mapping[str, Any]) -> str:
    """What counts as done and has not passed its tests; empty where there is none."""
    points = project["reported"]["progress"] - project["measured"]["progress"]
    if points <= 0:
        return ""
    return _("{points} % of the scope counts as done and has not passed its tests.").format(
        points=points)


def share_line(engagement: Mapping[str, Any]) -> str:
    """What an engagement gets of the week, and its date."""
    return _("{share} % of your week (needs {need} %)").format(
        share=engagement["share"], need=engagement["need"]) + " · " + go_live(engagement)


def promise(one: Mapping[str, Any]) -> str:
    """How a promise stands."""
    if one["state"] == "open":
        return _("due in week {week}").format(week=one["due"])
    return "✓ " + _("kept") if one["state"] == "kept" else "✗ " + _("not kept")


def reading(entry: Mapping[str, Any]) -> str:
    """A reading with its range and its change: number, arrow and word."""
    value = _("{name}: {value} ({low} to {high})").format(
        name=entry["name"], value=entry["value"], low=entry["low"], high=entry["high"])
    return f"{value}, {change(entry)}"


def change(entry: Mapping[str, Any]) -> str:
    """A change as arrow, number and word."""
    arrow = ARROWS[entry["arrow"]]
    if entry["arrow"] == "level":
        return f"{arrow} " + _("unchanged")
    return f"{arrow} {signed(entry['change'])}, {entry['word']}"


def band(name: str) -> str:
    """How a reaction sounds: warm, wary or cold."""
    return _(BANDS.get(name, name))


def because(reason: Mapping[str, Any]) -> str:
    """One reason, with the belief that it moved."""
    return f"{reason['because']} {reason['effect']}"


def spoken(line: str) -> str:
    """What somebody says, in quotation marks."""
    return _("“{speech}”").format(speech=line)


def finding(entry: Mapping[str, Any]) -> str:
    """A finding with its source, and whether it still has to be checked."""
    recall = " " + _("(quoted from memory, to be checked)") if entry["seen"] == "recall" else ""
    return f"{entry['statement']} {entry['citation']}{recall}"


def prediction(one: Mapping[str, Any]) -> str:
    """What was predicted of a person, and what came."""
    told = _("As you expected ({sure} % sure): {came}.") if one["hit"] else _(
        "You expected: {expects} ({sure} % sure). It came: {came}.")
    return f"{one['name']}: " + told.format(
        sure=one["sure"], expects=one["expects_text"], came=one["came_text"])


def outcomes(view: Mapping[str, Any]) -> list[tuple[bool, str]]:
    """What came of the whole: whether, and a sentence that says so."""
    told = []
    for key, text in OUTCOMES:
        # Of an account all systems count, and one decision is taken about all of it.
        if key == "delivered" and view["engagements"]:
            text = N_("All systems went live")
        yes = bool(view["ask"]["outcome"][key])
        mark, word = ("✓", _("yes")) if yes else ("✗", _("no"))
        told.append((yes, f"{mark} {_(text)}: {word}"))
    return told


def titled(*parts: str | None) -> str:
    """Parts of a title, those that are there, one after another."""
    return " · ".join(part for part in parts if part)


def story_head(view: Mapping[str, Any]) -> str:
    """The heading of the story, with the number of its turns."""
    turns = len(view["story"])
    return several("The story so far ({turns} turn)", "The story so far ({turns} turns)",
                   turns).format(turns=turns)


def story_title(turn: Mapping[str, Any]) -> str:
    """A turn of the story in one line."""
    return ": ".join(part for part in (
        _("Turn {turn}, week {week}").format(turn=turn["turn"], week=turn["week"]),
        turn.get("engagement"), turn["title"]) if part)


def branch_line(one: Mapping[str, Any]) -> str:
    """A story of the tree in one line."""
    score = "" if one["overall"] is None else ", " + _("overall {score}").format(
        score=one["overall"])
    return f"{one['label']} ({one['state']}{score})"


def alike(found: Mapping[str, Any]) -> str:
    """How far two stories are the same."""
    if not found["same"]:
        return _("They differ from the first decision on.")
    return several("The first decision is the same.", "The first {n} decisions are the same.",
                   found["same"]).format(n=found["same"])


def row_title(row: Mapping[str, Any]) -> str:
    """A turn of two stories beside each other, and whether it was decided alike."""
    differs = _("different") if row["differs"] else _("the same decision")
    return _("Week {week}: {title}").format(week=row["week"], title=row["title"]) + f" ({differs})"


def hint_title(found: Mapping[str, Any], place: int) -> str:
    """The title of a hint, the first being 1."""
    names = found.get("names") or ()
    title = _("Hint {number} of {of}").format(number=place, of=found["of"])
    return f"{title}: {names[place - 1]}" if place <= len(names) else title


def shares_text(shares: Iterable[int]) -> str:
    """Shares in a row."""
    return " ".join(str(share) for share in shares)


def rebalance(shares: Mapping[str, int], id: str, value: int,
              held: Sequence[str] = ()) -> dict[str, int]:
    """Shares after one of them gets ``value``: the others give or take, and all sum to 100.

    Those in ``held`` stay as they are as long as the others have enough to give; otherwise all
    give in proportion.
    """
    fixed = max(0, min(100, int(value)))
    others = [key for key in shares if key != id]
    free = [key for key in others if key not in held]
    left = 100 - fixed - sum(shares[key] for key in others if key in held)
    if not free or left < 0:
        free, left = others, 100 - fixed
    return {**shares, id: fixed, **_in_proportion({key: shares[key] for key in free}, left)}


def _in_proportion(shares: Mapping[str, int], total: int) -> dict[str, int]:
    """Whole shares that sum to ``total``, in the proportion of those given."""
    whole = sum(shares.values())
    exact = {key: share * total / whole if whole else total / len(shares)
             for key, share in shares.items()}
    made = {key: int(value) for key, value in exact.items()}
    order = sorted(shares, key=lambda key: made[key] - exact[key])
    for key in order[:total - sum(made.values())]:
        made[key] += 1
    return made
