"""``casebook facts``: published facts against a simulated population."""

from __future__ import annotations

import argparse
import json
import math
from typing import TYPE_CHECKING

from .shared import on_terminal, whole

if TYPE_CHECKING:
    import pandas as pd

ENGAGEMENTS, SEED = 8000, 1
TITLES = {True: "Facts the model is calibrated on", False: "Facts kept from calibration (unseen)"}


def add(commands) -> None:
    """Add the command to the parsers of the command line."""
    command = commands.add_parser(
        "facts", help="hold a simulated population against published facts",
        description="Simulates a population of engagements and says which published facts it "
        "shows. The exit code is 1 if a sign or an order fails, or more than one band fact in "
        "ten falls short; with --ablate, if a mechanism is neither needed nor justified.")
    command.add_argument("--n", type=whole(1, 1_000_000), default=ENGAGEMENTS, metavar="N",
                         help=f"engagements (default: {ENGAGEMENTS})")
    command.add_argument("--seed", type=whole(0, 2**31), default=SEED, metavar="S",
                         help=f"default: {SEED}")
    command.add_argument("--json", action="store_true", help="as JSON")
    which = command.add_mutually_exclusive_group()
    which.add_argument("--unseen", action="store_true",
                       help="only the facts kept from calibration")
    which.add_argument("--calibrated", action="store_true",
                       help="only the facts the model is calibrated on")
    which.add_argument("--ablate", action="store_true", help="switch each mechanism of the model "
                       "off in turn and list the facts that fail without it")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command; 0 where the population passes, else 1."""
    return _ablate(args) if args.ablate else _facts(args)


def _facts(args: argparse.Namespace) -> int:
    from casebook.study import population
    from casebook.study.facts import check_facts, shortfalls, summary

    table = check_facts(population(args.n, args.seed, progress=on_terminal("engagements")))
    if args.unseen or args.calibrated:
        table = table[table["calibrated"] == args.calibrated]
    counts, short = summary(table), shortfalls(table)
    if args.json:
        print(json.dumps({"n": args.n, "seed": args.seed, "passes": not short,
                          "shortfalls": short, "revised": _revised(set(table["fact"])),
                          "summary": counts, "claims": _records(table)},
                         ensure_ascii=False, indent=2))
    else:
        print(as_text(table))
        print(_counted(counts))
        if revised := _revised(set(table["fact"])):
            print("Failed when first measured, and rules were changed for them: "
                  f"{', '.join(revised)}. They no longer test the model blindly.")
        print("\n".join(["The population does not pass:", *(f"  {why}" for why in short)])
              if short else "The population passes.")
    return 1 if short else 0


def _ablate(args: argparse.Namespace) -> int:
    from casebook.study.ablation import IDLE, ablate, mechanisms

    table = ablate(args.n, args.seed, progress=on_terminal("mechanisms"))
    idle = list(table.loc[table["verdict"] == IDLE, "mechanism"])
    if args.json:
        print(json.dumps({"n": args.n, "seed": args.seed, "idle": idle,
                          "mechanisms": _records(table)}, ensure_ascii=False, indent=2))
        return 1 if idle else 0
    for row in table.itertuples():
        print(f"{row.mechanism:<16}{row.verdict:<11}{row.what}")
        if row.breaks:
            print(f"{'':<16}without it fail: {', '.join(row.breaks)}")
        if row.mends:
            print(f"{'':<16}only without it hold: {', '.join(row.mends)}")
        if row.justified and not row.breaks:
            print(f"{'':<16}{row.justified}")
    if len(table) < len(mechanisms()):
        print(f"Stopped: {len(table)} of {len(mechanisms())} mechanisms were tried.")
    print(f"{len(idle)} of {len(table)} mechanisms are neither needed by a fact nor justified"
          + (f": {', '.join(idle)}." if idle else "."))
    return 1 if idle else 0


def as_text(table: pd.DataFrame) -> str:
    """The table of :func:`casebook.study.facts.check_facts`, to be read in a terminal."""
    from casebook.study.facts import together

    lines = []
    for calibrated in (True, False):
        ours = table[table["calibrated"] == calibrated]
        if len(ours):
            lines += [TITLES[calibrated], _line("verdict", "claim", "published", "simulated",
                                                "95 % interval", "unit", "")]
        for fact, claims in ours.groupby("fact", sort=False):
            recalled = "  (published from memory)" if "recall" in claims["seen"].iloc[0] else ""
            lines.append(f"{together(claims['verdict']):<16}{fact}{recalled}")
            lines += [_claim(row) for row in claims.itertuples()]
        lines += [""] if len(ours) else []
    return "\n".join(lines)


def _claim(row) -> str:
    beside = "±" if row.kind == "band" else "beyond "
    asked = row.published + ("" if math.isnan(row.tolerance) else f" {beside}{row.tolerance:.2f}")
    if row.verdict == "not measured":
        return _line(f"  {row.verdict}", row.claim, asked, "", "", "", f"Because {row.reason}.")
    return _line(f"  {row.verdict}", row.claim, asked, f"{row.simulated:z.2f}",
                 f"[{row.low:z.2f}, {row.high:z.2f}]", row.unit, row.statement)


def _line(verdict: str, claim: str, asked: str, found: str, interval: str, unit: str,
          words: str) -> str:
    return (f"{verdict:<16}{claim:<21}{asked:<20}{found:>9}  {interval:<15} {unit:<11}{words}"
            ).rstrip()


def _counted(counts: dict[str, dict[str, int]]) -> str:
    """A sentence for each set that has facts."""
    names = {"calibrated": "Calibrated on", "unseen": "Unseen"}
    return "\n".join(
        f"{names[name]}: {of['holds']} of {of['facts']} facts hold, {of['fails']} fail, "
        f"{of['not measured']} not measured." for name, of in counts.items() if of["facts"])


def _revised(facts: set[str]) -> list[str]:
    """Which of these, kept from calibration, failed at first and changed the rules."""
    from casebook.model import findings

    return [id for id, fact in findings().items()
            if "revised" in fact and not fact["calibrate"] and id in facts]


def _records(table: pd.DataFrame) -> list[dict]:
    """Rows for JSON, which has no nan."""
    return [{key: None if isinstance(value, float) and math.isnan(value) else value
             for key, value in row.items()} for row in table.to_dict("records")]
