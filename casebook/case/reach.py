"""Can it ever happen? Incidents, responses and endings whose conditions cannot be met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .checks import _window
from .conditions import parts
from .document import Path as Where
from .draft import Draft

# The most that a measure can be; nothing lies outside.
BETWEEN = dict.fromkeys((
    "progress", "reported_progress", "planned_progress", "undiscovered_rework", "morale",
    "alignment", "readiness", "trust", "cognitive_trust", "affective_trust", "satisfaction",
    "commitment", "conflict"), (0.0, 1.0))


def everything_can_happen(draft: Draft) -> None:
    """Report what can never happen, with the reason."""
    project = draft.data["project"]
    for i, incident in enumerate(draft.data["incidents"]):
        first, last = _window(incident)
        if last < first or last < project["first_week"] or first > project["last_week"]:
            draft.error(("incidents", i, "week"), "reach", f"The incident {incident['id']!r} can "
                        f"never happen: its weeks {first} to {last} are not in the play (weeks "
                        f"{project['first_week']} to {project['last_week']}).", "Change its week.")
            continue
        _judge(draft, ("incidents", i, "when"), incident.get("when"),
               f"The incident {incident['id']!r}", incident, (first, last))
        for j, response in enumerate(incident["responses"]):
            _judge(draft, ("incidents", i, "responses", j, "when"), response.get("when"),
                   f"The response {response['id']!r}", incident, (first, last))
    for i, ending in enumerate(draft.data["endings"]):
        weeks = (project["last_week"] + 1,) * 2
        _judge(draft, ("endings", i, "when"), ending.get("when"),
               f"The ending {ending['id']!r}", None, weeks)


def _judge(draft: Draft, path: Where, condition: Mapping[str, Any] | None, what: str,
           incident: dict | None, weeks: tuple[int, int]) -> None:
    """Report every demand that nothing can meet."""
    wanted: dict[tuple[str, str], bool] = {}
    for where, key, value, negated, choice in parts(condition, path):
        reason = None
        if not choice:
            reason = _contradiction(wanted, key, value, negated)
        if reason is None and not negated:
            reason = _impossible(draft, key, value, incident, weeks)
            # Inside `any`, one branch that is dead is a slip, yet others may live.
            if reason and choice:
                draft.warn(where, "reach", f"{what}: this part can never hold: {reason}.",
                           "Remove or change it.")
                continue
        if reason:
            draft.error(where, "reach", f"{what} can never happen: {reason}.",
                        "Change the condition.")


def _contradiction(wanted: dict, key: str, value: Any, negated: bool) -> str | None:
    """A demand that is made and denied in one condition."""
    names = [value] if isinstance(value, str) else list(value) if isinstance(value, list) else []
    single = key in ("chosen", "seen") and len(names) == 1
    if key not in ("flag", "kept", "broken") and not single:
        return None
    for name in names:
        if wanted.setdefault((key, name), negated) != negated:
            return f"it asks for {key} {name!r} and against it"
    return None


def _impossible(draft: Draft, key: str, value: Any, incident: dict | None,
                weeks: tuple[int, int]) -> str | None:
    """Why one demand cannot be met, if so."""
    if key == "flag":
        makers = [(i, r) for _, i, r in draft.responses() if value in r.get("sets", ())]
        if makers and not any(_before(maker, incident, weeks) for maker, _ in makers):
            return f"the flag {value!r} is set only later"
    elif key in ("chosen", "seen"):
        known = {entry["id"]: entry for entry in draft.data["incidents"]}
        if any(name.split("/")[0] not in known for name in value):
            return None                        # something at another engagement of the account
        makers = [known[name.split("/")[0]] for name in value if name.split("/")[0] in known]
        if makers and not any(_before(maker, incident, weeks) for maker in makers):
            return f"{', '.join(value)} can only come later"
    elif key in ("kept", "broken"):
        if value not in draft.contacts():
            return None                        # somebody at another engagement of the account
        due = [p["due"] for _, _, r in draft.responses() for p in r.get("promises", ())
               if p["to"] == value]
        if not due:
            return f"nobody promises {value!r} anything"
        if min(due) >= weeks[1]:
            return f"no promise to {value!r} is due before week {weeks[1]}"
    elif isinstance(value, dict):
        ranges = value if key in BETWEEN and not {"above", "below"} & set(value) else {key: value}
        return next((reason for limits in ranges.values()
                     if (reason := _empty_range(key, limits, weeks))), None)
    return None


def _before(maker: dict, incident: dict | None, weeks: tuple[int, int]) -> bool:
    """Whether ``maker`` can be answered before ``incident`` is looked at."""
    return maker is not incident and _window(maker)[0] <= weeks[1]


def _empty_range(key: str, limits: Any, weeks: tuple[int, int]) -> str | None:
    if not isinstance(limits, dict):
        return None
    low, high = limits.get("above", float("-inf")), limits.get("below", float("inf"))
    if low >= high:
        return f"{key} cannot be above {low} and below {high}"
    least, most = weeks if key == "week" else BETWEEN.get(key, (float("-inf"), float("inf")))
    if low > most or high <= least:
        return f"{key} lies between {least} and {most}"
    return None
