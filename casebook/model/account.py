"""Step 5, the account: openings, pitches, trust in the firm, and the decision to renew."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .attention import given
from .evidence import add
from .luck import Luck
from .parameters import Parameters
from .satisfaction import remembered
from .state import ENTREPRENEUR, MARKETER, Setting, State
from .trust import trust


def develop(state: State, attention: np.ndarray, yields: np.ndarray, setting: Setting,
            p: Parameters) -> State:
    """Openings after a week: enterprise finds them, relationship quality opens them (F16)."""
    a = p.account
    quality = (trust(state, setting, p) * setting.influence).sum(axis=1)
    found = a.found * given(attention, ENTREPRENEUR, p) * yields * quality
    waiting = np.maximum(state.opportunities - state.qualified, 0)
    planned = a.qualified * given(attention, MARKETER, p) * yields * quality * waiting
    firm = state.firm_trust + a.firm_rate * (quality - state.firm_trust)
    return replace(state, opportunities=state.opportunities + found,
                   qualified=state.qualified + planned, firm_trust=firm)


def pitch(state: State, to: np.ndarray, setting: Setting, p: Parameters) -> State:
    """A proposal to some contacts, ``to`` (n, c) of 0 and 1.

    Before trust and satisfaction clear a person's threshold it reads as self-interest.
    """
    a = p.account
    ready = (trust(state, setting, p) >= a.pitch_trust) & (
        state.satisfaction >= a.pitch_satisfaction)
    welcome, early = to * ready, to * ~ready
    after = add(state, welcome[:, :, None] * a.pitch_welcome,
                early[:, :, None] * a.pitch_refused, p)
    return replace(after, qualified=after.qualified + welcome.sum(axis=1),
                   opportunities=after.opportunities + welcome.sum(axis=1))


@dataclass(frozen=True)
class Decision:
    """The account's outcomes, ``(n,)`` each; ``votes`` is (n, c)."""

    votes: np.ndarray
    score: np.ndarray
    renewed: np.ndarray
    follow_on: np.ndarray
    reference: np.ndarray


def decide(state: State, luck: Luck, setting: Setting, p: Parameters) -> Decision:
    """The client decides: contacts vote with their influence, against a rival's offer."""
    a = p.account
    trusting = trust(state, setting, p)
    memory = remembered(state, p)
    of_commitment, of_memory, of_trust = a.renewal_mix
    late = np.where(np.isnan(state.live), a.renewal_late, 0.0)
    votes = (of_commitment * state.commitment + of_memory * memory + of_trust * trusting
             + a.renewal_noise * luck.renewal - late[:, None])
    score = (votes * setting.influence).sum(axis=1)
    plans = np.minimum(state.qualified + 0.5 * state.opportunities, 1)
    weighted = (trusting * setting.influence).sum(axis=1)
    content = (memory * setting.influence).sum(axis=1)
    by_trust, by_content, by_plans = a.follow_on_mix
    further = by_trust * weighted + by_content * content + by_plans * plans
    renewed = score >= a.rival
    heavy = setting.influence >= np.sort(setting.influence)[-2]
    speaks = (trusting >= a.reference_trust) & (memory >= a.reference_satisfaction) & heavy
    live = ~np.isnan(state.live)
    return Decision(votes, score, renewed, renewed & (further >= a.follow_on),
                    speaks.any(axis=1) & live)
