"""Runs a notebook so that its own code cannot talk a test into points.

Around each test the kernel is asked whether Python and IPython are still what they were before the
student's first cell ran, and whether a line that must fail fails and one that must run runs. Where
not, the test earns nothing and says why. A test runs in the student's own process all the same, so
this makes forgery hard and not impossible: who writes to memory with ``ctypes``, or tells questions
from tests without leaving a trace in what is looked at, is not found out. What must be certain is
checked outside (see ``OwnPlay``).
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from random import Random, SystemRandom
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import output_from_msg
from nbgrader.preprocessors import ClearHiddenTests
from nbgrader.utils import determine_grade
from traitlets import Float, Instance, List, Unicode

from casebook.grading.feedback import outside
from casebook.grading.notebooks import grade_id
from casebook.grading.plugins import Execute

from . import findings, results
from .asking import Reply
from .findings import Finding
from .names import is_given, is_test
from .watch import Watch

SKIP = "skip-execution"


class GuardedExecute(Execute):
    """The casebook's Execute, with questions to the kernel around each test.

    The notebook of a student who changes nothing comes out the same as without. Reasons stand in
    the test's output and in ``resources["casebook"]["reasons"]``: ``kind``, ``cell``, ``text``.
    """

    own_names = List(Unicode(), help="Names of Python's own, such as ``sum``, that students are "
                                     "asked to define themselves.").tag(config=True)
    must_fail = Float(1.0, help="The share of tests that ran through, from 0 to 1, after which a "
                                "line is run that must fail.").tag(config=True)
    random = Instance(Random)

    def _random_default(self) -> Random:
        return SystemRandom()

    _watch: Watch | None = None
    _said: list[NotebookNode] | None = None
    _reply: dict[str, Any] | None = None
    _replied: datetime | None = None
    _idle: datetime | None = None
    _earlier: Reply | None = None

    def preprocess(self, nb: NotebookNode, resources: Any = None, km: Any = None):
        """Run the notebook; where it has tests, take the record of its kernel first."""
        self._watch, self._said, self._earlier = None, None, None
        return super().preprocess(nb, resources, km)

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int):
        """Run one cell, with questions around it if it is a test."""
        if self._watch is None and index == 0 and any(map(is_test, self.nb.cells)):
            self._watch = Watch(self, self.nb.cells, self.random, self._get_timeout(cell),
                                self.must_fail)
        self._running = index        # questions before a test count as its own
        if self._watch is not None and is_test(cell) and cell.source.strip():
            return self._test(cell, resources, index)
        test = self._next_test(index) if self._watch is not None else None
        if test is None or cell.cell_type != "code" or not cell.source.strip():
            done = super().preprocess_cell(cell, resources, index)
        else:
            done = self._with_question(cell, resources, index, test)
        if self._watch is not None and is_given(cell):
            self._watch.learn(cell.source)
        return done

    def _next_test(self, index: int) -> NotebookNode | None:
        """The test that runs right after this cell, if one does."""
        following = (cell for cell in self.nb.cells[index + 1:]
                     if cell.cell_type == "code" and cell.source.strip())
        cell = next(following, None)
        return cell if cell is not None and is_test(cell) else None

    def _with_question(self, cell: NotebookNode, resources: Any, index: int, test: NotebookNode):
        """Run a cell and ask on its own request what has to be known before the test after it."""
        expressions = self._watch.ahead(test)
        self._reply = None
        self._run(cell, resources, index, expressions)
        self._earlier = Reply(self._reply) if self._reply else None
        return cell, self.resources

    def _beside(self, test: NotebookNode) -> str:
        """The part of a test that students have."""
        marks = ClearHiddenTests(parent=self)
        return outside(test.source, marks.begin_test_delimeter, marks.end_test_delimeter)

    def _test(self, cell: NotebookNode, resources: Any, index: int):
        """Run a test, unless something stands against it."""
        self._check_assign_resources(resources)
        beside = self._beside(cell)
        earlier, self._earlier = self._earlier, None
        found = self._watch.before(cell, beside, frozenset(self.own_names), earlier)
        if found:
            # Not even run: who listens in would learn what is hidden in it.
            self._close(cell, found, index)
            return cell, self.resources
        key, expressions = self._watch.expression()
        self._reply, self._replied, self._idle, self._said = {}, None, None, []
        tags = cell.metadata.get("tags")
        if tags and SKIP in tags:                   # a student's wish, on a cell of the grader's
            cell.metadata["tags"] = [tag for tag in tags if tag != SKIP]
        try:
            sent = self._run(cell, resources, index, expressions)
        finally:
            said, self._said = self._said, None
            if tags:
                cell.metadata["tags"] = tags
        results.kept(cell, said)
        if self._reply.get("status") == "ok":
            self._passed(cell, index, key, sent, next(iter(expressions)), beside)
        else:
            results.failed(cell)
        self._freeze(cell, index)
        return cell, self.resources

    def _run(self, cell: NotebookNode, resources: Any, index: int,
             expressions: dict[str, str]) -> str:
        """Run the cell with an expression on its own request; gives the request's id."""
        sent: list[str] = []
        plain = self.kc.execute

        def execute(*args: Any, **named: Any) -> str:
            sent.append(partial(plain, user_expressions=expressions)(*args, **named))
            return sent[-1]

        self.kc.execute = execute
        try:
            super().preprocess_cell(cell, resources, index)
        finally:
            del self.kc.execute
        return sent[-1] if sent else ""

    def _passed(self, cell: NotebookNode, index: int, key: int, sent: str, name: str,
                beside: str) -> None:
        """A test ran through: whether it did so by itself, and with which result."""
        found, seen = self._watch.after(key, Reply(self._reply), name, sent, beside)
        if self._idle is not None and self._replied is not None and self._idle < self._replied:
            # A kernel replies first, and says that it is idle afterwards.
            found = [*found, findings.overtaken()]
        if found:
            self._close(cell, found, index)
            return
        if results.passed(cell, seen.result, seen.interactivity):
            self._note(cell, [findings.overtaken()])
        if self._watch.shadows and (determine_grade(cell, self.log)[0] or 0) > 0:
            self._close(cell, self._watch.shadows, index)

    def _close(self, cell: NotebookNode, found: list[Finding], index: int) -> None:
        """Let the test earn nothing, and say why."""
        findings.put(cell, found)
        self._freeze(cell, index)
        self._note(cell, found)

    def _note(self, cell: NotebookNode, found: list[Finding]) -> None:
        told = self.resources.setdefault("casebook", {}).setdefault("reasons", [])
        told += [{"kind": one.kind, "cell": grade_id(cell), "text": one.text}
                 for one in dict.fromkeys(found)]

    def _freeze(self, cell: NotebookNode, index: int) -> None:
        """Let no later cell change what a test gave, other than what it shows."""
        for places in self._display_id_map.values():
            if index in places:
                places[index] = [at for at in places[index] if at < len(cell.outputs)
                                 and cell.outputs[at].output_type == "display_data"]

    def on_cell_executed(self, **named: Any) -> None:
        """Keep the reply, which nbclient shows to hooks only."""
        reply = named["execute_reply"]
        self._reply, self._replied = reply["content"], reply.get("header", {}).get("date")
        super().on_cell_executed(**named)

    def process_message(self, msg: Any, cell: NotebookNode, cell_index: int) -> Any:
        """Take a message of the kernel, and remember of a test what must not be lost again."""
        if msg["msg_type"] == "status" and msg["content"].get("execution_state") == "idle":
            self._idle = msg["header"].get("date")
        if self._said is not None and (msg["msg_type"] == "error" or (
                msg["msg_type"] == "stream" and msg["content"].get("name") == "stderr")):
            self._said.append(output_from_msg(msg))
        return super().process_message(msg, cell, cell_index)
