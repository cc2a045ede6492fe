"""What must hold in a case beyond the shape of its parts: one function for each check.

Each takes a :class:`Draft` and reports to its collector. They run on a document whose shape is
right, so they may read every key.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable

from casebook.errors import Place

from .bar import bar_is_met, lengths_give_nothing_away, no_response_is_plainly_better
from .conditions import CONTACT_MEASURES, OTHERS, parts
from .document import Path as Where
from .draft import Draft, Names
from .shape import nearest


def ids_are_unique(draft: Draft) -> None:
    """No id stands twice among its kind; contacts and colleagues share theirs."""
    data = draft.data
    groups = [[(("contacts", i), c) for i, c in enumerate(data["contacts"])]
              + [(("colleagues", i), c) for i, c in enumerate(data.get("colleagues", ()))]]
    groups += [[((kind, i), entry) for i, entry in enumerate(data.get(kind, ()))]
               for kind in ("phases", "incidents", "endings", "exhibits")]
    groups += [[(("incidents", i, "responses", j), r) for j, r in enumerate(e["responses"])]
               for i, e in enumerate(data["incidents"])]
    for group in groups:
        seen: set[str] = set()
        for path, entry in group:
            if entry["id"] in seen:
                draft.error((*path, "id"), "ids", f"The id {entry['id']!r} stands twice.",
                            "Give each its own id.")
            seen.add(entry["id"])


def ids_are_known(draft: Draft) -> None:
    """Every contact, colleague and finding that is named exists."""
    contacts = draft.contacts()
    voices = contacts + [c["id"] for c in draft.data.get("colleagues", ())]
    for i, incident in enumerate(draft.data["incidents"]):
        if incident["from"] not in voices:
            draft.error(("incidents", i, "from"), "ids", f"There is no contact or colleague "
                        f"{incident['from']!r}.", nearest(incident["from"], voices))
    for path, _, response in draft.responses():
        for where, contact in _named(response):
            if contact not in contacts:
                draft.error((*path, *where), "ids", f"There is no contact {contact!r}.",
                            nearest(contact, contacts))
        for k, finding in enumerate(response.get("findings", ())):
            if finding not in draft.findings:
                draft.error((*path, "findings", k), "ids", f"There is no finding {finding!r}.",
                            "The findings are in casebook/model/findings.yaml.")


def _named(response: dict) -> Iterable[tuple[Where, str]]:
    """Every contact that a response names, with its path in the response."""
    for key in ("signals", "reaction", "citizenship", "fairness"):
        for contact in response.get(key, {}):
            yield (key, contact), contact
    for key in ("promises", "repair"):
        for k, entry in enumerate(response.get(key, ())):
            yield (key, k, "to"), entry["to"]
    effects = response.get("effects", {})
    if "pitch" in effects:
        yield ("effects", "pitch"), effects["pitch"]
    for k, contact in enumerate(effects.get("sides", ())):
        yield ("effects", "sides", k), contact


def conditions_name_what_exists(draft: Draft) -> None:
    """Conditions name known contacts, flags, incidents and responses."""
    if not draft.all_known:
        return              # what is wrong with the sister is told; this would hide it
    for path, condition in draft.conditions():
        for where, wrong, mend in unknown_names(condition, path, draft.names):
            draft.error(where, "ids", wrong, mend)


def unknown_names(condition: dict, path: Where, names: Names) -> Iterable[tuple[Where, str, str]]:
    """Every name in a condition that does not exist: where, what is wrong, what to do."""
    known = {"flag": ("flag", names.flags), "seen": ("incident", names.incidents),
             "chosen": ("response", names.answers), "kept": ("contact", names.contacts),
             "broken": ("contact", names.contacts), OTHERS: ("engagement", names.engagements),
             **dict.fromkeys(CONTACT_MEASURES, ("contact", names.contacts))}
    for where, key, wanted, _, _ in parts(condition, path):
        if key in known:
            kind, exist = known[key]
            for name in [wanted] if isinstance(wanted, str) else wanted:
                if name not in exist:
                    yield (where, f"There is no {kind} {name!r}.",
                           nearest(name, exist) if exist else f"No {kind} exists here.")


def promises_ask_only_for_their_own(draft: Draft) -> None:
    """A promise is judged by its own engagement alone."""
    if not draft.all_known:
        return
    own = Names.of(draft.data)
    for path, _, response in draft.responses():
        for k, promise in enumerate(response.get("promises", ())):
            where = (*path, "promises", k, "kept_when")
            known = {(w, wrong) for w, wrong, _ in unknown_names(
                promise["kept_when"], where, draft.names)}
            for place, wrong, _ in unknown_names(promise["kept_when"], where, own):
                if (place, wrong) not in known:
                    draft.error(place, "promises", "A promise cannot hang on another engagement: "
                                + wrong[0].lower() + wrong[1:],
                                "Ask for what this engagement itself shows.")


def everyone_signalled_to_reacts(draft: Draft) -> None:
    """Each contact with signals has a reaction."""
    for path, _, response in draft.responses():
        for contact in response["signals"]:
            if contact not in response["reaction"]:
                draft.error((*path, "signals", contact), "reactions",
                            f"{contact} gets signals from {response['id']!r} and has no reaction.",
                            f"Add reaction: {{{contact}: {{warm: [...], wary: [...], "
                            "cold: [...]}}.")


def phases_cover_the_play(draft: Draft) -> None:
    """Phases follow each other from the first week to the last."""
    project = draft.data["project"]
    expected = project["first_week"]
    for i, phase in enumerate(draft.data["phases"]):
        first, last = phase["weeks"]
        if first != expected or last < first:
            draft.error(("phases", i, "weeks"), "weeks", f"This phase has weeks {first} to {last}; "
                        f"it has to begin in week {expected}.",
                        "Phases follow each other without gaps.")
        expected = last + 1
        milestone = phase.get("milestone")
        if milestone and not first <= milestone["week"] <= last:
            draft.error(("phases", i, "milestone", "week"), "weeks", f"The milestone is in week "
                        f"{milestone['week']}, outside its phase.", f"Choose {first} to {last}.")
    if expected != project["last_week"] + 1:
        draft.error(("phases",), "weeks", f"The phases end in week {expected - 1}; the play ends "
                    f"in week {project['last_week']}.", "Change the last phase or last_week.")


def project_adds_up(draft: Draft) -> None:
    """Weeks in order, a plan that rises to 100 at go-live, no more than 100 percent done."""
    project = draft.data["project"]
    if not project["first_week"] < project["go_live"] <= project["last_week"]:
        draft.error(("project", "go_live"), "project", f"go_live is week {project['go_live']}; it "
                    "has to lie after first_week and not after last_week.", "Change the weeks.")
    if project["done"] + project["hidden"] >= 100:
        draft.error(("project", "hidden"), "project", "done and hidden together are 100 or more.",
                    "Leave work to do.")
    points = sorted(project["plan"].items())
    if any(b[1] < a[1] for a, b in zip(points, points[1:], strict=False)):
        draft.error(("project", "plan"), "project", "The plan falls.",
                    "Planned percent never gets smaller from week to week.")
    if project["plan"].get(project["go_live"]) != 100:
        draft.error(("project", "plan"), "project", f"The plan is not 100 in week "
                    f"{project['go_live']} (go_live).", f"Add {project['go_live']}: 100.")
    if points[0][0] > project["first_week"] - 1:
        draft.error(("project", "plan"), "project", "The plan begins after the play does.",
                    f"Add a value for week {project['first_week'] - 1}.")


def promises_can_fall_due(draft: Draft) -> None:
    """A promise is due after it can be made and before the play ends."""
    last_week = draft.data["project"]["last_week"]
    for path, incident, response in draft.responses():
        latest = _window(incident)[1]
        for k, promise in enumerate(response.get("promises", ())):
            if not latest <= promise["due"] <= last_week:
                draft.error((*path, "promises", k, "due"), "promises", f"The promise is due in "
                            f"week {promise['due']}; it can be made in week {latest}, and the "
                            f"play ends in week {last_week}.",
                            f"Choose a week from {latest} to {last_week}.")


def enough_is_always_on_offer(draft: Draft) -> None:
    """At least two responses have no condition."""
    for i, incident in enumerate(draft.data["incidents"]):
        free = sum("when" not in response for response in incident["responses"])
        if free < 2:
            draft.error(("incidents", i, "responses"), "offer", f"Only {free} of the responses is "
                        "always on offer.", "Leave at least two without a condition.")


def last_ending_is_open(draft: Draft) -> None:
    """The last ending has no condition, and no earlier one lacks one."""
    endings = draft.data["endings"]
    for i, ending in enumerate(endings):
        last = i == len(endings) - 1
        if last and ending.get("when"):
            draft.error(("endings", i, "when"), "endings", "The last ending has a condition, so "
                        "that a play could end without one.", "Remove it, or add a last ending.")
        if not last and not ending.get("when"):
            draft.error(("endings", i), "endings", f"The ending {ending['id']!r} has no condition "
                        "and hides those after it.", "Give it a condition, or move it to the end.")


def tables_are_rectangles(draft: Draft) -> None:
    """CSV exhibits have a header and rows of its length."""
    for i, exhibit in enumerate(draft.data.get("exhibits", ())):
        text = draft.exhibits.get(exhibit["id"])
        if text is None or not exhibit["file"].endswith(".csv"):
            continue
        try:
            rows = list(csv.reader(io.StringIO(text), strict=True))
        except csv.Error as error:
            draft.error(("exhibits", i, "file"), "tables", f"{exhibit['file']} is not CSV: "
                        f"{error}.", "Check its quotes.")
            continue
        if len(rows) < 2:
            draft.error(("exhibits", i, "file"), "tables", f"{exhibit['file']} has no rows.",
                        "Write a header row and at least one more.")
        for number, row in enumerate(rows, start=1):
            if len(row) != len(rows[0]):
                file = str(Place(draft.document.file).file).rpartition("/")[0]
                draft.found.error(Place(f"{file}/{exhibit['file']}" if file else exhibit["file"],
                                        number), "tables", f"The row has {len(row)} cells, the "
                                  f"header {len(rows[0])}.", "Add or remove commas; text with a "
                                  "comma needs quotes.")


def _window(incident: dict) -> tuple[int, int]:
    week = incident["week"]
    return (week[0], week[1]) if isinstance(week, list) else (week, week)


CHECKS: tuple[Callable[[Draft], None], ...] = (
    ids_are_unique, ids_are_known, conditions_name_what_exists, everyone_signalled_to_reacts,
    phases_cover_the_play, project_adds_up, promises_can_fall_due, promises_ask_only_for_their_own,
    enough_is_always_on_offer, last_ending_is_open, tables_are_rectangles, bar_is_met,
    lengths_give_nothing_away, no_response_is_plainly_better,
)
