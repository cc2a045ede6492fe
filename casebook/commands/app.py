"""``casebook app``: the room as a page of its own."""

from __future__ import annotations

import argparse

from .shared import language


def add(commands) -> None:
    """Add the command to the parsers of the command line."""
    command = commands.add_parser(
        "app", help="play in a page of its own, with no code in sight",
        description="Serves the room as a page on this machine, by Voila, until Ctrl-C.")
    command.add_argument("case", nargs="?", default=None, metavar="CASE",
                         help="the id of a case, or a case folder (default: choose on the page)")
    command.add_argument("--folder", default=None, metavar="DIR",
                         help="where plays are kept (default: casebook-work)")
    command.add_argument("--player", metavar="ID",
                         help="who plays (default: your name at the hub, elsewhere: you)")
    command.add_argument("--language", metavar="CODE", help="such as en")
    command.add_argument("--no-browser", action="store_true", help="only print the address")
    command.add_argument("--port", type=int, default=None, metavar="N", help="the port to use")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command until it is stopped."""
    from casebook.app import app

    return app(args.case, args.folder, browser=not args.no_browser, port=args.port,
               language=language(args.language), player=args.player)
