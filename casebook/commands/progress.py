"""``casebook progress``: every case, and how far a player is in it."""

from __future__ import annotations

import argparse
import json


def add(commands) -> None:
    """Add the command to the parsers of the command line."""
    command = commands.add_parser("progress", help="show how far you are in every case",
                                  description="Show every case and how far a player is in it, as "
                                  "read from the transcripts in a folder. Nothing is changed.")
    command.add_argument("folder", nargs="?", default=".", metavar="FOLDER",
                         help="where the plays are saved (default: this folder)")
    command.add_argument("--player", metavar="ID",
                         help="who plays (default: your name at the hub, elsewhere: you)")
    command.add_argument("--language", metavar="CODE", help="the language to speak, such as de")
    command.add_argument("--json", action="store_true", help="as JSON")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command; 0 also where a transcript is damaged: it is told, not judged."""
    from casebook.language import chosen, speaking
    from casebook.room.shelf import shelf
    from casebook.room.shelf_text import as_text

    with speaking(chosen(args.language)):
        view = shelf(args.folder, args.player)
        print(json.dumps(view, ensure_ascii=False, indent=2) if args.json else as_text(view))
    return 0
