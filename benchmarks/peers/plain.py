"""The client model for one engagement in plain Python: floats, lists, and loops over contacts.

Written from the equations in the docstrings of ``casebook/model/``, apart from its code, so that
it can check every step of the vectorised model (``tests/model/test_against_plain.py``), and so that
Mesa, SimPy and a bare loop run the very model that they are compared with.

A week falls into parts, so that a project and its contacts can also be agents of their own:
``work`` and ``look`` (project), ``react`` (each contact), ``agree`` (project), ``judge`` (each
contact), ``develop`` (project and account), ``bind`` (each contact).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from math import exp
from types import SimpleNamespace

ABILITY, BENEVOLENCE, INTEGRITY = range(3)
IMPLEMENTER, COACH, ENTREPRENEUR, POLITICIAN, FRIEND, MARKETER = range(6)
SCHEDULE, BUDGET, QUALITY, USERS, STANDING = range(5)
COMPETENCE, HONESTY = range(2)
DENY, COMPENSATE = 2, 3
HURTS = (ABILITY, INTEGRITY)
NOTHING = (0.0, 0.0, 0.0)


@dataclass(slots=True)
class Contact:
    """One person on the client's side; the names are those of the model's ``State``."""

    number: int
    influence: float
    cares: list
    relational: float
    similarity: float
    outside: float
    ties: float
    busy: float
    prior: list
    pros: list
    cons: list
    citizenship: float
    expectation: float
    performance: float
    satisfaction: float
    memory: float
    memory_weight: float
    fairness: list
    commitment: float
    conflict: float
    cooperation: float
    harm: list
    failures: list
    denied: float
    insight: float


@dataclass(slots=True)
class Project:
    """The project and its account; ``live`` is None until the system is."""

    week: int
    done: float
    hidden: float
    known: float
    scope: float
    cost: float
    capability: float
    morale: float
    alignment: float
    readiness: float
    coverage: float
    pressure: float
    tested: float
    go_live: float
    announced: float
    live: float | None
    difficulty: float
    staff: float
    skill: float
    familiar: float
    firm_trust: float
    opportunities: float
    qualified: float


@dataclass(slots=True)
class Play:
    """One engagement."""

    project: Project
    contacts: list[Contact]

    def fields(self) -> dict[str, float | list]:
        """Every field of the model's ``State``, by name; lists are over contacts."""
        project = {f.name: getattr(self.project, f.name) for f in fields(Project)}
        people = {f.name: [getattr(c, f.name) for c in self.contacts] for f in fields(Contact)}
        del people["number"], people["influence"]
        return {**project, **people, "live": math.nan if project["live"] is None
                else project["live"]}


# From arrays to plain numbers, once and outside every loop.

def numbers(p) -> SimpleNamespace:
    """Parameters as plain numbers: ``numbers.trust.conflict``."""
    groups: dict[str, dict] = {}
    for name, entry in p.about.items():
        group, key = name.split(".")
        groups.setdefault(group, {})[key] = entry["value"]
    return SimpleNamespace(**{name: SimpleNamespace(**group) for name, group in groups.items()})


def plain_setting(setting) -> SimpleNamespace:
    """A ``Setting`` with lists for arrays."""
    values = {f.name: getattr(setting, f.name) for f in fields(setting)}
    return SimpleNamespace(**{k: v.tolist() if hasattr(v, "tolist") else v
                              for k, v in values.items()})


def row(arrays, engagement: int) -> SimpleNamespace:
    """One engagement's part of a ``Luck`` or a ``Move``, as lists."""
    return SimpleNamespace(**{f.name: getattr(arrays, f.name)[engagement].tolist()
                              for f in fields(arrays)})


def clip(value: float, low: float = 0.0, high: float = 1.0) -> float:
    """``value``, no less than ``low`` and no more than ``high``."""
    return low if value < low else high if value > high else value


# The start (start.py).

def begin(s, luck, p) -> Play:
    """The first state."""
    d = p.delivery
    swan = 1.0
    if luck.severe < d.severe_chance:
        swan = 1 + (d.severe_factor - 1) * s.volatility
    gap = s.plan[s.first_week - 1] - (s.done + s.hidden)
    project = Project(
        week=s.first_week, done=s.done, hidden=s.hidden, known=0.0, scope=1.0, cost=s.spent,
        capability=clip(1.0 + s.condition[0], *d.capability_range),
        morale=clip(d.morale_rest + s.condition[1]),
        alignment=clip(d.alignment_start + s.condition[2]),
        readiness=clip(d.readiness_start + s.condition[3]),
        coverage=clip(d.coverage_rest + s.condition[4]), pressure=0.0, tested=0.0,
        go_live=float(s.go_live), announced=0.0, live=None,
        difficulty=exp(d.difficulty_spread * s.volatility * luck.difficulty) * swan,
        staff=swan ** d.staffing, skill=exp(s.skill_variety * p.people.skill_spread * luck.skill),
        familiar=max(gap, 0.0), firm_trust=p.account.firm_start, opportunities=0.0, qualified=0.0)
    return Play(project, [meet(i, s, luck, p) for i in range(len(s.influence))])


def meet(i: int, s, luck, p) -> Contact:
    """One contact before the first week."""
    q, t, z = p.people, p.trust, [s.variety * value for value in luck.people[i]]
    middle = 0.5 + t.propensity * (s.propensity[i] + q.propensity_spread * z[0]) \
        + t.start * s.start[i]
    prior = [clip(middle + t.trait_spread * s.variety * trait, 0.1, 0.9)
             for trait in luck.traits[i]]
    cares = [care * exp(q.cares_spread * z[6 + k]) for k, care in enumerate(s.cares[i])]
    total = sum(cares)
    first = 0.5 + 0.5 * (sum(prior) / 3 - 0.5)
    return Contact(
        number=i, influence=s.influence[i], cares=[care / total for care in cares],
        relational=clip(s.orientation[i] + q.relational_spread * z[1], 0.05, 0.95),
        similarity=z[2], outside=q.outside_spread * z[3], ties=q.ties_spread * z[4],
        busy=q.busy_spread * z[5], prior=prior, pros=[0.0] * 3, cons=[0.0] * 3,
        citizenship=t.citizenship_start, expectation=0.5, performance=0.5, satisfaction=first,
        memory=first, memory_weight=1.0, fairness=[0.5] * 3, commitment=first,
        conflict=p.politics.conflict_start, cooperation=p.politics.cooperation_start,
        harm=[0.0] * 2, failures=[0.0] * 2, denied=0.0, insight=p.politics.insight_start)


# Trust (trust.py) and evidence (evidence.py).

def belief(c: Contact, k: int, p) -> float:
    """Belief in one dimension of trustworthiness."""
    w = p.evidence.prior_weight
    return (c.pros[k] + w * c.prior[k]) / (c.pros[k] + c.cons[k] + w)


def trust(c: Contact, p) -> float:
    """Trust in the manager."""
    t = p.trust
    believed = [belief(c, k, p) for k in range(3)]
    cognition = affect = 0.0
    for k in range(3):
        cognition += t.cognition[k] * believed[k]
        affect += t.affect[k] * believed[k]
    affect = (1 - t.affect_citizenship) * affect + t.affect_citizenship * c.citizenship
    together = 0.5 * exp(-(sum(c.pros) + sum(c.cons)) / t.one_factor)
    cognitive = (1 - together) * cognition + together * affect
    affective = (1 - together) * affect + together * cognition
    mixed = (1 - c.relational) * cognitive + c.relational * affective
    return mixed * (1 - t.conflict * c.conflict)


def weigh(c: Contact, pros, cons, p) -> None:
    """Units of evidence for and against, all weighed against what was believed before."""
    e = p.evidence
    for k in range(3):
        if pros[k] or cons[k]:
            r, s = c.pros[k], c.cons[k]
            sure = (r + s) / (r + s + e.prior_weight)
            lean = 2 * belief(c, k, p) - 1
            c.pros[k] = r + pros[k] * (1 - e.confirmation * sure * max(-lean, 0.0))
            c.cons[k] = s + e.negativity[k] * cons[k] * (
                1 - e.confirmation * sure * max(lean, 0.0))


def one(k: int, units: float) -> list[float]:
    """Units of evidence of one dimension alone."""
    out = [0.0, 0.0, 0.0]
    out[k] = units
    return out


def violate(c: Contact, kind: int, units: float, p) -> None:
    """A failure of competence or of honesty (repair.py)."""
    worse = units * (1 + p.repair.repeat * min(c.failures[kind], 3))
    weigh(c, NOTHING, one(HURTS[kind], worse), p)
    c.harm[kind] += worse
    if units >= p.repair.failure:
        c.failures[kind] += 1


def ready(c: Contact, p) -> bool:
    """Whether a pitch is welcome."""
    return trust(c, p) >= p.account.pitch_trust and c.satisfaction >= p.account.pitch_satisfaction


def attends(c: Contact, concern: int, p) -> float:
    """How closely a contact watches a concern."""
    base, slope = p.evidence.attends
    return base + slope * c.cares[concern]


def quarrel(c: Contact, rise: float) -> None:
    """Conflict rises by a part of what is left of it."""
    c.conflict = clip(c.conflict + rise * (1 - c.conflict))


# Delivery (delivery.py).

def effort(attention, p) -> float:
    """What implementing yields."""
    d = p.delivery
    return max(attention[IMPLEMENTER] / d.implementer_reference, 0.02) ** d.implementer_return


def planned(project: Project, s, week: float) -> float:
    """Planned progress, the plan that is left stretched to the agreed date."""
    first = s.first_week - 1
    at = first + (week - first) * (s.go_live - first) / max(project.go_live - first, 1)
    at = clip(at, 0.0, len(s.plan) - 1)
    before = min(int(at), len(s.plan) - 2)
    return s.plan[before] + (at - before) * (s.plan[before + 1] - s.plan[before])


def expected(project: Project, s) -> float:
    """Progress that people expect at the end of the week."""
    late = max(project.week - project.announced, s.first_week - 1)
    return planned(project, s, late) - project.familiar


def reported(project: Project) -> float:
    """Progress as the client is told."""
    return project.done if project.tested > 0 else project.done + project.hidden


def pace(project: Project, contacts, attention, s, p) -> float:
    """The team's pace, as a multiple of ordinary."""
    d = p.delivery
    cooperation = sum(c.influence * c.cooperation for c in contacts)
    decided = clip(project.alignment + d.latency_cooperation * (cooperation - 0.5))
    return (effort(attention, p) * project.skill ** d.skill_pace * project.capability
            * (1 + d.morale_weight * (project.morale - d.morale_rest))
            * (1 - d.latency_cost * (1 - decided) ** 2)
            * (1 + d.pace_pressure * project.pressure)
            * max(1 - d.distraction * max(attention[ENTREPRENEUR] - d.distraction_above, 0.0), 0.0))


def work(project: Project, contacts, attention, shocks, s, p) -> None:
    """A week's work on the project; ``shocks`` are those of pace and of errors."""
    d, live = p.delivery, project.live is not None
    first = s.first_week - 1
    usual = (1 - s.plan[first]) / (s.go_live - first) / (1 - s.error_share)
    closed = (usual * pace(project, contacts, attention, s, p) * project.staff
              * exp(d.shock * s.volatility * shocks[0]) / project.difficulty)
    left = max(project.scope - project.done - project.hidden, 0.0)
    closed = min(closed * (d.team_after_live if live else 1.0), left)
    able = project.capability ** d.error_capability * project.skill ** d.skill_error
    share = (s.error_share * (1 - d.error_coach * given(attention, COACH, p))
             * (1 + d.error_pressure * project.pressure) / able)
    share = clip(share, *d.error_range) * exp(d.shock * s.volatility * shocks[1])
    wrong = closed * clip(share, 0.0, 0.9)
    found = project.hidden * (d.discovery_base + d.discovery_coverage * project.coverage)
    project.done += closed - wrong
    project.hidden += wrong - found
    project.known = found
    project.cost += s.weekly_cost * project.staff * (d.team_after_live if live else 1.0) * (
        1 + d.overtime_cost * project.pressure)
    if (not live and project.week >= project.go_live
            and project.done + project.hidden >= d.live_share * project.scope
            and project.hidden <= d.live_hidden * project.scope):
        project.live = float(project.week)
    grow(project, attention, p)


def grow(project: Project, attention, p) -> None:
    """Capability, morale, readiness, coverage and pressure after a week."""
    d, made = p.delivery, effort(attention, p)
    coach, steady = given(attention, COACH, p), min(made, 1.0)
    capability = project.capability + d.coach_capability * coach * steady
    project.capability = clip(capability + d.capability_return * (1 - capability),
                              *d.capability_range)
    project.morale = clip(project.morale + d.morale_coach * coach
                          - d.morale_pressure * project.pressure
                          + d.morale_return * (d.morale_rest - project.morale))
    project.readiness = clip(project.readiness + 2 * d.readiness_coach * coach * steady
                             - d.readiness_drift)
    aim = clip(d.coverage_rest + d.coverage_implementer * made)
    project.coverage = clip(project.coverage + d.coverage_rate * (aim - project.coverage))
    project.pressure *= 1 - d.pressure_decay


def given(attention, role: int, p) -> float:
    """What attention to a facilitating role yields (attention.py)."""
    return attention[role] ** p.evidence.facilitating_return


# What people see of it (evidence.py, reckoning.py).

def look(project: Project, attention, s, p) -> SimpleNamespace:
    """What this week shows everybody: the gap, the lever, and what a milestone brings out."""
    e = p.evidence
    told, due = reported(project) / project.scope, expected(project, s)
    health = told / max(due, 1e-6)
    off = clip((health - e.health_middle) / e.health_width, -50, 50)
    lever = e.facilitation_floor + (1 - e.facilitation_floor) * min(
        effort(attention, p), 1.0) / (1 + exp(-off))
    seen = SimpleNamespace(gap=told - due, lever=lever, milestone=None,
                           given=[given(attention, role, p) for role in range(6)])
    behind = max(due + project.familiar - told, 0.0)
    project.familiar += e.familiar * (behind - project.familiar)
    promised = s.milestones[min(project.week, s.last_week)]
    if not math.isnan(promised):
        plan, there = planned(project, s, project.week), project.done / project.scope
        need = max(promised - (s.plan[project.week] - plan), 0.0)
        hoped = min(need - plan + expected(project, s), need)
        seen.milestone = SimpleNamespace(
            missing=max(need - there, 0.0), surprise=max(hoped - there, 0.0),
            overstated=max(reported(project) - project.done, 0.0))
    return seen


def react(c: Contact, project: Project, seen, attention, noise: float, s, p) -> None:
    """A contact's week up to the mind being made up: evidence of work, then of roles."""
    keep = p.evidence.forgetting
    c.harm = [harm * (1 - p.repair.harm_fade) for harm in c.harm]
    c.pros, c.cons = [r * keep for r in c.pros], [r * keep for r in c.cons]
    see_work(c, project, seen, noise, s, p)
    see_truth(c, project, seen, p)
    top = max(s.influence)
    weigh(c, NOTHING, overdone(IMPLEMENTER, attention, p), p)
    for role in (COACH, ENTREPRENEUR, POLITICIAN, FRIEND):
        see_role(c, role, seen, attention, top, p)
    welcome = ready(c, p)
    see_role(c, MARKETER, seen, attention, top, p, float(welcome))
    if not welcome:
        weigh(c, NOTHING, [units * attention[MARKETER] for units in p.account.pitch_refused], p)
    t, q = p.trust, p.politics
    gain = seen.lever * (t.citizenship_friend * seen.given[FRIEND] * 2 * c.relational
                         + t.citizenship_coach * seen.given[COACH])
    c.citizenship += gain * (1 - c.citizenship)
    c.citizenship += t.citizenship_fade * (t.citizenship_start - c.citizenship)
    learnt = (2 * q.insight_friend * seen.given[FRIEND] * c.relational
              + q.insight_politician * seen.given[POLITICIAN])
    c.insight = clip(c.insight + learnt * (1 - c.insight) - q.insight_fade * c.insight)


def see_work(c: Contact, project: Project, seen, noise: float, s, p) -> None:
    """Progress against expectation, expertise, and work or errors that come back."""
    e = p.evidence
    shown = clip((seen.gap + e.noise * noise + e.tolerance) / e.delivery_scale, -1.0, 1.0)
    units = e.delivery * attends(c, SCHEDULE, p) * shown
    weigh(c, one(ABILITY, max(units, 0.0)), one(ABILITY, max(-units, 0.0)), p)
    if s.skill_variety != 0:
        units = e.skill * (project.skill - 1)
        weigh(c, one(ABILITY, max(units, 0.0)), one(ABILITY, max(-units, 0.0)), p)
    watched = attends(c, QUALITY, p)
    if not project.tested > 0:
        violate(c, COMPETENCE, e.rework_seen * project.known * watched, p)
    if project.live is not None:
        violate(c, COMPETENCE, e.live_defects * project.known * watched, p)


def see_truth(c: Contact, project: Project, seen, p) -> None:
    """What was denied comes out, and a milestone shows what is there."""
    e, shown = p.evidence, seen.milestone
    truth = project.known + (shown.overstated if shown else 0.0)
    if c.denied:
        disproved = c.denied * clip(p.repair.exposed * truth)
        violate(c, HONESTY, p.repair.denial_found * disproved, p)
        c.denied -= disproved
    if shown is None:
        return
    watched, q = attends(c, SCHEDULE, p), p.satisfaction
    felt = shown.surprise + (1 - e.known_discount) * (shown.missing - shown.surprise)
    violate(c, COMPETENCE,
            e.milestone * watched * clip((felt - e.tolerance) / e.milestone_scale), p)
    c.fairness[1] = clip(c.fairness[1] - q.fair_surprise * shown.surprise)
    if shown.missing <= e.tolerance:
        weigh(c, one(ABILITY, e.milestone_met * watched), NOTHING, p)
    c.satisfaction = clip(c.satisfaction - q.surprise * shown.surprise * watched / 2)
    violate(c, HONESTY, e.found_out * max(shown.overstated - e.tolerance, 0.0), p)


def see_role(c: Contact, role: int, seen, attention, top: float, p, welcome: float = 1.0) -> None:
    """Evidence from a facilitating role; ``top`` is the largest influence of any contact."""
    e, near = p.evidence, 1.0
    if role == FRIEND:
        near = 2 * c.relational * exp(e.similarity * c.similarity)
    elif role == POLITICIAN:
        near = e.near_politician + (1 - e.near_politician) * c.influence / top
    units = {COACH: e.coach, ENTREPRENEUR: e.entrepreneur, POLITICIAN: e.politician,
             FRIEND: e.friend, MARKETER: e.marketer}[role]
    amount = seen.given[role] * seen.lever * near * welcome
    weigh(c, [unit * amount for unit in units], overdone(role, attention, p), p)


def overdone(role: int, attention, p) -> list[float]:
    """Evidence against a manager who gives a role too much of the week."""
    beyond = max(attention[role] - p.evidence.overdone_above[role], 0.0)
    return [price * beyond for price in p.evidence.overdone[role]]


# Politics, satisfaction and the account (politics.py, satisfaction.py, account.py).

def agree(project: Project, seen, p) -> None:
    """Agreement among the client's people after a week."""
    q = p.politics
    gain = 2 * q.alignment_politician * seen.given[POLITICIAN] * seen.lever
    project.alignment = clip(project.alignment + gain * (1 - project.alignment)
                             - q.alignment_fade * (project.alignment - q.alignment_rest))


def judge(c: Contact, project: Project, seen, attention, s, p) -> float:
    """Conflict, fairness, expectation and satisfaction after a week; returns trust."""
    q = p.politics
    c.conflict = clip(c.conflict * (1 - q.conflict_fade
                                    - q.conflict_politician * attention[POLITICIAN])
                      + q.conflict_misaligned * (1 - project.alignment))
    trusting, q = trust(c, p), p.satisfaction
    time = (attention[COACH] + attention[FRIEND] + attention[POLITICIAN])
    time = time ** p.evidence.facilitating_return * seen.lever
    rises = (q.fair_value * (c.performance - 0.5), q.fair_open * project.tested,
             q.fair_time * time - q.fair_conflict * c.conflict)
    rests = [0.5 + halo * (trusting - 0.5) for halo in q.halo]
    c.fairness = [clip(now + rise + q.equity_return * (rest - now))
                  for now, rise, rest in zip(c.fairness, rises, rests, strict=True)]
    satisfy(c, project, attention, s, p)
    return trusting


def satisfy(c: Contact, project: Project, attention, s, p) -> None:
    """Disconfirmation, satisfaction and memory after a week."""
    q = p.satisfaction
    equity = sum(q.equity_mix[k] * c.fairness[k] for k in range(3))
    total = c.cares[BUDGET] * equity
    for concern, value in concerns(project, s, p):
        total += c.cares[concern] * value
    c.performance = clip(total)
    gap = c.performance - c.expectation
    aim = (q.rest + q.gap * felt(gap, p) + q.performance * felt(c.performance - 0.5, p)
           + q.equity * felt(equity - 0.5, p) + q.expectation * (c.expectation - 0.5)
           + c.outside)
    c.satisfaction = clip(c.satisfaction + q.rate * (aim - c.satisfaction))
    c.expectation = clip(c.expectation + q.adaptation * gap
                         + q.marketing_raise * attention[MARKETER])
    better, worse = q.salience
    apart = c.satisfaction - c.memory
    note = 1 + (better * apart if apart > 0 else -worse * apart)
    c.memory_weight = q.memory_keep * c.memory_weight + note
    c.memory += note / c.memory_weight * apart


def felt(difference: float, p) -> float:
    """A gain as it is, a loss as much larger as it is felt."""
    return difference if difference > 0 else p.satisfaction.loss_aversion * difference


def concerns(project: Project, s, p) -> list[tuple[int, float]]:
    """How the project stands in each concern but the budget."""
    q = p.satisfaction
    slip = forecast(project, s, p) - project.go_live + (project.go_live - s.go_live) / 2
    on_plan = min(project.done / max(planned(project, s, project.week), 1e-6), 1.0)
    return [
        (SCHEDULE, clip(q.seen_schedule[0] - q.seen_schedule[1] * slip)),
        (QUALITY, clip(q.seen_quality[0] + q.seen_quality[1] * project.coverage
                       - q.seen_quality[2] * project.known)),
        (USERS, clip(q.seen_users[0] + q.seen_users[1] * project.readiness
                     + q.seen_users[2] * on_plan)),
        (STANDING, clip(q.seen_standing[0] + q.seen_standing[1] * project.alignment))]


def forecast(project: Project, s, p) -> float:
    """The week of go-live to be expected at the end of the week."""
    if project.live is not None:
        return project.live
    first, steady = s.first_week - 1, p.delivery.forecast_steady
    usual = (1 - s.plan[first]) / (s.go_live - first)
    gained = max(project.done - s.done, 0.0)
    rate = (gained + steady * usual) / (max(project.week - first, 0) + steady)
    left = max(p.delivery.live_share * project.scope - project.done, 0.0)
    return max(project.week + left / max(rate, 1e-9), project.go_live)


def develop(project: Project, contacts, trusting, seen, p) -> None:
    """Openings and trust in the firm after a week; ``trusting`` is each contact's trust."""
    a = p.account
    trusted = quality = expertise = like = 0.0
    for c, now in zip(contacts, trusting, strict=True):
        trusted += c.influence * now
        quality += c.influence * (now + c.satisfaction) / 2
        expertise += c.influence * belief(c, ABILITY, p)
        like += c.influence * c.similarity
    waiting = max(project.opportunities - project.qualified, 0.0)
    planned = (a.qualified * seen.given[MARKETER] * seen.lever * waiting * expertise
               * exp(a.similarity * like))
    project.opportunities += a.found * seen.given[ENTREPRENEUR] * seen.lever * quality
    project.qualified += min(planned, waiting)
    project.firm_trust += a.firm_rate * (trusted - project.firm_trust)


def bind(c: Contact, project: Project, trusting: float, p) -> None:
    """Cooperation and commitment after a week."""
    q = p.politics
    aim = q.cooperation_start + q.cooperation_trust * (trusting - 0.5) + c.busy
    c.cooperation = clip(c.cooperation + q.cooperation_rate * (aim - c.cooperation))
    q = p.satisfaction
    aim = (q.commitment_mix[0] * trusting + q.commitment_mix[1] * c.satisfaction
           + q.commitment_mix[2] * project.firm_trust + c.ties)
    rate = q.commitment_up if aim > c.commitment else q.commitment_down
    c.commitment = clip(c.commitment + rate * (aim - c.commitment))


def play_week(play: Play, attention, luck, s, p) -> None:
    """One week (week.py)."""
    project, contacts = play.project, play.contacts
    index = project.week - s.first_week
    work(project, contacts, attention, luck.delivery[index], s, p)
    seen = look(project, attention, s, p)
    for c in contacts:
        react(c, project, seen, attention, luck.perception[index][c.number], s, p)
    agree(project, seen, p)
    trusting = [judge(c, project, seen, attention, s, p) for c in contacts]
    develop(project, contacts, trusting, seen, p)
    for c, now in zip(contacts, trusting, strict=True):
        bind(c, project, now, p)
    project.week += 1


# A response and a promise (respond.py, repair.py, reckoning.py).

def respond(play: Play, move, taking, s, p) -> None:
    """The answer to an incident; ``taking`` is the luck of how much each makes of it."""
    for c in play.contacts:
        answer(c, play.project, move, taking[c.number], s, p)
    change(play.project, move, p)


def answer(c: Contact, project: Project, move, taking: float, s, p) -> None:
    """What a response does to one contact."""
    i, e = c.number, p.evidence
    weight = move.weight / 2 * exp(s.variety * p.people.taking_spread * taking)
    mend(c, move.repair[i], move.amount[i], p)
    for k, steps in enumerate(move.signals[i]):
        units = weight * e.signal * steps
        weigh(c, one(k, max(units, 0.0)), NOTHING, p)
        bad = max(-units, 0.0) * (1 - p.politics.severity * project.alignment)
        if k == BENEVOLENCE:
            weigh(c, NOTHING, one(k, bad), p)
        else:
            violate(c, HONESTY if k == INTEGRITY else COMPETENCE, bad, p)
    acts = move.citizenship[i]
    c.citizenship = 1 - (1 - c.citizenship) * (1 - p.trust.citizenship_act) ** acts
    treat_fairly(c, move.fairness[i], p)
    if move.side_for[i] or move.side_against[i]:
        weigh(c, [units * move.side_for[i] for units in p.politics.side_for],
              [units * move.side_against[i] for units in p.politics.side_against], p)
        quarrel(c, move.side_against[i] * p.politics.conflict_broken)
    feel(c, move.signals[i], weight, p)
    hear_pitch(c, project, move.pitch[i], p)
    c.expectation = clip(c.expectation + p.satisfaction.promise_raise * move.promised[i])


def mend(c: Contact, by, amount: float, p) -> None:
    """A repair of each kind of open harm; -1 is none."""
    good = 0.0
    for kind, way in enumerate(by):
        if way < 0:
            continue
        share = p.repair.effect[kind][way]
        if way == COMPENSATE:
            share *= clip(amount)
        mended = share * c.harm[kind]
        k = HURTS[kind]
        c.cons[k] = max(c.cons[k] - p.evidence.negativity[k] * mended, 0.0)
        if way == DENY:
            c.denied += c.harm[kind]
        else:
            good += mended
        c.harm[kind] -= mended
    c.satisfaction = clip(c.satisfaction + p.repair.satisfied * good)


def treat_fairly(c: Contact, steps, p) -> None:
    """Fairness of outcome, procedure and treatment, and what it says of the manager."""
    if not any(steps):
        return
    c.fairness = [clip(now + p.satisfaction.fairness * step)
                  for now, step in zip(c.fairness, steps, strict=True)]
    e = p.evidence
    says = [sum(e.fairness_units[kind] * e.fairness_shows[kind][k] * steps[kind]
                for kind in range(3)) for k in range(3)]
    weigh(c, [max(units, 0.0) for units in says], [max(-units, 0.0) for units in says], p)


def feel(c: Contact, signals, weight: float, p) -> None:
    """The episode pleases or hurts by its balance, and every bad signal breeds conflict."""
    q, balance = p.satisfaction, sum(signals)
    c.satisfaction = clip(c.satisfaction + q.episode * weight * felt(balance, p))
    bad = sum(-steps for steps in signals if steps < 0)
    quarrel(c, clip(p.politics.conflict_negative * weight * bad))


def hear_pitch(c: Contact, project: Project, pitch: float, p) -> None:
    """A proposal, welcome or too early."""
    if not pitch:
        return
    if ready(c, p):
        weigh(c, [units * pitch for units in p.account.pitch_welcome], NOTHING, p)
        project.opportunities += pitch
        project.qualified += pitch
    else:
        weigh(c, NOTHING, [units * pitch for units in p.account.pitch_refused], p)


def change(project: Project, move, p) -> None:
    """What a response does to the project."""
    d = p.delivery
    testing, pressure, morale, capability, alignment, readiness = move.steps
    scope, cost, rework, go_live, announced, opportunities = move.project
    project.scope = max(project.scope + scope, project.done + project.hidden)
    project.hidden -= min(rework, project.hidden)
    project.cost += cost
    project.go_live += go_live
    project.announced += announced
    project.opportunities += opportunities
    if move.reporting >= 0:
        project.tested = move.reporting
    project.coverage = clip(project.coverage + d.coverage_step * testing)
    project.pressure = max(project.pressure + pressure, 0.0)
    project.morale = clip(project.morale + d.step * morale)
    project.capability = clip(project.capability + d.step * capability, *d.capability_range)
    project.alignment = clip(project.alignment + d.step * alignment)
    project.readiness = clip(project.readiness + d.step * readiness)


def settle_promise(c: Contact, kept: bool, p) -> None:
    """A promise to one contact fell due."""
    e = p.evidence
    if kept:
        weigh(c, e.promise_kept, NOTHING, p)
        return
    ability, benevolence, integrity = e.promise_broken
    weigh(c, NOTHING, [ability, benevolence, 0.0], p)
    violate(c, HONESTY, integrity, p)
    quarrel(c, p.politics.conflict_broken)


def decide(play: Play, luck, s, p) -> SimpleNamespace:
    """The renewal decision (account.py)."""
    a, project = p.account, play.project
    late = a.renewal_late if project.live is None else 0.0
    second = sorted(s.influence)[-2]
    votes, recalls, spoken = [], [], False
    score = trusted = content = 0.0
    for c in play.contacts:
        now = trust(c, p)
        recalled = clip(c.memory + s.variety * p.people.recall_spread * luck.recall[c.number])
        vote = (a.renewal_mix[0] * c.commitment + a.renewal_mix[1] * recalled
                + a.renewal_mix[2] * now
                + s.variety * p.people.vote_spread * luck.renewal[c.number] - late)
        votes.append(vote)
        recalls.append(recalled)
        score += c.influence * vote
        trusted += c.influence * now
        content += c.influence * recalled
        spoken = spoken or (c.influence >= second and now >= a.reference_trust
                            and recalled >= a.reference_satisfaction)
    plans = min(project.qualified + 0.5 * project.opportunities, 1.0)
    further = (a.follow_on_mix[0] * trusted + a.follow_on_mix[1] * content
               + a.follow_on_mix[2] * plans)
    renewed = score >= a.rival
    return SimpleNamespace(votes=votes, recalled=recalls, score=score, further=further,
                           renewed=renewed,
                           follow_on=renewed and further >= a.follow_on,
                           reference=spoken and project.live is not None)
