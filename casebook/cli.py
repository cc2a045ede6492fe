"""The command line: it parses and delegates, and imports what a command needs when it runs."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from casebook.commands import app, calibrate, check, course, facts, progress, release, translate
from casebook.errors import CasebookError

FAILED = 2
STOPPED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 well, 1 not, 2 it could not be done."""
    args = parser().parse_args(argv)
    try:
        return args.run(args)
    except CasebookError as error:
        print(f"casebook: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("\ncasebook: stopped.", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        # Whoever read our output has gone; keep Python from complaining at exit.
        sys.stdout = None
        return 1


def parser() -> argparse.ArgumentParser:
    """The parser with every command."""
    top = argparse.ArgumentParser(
        prog="casebook", description="Play, check and replay cases on the two jobs of a project "
        "manager who is also the client's account executive.")
    top.add_argument("--version", action="store_true", help="print the version and stop")
    top.set_defaults(run=_no_command)
    commands = top.add_subparsers(metavar="COMMAND", title="commands")
    _add_lab(commands)
    app.add(commands)
    _add_cases(commands)
    check.add(commands)
    translate.add(commands)
    _add_play(commands)
    _add_replay(commands)
    progress.add(commands)
    facts.add(commands)
    calibrate.add(commands)
    _add_simulate(commands)
    course.add(commands)
    release.add(commands)
    return top


def _no_command(args: argparse.Namespace) -> int:
    if args.version:
        import casebook

        print(casebook.__version__)
        return 0
    parser().print_help()
    return FAILED


def _add_lab(commands) -> None:
    command = commands.add_parser("lab", help="open JupyterLab on the first lesson")
    command.add_argument("folder", nargs="?", default=None, metavar="FOLDER",
                         help="where lessons and plays are kept (default: casebook-work)")
    command.add_argument("--no-browser", action="store_true", help="only print the address")
    command.add_argument("--port", type=int, default=None, metavar="N", help="the port to use")
    command.set_defaults(run=_lab)


def _lab(args: argparse.Namespace) -> int:
    from casebook.lab import lab

    return lab(args.folder, browser=not args.no_browser, port=args.port)


def _add_cases(commands) -> None:
    command = commands.add_parser("cases", help="list the cases")
    command.add_argument("--json", action="store_true", help="as JSON")
    command.set_defaults(run=_cases)


def _cases(args: argparse.Namespace) -> int:
    from casebook.index import cases

    found = cases()
    print(json.dumps(list(found), ensure_ascii=False, indent=2) if args.json else repr(found))
    return 0


def _add_play(commands) -> None:
    command = commands.add_parser("play", help="play a case in the terminal")
    command.add_argument("case", metavar="CASE", help="the id of a case, or a case folder")
    command.add_argument("--player", metavar="ID",
                         help="who plays (default: your name at the hub, elsewhere: you)")
    command.add_argument("--attempt", type=int, default=1, metavar="N", help="default: 1")
    command.add_argument("--folder", default=".", metavar="DIR", help="where the transcript goes")
    how = command.add_mutually_exclusive_group()
    how.add_argument("--moves", metavar="FILE", help="take the decisions in this file")
    how.add_argument("--policy", metavar="NAME", help="let a named manager play: random, "
                     "balanced, a role, trust-first or sell-first")
    command.add_argument("--json", action="store_true", help="print the outcome as JSON")
    command.add_argument("--plain", action="store_true", help="no colours")
    command.add_argument("--language", metavar="CODE", help="such as en")
    command.set_defaults(run=_play)


def _play(args: argparse.Namespace) -> int:
    from casebook.commands.shared import language
    from casebook.room import default_player
    from casebook.room.terminal import run

    chooser = None
    if args.policy is not None:
        from casebook.study import policy

        chooser = policy(args.policy)
    player = default_player() if args.player is None else args.player
    return run(args.case, player=player, attempt=args.attempt, folder=args.folder,
               moves=args.moves, policy=chooser, as_json=args.json, plain=args.plain,
               language=language(args.language))


def _add_replay(commands) -> None:
    command = commands.add_parser("replay", help="say whether a transcript is whole")
    command.add_argument("transcript", metavar="TRANSCRIPT")
    command.add_argument("--case", metavar="CASE", help="the case it should be of")
    command.add_argument("--player", metavar="ID", help="the player it should be of")
    command.add_argument("--attempt", type=int, metavar="N", help="the attempt it should be of")
    command.add_argument("--json", action="store_true", help="as JSON")
    command.set_defaults(run=_replay)


def _replay(args: argparse.Namespace) -> int:
    from casebook.room.terminal import replay_file

    return replay_file(args.transcript, args.json, args.case, args.player, args.attempt)


def _add_simulate(commands) -> None:
    command = commands.add_parser("simulate", help="let a named manager play a case many times")
    command.add_argument("case", metavar="CASE", help="the id of a case, or a case folder")
    command.add_argument("--policy", default="random", metavar="NAME", help="random (default), "
                         "balanced, a role, trust-first or sell-first; all compares them")
    command.add_argument("--runs", type=int, default=1000, metavar="N", help="default: 1000")
    command.add_argument("--seed", type=int, default=1, metavar="S", help="default: 1")
    command.add_argument("--workers", type=int, metavar="N", help="processes (default: as pays)")
    command.add_argument("--cluster", metavar="ADDRESS", help="a Dask scheduler, such as "
                         "tcp://127.0.0.1:8786")
    command.add_argument("--json", action="store_true", help="print the summary as JSON")
    command.set_defaults(run=_simulate)


def _simulate(args: argparse.Namespace) -> int:
    from casebook.study import POLICIES, compare
    from casebook.study.summary import comparison

    names = tuple(POLICIES) if args.policy == "all" else (args.policy,)
    progress = _Progress(args.policy == "all")
    try:
        studies = compare(args.case, names, args.runs, seed=args.seed, workers=args.workers,
                          cluster=args.cluster, progress=progress)
    finally:
        progress.clear()
    if args.json:
        found = {name: study.summary() for name, study in studies.items()}
        print(json.dumps(found if args.policy == "all" else found[args.policy],
                         ensure_ascii=False, indent=2))
    else:
        print(comparison(studies) if args.policy == "all" else studies[args.policy])
    if len(studies) < len(names) or any(study.partial for study in studies.values()):
        print("casebook: stopped; this is what was finished.", file=sys.stderr)
        return STOPPED
    return 0


class _Progress:
    """A line on the terminal that says how far a study is; nothing where there is no terminal."""

    def __init__(self, several: bool):
        self.several = several
        self.study = 1
        self.shown = sys.stderr.isatty()

    def __call__(self, done: int, runs: int) -> None:
        if self.shown:
            which = f"policy {self.study}: " if self.several else ""
            print(f"\r{which}{done:,} of {runs:,} plays", end="\033[K", file=sys.stderr, flush=True)
        self.study += done == runs

    def clear(self) -> None:
        """Wipe the line."""
        if self.shown:
            print("\r", end="\033[K", file=sys.stderr, flush=True)
