"""``casebook check``: what is wrong with cases, and whether they are well balanced."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casebook.errors import StudyError

if TYPE_CHECKING:
    from casebook.study.balance import Balance
    from casebook.study.tries import Tried

FILES = ("case.yaml", "account.yaml")
LEAST_RUNS, MOST_RUNS = 512, 20_000      # a search plays seven times as many at once


def add(commands) -> None:
    """Add the command to a parser's sub-commands."""
    command = commands.add_parser("check", help="check cases and list every finding")
    command.add_argument("where", nargs="*", metavar="CASE", help="a case, its folder, or a "
                         "folder of cases (default: the cases of the casebook)")
    command.add_argument("--balance", action="store_true", help="also play each case many times: "
                         "managers, endings, every response from many states, what each role is "
                         "worth (half a minute a case)")
    command.add_argument("--runs", type=int, default=2048, metavar="N", help="plays of each named "
                         "manager for --balance, in blocks of 512 (default: 2048)")
    command.add_argument("--seed", type=int, default=1, metavar="N", help="default: 1")
    command.add_argument("--json", action="store_true", help="as JSON")
    command.set_defaults(run=_check)


def _check(args: argparse.Namespace) -> int:
    from casebook import case

    if args.balance and not LEAST_RUNS <= args.runs <= MOST_RUNS:
        raise StudyError(f"--runs is {args.runs}.",
                         f"Give a whole number from {LEAST_RUNS} to {MOST_RUNS}.")
    if args.seed < 0:
        raise StudyError(f"--seed is {args.seed}.", "Give a whole number from 0.")
    targets = [target for where in args.where for target in _targets(where)] or case.bundled()
    findings = {str(target): case.examine(target) for target in targets}
    every = [finding for some in findings.values() for finding in some]
    errors = sum(finding.severity == "error" for finding in every)
    if not args.json:
        for finding in every:
            print(finding)
    balances = [_measure(target, args) for target in (targets if args.balance else ())
                if not any(f.severity == "error" for f in findings[str(target)])]
    if args.json:
        print(json.dumps(_record(every, balances, args), ensure_ascii=False, indent=2))
    else:
        print(f"{len(targets)} case{'s' * (len(targets) != 1)} checked: {errors} error"
              f"{'s' * (errors != 1)}, {len(every) - errors} warning"
              f"{'s' * (len(every) - errors != 1)}.")
        if balances:
            good = sum(balance.balanced for balance in balances)
            print(f"{good} of {len(balances)} well balanced.")
    return 1 if errors or not all(balance.balanced for balance in balances) else 0


def _targets(where: str) -> list[str | Path]:
    """A case, or every case in a folder of cases."""
    folder = Path(where)
    if folder.is_dir() and not any((folder / name).exists() for name in FILES):
        return sorted({path.parent for name in FILES for path in folder.glob(f"*/{name}")}) or [
            where]
    return [where]


def _measure(target: str | Path, args: argparse.Namespace) -> Balance:
    from casebook.study.balance import balance

    def progress(what: str) -> None:
        if sys.stderr.isatty():
            print(f"  {target}: {what} ...", file=sys.stderr)

    found = balance(target, args.runs, args.seed, progress)
    if not args.json:
        print(text(found))
    return found


def text(found: Balance) -> str:
    """A balance as it is printed."""
    out = [f"{found.case} {found.version}: balance over {found.runs:,} plays of each manager, "
           f"seed {found.seed}", ""]
    out += [f"  {'ok' if v.holds else 'NO':3} {v.name}: {v.told}" for v in found.verdicts]
    out += ["", f"  {'manager':14}{'overall':>8}  (standard error)"]
    out += [f"  {name:14}{mean:8.1f}  ({error:.1f})" for name, (mean, error) in
            sorted(found.means.items(), key=lambda item: -item[1][0])]
    plans = "; ".join(" ".join(map(str, plan)) for plan in found.worth.habit.shares)
    out += [f"  {'best habits':14}{found.worth.score:8.1f}  attention {plans}", "",
            "  role denied to the best manager, and points lost (standard error up to "
            f"{found.worth.error:.1f})"]
    out += [f"  {role:14}{found.worth.loss(role):8.1f}" for role in found.worth.without]
    out += ["", f"  {'ending':26}{'random':>8}{'all':>8}"]
    out += [f"  {name:26}{by_random:8.1%}{by_all:8.1%}"
            for name, (by_random, by_all) in found.endings.items()]
    out += ["", f"  {'response':44}{'states':>8}{'best in':>9}{'points':>8}{'length':>8}"]
    out += [line for one in found.tried for line in _lines(one)]
    return "\n".join([*out, ""])


def _lines(one: Tried) -> list[str]:
    return [f"  {name:44}{one.states[name]:8,}{one.best[name]:9.0%}{one.mean[name]:+8.1f}"
            f"{one.lengths[name]:8}" for name in one.states]


def _record(findings, balances: list[Balance], args: argparse.Namespace) -> Any:
    """Plain data: the list of findings, or with the balances beside them."""
    listed = [{"file": f.place.file, "line": f.place.line, "check": f.check,
               "severity": f.severity, "wrong": f.wrong, "mend": f.mend} for f in findings]
    if not args.balance:
        return listed
    return {"findings": listed,
            "balance": [{**asdict(one), "balanced": one.balanced} for one in balances]}
