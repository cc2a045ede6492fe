"""The shelf: every case of the casebook, and how far one player is in it.

Everything is read from the transcripts in a folder, so there is no second file that could
disagree with them. Nothing is written here: a damaged transcript is shown as such and stays as
it is.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from casebook import case as cases
from casebook.case import Account, Case
from casebook.engagement import SUFFIX, Expected, Play, Replay, file_name, replay
from casebook.engagement.engagement import check_player
from casebook.engagement.transcript import load, one_spelling
from casebook.errors import CasebookError, Place
from casebook.index import ALL_ROLES, ORDER
from casebook.lab import lessons_folder
from casebook.language import N_, _, several, spoken
from casebook.roles import ROLES
from casebook.whereabouts import default_player, in_a_page, on_binder

#: Another way that was tried, beside the play that counts.
BRANCH = re.compile(r"\.branch-\d+(?=\.casebook\.jsonl$)")
#: Copies that are kept beside a play: by a room (``kept.py``), or when work was brought back.
KEPT = re.compile(r"\.(?:damaged|other-version|earlier|other-tab|foreign|new|restored|replaced)"
                  r"-\d{1,6}$")
DIFFICULTIES = dict(zip(ORDER, (N_("introductory"), N_("intermediate"), N_("advanced")),
                        strict=True))
PLAYED = re.compile(r"casebook\.play\(\s*[\"']([a-z0-9-]+)[\"']")


@dataclass
class Found:
    """The files of a folder, as they belong to one player."""

    plays: dict[tuple[str, int], Path] = field(default_factory=dict)
    branches: Counter = field(default_factory=Counter)
    kept: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    others: list[Path] = field(default_factory=list)


def shelf(folder: str | Path = ".", player: str | None = None) -> dict[str, Any]:
    """The shelf of one player as plain data, in the language that is spoken now.

    Raises
    ------
    CasebookError
        If the folder cannot be read or the player cannot be used. A damaged transcript is not an
        error.
    """
    player = player or default_player()
    check_player(player, 1)
    known = {id: _case(id, spoken()) for id in cases.bundled()}
    found = _sort_out(_files(Path(folder)), known, player)
    lessons = _lessons()
    call = _Call(player, str(folder))
    # In the order of the lessons, as a student meets them.
    rows = [_row(known[id], found, call, lessons.get(id)) for id in sorted(known, key=lambda id: (
        lessons.get(id, "~"), ORDER.index(known[id].difficulty), known[id].title))]
    return {
        "player": player, "folder": str(folder), "cases": rows, "summary": _summary(rows),
        "others": _others(found.others, known, player), "warning": warning(),
    }


def warning() -> str:
    """That work is not kept here, where that is so."""
    if on_binder():
        return _("This is Binder: it keeps nothing. When you close this page, or do nothing for "
                 "about ten minutes, your work is gone. Save it to your computer before you stop, "
                 "and bring it back the next time.")
    if in_a_page():
        return _("Here the casebook runs inside your browser, which may not keep your work when "
                 "you close this page or clear the browser's data. Save it to your computer "
                 "before you stop, and bring it back the next time.")
    return ""


def of_play(base: str, case: str, player: str) -> int | None:
    """Which attempt of this player at this case a file of this name holds; None if none."""
    named = re.fullmatch(rf"{re.escape(case)}\.[^.]+\.([1-9][0-9]{{0,8}}){re.escape(SUFFIX)}", base)
    attempt = int(named[1]) if named else None
    return attempt if attempt and file_name(case, player, attempt) == base else None


@lru_cache(maxsize=64)
def _case(id: str, language: str) -> Case | Account:
    """A bundled case, in this language where it has it. Reading them all takes most of the time."""
    return cases.read(id, language if language in cases.translations(id) else None)


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir()
                      if KEPT.sub("", path.name).endswith(SUFFIX) and _can_be_read(path))
    except OSError as error:
        raise CasebookError(
            _("The folder of your plays cannot be read: {reason}.").format(
                reason=error.strerror or error),
            _("Name a folder that is there and that you may read."), Place(str(folder))) from error


def _can_be_read(path: Path) -> bool:
    """Whether it is a file, or a link to nowhere, which is told; a pipe would hold us up."""
    return path.is_file() or (path.is_symlink() and not path.exists())


def _sort_out(files: list[Path], known, player: str) -> Found:
    """Tell this player's plays, the ways tried beside them, and copies, from all other files."""
    found = Found()
    for path in files:
        whole = KEPT.sub("", path.name)
        base = BRANCH.sub("", whole)
        mine = next(((id, attempt) for id in known
                     if (attempt := of_play(base, id, player)) is not None), None)
        if mine is None:
            found.others.append(path)
        elif whole != path.name:
            found.kept.setdefault(mine, []).append(path.name)
        elif base != whole:
            found.branches[mine] += 1
        else:
            found.plays[mine] = path
    return found


def _lessons() -> dict[str, str]:
    """The lesson in which each case is played: id of the case to file name."""
    out: dict[str, str] = {}
    for path in sorted(lessons_folder().glob("[0-9][0-9]-*.ipynb")):
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            code = "\n".join("".join(cell["source"]) for cell in cells
                             if cell["cell_type"] == "code")
        except (OSError, ValueError, KeyError, TypeError):
            continue
        for id in PLAYED.findall(code):
            out.setdefault(id, path.name)
    return out


@dataclass(frozen=True)
class _Call:
    """How a play is opened: for this player and in this folder."""

    player: str
    folder: str

    def __call__(self, case: str, attempt: int) -> str:
        said = [_quoted(case)]
        if self.player != default_player():
            said.append(f"player={_quoted(self.player)}")
        if attempt != 1:
            said.append(f"attempt={attempt}")
        if self.folder != ".":
            said.append(f"folder={_quoted(self.folder)}")
        return f"casebook.play({', '.join(said)})"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _row(case: Case | Account, found: Found, call: _Call, lesson: str | None) -> dict[str, Any]:
    """One case: what it is, every attempt at it, and what to do next."""
    tries = sorted({attempt for many in (found.plays, found.branches, found.kept)
                    for id, attempt in many if id == case.id})
    attempts = [_attempt(case, n, found, call.player) for n in tries]
    after = _next(case.id, attempts, call)
    for one in attempts:
        run = call(case.id, one["attempt"])
        if one["state"] == "damaged" and run != after["run"]:
            one["notes"].insert(0, _("{says}: {run}").format(says=_mends(one), run=run))
    role = next((role.name for role in ROLES if role.id == case.focal_role), ALL_ROLES)
    done = [one for one in attempts if one["state"] in ("open", "finished")]
    return {
        "id": case.id, "title": case.title, "firm": case.firm.name, "minutes": case.minutes,
        "difficulty": _(DIFFICULTIES[case.difficulty]), "role": _(role), "lesson": lesson,
        "about": _("{firm} · {role} · {minutes} minutes · {difficulty}").format(
            firm=case.firm.name, role=_(role), minutes=case.minutes,
            difficulty=_(DIFFICULTIES[case.difficulty])),
        "attempts": attempts, "state": _state(attempts),
        "percent": max((one["percent"] for one in done), default=0),
        "text": _("Not begun") if not attempts else "",
        **after,
    }


def _state(attempts: list[dict[str, Any]]) -> str:
    """How a case stands as a whole; a trouble is never hidden by what went well."""
    states = {one["state"] for one in attempts}
    return next((state for state in ("damaged", "other-version", "open", "finished")
                 if state in states), "new")


def _attempt(case: Case | Account, attempt: int, found: Found, player: str) -> dict[str, Any]:
    path, key = found.plays.get((case.id, attempt)), (case.id, attempt)
    told = _told(replay(path, lambda id: _only(case, id), Expected(case.id, player, attempt))
                 ) if path else {"state": "gone", "percent": 0, "turn": 0,
                                 "text": _("the file of this play is not here")}
    ways = found.branches[key]
    return {
        "attempt": attempt, "file": path.name if path else file_name(case.id, player, attempt),
        "name": _("Attempt {number}").format(number=attempt), **told,
        "branches": ways, "kept": found.kept.get(key, []),
        "notes": [*([several("{n} other way tried.", "{n} other ways tried.", ways).format(n=ways)]
                    if ways else []),
                  *(_("Kept beside it: {file}.").format(file=name)
                    for name in found.kept.get(key, []))],
    }


def _told(result: Replay) -> dict[str, Any]:
    """What a replay says of a play, to the player."""
    play = result.play
    turn = len(play.turns) if play else 0
    whole = result.verdict == "whole" or (result.verdict == "truncated" and result.line is None)
    if not whole:
        version = result.verdict == "other-version"
        return {"state": "other-version" if version else "damaged", "percent": 0, "turn": turn,
                "text": _("of another version: {what} {mend}").format(
                    what=result.text, mend=result.mend) if version else _(
                    "damaged: {what}").format(what=result.text)}
    if play.outcome:
        points = round(play.outcome.overall)
        return {"state": "finished", "percent": 100, "turn": turn, "points": points,
                "ending": play.outcome.ending.title,
                "text": _("finished: “{ending}”, {points} of 100 points").format(
                    ending=play.outcome.ending.title, points=points)}
    week, last, percent = _weeks(play)
    return {"state": "open", "percent": percent, "turn": turn, "week": week, "last_week": last,
            "text": _("at turn {turn}, week {week} of {last}").format(
                turn=turn + 1, week=week, last=last)}


def _weeks(play: Play) -> tuple[int, int, int]:
    """The week, the last one, and the share of the weeks that are over, in percent."""
    part = play.parts[0]
    setting = part.setting
    week = min(part.state.week, setting.last_week)
    over = 100 * (week - setting.first_week) / (setting.last_week - setting.first_week + 1)
    return week, setting.last_week, min(max(round(over), 1), 99)


def _only(case: Case | Account, id: str) -> Case | Account:
    if id != case.id:
        raise CasebookError(_("There is no case {id} here.").format(id=repr(id)))
    return case


def _next(id: str, attempts: list[dict[str, Any]], call: _Call) -> dict[str, str]:
    """What to run now, and why."""
    for one in reversed(attempts):
        if one["state"] == "open":
            return {"run": call(id, one["attempt"]), "run_says": _("To go on")}
    for one in reversed(attempts):
        if one["state"] == "damaged":
            return {"run": call(id, one["attempt"]), "run_says": _mends(one)}
    if not attempts:
        return {"run": call(id, 1), "run_says": _("To begin")}
    gone = next((one["attempt"] for one in attempts if one["state"] == "gone"), None)
    says = _("To begin") if gone else _("To play again, with other luck")
    return {"run": call(id, gone or attempts[-1]["attempt"] + 1), "run_says": says}


def _mends(damaged: dict[str, Any]) -> str:
    """What opening a damaged play does."""
    if not damaged["turn"]:
        return _("To begin anew; the damaged file is kept beside it")
    return _("To go on from turn {turn}; the damaged file is kept beside it").format(
        turn=damaged["turn"] + 1)


def _summary(rows: list[dict[str, Any]]) -> str:
    """How many cases are finished and begun, in a sentence."""
    def having(state: str) -> int:
        return sum(any(one["state"] == state for one in row["attempts"]) for row in rows)

    finished, troubled = having("finished"), having("damaged") + having("other-version")
    begun = sum(any(one["state"] == "open" for one in row["attempts"]) for row in rows)
    said = _("{finished} of {all} cases finished, {begun} under way.").format(
        finished=finished, all=len(rows), begun=begun)
    if troubled:
        said += " " + several("{n} case has a file that cannot be used as it is: see below.",
                              "{n} cases have a file that cannot be used as it is: see below.",
                              troubled).format(n=troubled)
    return said


def _others(files: list[Path], known, player: str) -> list[dict[str, str]]:
    """Every file that is no play of this player's: what it is, and what can be done."""
    out, people = [], Counter()
    for path in files:
        contents = load(path)
        head = contents.header
        if KEPT.search(path.name) or BRANCH.search(path.name):
            text = _("A copy or another way of a play that is not one of yours here.")
        elif not head:
            text = _("This is not a transcript: {reason}. It was left as it is; if it should be "
                     "one, look for a whole copy of it.").format(reason=contents.text)
        elif one_spelling(head["player"]) != one_spelling(player):
            people[head["player"]] += 1
            continue
        elif head["case"] not in known:
            text = _("A play of the case “{case}”, which is not one of the casebook's own."
                     ).format(case=head["case"])
        else:
            text = _("A copy of your play of “{case}”, attempt {attempt}. To play on from it, "
                     "rename it to {file}, where no other file has that name.").format(
                case=known[head["case"]].title, attempt=head["attempt"],
                file=file_name(head["case"], player, head["attempt"]))
        out.append({"file": path.name, "text": text})
    return out + [{"file": "", "text": _(
        "{n} by the player “{who}”: casebook.progress(player={quoted})").format(
            n=n, who=who, quoted=_quoted(who))} for who, n in sorted(people.items())]
