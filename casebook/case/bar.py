"""What a good case has beyond what can be played: warnings for its author."""

from __future__ import annotations

from .conditions import parts
from .draft import Draft
from .types import DIMENSIONS

FEW_CONTACTS, INCIDENTS, FEW_ENDINGS, FEW_EXHIBITS = 4, (8, 12), 3, 5
READING_WORDS = (1_500, 4_500)
CONSEQUENCES = 3
LENGTHS = 1.6          # longest response over shortest, above which length gives hints


def bar_is_met(draft: Draft) -> None:
    """What a good case has; warnings only. An account is judged as a whole."""
    data = draft.data
    if draft.sisters is not None:
        return
    if len(data["contacts"]) < FEW_CONTACTS:
        draft.warn(("contacts",), "bar", f"There are {len(data['contacts'])} contacts.",
                   f"A good case has at least {FEW_CONTACTS}.")
    low, high = INCIDENTS
    if not low <= len(data["incidents"]) <= high:
        draft.warn(("incidents",), "bar", f"There are {len(data['incidents'])} incidents.",
                   f"A good case has {low} to {high}.")
    if len(data["endings"]) < FEW_ENDINGS:
        draft.warn(("endings",), "bar", f"There are {len(data['endings'])} endings.",
                   f"A good case has at least {FEW_ENDINGS}.")
    if len(data.get("exhibits", ())) < FEW_EXHIBITS:
        draft.warn(("exhibits",), "bar", f"There are {len(data.get('exhibits', ()))} exhibits.",
                   f"A good case has at least {FEW_EXHIBITS}.")
    words = len(draft.reading.split())
    if not READING_WORDS[0] <= words <= READING_WORDS[1]:
        draft.warn(("reading",), "bar", f"The reading has {words} words.",
                   f"A good one has {READING_WORDS[0]} to {READING_WORDS[1]}.")
    count = consequences(draft)
    if count < CONSEQUENCES:
        draft.warn(("incidents",), "bar", f"{count} consequences come back: conditions of "
                   "incidents and responses, and promises, that hang on an earlier decision.",
                   f"A good case has at least {CONSEQUENCES}.")
    if not any(data["focal_role"] in r["roles"] for _, _, r in draft.responses()):
        draft.warn(("focal_role",), "bar", f"No response plays the focal role "
                   f"{data['focal_role']}.", "Add responses that do.")


def consequences(draft: Draft) -> int:
    """How many things hang on an earlier decision: incidents, responses, promises that fall due."""
    asked = {"flag", "chosen", "kept", "broken", "seen"}

    def looks_back(condition: dict) -> bool:
        return any(key in asked for _, key, *_ in parts(condition))

    return sum(looks_back(i.get("when", {})) for i in draft.data["incidents"]) + sum(
        looks_back(r.get("when", {})) + len(r.get("promises", ())) for _, _, r in draft.responses())


def lengths_give_nothing_away(draft: Draft) -> None:
    """Responses of one incident are about equally long; a warning."""
    for i, incident in enumerate(draft.data["incidents"]):
        lengths = [len(response["say"]) for response in incident["responses"]]
        if max(lengths) > LENGTHS * min(lengths):
            draft.warn(("incidents", i, "responses"), "lengths", f"The longest response has "
                       f"{max(lengths)} characters, the shortest {min(lengths)}.",
                       "Make them about equally long: length gives the author's choice away.")


def no_response_is_plainly_better(draft: Draft) -> None:
    """No response sends everybody signals at least as good as a sibling does; a warning."""
    for i, incident in enumerate(draft.data["incidents"]):
        for j, one in enumerate(incident["responses"]):
            for other in incident["responses"]:
                if one is not other and _better(one, other):
                    draft.warn(("incidents", i, "responses", j), "dominated",
                               f"{one['id']!r} sends everybody signals at least as good as "
                               f"{other['id']!r} does, and costs nothing more.",
                               "Let each response please some and cost with others.")


def _better(one: dict, other: dict) -> bool:
    """Whether ``one`` is at least as good in every signal and has no price of its own."""
    if one.get("effects") or one.get("promises") or one.get("when") or other.get("effects"):
        return False

    def values(response: dict) -> dict:
        out = {}
        for key in ("signals", "fairness"):
            for contact, entry in response.get(key, {}).items():
                out |= {(key, contact, name): value for name, value in entry.items()}
        return out

    a, b = values(one), values(other)
    keys = {*a, *b}
    return all(a.get(k, 0) >= b.get(k, 0) for k in keys) and any(
        a.get(k, 0) > b.get(k, 0) for k in keys if k[0] == "fairness" or k[2] in DIMENSIONS)
