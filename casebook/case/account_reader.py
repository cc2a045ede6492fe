"""Reading an account: ``account.yaml``, its engagements, and what must hold between them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from casebook.errors import Place
from casebook.language import SOURCE

from .account import READING_ID, Account, build_account
from .checks import last_ending_is_open, tables_are_rectangles, unknown_names
from .conditions import OTHERS, PROJECT_MEASURES, STANDING
from .conditions import parts as parts_of_condition
from .document import Document
from .draft import Draft, Names
from .fields import ACCOUNT, ID
from .findings import Collector
from .single import (
    CASE_FILE,
    READING,
    check_languages,
    digest,
    finding_ids,
    in_language,
    named_like_its_folder,
    names_in,
    open_document,
    read_single,
    texts,
)
from .translation import file_in, languages
from .types import Case

ACCOUNT_FILE = "account.yaml"
ENGAGEMENTS = "engagements"
INCIDENTS, CONTACTS = 10, 8       # of all engagements together, for a good account


def read_account(folder: Path, found: Collector, language: str | None = None) -> Account | None:
    """The account in a folder, or None where there are errors; findings say which.

    ``language`` is that of the texts, as far as account and engagements are translated into it.
    """
    text, document, shaped = open_document(folder, ACCOUNT_FILE, ACCOUNT, found)
    if document is None or not isinstance(document.data, dict):
        return None
    ids = _engagements(document)
    readable = {id: names_in(folder / ENGAGEMENTS / id) for id in ids}
    names = {id: found_names or Names() for id, found_names in readable.items()}
    all_known = None not in readable.values()
    parts: dict[str, Case | None] = {}
    for id in ids:
        sisters = sum((other for name, other in names.items() if name != id), Names())
        sisters += Names(engagements=tuple(ids))
        parts[id] = read_single(folder / ENGAGEMENTS / id, found, sisters, all_known, language)
    # What is wrong with an engagement's translation does not keep the account from being played.
    before, reading, exhibits = found.errors, "", {}
    with suppress(*(() if shaped else (KeyError, TypeError, AttributeError))):
        reading, exhibits = texts(folder, document, found)
        draft = Draft(document, reading, exhibits, finding_ids(), found)
        last_ending_is_open(draft)
        tables_are_rectangles(draft)
        named_like_its_folder(folder, document, found)
    if not shaped or found.errors > before or any(part is None for part in parts.values()):
        return None
    whole = {id: part for id, part in parts.items() if part is not None}
    for path, check, wrong, mend in _between(document.data, whole, names):
        found.error(document.place(path), check, wrong, mend)
    if found.errors > before:
        return None
    for path, wrong, mend in _bar(document.data, whole):
        found.warn(document.place(path), "bar", wrong, mend)
    return _told_in(language, folder, document, whole, (text, reading, exhibits), found)


def _told_in(language: str | None, folder: Path, document: Document, parts: dict[str, Case],
             texts_of_all: tuple[str, str, dict[str, str]], found: Collector) -> Account:
    """The account, once all is right, in a language as far as it is translated into it."""
    text, reading, exhibits = texts_of_all
    files = {entry["file"]: exhibits[entry["id"]] for entry in document.data.get("exhibits", ())}
    named = digest({ACCOUNT_FILE: text, READING: reading, **files,
                    **{f"{ENGAGEMENTS}/{id}": part.digest for id, part in parts.items()}})
    check_languages(folder, ACCOUNT_FILE, document, (reading, exhibits), found)
    if found.translations:
        _all_in_the_same_languages(folder, parts, found)
    if language not in languages(folder, ACCOUNT_FILE):
        return build_account(document, parts, reading, exhibits, named, SOURCE)
    return build_account(*_pages(in_language(
        folder, ACCOUNT_FILE, document, (reading, exhibits), language, Collector()), parts),
        named, language)


def _pages(told: tuple[Document, str, dict[str, str]], parts: dict[str, Case]) -> tuple:
    document, reading, exhibits = told
    return document, parts, reading, exhibits


def _all_in_the_same_languages(folder: Path, ids: Iterable[str], found: Collector) -> None:
    """Warn of an account that would be read half in one language and half in another."""
    files = {folder / ACCOUNT_FILE: "The account", **{
        folder / ENGAGEMENTS / id / CASE_FILE: f"The engagement {id!r}" for id in ids}}
    theirs = {file: languages(file.parent, file.name) for file in files}
    for language in sorted({one for some in theirs.values() for one in some}):
        for file, what in files.items():
            if language not in theirs[file]:
                found.warn(Place(str(file.parent / file_in(file.name, language))), "translation",
                           f"{what} is not translated.", "Until it is, the original is shown.")


def _engagements(document: Document) -> list[str]:
    """The ids of the engagements, as far as they can be read."""
    listed = document.data.get("engagements")
    entries = listed if isinstance(listed, list) else []
    return [entry["id"] for entry in entries
            if isinstance(entry, dict) and isinstance(entry.get("id"), str)
            and re.fullmatch(ID.pattern, entry["id"])]


def _between(data: dict, parts: dict[str, Case], names: dict[str, Names]) -> Iterable[tuple]:
    """What must hold between the engagements: path, check, what is wrong, what to do."""
    yield from _unique(data, parts)
    yield from _same_weeks(data, parts)
    every = sum(names.values(), Names()) + Names(engagements=tuple(parts))
    for i, ending in enumerate(data["endings"]):
        when = ending.get("when", {})
        for where, wrong, mend in unknown_names(when, ("endings", i), every):
            yield where, "ids", wrong, mend
        for where, key, *_ in parts_of_condition(when, ("endings", i)):
            if key in (*PROJECT_MEASURES, *STANDING) and key != "week" and OTHERS not in where:
                yield where, "endings", f"{key!r} is a measure of one project, and the account " \
                    "has several.", "Say of which: {engagement: {<id>: {" + key + ": ...}}}."
    home = {contact.id: id for id, part in parts.items() for contact in part.contacts}
    for i, talk in enumerate(data.get("talks", ())):
        for key, named in (("from", [talk["from"]]), ("to", talk["to"])):
            for contact in named:
                if contact not in home:
                    yield ("talks", i, key), "ids", f"There is no contact {contact!r}.", \
                        "Name a contact of one of the engagements."
                elif key == "to" and home.get(talk["from"]) == home[contact]:
                    yield ("talks", i, key), "talks", f"{talk['from']} and {contact} are at the " \
                        "same engagement.", "Within one, people react to what they see themselves."


def _unique(data: dict, parts: dict[str, Case]) -> Iterable[tuple]:
    """Ids of people, incidents, documents and flags belong to one engagement each.

    Titles too: pictures and tables tell engagements apart by them.
    """
    if len(parts) < len(data["engagements"]):
        yield ("engagements",), "ids", "An engagement stands twice.", "Give each its own id."
    for kind in ("phases", "endings", "colleagues", "exhibits"):
        ids = [entry["id"] for entry in data.get(kind, ())]
        for i, id in enumerate(ids):
            if id in ids[:i]:
                yield (kind, i, "id"), "ids", f"The id {id!r} stands twice.", \
                    "Give each its own id."
    titles = [part.title for part in parts.values()]
    for i, title in enumerate(titles):
        if title in titles[:i]:
            yield ("engagements", i), "ids", f"Two engagements are called {title!r}.", \
                "Give each its own title."
    kinds: dict[str, Any] = {
        "person": lambda part: [p.id for p in (*part.contacts, *part.colleagues)],
        "incident": lambda part: [i.id for i in part.incidents],
        "exhibit": lambda part: [f"{part.id}-{READING_ID}", *(e.id for e in part.exhibits)],
        "flag": lambda part: sorted({f for i in part.incidents for r in i.responses
                                     for f in r.sets}),
    }
    for kind, ids in kinds.items():
        seen = {entry["id"]: "the account" for entry in data.get(
            {"person": "colleagues", "exhibit": "exhibits"}.get(kind, ""), ())}
        for id, part in parts.items():
            for name in ids(part):
                if name in seen:
                    yield ("engagements",), "ids", f"The {kind} {name!r} of {id!r} stands in " \
                        f"{seen[name]!r} too.", "Give each its own id over the whole account."
                seen[name] = id


def _same_weeks(data: dict, parts: dict[str, Case]) -> Iterable[tuple]:
    """All engagements have the account's phases."""
    phases = [(phase["id"], *phase["weeks"]) for phase in data["phases"]]
    for i, entry in enumerate(data["engagements"]):
        own = [(phase.id, *phase.weeks) for phase in parts[entry["id"]].phases]
        if own != phases:
            yield ("engagements", i), "weeks", f"The phases of {entry['id']!r} are {own}, those " \
                f"of the account {phases}.", "Give all the same ids and weeks."


def _bar(data: dict, parts: dict[str, Case]) -> Iterable[tuple]:
    """What a good account has."""
    needs = sum(entry["need"] for entry in data["engagements"])
    if needs <= 100:
        yield ("engagements",), f"The engagements need {needs} % of the week.", \
            "Where there is enough of the manager for all, nothing has to be chosen."
    for kind, least in (("incidents", INCIDENTS), ("contacts", CONTACTS)):
        count = sum(len(getattr(part, kind)) for part in parts.values())
        if count < least:
            yield ("engagements",), f"The engagements have {count} {kind} together.", \
                f"A good account has at least {least}."
    if not data.get("talks"):
        yield (), "Nobody talks across engagements.", "Say who speaks of you to whom: talks."
