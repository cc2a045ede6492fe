"""A made-up population in which every fact holds, because it was built that way."""

import numpy as np
import pandas as pd

WORDS = ("none", "apologise", "explain", "deny", "compensate", "penance")
BETWEEN = 0.51  # correlation of trust with satisfaction
#: Correlations with trust and with satisfaction that the columns are built to have.
TIED = {
    "ability": (0.67, 0.35), "benevolence": (0.63, 0.35), "integrity": (0.58, 0.30),
    "propensity": (0.20, 0.10), "fairness_interactional": (0.68, 0.50),
    "fairness_procedural": (0.60, 0.35), "fairness_distributive": (0.50, 0.70),
    "commitment": (0.50, 0.30), "cooperation": (0.16, 0.10), "conflict": (-0.60, -0.30),
    "skill": (0.30, 0.15), "communication": (0.30, 0.15), "contact_time": (0.02, 0.0),
    "opportunism": (-0.55, -0.30), "equity": (0.30, 0.50), "disconfirmation": (0.467, 0.46),
    "performance": (0.20, 0.38), "expectation": (0.10, 0.20),
}


def population(engagements=1500, contacts=4, seed=7):
    """The table, with the columns of ``casebook.study.population`` that facts are measured on."""
    rng = np.random.default_rng(seed)
    n = engagements * contacts

    def noise():
        return rng.normal(size=n)

    def shared():
        """Standard normal, half of whose variance the contacts of an engagement share."""
        return (np.repeat(rng.normal(size=engagements), contacts) + noise()) / np.sqrt(2)

    t = pd.DataFrame({"engagement": np.repeat(np.arange(engagements), contacts)})
    weights = rng.uniform(1, 3, size=(engagements, contacts))
    t["influence"] = (weights / weights.sum(axis=1, keepdims=True)).ravel()
    t["trust"] = shared()
    t["satisfaction"] = BETWEEN * t["trust"] + np.sqrt(1 - BETWEEN**2) * shared()
    for name, wanted in TIED.items():
        a, b = np.linalg.solve([[1, BETWEEN], [BETWEEN, 1]], wanted)
        left = 1 - a * wanted[0] - b * wanted[1]
        t[name] = a * t["trust"] + b * t["satisfaction"] + np.sqrt(left) * shared()
    # Good performance is stretched, so that satisfaction gains less for each unit of it.
    t["performance"] = np.where(t["performance"] > 0, 3, 1) * t["performance"]
    for name in ("similarity", "citizenship", "reliable_performance", "recent", "earlier", "peak",
                 "end"):
        t[name] = shared()
    t["cognitive_trust"] = 0.8 * t["trust"] + 0.35 * t["reliable_performance"] + 0.48 * noise()
    t["affective_trust"] = 0.8 * t["trust"] + 0.35 * t["citizenship"] + 0.48 * noise()
    t["loyalty"] = (0.4 * t["trust"] + 0.35 * t["recent"] + 0.1 * t["earlier"]
                    + 0.25 * t["peak"] + 0.2 * t["reliable_performance"] + 0.78 * noise())
    t["remembered"] = 0.58 * (t["peak"] + t["end"]) / np.sqrt(2) + 0.81 * noise()
    t["failures"] = rng.poisson(1.0, n)
    t["rise"] = np.where(rng.random(n) < 0.3, np.nan, 0.03 + 0.02 * noise())
    t["fall"] = np.where(rng.random(n) < 0.3, np.nan, 0.05 + 0.02 * noise())
    _answers(t, rng)
    _accounts(t, rng, engagements, contacts)
    return t


def _answers(t, rng):
    """Failures and answers by lot; an apology adds 0.6 or 0.28, compensation up to 0.5."""
    n = len(t)
    t["failure_kind"] = rng.choice(["", "competence", "integrity"], n, p=[0.2, 0.4, 0.4])
    failed, able = t["failure_kind"] != "", t["failure_kind"] == "competence"
    t["answer"] = np.where(failed, rng.choice(WORDS, n), "")
    paid = t["answer"] == "compensate"
    t["compensation"] = np.where(paid, rng.uniform(0.2, 2.0, n), 0.0)
    gain = np.where(t["answer"] == "apologise", np.where(able, 0.6, 0.28), 0.0)
    gain = gain + np.where(paid & able, 0.8 * np.minimum(t["compensation"], 1), 0.0)
    t["trust_before_failure"] = np.where(failed, t["trust"], np.nan)
    t["trust_before_answer"] = t["trust_before_failure"] + rng.normal(size=n)
    t["trust_after_answer"] = t["trust_before_answer"] + gain + 0.1 * rng.normal(size=n)


def _accounts(t, rng, engagements, contacts):
    """What is the same for all contacts of an engagement."""
    def weighted(name):
        return (t[name] * t["influence"]).groupby(t["engagement"]).sum().to_numpy()

    def noise():
        return rng.normal(size=engagements)

    enterprise, marketing = noise(), noise()
    openings = 0.4 * weighted("trust") + 0.4 * weighted("satisfaction") + 0.3 * enterprise
    openings = openings + 0.7 * noise()
    converted = (0.2 * weighted("trust") + 0.4 * weighted("skill") + 0.4 * weighted("similarity")
                 + 0.2 * openings + 0.2 * marketing + 0.35 * noise())
    swan = rng.random(engagements) < 1 / 6
    made = {
        "weeks": rng.integers(20, 60, engagements), "attention_entrepreneur": enterprise,
        "attention_marketer": marketing, "opportunities": openings, "converted": 10 * converted,
        "follow_on": rng.random(engagements) < 0.4,
        "renewed": weighted("citizenship") + 0.5 * noise() > 0,
        "cost_overrun": np.where(swan, rng.uniform(1.5, 2.5, engagements), -0.08 + 0.1 * noise()),
        "schedule_overrun": np.where(swan, 0.7, 0.1) + 0.1 * noise(),
    }
    for name, values in made.items():
        t[name] = np.repeat(values, contacts)
