"""A small valid case, to be damaged by tests."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import yaml

LINES = {"warm": ["Good.", "Fine."], "wary": ["Well.", "Hm."], "cold": ["No.", "Noted."]}


def small_case(id: str = "small") -> dict[str, Any]:
    """The plain values of a case without any finding but that it is small."""
    return copy.deepcopy({
        "format": 1, "id": id, "version": "1.0.0", "title": "Small", "summary": "A small case.",
        "focal_role": "coach", "concepts": ["trust"], "minutes": 10, "difficulty": "introductory",
        "firm": {"name": "Firm", "about": "A firm."},
        "client": {"name": "Client", "industry": "Trade", "about": "A client."},
        "you": {"name": "You", "title": "Manager", "about": "You."},
        "project": {
            "contract": "fixed price", "value": 100, "currency": "EUR", "first_week": 3,
            "last_week": 8, "go_live": 7, "budget": 80, "spent": 20, "weekly_cost": 10, "done": 30,
            "hidden": 5, "plan": {2: 35, 7: 100}, "error_share": 20, "volatility": 0},
        "phases": [
            {"id": "one", "title": "One", "weeks": [3, 5], "brief": "Begin."},
            {"id": "two", "title": "Two", "weeks": [6, 8], "brief": "Go on.",
             "milestone": {"title": "Go-live", "week": 7, "percent": 100}}],
        "contacts": [contact("ann"), contact("bob")],
        "incidents": [incident("first", 3), incident("second", [4, 6])],
        "endings": [
            {"id": "well", "title": "Well", "text": "It went well.", "when": {"renewed": True}},
            {"id": "so", "title": "So", "text": "It ended."}],
        "exhibits": [{"id": "table", "title": "Table", "kind": "table",
                      "file": "exhibits/table.csv"}],
    })


def crowded_case() -> dict[str, Any]:
    """A small case in which much can happen in one week, and promises hang on one another."""
    data = small_case("crowded")
    data["project"]["volatility"] = 80
    one, two = response("yes", ann=2, bob=-1), response("no", ann=-1, bob=2)
    one |= {"sets": ["agreed"], "promises": [
        {"to": "ann", "what": "It works", "due": 6, "kept_when": {"trust": {"bob": {"above": 0.5}}}},
        {"to": "bob", "what": "It holds", "due": 6, "kept_when": {"progress": {"above": 0.6}}}]}
    two |= {"sets": ["refused"], "promises": [
        {"to": "bob", "what": "It comes", "due": 6, "kept_when": {"kept": "ann"}}]}
    late = incident("late", 5) | {"when": {"flag": "agreed"}}
    third = response("wait", ann=1, bob=1) | {"when": {"trust": {"ann": {"above": 0.5}}}}
    late["responses"] = [one, two, third]
    other = incident("other", 5) | {"responses": [two | {"id": "never"}, one | {"id": "fine"}]}
    first = incident("first", 3)
    first["responses"][0]["sets"] = ["agreed"]
    incidents = [late, first, other, incident("second", [4, 6]),
                 incident("broken", [7, 8]) | {"when": {"broken": "bob"}}]
    # No part is shared after this, for which YAML would write an anchor.
    data["incidents"] = json.loads(json.dumps(incidents))
    return data


def contact(id: str) -> dict[str, Any]:
    """A contact in the middle of every scale."""
    return {"id": id, "name": id.title(), "title": "Head", "part": "sponsor", "influence": 3,
            "propensity": 3, "orientation": 3, "trust": 3, "cares": {"schedule": 3},
            "about": "Somebody.", "unsaid": "Nothing.", "says": copy.deepcopy(LINES)}


def incident(id: str, week) -> dict[str, Any]:
    """An incident with two responses that trade one contact against the other."""
    return {"id": id, "title": id.title(), "week": week, "from": "ann", "scene": "It happens.",
            "responses": [response("yes", ann=2, bob=-1), response("no", ann=-1, bob=2)]}


def response(id: str, **integrity: int) -> dict[str, Any]:
    """A response with signals of integrity."""
    return {"id": id, "say": f"You say {id}.", "roles": {"coach": 1}, "why": "Because.",
            "signals": {who: {"integrity": value} for who, value in integrity.items()},
            "reaction": {who: copy.deepcopy(LINES) for who in integrity}}


def write_case(folder: Path, data: dict[str, Any] | None = None, **files: str | bytes) -> Path:
    """Write a case folder; ``files`` replaces files, with ``__`` for a dot."""
    data = data if data is not None else small_case(folder.name)
    (folder / "exhibits").mkdir(parents=True, exist_ok=True)
    contents: dict[str, str | bytes] = {
        "case.yaml": yaml.safe_dump(data, sort_keys=False, allow_unicode=True),
        "reading.md": "Read this. " * 900, "teaching-note.md": "Teach this.",
        "exhibits/table.csv": "a,b\n1,2\n",
        **{name.replace("__", "."): text for name, text in files.items()}}
    for name, text in contents.items():
        raw = text if isinstance(text, bytes) else text.encode("utf-8")
        (folder / name).write_bytes(raw)
    return folder


def small_account() -> dict[str, Any]:
    """The plain values of an account of two small engagements, which talk, and what each is."""
    own = small_case("deal")
    data = {key: own[key] for key in ("format", "version", "title", "summary", "concepts", "minutes",
                                      "difficulty", "firm", "client", "you", "exhibits")}
    data |= {
        "id": "deal",
        "phases": [{"id": "one", "title": "One", "weeks": [3, 5], "brief": "Begin all."},
                   {"id": "two", "title": "Two", "weeks": [6, 8], "brief": "Go on."}],
        "engagements": [{"id": "north", "need": 70, "weight": 3}, {"id": "south", "need": 50, "weight": 1}],
        "talks": [{"from": "north-ann", "to": ["south-ann", "south-bob"], "share": 50},
                  {"from": "south-bob", "to": ["north-bob"], "share": 30}],
        "endings": [
            {"id": "both", "title": "Both", "text": "All went well.", "when": {
                "renewed": True, "engagement": {"north": {"delivered": True},
                                                "south": {"slip": {"below": 3}}}}},
            {"id": "half", "title": "Half", "text": "Half of it.", "when": {
                "trust": {"south-ann": {"above": 0.5}}}},
            {"id": "none", "title": "None", "text": "It ended."}],
    }
    data["exhibits"] = [{"id": "shared", "title": "Shared", "kind": "table",
                         "file": "exhibits/table.csv"}]
    return data


def renamed(value: Any, names: dict[str, str]) -> Any:
    """Plain values with some words replaced, as keys and as values, and none shared."""
    if isinstance(value, dict):
        return {names.get(key, key) if isinstance(key, str) else key: renamed(entry, names)
                for key, entry in value.items()}
    if isinstance(value, list):
        return [renamed(entry, names) for entry in value]
    return names.get(value, value) if isinstance(value, str) else value


def account_parts() -> dict[str, dict[str, Any]]:
    """The engagements of :func:`small_account`; conditions of one ask for what the other did."""
    parts = {}
    for id in ("north", "south"):
        names = {name: f"{id}-{name}" for name in ("ann", "bob", "first", "second", "late", "told")}
        part = small_case(id) | {"title": id.title()}
        part["project"]["volatility"] = 60
        part["exhibits"][0]["id"] = f"{id}-table"
        if id == "north":
            part["incidents"][0]["responses"][0]["sets"] = ["agreed"]
            part["incidents"].append(incident("told", [5, 8]) | {
                "when": {"chosen": ["south-late/no"]}})
        else:
            late = incident("late", [4, 7]) | {"when": {
                "flag": "agreed", "engagement": {"north": {"week": {"above": 4}}}}}
            late["responses"][1]["promises"] = [{
                "to": "ann", "what": "It comes", "due": 7,
                "kept_when": {"progress": {"above": 0.5}}}]
            part["incidents"].append(late)
        parts[id] = renamed(part, names)
    return parts


def write_account(folder: Path, data: dict[str, Any] | None = None,
                  parts: dict[str, dict[str, Any]] | None = None) -> Path:
    """Write an account folder with its engagements."""
    write_case(folder)
    (folder / "case.yaml").unlink()
    data = data or small_account()
    (folder / "account.yaml").write_text(
        yaml.safe_dump(data | {"id": folder.name}, sort_keys=False), encoding="utf-8")
    for id, part in (parts or account_parts()).items():
        write_case(folder / "engagements" / id, part)
    return folder
