"""``casebook release``: the students' version of assignments."""

from __future__ import annotations

import argparse
from pathlib import Path

from .shared import needs_nbgrader


def add(commands) -> None:
    """Add the command to a parser's sub-commands."""
    command = commands.add_parser(
        "release", help="make the students' version of assignments",
        description="Make the students' version of assignments by nbgrader: in a course folder "
        "from its source folder, elsewhere from solutions/ to exercises/.")
    command.add_argument("names", nargs="*", metavar="NAME", help="assignments (default: all)")
    command.add_argument("--course", metavar="DIR", help="a course folder (default: this folder, "
                         "if it is one)")
    command.add_argument("--from", dest="source", default="solutions", metavar="DIR",
                         help="the instructor's versions (default: solutions)")
    command.add_argument("--to", default="exercises", metavar="DIR",
                         help="where the students' versions go (default: exercises)")
    command.add_argument("--overlay", metavar="DIR", help="private files that take the place of "
                         "those with the same path")
    command.add_argument("--check", action="store_true",
                         help="write nothing; exit with 1 if something would change")
    command.set_defaults(run=_release)


def _release(args: argparse.Namespace) -> int:
    with needs_nbgrader():
        from casebook.grading import release
        from casebook.grading.folder import CONFIG
    here = Path(args.course or ".")
    if args.course or (here / CONFIG).exists():
        for name in release.release_course(here, args.names):
            print(f"{name}: released.")
        return 0
    overlay = Path(args.overlay) if args.overlay else None
    made = release.release(Path(args.source), Path(args.to), args.names, overlay,
                           write=not args.check)
    for one in made:
        said = "would change" if args.check else "made"
        print(f"{one.name}: " + (f"{said} {', '.join(one.changed)}." if one.changed else
                                 "nothing changed."))
    return 1 if args.check and any(one.changed for one in made) else 0
