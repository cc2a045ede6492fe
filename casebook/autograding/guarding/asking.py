"""Questions to a student's kernel that leave no trace in the notebook, and what came back.

A question is an execute request that is silent and not kept in the history. Its text differs each
time, and may carry a few lines of the test beside it, so that code which drops or fakes tests by
the look of them drops or fakes questions as well.
"""

from __future__ import annotations

import ast
import marshal
import zlib
from binascii import b2a_base64
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic
from types import CodeType
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import ensure_async, run_sync

HERE = Path(__file__).parent
_ENAMES = ("AssertionError", "CheckFailed", "ValueError", "KeyError", "TypeError", "NameError")
_POLL = 0.5   # seconds between looks at whether the kernel is alive
_RAISE = (
    'raise __import__("builtins").type({ename!r}, (__import__("builtins").Exception,), '
    '{{"_render_traceback_": lambda {a}: [""]}})({nonce} + (lambda {a}, {b}: {a}({a}, {b}))('
    'lambda {a}, {b}: "" if {b} is None else "/" + ().__class__.__base__.__repr__({b}.f_code)'
    '.rpartition(" at ")[2][:-1] + ("" if {b}.f_code.co_name == "dispatch_shell" else '
    '{a}({a}, {b}.f_back)), __import__("sys")._getframe().f_back))')
#: The error is caught and raised again as one that IPython shows without a traceback: a line of
#: its traceback costs more than all other questions together.
_ASSERT = ("try:\n    assert {left} == {right}, {said!r}\n"
           'except __import__("builtins").AssertionError as {c}:\n    ')
_SENT = ('(lambda {a}: (__import__("builtins").exec(__import__("marshal").loads(__import__("zlib")'
         '.decompress(__import__("binascii").a2b_base64({code!r}))), {a}), '
         '{a}.update({settings!r}), {a}[{function!r}](*{given!r}))[2])({{}})')
_TEXT = ('(lambda {a}: (__import__("builtins").exec(__import__("builtins").compile({code!r}, '
         '"<string>", "exec"), {a}), {a}.update({settings!r}), {a}[{function!r}](*{given!r}))[2]'
         ')({{}})')


@dataclass
class Reply:
    """What a kernel answered: the content of its reply, and messages that came for others."""

    content: dict[str, Any]
    strays: list[tuple[str, dict]] = field(default_factory=list)

    def value(self, name: str) -> str | None:
        """The text that an expression gave, or None if it gave none."""
        told = (self.content.get("user_expressions") or {}).get(name) or {}
        try:
            found = ast.literal_eval(told["data"]["text/plain"])
        except (KeyError, TypeError, ValueError, SyntaxError, MemoryError, RecursionError):
            return None
        return found if isinstance(found, str) else None


class Questions:
    """Makes questions; ``same`` says whether the kernel runs the very Python that grades."""

    def __init__(self, random: Random):
        self.random = random
        self.settings: dict[str, Any] = {}
        self.same = False

    def nonce(self) -> int:
        """A fresh odd number that the answer depends on."""
        return self.random.getrandbits(60) | 1

    def word(self) -> str:
        """A name that no notebook uses."""
        letters = "abcdefghijklmnopqrstuvwxyz"
        return self.random.choice(letters) + "".join(
            self.random.choices(letters + "_0123456789", k=self.random.randint(5, 14)))

    def call(self, part: str, function: str, *given: Any) -> str:
        """An expression that calls a function of ``inside`` or ``described`` in the kernel."""
        shape, code = (_SENT, _packed(part)) if self.same else (_TEXT, _source(part))
        return shape.format(a=self.word(), code=code, settings=self.settings, function=function,
                            given=given)

    def failing(self, beside: str = "") -> tuple[str, str]:
        """Code that must fail, and the message that it must fail with before its road."""
        nonce, named = self.word(), {name: self.word() for name in "abc"}
        named["ename"] = self.random.choice(_ENAMES)
        if self.random.random() < 0.5:
            left, right = self.random.sample(range(1000), 2)
            code = (_ASSERT.format(left=left, right=right, said=nonce, **named)
                    + _RAISE.format(nonce=f"{named['c']}.args[0]", **named) + " from None")
        else:
            code = _RAISE.format(nonce=repr(nonce), **named)
        return self._beside(code, beside), nonce

    def passing(self, beside: str = "") -> tuple[str, str, str]:
        """Code that must run, an expression that must then give a text, and that text."""
        name, left, right = self.word(), self.nonce(), self.nonce()
        code = self._beside(f"{name} = {left} * {right}", beside)
        return code, f'"%x" % __import__("builtins").globals().pop({name!r})', f"{left * right:x}"

    def _beside(self, code: str, beside: str) -> str:
        shown = [f"# {line}" for line in beside.splitlines() if line.strip()]
        shown = shown[:self.random.randint(1, 4)]
        place = self.random.randint(0, len(shown))
        return "\n".join([*shown[:place], code, *shown[place:]]) + "\n" * self.random.randint(0, 2)


_KEPT: dict[str, str] = {}


def _source(part: str) -> str:
    return (HERE / f"{part}.py").read_text(encoding="utf-8")


def _packed(part: str) -> str:
    if part not in _KEPT:
        code = compile(_source(part), "<string>", "exec", dont_inherit=True, optimize=2)
        code = _bare(code)
        _KEPT[part] = b2a_base64(zlib.compress(marshal.dumps(code), 9), newline=False).decode()
    return _KEPT[part]


def _bare(code: CodeType) -> CodeType:
    """Code without its line numbers, which are half of what would have to be sent."""
    return code.replace(co_linetable=b"", co_filename="<string>", co_consts=tuple(
        _bare(one) if isinstance(one, CodeType) else one for one in code.co_consts))


async def _ask(client: Any, code: str, expressions: dict[str, str], watched: str | None,
               seconds: float | None) -> Reply:
    """Send a silent request and gather its reply, and what comes for another one meanwhile."""
    kc = client.kc
    sent = await ensure_async(kc.execute(
        code, silent=True, store_history=False, user_expressions=expressions, allow_stdin=False,
        stop_on_error=False))
    until = None if seconds is None else monotonic() + seconds
    strays: list[tuple[str, dict]] = []
    reply = None
    while reply is None:
        msg = await _next(client, kc.shell_channel, until)
        if msg["parent_header"].get("msg_id") == sent and msg["msg_type"] == "execute_reply":
            reply = msg["content"]
        elif watched and msg["parent_header"].get("msg_id") == watched:
            strays.append(("reply", msg["content"]))
    while True:
        msg = await _next(client, kc.iopub_channel, until)
        parent = msg["parent_header"].get("msg_id")
        if parent == sent and msg["msg_type"] == "status" and (
                msg["content"]["execution_state"] == "idle"):
            return Reply(reply, strays)
        if watched and parent == watched:
            strays.append((msg["msg_type"], msg["content"]))


async def _next(client: Any, channel: Any, until: float | None) -> dict[str, Any]:
    """The next message of a channel; an error of nbclient's if none comes any more."""
    while True:
        try:
            return await ensure_async(channel.get_msg(timeout=_POLL))
        except Exception as error:                     # queue.Empty, of either client
            if type(error).__name__ != "Empty":
                raise
        if not await ensure_async(client.km.is_alive()):
            raise DeadKernelError("Kernel died")
        if until is not None and monotonic() > until:
            raise CellTimeoutError("A question to the kernel was not answered")


#: ``ask(client, code, expressions, watched, seconds)``: see ``_ask``.
ask = run_sync(_ask)
