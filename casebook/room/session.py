"""A session: one player at one case, with the play that counts and the other ways tried.

Every turn is saved the moment it is taken, and resumed from there. Views hold no rule and no
choice; they send an action here and show what comes back (``docs/room-protocol.md``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from casebook import case as cases
from casebook.case import Account, Case
from casebook.engagement import (
    Division,
    DivisionAsk,
    IncidentAsk,
    Plan,
    Play,
    decision,
    file_name,
)
from casebook.engagement.decisions import Answer, Decision
from casebook.engagement.engagement import check_player
from casebook.engagement.predictions import Said, said
from casebook.errors import CasebookError, MoveError
from casebook.language import _, chosen, languages, speaking, speaks
from casebook.roles import ROLE_IDS

from .branches import compared, tree, why_not
from .hints import TIERS
from .kept import Story, claimed, rejoined
from .opening import may_be_shown, note_way, opened, other_ways
from .parts import predictable
from .rules import Rules, rules_in
from .view import view


class Session:
    """One player at one case, saved in a folder. Use :meth:`open`.

    Attributes
    ----------
    stories : dict of int to Story
        The play that counts (0) and the other ways that were tried, by number.
    current : int
        The story that is shown.
    rules : Rules
        What an instructor has set.
    language : str
        What the room speaks.
    """

    def __init__(self, stories: dict[int, Story], rules: Rules, language: str,
                 where: str | Path | None = None, message: dict[str, str] | None = None):
        self.stories, self.rules, self.language = stories, rules, language
        self.current = 0
        self._where = where                       # where the case is read from in another language
        self._message = message
        self._beside: int | None = None           # the story that is laid beside
        self._looked_back: dict[int, dict[str, Any]] = {}

    @classmethod
    def open(cls, case: str | Path | Case | Account, player: str = "you", attempt: int = 1,
             folder: str | Path | None = ".", language: str | None = None,
             predictions: str | None = None, hints: str | None = None) -> Session:
        """Begin a play, or go on with the one that is saved in ``folder``.

        Parameters
        ----------
        case : id, folder, Case or Account
        player : str
        attempt : int
        folder : path or None
            Where the play is saved; None keeps it in memory.
        language : str, optional
            Such as ``"de"``; by default ``CASEBOOK_LANGUAGE`` or the system's.
        predictions, hints : str, optional
            Rules of the room as in ``assignment.yaml``, where no such file says otherwise.

        Raises
        ------
        CasebookError
            If the case cannot be read, the player cannot be used, or a rule is none. A damaged
            transcript is not an error: it is kept under another name, and the turns before the
            damage are taken again.
        """
        spoken = chosen(language)
        with speaking(spoken):
            is_read = isinstance(case, Case | Account)
            known = case if is_read else cases.read(case, _told_in(case, language, spoken))
            check_player(player, attempt)
            rules = rules_in(folder, known.id).or_else(predictions, hints)
            stories, told = opened(known, player, attempt, folder, rules)
            told = " ".join(filter(None, (told, _not_spoken(language, known.language))))
        message = {"level": "warning", "text": told} if told else None
        return cls(stories, rules, spoken, None if is_read else case, message)

    @property
    def story(self) -> Story:
        """The story that is shown."""
        return self.stories[self.current]

    @property
    def play(self) -> Play:
        """The engagement that is shown, as it stands."""
        return self.story.play

    @property
    def path(self) -> Path | None:
        """The transcript of the story that is shown; None where nothing is saved."""
        return self.story.path

    def view(self) -> dict[str, Any]:
        """Everything a room shows, as plain data."""
        message, self._message = self._message, None
        with speaking(self.language):
            shown = view(self.story, self.rules, message)
            shown["branches"] = {
                "current": self.current, "tree": tree(self.stories),
                "allowed": not why_not(self.stories, self.rules),
                "why_not": why_not(self.stories, self.rules)}
            shown["compare"] = None if self._beside is None else compared(
                self.story, self.stories[self._beside])
            shown["after"] = self._looked_back.get(self.current)
            shown["report"] = None
            return shown

    def act(self, action: Mapping[str, Any]) -> dict[str, Any]:
        """Take an action of the room and give the new view. A user's mistake becomes a message."""
        report = None
        with speaking(self.language):
            try:
                report = self._do(action if isinstance(action, Mapping) else {})
            except CasebookError as error:
                self._message = {"level": "error", "text": str(error)}
        return {**self.view(), "report": report}

    def _do(self, action: Mapping[str, Any]) -> dict[str, str] | None:
        """Do what an action asks for; gives the report where that is asked for."""
        what = action.get("do")
        others = {"branch": self._branch, "switch": self._switch, "compare": self._compare,
                  "language": self._speak, "look-back": self._look_back}
        if what == "report":
            return self.report()
        if isinstance(what, str) and what in others:
            others[what](action)
        elif action.get("turn") == len(self.play.turns) and self._is_current(self.current):
            self._move(action)
        return None

    def _move(self, action: Mapping[str, Any]) -> None:
        """Take a decision, or open a hint."""
        if action.get("do") == "hint":
            self._open_hint(action.get("tier"))
            return
        made = _decision(action, self.play)
        told = Said()
        if action.get("do") == "respond" and self.rules.predict != "off":
            told = said(action, self.predictable())
        self._need(told)
        self.take(made, told=told)

    def take(self, made: Decision, time: str | None = None, told: Said | None = None) -> None:
        """Take a decision and save it. It counts only once it is saved.

        Raises
        ------
        MoveError
            If the decision is not what is asked for now.
        TranscriptError
            If it cannot be saved; the play stays where it was.
        """
        with speaking(self.language):
            self.story.take(made, time or now(), told)
        self._looked_back.pop(self.current, None)

    def predictable(self) -> list[str]:
        """The contacts of whom something can be predicted now."""
        asked = self.play.ask
        if not isinstance(asked, IncidentAsk):
            return []
        return [contact.id for contact in predictable(self.play, asked)]

    def _need(self, told: Said) -> None:
        """Refuse a response without the predictions that the instructor asks for."""
        if self.rules.predict != "asked" or not isinstance(self.play.ask, IncidentAsk):
            return
        given = {one.contact for one in told.predictions}
        missing = [self.play.case.contact(id).name for id in self.predictable()
                   if id not in given]
        if missing:
            raise MoveError(_("Say first how each of them will take it. Missing: {names}.").format(
                names=", ".join(missing)), _("Then choose again."))
        if not told.because:
            raise MoveError(_("Say first why you expect this."), _("One sentence is enough."))

    def _open_hint(self, tier: Any) -> None:
        if self.rules.hints == "off" or not isinstance(self.play.ask, IncidentAsk):
            raise MoveError(_("There is no hint here."))
        if isinstance(tier, bool) or not isinstance(tier, int) or not 1 <= tier <= TIERS:
            raise MoveError(_("There is no such hint."))
        self.story.open_hint(tier, now())

    def _branch(self, action: Mapping[str, Any]) -> None:
        """Begin another way from before a turn of the story that is shown."""
        start, story = action.get("from"), self.story
        if isinstance(start, bool) or not isinstance(start, int) or not (
                1 <= start <= len(story.play.turns)):
            raise MoveError(_("There is no such turn to go back to."))
        refusal = why_not(self.stories, self.rules)
        if refusal:
            raise MoveError(refusal)
        if not (self._is_current(0) and self._is_current(self.current)):
            return
        play = self.stories[0].play
        number, path = max(self.stories) + 1, None
        if story.path is not None:
            number, path = claimed(story.path.parent, lambda n: file_name(
                play.case.id, play.player, play.attempt, n), number)
        try:
            other = story.branched(start, number, path)
            # Should this end in between, opening the play again finds the file and says so.
            note_way(self.stories[0], other, now())
        except CasebookError:
            if path is not None:
                path.unlink(missing_ok=True)
            raise
        self.stories[number] = other
        self.current, self._beside = number, self.current

    def _switch(self, action: Mapping[str, Any]) -> None:
        before, self.current = self.current, self._number(action)
        if self._beside == self.current:
            self._beside = before if before != self.current else None

    def _compare(self, action: Mapping[str, Any]) -> None:
        number = None if action.get("branch") is None else self._number(action)
        self._beside = None if number == self.current else number

    def _number(self, action: Mapping[str, Any]) -> int:
        number = action.get("branch")
        if type(number) is not int or number not in self.stories:
            raise MoveError(_("There is no such way in this play."))
        return number

    def _speak(self, action: Mapping[str, Any]) -> None:
        """Go on in another language; case and story are told in it as far as they can be."""
        wish = action.get("language")
        if wish not in languages():
            raise MoveError(_("The casebook does not speak that language."),
                            _("It speaks: {those}.").format(those=", ".join(languages())))
        with speaking(wish):
            case = self.play.case if self._where is None else cases.read(self._where, wish)
            if (case.version, case.digest) != (self.play.case.version, self.play.case.digest):
                raise MoveError(_("The case has been changed since this play was opened."), _(
                    "Finish the play in this language, or put back the case as it was."))
            self.stories = {number: story.in_case(case)
                            for number, story in self.stories.items()}
        self.language = wish
        self._looked_back.clear()

    def _look_back(self, _action: Mapping[str, Any]) -> None:
        """Reckon what is shown after the end and takes a moment."""
        if self.play.outcome is not None and self.current not in self._looked_back:
            from .after import after
            from .calibration import calibrated

            self._looked_back[self.current] = {
                **after(self.play), "calibration": calibrated(self.story)}

    def report(self) -> dict[str, str]:
        """The report of the story that is shown, as the name of a file and its text.

        Raises
        ------
        MoveError
            If the play is not over.
        """
        if self.play.outcome is None:
            raise MoveError(_("There is a report once the play is over."))
        from .report import report

        with speaking(self.language):
            self._look_back({})
            return report(self)

    def _is_current(self, number: int) -> bool:
        """Whether a story's file still ends where this session left it; if not, go on from it.

        Another tab, or another kernel, may have gone on with the same play.
        """
        story = self.stories[number]
        if story.is_current():
            return True
        self.stories[number], text = rejoined(story)
        self._looked_back.pop(number, None)
        # The other tab may have tried other ways, too.
        play = self.stories[0].play
        others, amiss = other_ways(play.case, play.player, play.attempt, story.path.parent,
                                  self.stories)
        self.stories |= may_be_shown(others, self.stories[0], self.rules)
        self._message = {"level": "warning", "text": " ".join(filter(None, [text, *amiss]))}
        return False


def _told_in(case: str | Path, wish: str | None, spoken: str) -> str:
    """The language of a case's texts: the wish, where the case has it, else the interface's."""
    return wish if wish in cases.translations(case) else spoken


def _not_spoken(wish: str | None, told_in: str) -> str:
    """What to say where a language is asked for that neither interface nor case has."""
    if wish is None or wish == told_in or speaks(wish):
        return ""
    return " ".join((_("The casebook does not speak that language."),
                     _("It speaks: {those}.").format(those=", ".join(languages()))))


def now() -> str:
    """The time, for the transcript only: nothing rests on it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _decision(action: Mapping[str, Any], play: Play) -> Decision:
    """The decision in an action of the room."""
    if action.get("do") == "plan" and hasattr(play.ask, "phase"):
        shares = action.get("shares")
        if isinstance(play.ask, DivisionAsk):
            return _division(shares, play)
        made = decision({"plan": play.ask.phase.id, "shares": shares})
        return Plan(made.phase, tuple(int(made.shares[i]) for i in range(len(ROLE_IDS))),
                    play.ask.engagement)
    if action.get("do") == "respond":
        return Answer(str(action.get("incident")), str(action.get("response")))
    raise MoveError(_("That cannot be done now."),
                    _("Choose one of the things that the room offers."))


def _division(shares: Any, play: Play) -> Division:
    """A division of the week, whose engagements a browser may have put in any order."""
    ids = tuple(part.id for part in play.case.parts)
    known = shares if isinstance(shares, Mapping) else {}
    return Division(play.ask.phase.id, ids, tuple(known.get(id, 0) for id in ids))
