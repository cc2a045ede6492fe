"""Watches over one kernel while a notebook runs in it, and says what stands against a test."""

from __future__ import annotations

import ast
import os
import sys
from random import Random
from typing import Any

from nbformat import NotebookNode

from . import findings, names
from .asking import Questions, Reply, ask
from .findings import Finding
from .record import ROAD, TABLES, TOOLS, Record, Seen, replaced

_FACTS = ('"%r" % (((lambda s, o: (s.version, s.prefix, s.path, o.getcwd()))'
          '(__import__("sys"), __import__("os"))),)')

#: Modules that came out as the grader's own, by the addresses of what they hold. Kernels that are
#: forked from one parent have them at the same addresses: the next need not describe them again.
KNOWN_GOOD: set[tuple] = set()
MOST_KNOWN = 20_000

#: Share of tests after which all modules are looked at again; which ones nobody can tell.
OFTEN = 0.25


class Watch:
    """Asks the kernel before and after each test; ``client`` is nbclient's.

    Parameters
    ----------
    client : NotebookClient
        Whose kernel runs, and has run nothing of the student's yet.
    cells : list of NotebookNode
        All cells of the notebook.
    random : Random
        For nonces and for the look of questions.
    seconds : float or None
        How long the kernel may take for an answer.
    share : float
        After which share of the tests that run through a line is run that must fail.
    """

    def __init__(self, client: Any, cells: list[NotebookNode], random: Random,
                 seconds: float | None, share: float = 1.0):
        self.client, self.random, self.seconds = client, random, seconds
        self.share = share
        self.questions = Questions(random)
        self.used = frozenset().union(*(names.used(cell.source) for cell in cells
                                        if names.is_test(cell)))
        self.imported = names.modules(cells)
        self.given: dict[str, tuple[int, int]] = {}
        self.shadows: list[Finding] = []
        self.asked: tuple[int, str, str] = (0, "", "")
        self.road: list[str] = []
        self.record: Record | None = None
        self._begin()

    def _begin(self) -> None:
        """Take the record, before any code of the student's has run."""
        modules = tuple(dict.fromkeys((*ROAD, *TOOLS, *self.imported)))
        facts = self._ask("pass", {"facts": _FACTS})
        try:
            version, prefix, path, work = ast.literal_eval(facts.value("facts") or "")
        except (ValueError, SyntaxError):
            raise RuntimeError("The kernel could not be looked at before the notebook ran: "
                               f"{facts.content}") from None
        self.questions.same = (version, prefix) == (sys.version, sys.prefix)
        self.questions.settings = {
            "FOLDERS": tuple(folder + os.sep for folder in path
                             if os.path.isabs(folder) and folder != work),
            "WORK": work + os.sep}
        reply = self._ask("pass", {"look": self._look(self.questions.nonce(), modules,
                                                      everything=True)})
        seen = Seen.read(reply.value("look"))
        if seen is None:
            raise RuntimeError("The kernel could not be looked at before the notebook ran: "
                               f"{reply.content}")
        self.record = Record(seen)
        code, nonce = self.questions.failing()
        told = self._ask(code).content.get("evalue", "")
        self.road = told.removeprefix(nonce).split("/")

    def _ask(self, code: str, expressions: dict[str, str] | None = None,
             watched: str | None = None) -> Reply:
        return ask(self.client, code, expressions or {}, watched, self.seconds)

    def _look(self, key: int, modules: tuple[str, ...], everything: bool = False,
              wanted: tuple[str, ...] = (), sizes: list[int] | None = None,
              failing: str = "", alone: bool = False) -> str:
        known = self.record.modules if self.record else ()
        watched = tuple(name for name in (*TABLES, *self.imported) if name not in known)
        return self.questions.call("inside", "look", key, sizes, modules, watched, wanted,
                                   failing, everything, alone)

    def learn(self, source: str) -> None:
        """A given cell has run: what the names stand for that it made and tests use."""
        wanted = tuple(sorted(names.made(source) & self.used))
        if wanted:
            reply = self._ask("pass", {"look": self._look(
                self.questions.nonce(), self.record.family, wanted=wanted,
                sizes=self.record.sizes)})
            seen = Seen.read(reply.value("look"))
            for name, _, identity, gist in seen.named if seen else ():
                self.given[name] = (identity, gist)

    def ahead(self, cell: NotebookNode, failing: str = "", nonce: str = "") -> dict[str, str]:
        """What the request of the cell before a test asks, so that no other has to be sent."""
        key = self.questions.nonce()
        asked = tuple(sorted(names.used(cell.source) & (names.BUILTINS | self.given.keys())))
        name = self.questions.word()
        self.asked = (key, name, nonce)
        return {name: self._look(key, self.record.modules, wanted=asked, sizes=self.record.sizes,
                                 failing=failing)}

    def before(self, cell: NotebookNode, beside: str, own_names: frozenset[str],
               earlier: Reply | None) -> list[Finding]:
        """What stands against running a test now.

        ``beside`` is the part of it that students have, and ``earlier`` the reply to the cell
        before it if that asked what :meth:`ahead` gave.
        """
        found: list[Finding] = []
        seen = Seen.read(earlier.value(self.asked[1])) if earlier else None
        if seen is None:
            # Only here: an error within the request of a student's cell would show there.
            failing, nonce = self.questions.failing(beside)
            expressions = self.ahead(cell, failing, nonce)
            code, expression, wanted = self.questions.passing(beside)
            ran = self.questions.word() + "1"
            reply = self._ask(code, {ran: expression, **expressions})
            seen = Seen.read(reply.value(self.asked[1]))
            found = [] if reply.value(ran) == wanted else [findings.silent()]
        key, _, nonce = self.asked
        found = self._judged(key, seen) or found
        if not found and seen and seen.failed.partition("/")[0] != nonce:
            found = [findings.silent()]
        if not found and seen and seen.arrived:
            found = self._extend(tuple(seen.arrived))
        self.shadows = self._shadows(seen, own_names) if seen else []
        return found

    def _must_fail(self, beside: str, watched: str) -> list[Finding]:
        """Ask what must fail, and see that it does, on the road that it took at the start."""
        code, nonce = self.questions.failing(beside)
        reply = self._ask(code, watched=watched)
        told = str(reply.content.get("evalue", ""))
        right = reply.content.get("status") == "error" and (
            told.removeprefix(nonce).split("/") == self.road)
        return _forged(reply) + ([] if right else [findings.silent()])

    def expression(self) -> tuple[int, dict[str, str]]:
        """What a test's own request asks once the test has run: a key, and the expression."""
        key = self.questions.nonce()
        modules = self.record.modules if self.random.random() < OFTEN else self.record.family
        return key, {self.questions.word(): self._look(key, modules, sizes=self.record.sizes)}

    def after(self, key: int, reply: Reply, name: str, watched: str, beside: str
              ) -> tuple[list[Finding], Seen | None]:
        """What stands against a test that ran through, and the value of its last line."""
        seen = Seen.read(reply.value(name))
        found = [findings.overtaken()] if seen is None else self._judged(key, seen)
        # Not every look is at all modules of the record.
        arrived = tuple(name for name in seen.arrived
                        if name not in self.record.modules) if seen else ()
        if not found and arrived:
            found = self._extend(arrived)
        if self.random.random() < self.share:
            found = found + self._must_fail(beside, watched)
        return found, seen

    def _judged(self, key: int, seen: Seen | None) -> list[Finding]:
        """What an answer shows; asks for all places where it is not as it should be."""
        if seen is None:
            # Perhaps because containers are gone that there were: look at what there is.
            full = self._everything(self.record.modules, None)
            places = self.record.changed(full) if full else []
            return findings.of_places(places, self._compared()) or [findings.silent()]
        hooks = [findings.hooked(what) for what in self.record.hooked(seen)]
        if self.record.holds(key, seen):
            return hooks
        full = self._everything(self.record.modules, self.record.sizes)
        if full is None:
            return [*hooks, findings.silent()]
        places = self.record.changed(full)
        if seen.road != self.record.start.road:
            places.append(("shell", "run_cell"))
        compared = self._compared()
        whole = {where if where != "modules" else name for where, name in places} & compared
        bad = set(self._replaced(sorted(whole)))
        places = [(where, name) for where, name in places
                  if where not in whole - bad and not (where == "modules" and name in whole - bad)]
        if not places:
            self.record.take(full)
        return hooks + findings.of_places(places, compared | set(TOOLS))

    def _everything(self, modules: tuple[str, ...], sizes: list[int] | None) -> Seen | None:
        look = self._look(self.questions.nonce(), modules, everything=True, sizes=sizes)
        seen = Seen.read(self._ask("pass", {"all": look}).value("all"))
        return seen if seen and seen.places else None

    def _compared(self) -> set[str]:
        """Modules that can be held against the grader's own."""
        return set(self.record.modules) - set(ROAD) - set(TOOLS)

    def _replaced(self, modules: list[str]) -> list[str]:
        if not modules or not self.questions.same:
            return []
        call = self.questions.call("described", "describe", tuple(modules))
        return replaced(self._ask("pass", {"told": call}).value("told"), modules)

    def _extend(self, arrived: tuple[str, ...]) -> list[Finding]:
        """Modules that tests rest on have been imported: hold them against the grader's own."""
        new, _ = self._looked_at(arrived, ())
        if new and self.questions.same and not KNOWN_GOOD.issuperset(_told(new)):
            # Both at a time, or a thread could show one thing to each question.
            new, bad = self._looked_at(arrived, arrived)
            if bad:
                return [findings.checks(sorted(bad)[:4])]
            if len(KNOWN_GOOD) > MOST_KNOWN:
                KNOWN_GOOD.clear()
            KNOWN_GOOD.update(_told(new) if new else ())
        return [] if new and self.record.extend(new) else [findings.silent()]

    def _looked_at(self, modules: tuple[str, ...], compared: tuple[str, ...]
                   ) -> tuple[Seen | None, list[str]]:
        """What is in modules now, and those that are not what the grader's own copies are."""
        expressions = {"new": self._look(self.questions.nonce(), modules, everything=True,
                                         alone=True)}
        if compared:
            expressions["told"] = self.questions.call("described", "describe", compared)
        reply = self._ask("pass", expressions)
        new = Seen.read(reply.value("new"))
        bad = replaced(reply.value("told"), compared) if compared else []
        return (new if new and _is_of(new, modules) else None), bad

    def _shadows(self, seen: Seen, own_names: frozenset[str]) -> list[Finding]:
        """Names of the test that the student gave another meaning; they count if it passes."""
        found = []
        for name, kind, identity, gist in seen.named:
            if name in self.given:
                was, did = self.given[name]
                if identity != was and not (gist and gist == did) and kind != "library":
                    found.append(findings.shadowed(name))
            elif kind == "own" and name not in own_names:
                found.append(findings.shadowed(name))
        return found


def _is_of(new: Seen, modules: tuple[str, ...]) -> bool:
    """Whether an answer tells a number and a size of each of these modules."""
    try:
        hashes, _ = new.places
        return tuple(new.modules) == modules and all(
            type(one) is int for one in (*hashes, *new.sizes)) and (
            len(hashes) == len(new.sizes) == len(modules))
    except (ValueError, TypeError):
        return False


def _told(new: Seen) -> set[tuple[str, int, int]]:
    """Each module with the number that its contents come to, in this kernel, and their size."""
    return set(zip(new.modules, new.places[0], new.sizes, strict=True))


def _forged(reply: Reply) -> list[Finding]:
    """Whether answers came in the name of a test that had already been answered."""
    for kind, content in reply.strays:
        if kind in ("reply", "execute_result", "error") or (
                kind == "status" and content.get("execution_state") == "idle"):
            return [findings.overtaken()]
    return []
