"""What ``case.yaml`` holds: the one description behind the checks, the types and the schema."""

from __future__ import annotations

from typing import Any

from casebook.roles import ROLE_IDS

from .conditions import Condition
from .shape import Either, ListOf, MapOf, OneOf, Record, Shape, Text, Truth, Whole
from .types import (
    BANDS,
    CITIZENSHIP,
    CONCERNS,
    CONDITION,
    DIFFICULTIES,
    DIMENSIONS,
    FAIRNESS,
    PARTS,
    REPAIRS,
    REPORTING,
    STEPS,
    VIOLATIONS,
)

FORMAT = 1
CONTRACTS = ("fixed price", "time and materials", "managed service")
KINDS = ("report", "table", "email", "minutes", "contract", "chart")
STYLES = ("short", "long", "bun", "bald", "curly", "headscarf")

ID = Text("lower-case words and hyphens", r"[a-z0-9]+(-[a-z0-9]+)*",
          "an id of lower-case words and hyphens, such as first-report")
LINES = Record({band: ListOf(Text("a line"), least=2, about=f"at least two lines when {band}")
                for band in BANDS}, about="what is said when warm, wary and cold")
PORTRAIT = Record({
    "skin": Whole(1, 6, "tone of skin"), "hair": Whole(1, 6, "colour of hair"),
    "style": OneOf(STYLES, "style of hair"), "clothes": Whole(1, 6, "colour of clothes"),
    "glasses": Truth("wears glasses"), "beard": Truth("wears a beard"),
}, ("glasses", "beard"), "how the portrait is drawn")
YOU = Record({"name": Text("name"), "title": Text("title and firm"), "about": Text(
    "who the student plays"), "portrait": PORTRAIT}, ("portrait",), "the student's part")
COLLEAGUE = Record({"id": ID, "name": Text("name"), "title": Text("title"), "about": Text(
    "who this is"), "portrait": PORTRAIT}, ("about", "portrait"), "somebody on your own side")
CONTACT = Record({
    "id": ID, "name": Text("name"), "title": Text("title"),
    "part": OneOf(PARTS, "part in the project"),
    "influence": Whole(1, 5, "weight in the renewal decision"),
    "propensity": Whole(1, 5, "how readily this person trusts anybody"),
    "orientation": Whole(1, 5, "1 a deal is a deal, 5 it is about people"),
    "trust": Whole(1, 5, "how they look at you when the play begins; 3 is open"),
    "cares": MapOf(Whole(0, 5), CONCERNS, least=1, about="what this person cares about, 0 to 5"),
    "about": Text("what the student knows"), "unsaid": Text("what this person never tells you"),
    "says": LINES, "portrait": PORTRAIT,
}, ("portrait",), "somebody on the client's side")
PROJECT = Record({
    "contract": OneOf(CONTRACTS, "kind of contract"),
    "value": Whole(1, 10_000_000, "price, thousands"),
    "currency": Text("three letters", r"[A-Z]{3}", "a currency of three capital letters"),
    "first_week": Whole(1, 500, "first week played"),
    "last_week": Whole(2, 500, "last week played"),
    "go_live": Whole(2, 500, "planned week of go-live"),
    "budget": Whole(1, 10_000_000, "planned cost (BAC), thousands"),
    "spent": Whole(1, 10_000_000, "actual cost (AC) before the first week, thousands"),
    "weekly_cost": Whole(1, 1_000_000, "cost of the team in a week, thousands"),
    "done": Whole(0, 99, "percent of scope really done"),
    "hidden": Whole(0, 99, "percent of scope that counts as done but is wrong"),
    "plan": MapOf(Whole(0, 100), whole_keys=True, least=2,
                  about="planned percent by end of week"),
    "error_share": Whole(0, 60, "percent of new work that comes out wrong"),
    "volatility": Whole(0, 100, "0 no luck, 100 as uncertain as IT projects at large"),
    "start": MapOf(Whole(1, 5), CONDITION, least=1,
                   about="how team and client stand when the play begins; 3 is ordinary"),
}, ("start",), "contract and plan")
MILESTONE = Record({"title": Text("title"), "week": Whole(1, 500, "week"),
                    "percent": Whole(1, 100, "percent that is due")}, (), "a milestone")
WEEKS = ListOf(Whole(1, 500), 2, 2, "first and last week")
PHASE = Record({"id": ID, "title": Text("title"), "weeks": WEEKS, "brief": Text(
    "what the student reads before planning"), "milestone": MILESTONE}, ("milestone",), "a phase")
EFFECTS = Record({
    **{step: Whole(-3, 3, "steps") for step in STEPS},
    "scope": Whole(-50, 50, "percentage points of work added or taken out"),
    "cost": Whole(-100_000, 100_000, "thousands spent at once"),
    "rework": Whole(0, 50, "percentage points found to be wrong"),
    "go_live": Whole(-50, 50, "weeks by which the agreed date moves"),
    "announce": Whole(0, 50, "weeks of slip announced"),
    "reporting": OneOf(REPORTING, "how you report from now on"),
    "pitch": Text("the contact to whom you propose further work"),
    "opportunities": Whole(0, 5, "openings found"),
    "sides": ListOf(Text("a contact"), 2, 2, "whose side you take, and against whom"),
}, (*STEPS, "scope", "cost", "rework", "go_live", "announce", "reporting", "pitch",
    "opportunities", "sides"), "what changes in the project")
SIGNALS = MapOf(MapOf(Whole(-3, 3), DIMENSIONS, least=1), about="signals to each contact")
PROMISE = Record({"to": Text("a contact"), "what": Text("what is promised"), "due": Whole(
    1, 500, "week at whose end it is due"), "kept_when": Condition()}, (), "a promise")
REPAIR = Record({"to": Text("a contact"), "violation": OneOf(VIOLATIONS, "what was hurt"),
                 "by": OneOf(REPAIRS, "the answer"),
                 "amount": Whole(0, 300, "what a compensation offers, percent of the loss")},
                ("amount",), "an answer to a violation")
RESPONSE = Record({
    "id": ID, "say": Text("what you do or say"),
    "roles": MapOf(Whole(1, 3), ROLE_IDS, least=1, about="which roles this plays"),
    "signals": SIGNALS, "reaction": MapOf(LINES, about="what each contact answers"),
    "why": Text("one sentence that names the principle"),
    "findings": ListOf(Text("an id of findings.yaml")),
    "citizenship": MapOf(ListOf(OneOf(CITIZENSHIP), least=1), about="acts beyond the contract"),
    "fairness": MapOf(MapOf(Whole(-3, 3), FAIRNESS, least=1), about="fairness to each contact"),
    "promises": ListOf(PROMISE), "repair": ListOf(REPAIR), "effects": EFFECTS,
    "sets": ListOf(ID, about="flags"), "when": Condition(),
}, ("findings", "citizenship", "fairness", "promises", "repair", "effects", "sets", "when"),
    "one way to answer")
INCIDENT = Record({
    "id": ID, "title": Text("title"),
    "week": Either(WEEKS, Whole(1, 500), about="a week, or first and last week"),
    "weight": Whole(1, 3, "how much this matters"), "when": Condition(),
    "from": Text("a contact or a colleague"), "scene": Text("what happens, Markdown"),
    "responses": ListOf(RESPONSE, 2, 6),
    "hints": ListOf(Text("a hint, Markdown"), 3, 3, "three hints, from where to look to what each "
                    "response asks; without them they are made of what the case says"),
}, ("weight", "when", "hints"), "a critical incident")
ENDING = Record({"id": ID, "title": Text("title"), "text": Text("Markdown"),
                 "when": Condition(at_end=True)}, ("when",), "an ending")
EXHIBIT = Record({"id": ID, "title": Text("title"), "kind": OneOf(KINDS, "kind"),
                  "file": Text("path in the case folder")}, (), "a document of the case")
CASE = Record({
    "format": Whole(FORMAT, FORMAT, "version of the format"), "id": ID,
    "version": Text("like 1.2.0", r"\d+\.\d+\.\d+", "a version of three numbers, such as 1.0.0"),
    "title": Text("title"), "summary": Text("one or two sentences"),
    "focal_role": OneOf(ROLE_IDS, "the role that the case foregrounds"),
    "concepts": ListOf(Text("a concept"), least=1), "minutes": Whole(5, 600, "to read and play"),
    "difficulty": OneOf(DIFFICULTIES, "difficulty"),
    "firm": Record({"name": Text("name"), "about": Text("one sentence")}, (), "your firm"),
    "client": Record({"name": Text("name"), "industry": Text("industry"), "about": Text(
        "one sentence")}, (), "the client"),
    "you": YOU, "reading": Text("the reading's file"), "project": PROJECT,
    "phases": ListOf(PHASE, least=1), "contacts": ListOf(CONTACT, least=1),
    "colleagues": ListOf(COLLEAGUE), "incidents": ListOf(INCIDENT, least=1),
    "endings": ListOf(ENDING, least=1), "exhibits": ListOf(EXHIBIT),
}, ("reading", "colleagues", "exhibits"), "a case of the casebook")


ENGAGED = Record({
    "id": ID, "need": Whole(5, 100, "share of your week for which it was planned, percent"),
    "weight": Whole(1, 5, "what its people's votes count in the decision to renew"),
}, (), "an engagement of the account, in engagements/<id>/case.yaml")
TALK = Record({
    "from": Text("a contact"), "to": ListOf(Text("a contact at another engagement"), least=1),
    "share": Whole(1, 100, "how much of what the first comes to think gets across, percent"),
}, (), "who speaks of you to whom")
ACCOUNT = Record({
    **{key: CASE.fields[key] for key in (
        "format", "id", "version", "title", "summary", "concepts", "minutes", "difficulty", "firm",
        "client", "you", "reading")},
    "phases": ListOf(Record({**{key: PHASE.fields[key] for key in (
        "id", "title", "weeks", "brief")}}, (), "a phase of all engagements"), least=1),
    "engagements": ListOf(ENGAGED, least=2), "talks": ListOf(TALK),
    **{key: CASE.fields[key] for key in ("colleagues", "endings", "exhibits")},
}, ("reading", "talks", "colleagues", "exhibits"), "an account: several engagements at once")


def schema(shape: Shape = CASE) -> dict[str, Any]:
    """The JSON Schema (draft-07) of ``case.yaml``."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": ("An account of the casebook (account.yaml)" if shape is ACCOUNT
                  else "A case of the casebook (case.yaml)"),
        **shape.schema(),
        "definitions": {c.name: c.definition() for c in (Condition(), Condition(at_end=True))},
    }
