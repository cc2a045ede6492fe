"""Hints in three tiers: where to look, what is at stake, what each way asks of you.

None says which response is best. A case may bring its own (``hints`` of an incident); for one that
does not, they are made of what the case and the published findings say.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from casebook.case.types import Contact, Response
from casebook.engagement import IncidentAsk, Play
from casebook.engagement.allowed import HINT_TIERS as TIERS
from casebook.engagement.explain import cited
from casebook.language import N_, _
from casebook.roles import ROLES

from .kept import Story
from .markdown import html
from .rules import Rules

MOST_CARES = 2
CONCERNS = {"schedule": N_("the date"), "budget": N_("money"), "quality": N_("quality"),
            "users": N_("the users"), "standing": N_("their own standing")}
BELIEFS = {"ability": N_("belief in your ability"), "benevolence": N_("belief in your goodwill"),
           "integrity": N_("belief in your integrity")}


def hints(story: Story, rules: Rules, asked: IncidentAsk) -> dict[str, Any] | None:
    """What a room shows of the hints of this incident; None where there are none."""
    if rules.hints == "off":
        return None
    opened = story.hints.get(len(story.play.turns) + 1, 0)
    return {"of": TIERS, "open": [_tier(story.play, asked, tier) for tier in range(opened)],
            "names": [_("Where to look"), _("What is at stake"), _("What each way asks of you")],
            "note": _("Every hint that you open costs marks.") if rules.hints == "counted"
            else _("Hints cost nothing. That you opened them is kept with your play.")}


def _tier(play: Play, asked: IncidentAsk, tier: int) -> str:
    if asked.incident.hints:
        return html(asked.incident.hints[tier])
    return (_look, _stake, _ways)[tier](play, asked)


def _look(play: Play, asked: IncidentAsk) -> str:
    """Who learns of the answer, and what they care about."""
    told = [contact for contact in play.case.contacts
            if any(contact.id in response.reaction for response in asked.responses)]
    lead = _("These people will hear of what you do. What does each of them want?")
    return f"<p>{escape(lead)}</p>{_list(_cares(contact) for contact in told)}"


def _cares(contact: Contact) -> str:
    most = sorted(contact.cares, key=lambda one: -contact.cares[one])[:MOST_CARES]
    return _("{name} cares most about {first} and {second}.").format(
        name=contact.name, first=_(CONCERNS[most[0]]), second=_(CONCERNS[most[-1]])
    ) if len(most) > 1 else _("{name} cares most about {first}.").format(
        name=contact.name, first=_(CONCERNS[most[0]]))


def _stake(play: Play, asked: IncidentAsk) -> str:
    """The published findings that bear on the answers on offer, in no order of answers."""
    ids = sorted({id for response in asked.responses for id in response.findings})
    lines = [f"{_(finding['statement'])} ({finding['citation']})" for finding in cited(ids)]
    open_ones = [promise for promise in play.promises if promise.kept is None]
    due = [_("You have promised {name}: {what} (due in week {week}).").format(
        name=play.case.contact(one.to).name, what=one.what, week=one.due) for one in open_ones]
    if not lines and not due:
        lines = [_("Ask what each of them would believe of your ability, your goodwill and your "
                   "word afterwards.")]
    lead = _("This is known of such moments.")
    return f"<p>{escape(lead)}</p>{_list([*lines, *due])}"


def _ways(play: Play, asked: IncidentAsk) -> str:
    """Which roles each answer plays and whose beliefs it speaks to, without saying how."""
    lead = escape(_("Each way plays other roles, and speaks to other beliefs. Whether a belief "
                    "rises or falls is for you to judge."))
    ways = "".join(f"<li>{html(response.say)}{_list(_touches(play, response))}</li>"
                   for response in asked.responses)
    return f"<p>{lead}</p><ol>{ways}</ol>"


def _touches(play: Play, response: Response) -> Iterable[str]:
    names = {role.id: _(role.name) for role in ROLES}
    yield _("Roles: {roles}.").format(roles=", ".join(names[role] for role in response.roles))
    for contact in play.case.contacts:
        touched = [_(BELIEFS[one]) for one in response.signals.get(contact.id, {})]
        if touched:
            yield f"{contact.name}: {', '.join(touched)}."


def _list(lines: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
