"""Step 5, the account: openings, pitches, trust in the firm, and the decision to renew.

Equations
---------
quality = mean of trust and satisfaction, by influence
opportunities' = opportunities + account.found * given(entrepreneur) * lever * quality
qualified' = qualified + account.qualified * given(marketer) * lever * (opportunities - qualified)
       * (belief in ability by influence) * exp(account.similarity * similarity by influence)
firm_trust' = firm_trust + account.firm_rate * (trust by influence - firm_trust)
a pitch: welcome where trust >= account.pitch_trust and satisfaction >= account.pitch_satisfaction;
       then account.pitch_welcome and one opening that is qualified, else account.pitch_refused
opportunities - qualified counts no less than 0, and no more than it is turned into plans
vote = account.renewal_mix . (commitment, recalled, trust) + variety * people.vote_spread * z
       - account.renewal_late where the system is not live
recalled = clip(memory + variety * people.recall_spread * z, 0, 1)
renewed where votes by influence >= account.rival
follow_on where renewed and account.follow_on_mix . (trust, recalled, plans) >= account.follow_on;
       plans = min(qualified + 0.5 * opportunities, 1)
of several engagements of an account: score and further are means over the engagements, weighted;
       a reference is given where one of them gives it
reference where live, and one of the two of most influence has trust and recalled satisfaction
       of account.reference_trust and account.reference_satisfaction
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .attention import Spent
from .evidence import add_mix, ready_for_more
from .luck import Luck
from .parameters import Parameters
from .state import ABILITY, ENTREPRENEUR, MARKETER, Array, Setting, State, by_influence
from .trust import beliefs, trust


def develop(state: State, spent: Spent, yields: Array, trusting: Array, setting: Setting,
            p: Parameters) -> State:
    """Openings after a week.

    Enterprise finds them and relationship quality opens them; expertise and similarity turn
    them into plans (Crosby, Evans and Cowles 1990).
    """
    a = p.account
    quality = by_influence((trusting + state.satisfaction) / 2, setting)
    found = a.found * spent.given[:, ENTREPRENEUR] * yields * quality
    waiting = np.maximum(state.opportunities - state.qualified, 0)
    expertise = by_influence(beliefs(state, p)[:, :, ABILITY], setting)
    like = np.exp(a.similarity * by_influence(state.similarity, setting))
    planned = a.qualified * spent.given[:, MARKETER] * yields * waiting * expertise * like
    firm = state.firm_trust + a.firm_rate * (by_influence(trusting, setting) - state.firm_trust)
    return state.but(opportunities=state.opportunities + found,
                     qualified=state.qualified + np.minimum(planned, waiting), firm_trust=firm)


def pitch(state: State, to: Array, p: Parameters) -> State:
    """A proposal to some contacts, ``to`` (n, c) of 0 and 1.

    Before trust and satisfaction clear a person's threshold it reads as self-interest.
    """
    if not to.any():
        return state
    a = p.account
    ready = ready_for_more(state, p)
    welcome, early = to * ready, to * (1 - ready)
    after = add_mix(state, p, (welcome, a.pitch_welcome), (early, a.pitch_refused))
    said = sum(welcome[:, k] for k in range(to.shape[1]))
    return after.but(qualified=after.qualified + said, opportunities=after.opportunities + said)


@dataclass(frozen=True)
class Decision:
    """The account's outcomes, ``(n,)`` each; ``votes`` and ``recalled`` are (n, c).

    ``score`` is what the votes come to, ``further`` what is said to further work.
    """

    votes: Array
    recalled: Array
    score: Array
    further: Array
    renewed: Array
    follow_on: Array
    reference: Array


def decide(state: State, luck: Luck, setting: Setting, p: Parameters) -> Decision:
    """The client decides: contacts vote with their influence, against a rival's offer."""
    a = p.account
    trusting = trust(state, p)
    recalled = (state.memory + setting.variety * p.people.recall_spread * luck.recall).clip(
        0.0, 1.0)
    of_commitment, of_memory, of_trust = a.renewal_mix
    late = np.where(np.isnan(state.live), a.renewal_late, 0.0)
    votes = (of_commitment * state.commitment + of_memory * recalled + of_trust * trusting
             + setting.variety * p.people.vote_spread * luck.renewal - late[:, None])
    score = by_influence(votes, setting)
    plans = np.minimum(state.qualified + 0.5 * state.opportunities, 1)
    by_trust, by_content, by_plans = a.follow_on_mix
    further = (by_trust * by_influence(trusting, setting)
               + by_content * by_influence(recalled, setting) + by_plans * plans)
    renewed = score >= a.rival
    heavy = setting.influence >= np.sort(setting.influence)[-2]
    speaks = (trusting >= a.reference_trust) & (recalled >= a.reference_satisfaction) & heavy
    live = ~np.isnan(state.live)
    return Decision(votes, recalled, score, further, renewed,
                    renewed & (further >= a.follow_on), speaks.any(axis=1) & live)


def decide_together(decisions: Sequence[Decision], weights: Array, p: Parameters) -> Decision:
    """One decision about several engagements; ``weights`` (parts,) sum to 1."""
    def mean(name: str) -> Array:
        return sum(getattr(one, name) * weight for one, weight in zip(
            decisions, weights, strict=True))

    def joined(name: str) -> Array:
        return np.concatenate([getattr(one, name) for one in decisions], axis=1)

    score, further = mean("score"), mean("further")
    renewed = score >= p.account.rival
    return Decision(joined("votes"), joined("recalled"), score, further, renewed,
                    renewed & (further >= p.account.follow_on),
                    np.any([one.reference for one in decisions], axis=0))
