"""From plain values of the right shape to frozen types."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from casebook.language import SOURCE

from .document import Document
from .types import (
    BANDS,
    STEPS,
    Case,
    Contact,
    Effects,
    Ending,
    Exhibit,
    Firm,
    Incident,
    Milestone,
    Person,
    Phase,
    Project,
    Promise,
    Repair,
    Response,
)


def build(document: Document, reading: str, exhibits: Mapping[str, str], digest: str,
          language: str = SOURCE) -> Case:
    """The case in a document that has the right shape.

    Parameters
    ----------
    exhibits : mapping
        Text of each exhibit by its id.
    digest : str
        Names the content of all files, as they were written.
    language : str
        That of the texts.
    """
    data = document.data
    plain = ("id", "version", "title", "summary", "focal_role", "minutes", "difficulty")
    return Case(
        **{key: data[key] for key in plain}, concepts=tuple(data["concepts"]),
        firm=Firm(data["firm"]["name"], data["firm"]["about"]),
        client=Firm(data["client"]["name"], data["client"]["about"], data["client"]["industry"]),
        you=person({"id": "you", **data["you"]}),
        project=Project(**{**data["project"], **{key: frozen(data["project"].get(key, {}))
                                                  for key in ("plan", "start")}}),
        phases=tuple(_phase(entry) for entry in data["phases"]),
        contacts=tuple(_contact(entry) for entry in data["contacts"]),
        colleagues=tuple(person(entry) for entry in data.get("colleagues", ())),
        incidents=tuple(_incident(entry, document.place(("incidents", i)).line)
                        for i, entry in enumerate(data["incidents"])),
        endings=tuple(Ending(e["id"], e["title"], e["text"], frozen(e.get("when", {})))
                      for e in data["endings"]),
        exhibits=tuple(Exhibit(**entry, text=exhibits[entry["id"]])
                       for entry in data.get("exhibits", ())),
        reading=reading, digest=digest, language=language)


def frozen(value: Any) -> Any:
    """Mappings and lists that cannot be changed."""
    if isinstance(value, dict):
        return MappingProxyType({key: frozen(entry) for key, entry in value.items()})
    if isinstance(value, list):
        return tuple(frozen(entry) for entry in value)
    return value


def _lines(entry: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    return frozen({band: list(entry[band]) for band in BANDS})


def person(entry: Mapping[str, Any]) -> Person:
    """Somebody who is not simulated."""
    return Person(entry["id"], entry["name"], entry["title"], entry.get("about", ""),
                  frozen(entry.get("portrait", {})))


def _contact(entry: Mapping[str, Any]) -> Contact:
    return Contact(**{**entry, "cares": frozen(entry["cares"]), "says": _lines(entry["says"]),
                      "portrait": frozen(entry.get("portrait", {}))})


def _phase(entry: Mapping[str, Any]) -> Phase:
    milestone = entry.get("milestone")
    return Phase(entry["id"], entry["title"], tuple(entry["weeks"]), entry["brief"],
                 Milestone(**milestone) if milestone else None)


def _incident(entry: Mapping[str, Any], line: int | None) -> Incident:
    week = entry["week"]
    weeks = tuple(week) if isinstance(week, list) else (week, week)
    return Incident(
        entry["id"], entry["title"], weeks, entry["from"], entry["scene"],
        tuple(_response(response) for response in entry["responses"]),
        entry.get("weight", 2), frozen(entry.get("when", {})), line,
        tuple(entry.get("hints", ())))


def _response(entry: Mapping[str, Any]) -> Response:
    return Response(
        entry["id"], entry["say"], frozen(entry["roles"]), frozen(entry["signals"]),
        frozen({who: dict(_lines(lines)) for who, lines in entry["reaction"].items()}),
        entry["why"], tuple(entry.get("findings", ())), frozen(entry.get("citizenship", {})),
        frozen(entry.get("fairness", {})),
        tuple(Promise(**{**p, "kept_when": frozen(p["kept_when"])})
              for p in entry.get("promises", ())),
        tuple(Repair(**repair) for repair in entry.get("repair", ())),
        _effects(entry.get("effects", {})), tuple(entry.get("sets", ())),
        frozen(entry.get("when", {})))


def _effects(entry: Mapping[str, Any]) -> Effects:
    steps = {key: value for key, value in entry.items() if key in STEPS}
    rest = {key: frozen(value) for key, value in entry.items() if key not in STEPS}
    return Effects(steps=frozen(steps), **rest)
