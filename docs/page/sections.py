"""The generated parts of the page: equations, numbers, facts, mechanisms, and what they rest on."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from casebook import model
from casebook.study.ablation import IDLE, JUSTIFIED, NEEDED
from casebook.study.facts import (
    FAILS,
    HOLDS,
    NOT_MEASURED,
    missed,
    shortfalls,
    summary,
    together,
)

from .equations import anchor, typeset
from .markdown import (
    cited,
    count,
    fact_links,
    interval,
    listed,
    plain,
    signed,
    table,
)
from .sources import PACKAGE, Sources, falling_short

STEPS = ("start", "delivery", "evidence", "reckoning", "trust", "satisfaction", "account",
         "politics", "respond", "repair", "hearsay")
SAID = {HOLDS: "holds", FAILS: "**falls short**", NOT_MEASURED: "**not measured**"}
SEEN = {"yes": "read in a source", "recall": "quoted from memory", "yes (2021)":
        "read for 2021; 1995 from memory", "yes, quoted": "read where another source quotes it",
        "order: yes": "order read; sizes from memory"}


def equation_blocks(sources: Sources) -> dict[str, str]:
    """The equations of every step, by the name under which the template asks for them."""
    names = sources.parameters.about
    return {f"equations_{step}": typeset(PACKAGE / "model" / f"{step}.py", names)
            for step in STEPS}


def state() -> str:
    """What changes in a play, from the comments beside the fields of ``State``."""
    rows, group = [], "the engagement"
    for line in inspect.getsource(model.State).splitlines():
        if heading := re.fullmatch(r"    # (.+)", line):
            group = re.sub(r", \(n,\)$", "", heading[1])
        elif found := re.fullmatch(r"    (\w+): \w+ +# (.+)", line):
            shape = re.match(r"(\([^)]*\)) ?", found[2])
            text = found[2][shape.end():] if shape else found[2]
            rows.append((group, f"`{found[1]}`", shape[1] if shape else "(n,)" if rows else "",
                         text))
    return table(("of", "name", "shape", "what it is"), rows)


def parameter_counts(sources: Sources) -> str:
    """How many parameters come from where, in a sentence."""
    kinds = Counter(about["source"] for about in sources.parameters.about.values())
    return (f"Of {sum(kinds.values())} parameters, {kinds['published']} take their value or their "
            f"form from a published source, {kinds['calibrated']} are calibrated, "
            f"{kinds['tuned']} were moved by hand until a fact held that had failed, and "
            f"{kinds['chosen']} were chosen by the casebook's makers.")


def parameter_tables(sources: Sources) -> str:
    """Every parameter, a table for each group."""
    fates = _fates(sources)
    groups: dict[str, list] = {}
    for name, about in sources.parameters.about.items():
        group, _, key = name.partition(".")
        groups.setdefault(group, []).append((
            f'<a id="{anchor(name)}"></a>`{key}`', plain(about["value"]), about["unit"],
            about["meaning"], _source(name, about, sources, fates)))
    head = ("name", "value", "unit", "meaning", "source")
    return "\n\n".join(f"### {group.capitalize()}\n\n{table(head, rows)}"
                       for group, rows in groups.items())


def _source(name: str, about: Mapping[str, Any], sources: Sources, fates) -> str:
    cite = cited(about.get("cite", ""), sources.references)
    if about["source"] == "published":
        return f"published: {cite}"
    if about["source"] == "tuned":
        return f"moved by hand for {cite}"
    if about["source"] != "calibrated":
        return about["source"]
    text = f"calibrated on {cite} within {_range(about['range'])}"
    if name not in fates:
        return text
    # What is the same for all numbers of one table is told once.
    starts = ", ".join(signed(f"{one['start']:g}") for one in fates[name])
    known = ", ".join(dict.fromkeys(_known(one["known"]) for one in fates[name]))
    return f"{text}; started at {starts}; {known}"


def _known(word: str) -> str:
    return word if word == "does not matter" else f"{word} known"


def _range(limits: list) -> str:
    if not isinstance(limits[0], list):
        return " to ".join(plain(limit) for limit in limits)
    return "; ".join(f"{plain(one[0])} to {plain(one[1])}" if not isinstance(one[0], list | None)
                     else ", ".join("fixed" if pair is None else
                                    f"{plain(pair[0])} to {plain(pair[1])}" for pair in one)
                     for one in limits)


def _fates(sources: Sources) -> dict[str, list[Mapping[str, Any]]]:
    fates: dict[str, list] = {}
    for one in (sources.calibration or {}).get("numbers", ()):
        fates.setdefault(one["name"], []).append(one)
    return fates


def facts_counted(sources: Sources) -> str:
    """How many facts hold, in both sets, and whether the population passes."""
    said = []
    for name, of in summary(sources.claims).items():
        words = "calibration may look at" if name == "calibrated" else "are kept from it (unseen)"
        said.append(f"Of {count(of['facts'], 'fact')} that {words}, {of['holds']} hold, "
                    f"{of['fails']} fall short and {of['not measured']} are not measured.")
    reasons = shortfalls(sources.claims)
    said.append("The population passes its own gates." if not reasons else
                "**The population does not pass its own gates**: " + "; ".join(reasons) + ".")
    return " ".join(said)


def facts_tables(sources: Sources) -> dict[str, str]:
    """Both sets of facts: which facts they are, and what of each is measured."""
    return {f"facts_{name}": _facts(sources, calibrate)
            for name, calibrate in (("calibrated", True), ("unseen", False))}


def revised(sources: Sources) -> str:
    """Which facts kept from calibration are still blind tests, and what was changed by hand."""
    unseen = [id for id, fact in sources.facts.items() if not fact["calibrate"]]
    changed = {id: fact["revised"] for id, fact in sources.facts.items() if "revised" in fact}
    built = {id: fact["built_in"] for id, fact in sources.facts.items() if "built_in" in fact}
    failed = [id for id in unseen if id in changed]
    blind = [id for id in unseen if id not in changed and id not in built]
    near = [id for id in unseen if id in built and id not in failed]
    said = (
        f"{count(len(failed), 'fact')} of these failed when first measured, and we changed "
        f"rules for them: {listed(failed)}. Since then all facts are watched whenever a rule "
        f"changes. Of the rest, {listed(near)} lie close to rules that were put in. Blind tests in "
        f"the full sense were {listed(blind)}, at the first measurement.")
    lists = [[f"- {fact_links(id)}: {text.strip()}" for id, text in some.items()]
             for some in (changed, built)]
    return "\n".join([said, "", "**Changed by hand after a fact had been measured**", "", *lists[0],
                      "", "**Put in by a rule**", "", *lists[1]])


def _facts(sources: Sources, calibrate: bool) -> str:
    ours = sources.claims[sources.claims["calibrated"] == calibrate]
    facts, claims = [], []
    for id, rows in ours.groupby("fact", sort=False):
        fact = sources.facts[id]
        facts.append((f'<a id="{id.lower()}"></a>{id}', fact["statement"],
                      _works(fact, sources), fact["field"], SEEN.get(fact["seen"], fact["seen"]),
                      SAID[together(rows["verdict"])]))
        claims += [_claim(row) for row in rows.itertuples()]
    return "\n\n".join([
        table(("fact", "what was found", "source", "where", "number checked", "verdict"), facts),
        table(("claim", "what is to hold", "published", "simulated (95 % interval)", "unit",
               "verdict"), claims)])


def _works(fact: Mapping[str, Any], sources: Sources) -> str:
    """The works that a fact rests on, as links."""
    return ", ".join(f'<a href="#{id}">{_short(sources.references[id])}</a>'
                     for id in fact["references"])


def _short(reference: Mapping[str, Any]) -> str:
    """A reference as it is named in a sentence."""
    names = re.findall(r"([^\W\d_][\w\- ]+), [A-Z]\.", reference["authors"])
    more = len(names) > 2 or "et al" in reference["authors"]
    year = f" ({reference['year']})" if "year" in reference else " (dissertation)"
    return (f"{names[0]} et al." if more else " & ".join(names)) + year


def _claim(row) -> tuple[str, ...]:
    asked = _sign(signed(row.published))
    if row.kind == "band":
        asked += f" ± {row.tolerance:.2f}"
    elif row.tolerance == row.tolerance:
        asked += f" (up to {row.tolerance:.2f})"
    found = interval(row.simulated, row.low, row.high) or f"because {row.reason}"
    return row.claim, row.statement, asked, found, row.unit, SAID[row.verdict]


def falls_short(sources: Sources) -> str:
    """For each fact that falls short, which claims do, and why."""
    parts = []
    for id in falling_short(sources.claims):
        rows = sources.claims[(sources.claims["fact"] == id) & (sources.claims["verdict"] != HOLDS)]
        which = "; ".join(f"{row.statement.rstrip('.')} ({missed(row)})"
                          for row in rows.itertuples())
        verb = "falls" if len(rows) == 1 else "fall"
        total = int((sources.claims["fact"] == id).sum())
        parts.append(f"**{fact_links(id)}: {sources.facts[id]['statement']}** "
                     f"Of {count(total, 'claim')}, {len(rows)} {verb} short: {which}. "
                     f"{sources.facts[id]['falls_short'].strip()}")
    return "\n\n".join(parts) if parts else "None does at present."


def _sign(published: str) -> str:
    return published.replace(">=", "≥")


def ablation(sources: Sources) -> str:
    """What each mechanism of the model is for."""
    said = {NEEDED: "needed by a fact", JUSTIFIED: "kept for the reason given",
            IDLE: "**neither needed nor justified yet**"}
    rows = []
    for row in sources.ablation.itertuples():
        about = sources.mechanisms[row.mechanism]
        rows.append((row.mechanism.replace("_", " "), about["what"],
                     fact_links(row.breaks.replace(" ", ", ")) or "none",
                     fact_links(row.mends.replace(" ", ", ")) or "none", said[row.verdict],
                     about["justified"]))
    return table(("mechanism", "what it does", "fall short without it", "hold only without it",
                  "verdict", "why it stays"), rows)


def managers(sources: Sources) -> str:
    """The broad manager's numbers."""
    return table(("name", "value", "unit", "meaning"), [
        (f"`{name}`", plain(one["value"]), one["unit"], one["meaning"])
        for name, one in sources.managers.items()])


def columns(sources: Sources) -> str:
    """The columns of a population."""
    rows = []
    for name, one in sources.columns.items():
        least, most = one.get("range", (None, None))
        limits = "" if "range" not in one or (least, most) == (None, None) else (
            f"{plain(least)} or more" if most is None else f"{plain(least)} to {plain(most)}")
        rows.append((f"`{name}`", one["unit"], limits, one["meaning"]))
    return table(("column", "unit", "range", "what it is"), rows)


def bibliography(sources: Sources) -> str:
    """Every work cited, which facts rest on it, and what of it was checked."""
    using: dict[str, list[str]] = {}
    for id, fact in sources.facts.items():
        for reference in fact["references"]:
            using.setdefault(reference, []).append(id)
    items = []
    for id, one in sources.references.items():
        year = f" ({one['year']})" if "year" in one else ""
        what = "read in a source" if one["checked"] == "read" else "**quoted from memory**"
        details = "read" if one["details"] == "read" else "from memory"
        facts = f" {fact_links(', '.join(using[id]))}." if id in using else ""
        note = f" Note: {one['note']}." if "note" in one else ""
        items.append(f'- <a id="{id}"></a>{one["authors"]}{year}. {one["title"]}. *{one["in"]}*.'
                     f"{facts} What is cited: {what}; title and pages: {details}.{note}")
    return "\n".join(items)
