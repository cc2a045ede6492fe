"""``casebook calibrate``: fit the parameters marked calibrated to the facts it may see."""

from __future__ import annotations

import argparse
import os
import sys

from .shared import whole


def add(commands) -> None:
    """Add the command to the parsers of the command line."""
    command = commands.add_parser(
        "calibrate", help="fit the client model to published facts",
        description="Finds which of the parameters marked calibrated matter, fits those to the "
        "facts that calibration may see, and prints what became of each. Takes some minutes. "
        "Without --write, nothing is changed.")
    command.add_argument("--n", type=whole(64, 1_000_000), default=4096, metavar="N",
                         help="engagements in each population (default: 4096)")
    command.add_argument("--seed", type=whole(0, 2**31), default=7, metavar="S", help="default: 7")
    command.add_argument("--trajectories", type=whole(1, 1000), default=6, metavar="T",
                         help="of the screening (default: 6)")
    command.add_argument("--rounds", type=whole(1, 1000), default=10, metavar="R",
                         help="most steps of the fit (default: 10)")
    command.add_argument("--workers", type=whole(1, 256), default=os.cpu_count(), metavar="W",
                         help="processes (default: one for each core); the result is the same")
    command.add_argument("--write", action="store_true", help="write the values into "
                         "parameters.yaml, and what became of each into calibration.yaml")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command; 0 when it is done."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from casebook.model import parameters
    from casebook.study.calibration import calibrate
    from casebook.study.calibration_file import as_table, check_writable, write

    def report(text: str) -> None:
        print(f"casebook: {text}", file=sys.stderr, flush=True)

    if args.write:
        check_writable()
    # "spawn", as for other studies: the same on every system.
    with ProcessPoolExecutor(args.workers, get_context("spawn")) as pool:
        try:
            found = calibrate(parameters(), args.n, args.seed, args.trajectories, args.rounds,
                              pool, report)
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            report("stopped; nothing was changed")
            return 130
    print(as_table(found))
    if args.write:
        for path in write(found):
            report(f"wrote {path}")
    return 0
