"""Notebooks that talk nbgrader into points, and honest ones that look strange. Data only.

Each attack is what a student writes in the answer cell of :data:`CELLS`, where the right answer is
not given. ``stock`` names the tests in which nbgrader's own Execute counts points for it; ``kind``
is the kind of the reason that the guard gives. ``allowed`` are points that an honest wrong answer
earns as well. ``more`` are tests that stand there for this attack only, after the others.
"""

from dataclasses import dataclass, field

HIDDEN = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"
#: Tests after the answer: id to source and points.
TESTS = {
    "equal": ("# Is it the answer?\n" + HIDDEN.format("assert x == 42"), 2),
    "choice": ('checks.answered("A", "ABCD")\n' + HIDDEN.format('checks.choice(x, "B", "See exhibit 4.", points=4)'), 4),
    "length": ("assert len(x) == 3", 1),
    "part": ("score = 0.5 if x != 42 else 2.0\nscore", 2),
    "warned": ("import warnings\nif x != 42:\n    warnings.warn('Not the answer')", 1),
    "again": ('from casebook.grading import checks as once_more\nonce_more.choice(x, "B", "See exhibit 4.", points=4)', 4),
}
#: What the wrong answer ``x = "A"`` earns in each.
HONEST = {"equal": 0, "choice": 0, "length": 0, "part": 0.5, "warned": 0, "again": 0}


@dataclass(frozen=True)
class Attack:
    name: str
    code: str
    stock: tuple[str, ...]
    kind: str
    files: dict = field(default_factory=dict)
    tags: tuple = ()
    more: dict = field(default_factory=dict)


SEND = """
kernel = get_ipython().kernel
def send(kind, content):
    kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent("shell"), ident=kernel._topic(kind))
"""

TRYOUT = {"tryout": ("checks.goals_reached(trial, points=4)", 4)}
TABLE = {"table": ("import pandas as pd\nassert pd.Series([x, 42]).nunique() == 1", 1)}
#: A division of the week that reaches no goal.
NO_GOAL = 'x = "A"\ntrial = checks.try_weeks(implementer=100)\n'

ATTACKS = [
    Attack("run_cell-of-the-class", '''
x = "A"
from ipykernel.zmqshell import ZMQInteractiveShell
plain = ZMQInteractiveShell.run_cell
def run_cell(self, code, *given, **named):
    return plain(self, "pass" if "HIDDEN" in code else code, *given, **named)
ZMQInteractiveShell.run_cell = run_cell
''', ("equal", "choice"), "running"),
    Attack("run_cell-of-the-shell", '''
x = "A"
shell = get_ipython()
plain = shell.run_cell
shell.run_cell = lambda code, **named: plain("pass" if "assert" in code else code, **named)
''', ("equal", "length"), "running"),
    Attack("run_code-says-all-is-well", '''
x = "A"
from IPython.core.interactiveshell import InteractiveShell
plain = InteractiveShell.run_code
async def run_code(self, code, result=None, **named):
    try:
        exec(code, self.user_global_ns, self.user_ns)
    except Exception:
        pass
    return False
InteractiveShell.run_code = run_code
''', ("equal", "choice", "length", "again"), "running"),
    Attack("drops-lines-before-they-run", '''
x = "A"
get_ipython().input_transformers_post.append(lambda lines: [] if any("checks" in line or "assert" in line for line in lines) else lines)
''', ("equal", "choice", "length", "again"), "hooks"),
    Attack("drops-cells-as-they-come", '''
x = "A"
get_ipython().input_transformer_manager.cleanup_transforms.insert(0, lambda lines: [] if "HIDDEN" in "".join(lines) else lines)
''', ("equal", "choice"), "hooks"),
    Attack("takes-asserts-out-of-the-tree", '''
x = "A"
import ast
class Without(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Without())
''', ("equal", "length"), "hooks"),
    Attack("reads-the-test-and-answers", '''
x = "A"
import re
def look(info):
    found = re.search(r'choice\\(x, "(.)"', info.raw_cell)
    if found:
        get_ipython().user_ns["x"] = found[1]
get_ipython().events.register("pre_run_cell", look)
''', ("choice", "again"), "hooks"),
    Attack("patches-a-builtin", '''
x = "A"
import builtins
plain = len
builtins.len = lambda thing: 3 if type(thing) is str and thing == "A" else plain(thing)
''', ("length",), "builtins"),
    Attack("names-a-builtin", 'x = "A"\nlen = lambda thing: 3', ("length",), "names"),
    Attack("builtins-of-its-own", '''
x = "A"
import builtins
__builtins__ = {**vars(builtins), "len": lambda thing: 3}
''', ("length",), "running"),
    Attack("names-the-checks", '''
x = "A"
from types import SimpleNamespace
checks = SimpleNamespace(answered=lambda *_: None, choice=lambda *_, **__: 4.0)
''', ("choice",), "names"),
    Attack("patches-a-check", 'x = "A"\nchecks.choice = lambda *_, **__: 4.0', ("choice", "again"), "checks"),
    Attack("gives-a-check-other-code", 'x = "A"\nchecks.choice.__code__ = (lambda *_, points, **__: points).__code__', ("choice", "again"), "checks"),
    Attack("patches-below-the-checks", '''
x = "A"
import casebook.grading.answers as answers
checks.choice = answers.choice = lambda *_, points, **__: points
''', ("choice", "again"), "checks"),
    Attack("puts-a-module-in-place", '''
x = "A"
import sys, types
import casebook.grading
fake = types.ModuleType("casebook.grading.checks")
fake.choice = lambda *_, **__: 4.0
sys.modules["casebook.grading.checks"] = casebook.grading.checks = fake
''', ("again",), "checks"),
    Attack("hands-in-a-casebook", '''
x = "A"
import sys
sys.path.insert(0, "")
for name in [*sys.modules]:
    if name.startswith("casebook"):
        del sys.modules[name]
''', ("again",), "checks", files={
        "casebook/__init__.py": "", "casebook/grading/__init__.py": "",
        "casebook/grading/checks.py": "def answered(*_): pass\ndef choice(*_, points, **__): return points\n"}),
    Attack("exec-where-ipython-looks-first", '''
x = "A"
import IPython.core.interactiveshell as module
def run(code, *spaces):
    try:
        __builtins__.exec(code, *spaces)
    except Exception:
        pass
module.exec = run
''', ("equal", "choice", "length", "again"), "running"),
    Attack("compiles-without-asserts", '''
x = "A"
compiler = type(get_ipython().compile)
plain = compiler.__call__
import ast
def call(self, source, *given, **named):
    if isinstance(source, ast.AST):
        source.body = [node for node in source.body if not isinstance(node, ast.Assert)]
    return plain(self, source, *given, **named)
compiler.__call__ = call
''', ("equal", "length"), "running"),
    Attack("kernel-answers-for-itself", '''
x = "A"
kernel = get_ipython().kernel
plain = kernel.do_execute
async def do_execute(code, silent, *given, **named):
    if "HIDDEN" in code and not silent:
        return {"status": "ok", "execution_count": 9, "payload": [], "user_expressions": {}}
    return await plain(code, silent, *given, **named)
kernel.do_execute = do_execute
''', ("equal", "choice"), "running"),
    Attack("handles-requests-itself", '''
x = "A"
kernel = get_ipython().kernel
plain = kernel.shell_handlers["execute_request"]
async def execute_request(stream, ident, parent):
    if "assert" in parent["content"]["code"]:
        parent["content"]["code"] = "pass"
    await plain(stream, ident, parent)
kernel.shell_handlers["execute_request"] = execute_request
''', ("equal", "length"), "running"),
    Attack("another-class-of-shell", '''
x = "A"
shell = get_ipython()
class Mine(type(shell)):
    def transform_cell(self, code):
        return super().transform_cell("pass" if "HIDDEN" in code else code)
shell.__class__ = Mine
''', ("equal", "choice"), "running"),
    Attack("traces-every-line", '''
x = "A"
import sys
def trace(frame, event, arg):
    if frame.f_code.co_name == "<module>" and 42 in frame.f_code.co_consts:
        frame.f_globals["x"] = 42
sys.settrace(trace)
''', ("equal",), "hooks"),
    Attack("sends-a-result-before-the-error", SEND + '''
class Answer:
    def __eq__(self, other):
        send("execute_result", {"data": {"text/plain": "2.0"}, "metadata": {}, "execution_count": 1})
        return False
    __ne__ = lambda self, other: True
x = Answer()
''', ("equal",), ""),
    Attack("says-it-is-done-and-drops-the-part", SEND + '''
class Answer:
    def __ne__(self, other):
        send("status", {"execution_state": "idle"})
        return True
    __eq__ = lambda self, other: False
x = Answer()
''', ("part", "warned"), "overtaken"),
    Attack("replies-for-the-kernel", SEND + '''
class Answer:
    def __eq__(self, other):
        stream = kernel.shell_channel_thread.manager.get_subshell_to_shell_channel_socket(None)
        content = {"status": "ok", "execution_count": 3, "user_expressions": {}, "payload": []}
        kernel.session.send(stream, "execute_reply", content, parent=kernel.get_parent("shell"), ident=kernel._parent_ident["shell"])
        send("status", {"execution_state": "idle"})
        return False
    __ne__ = lambda self, other: True
x = Answer()
''', ("equal",), "overtaken"),
    Attack("shows-numbers-its-own-way", '''
x = "A"
get_ipython().display_formatter.formatters["text/plain"].for_type(float, lambda number, printer, cycle: printer.text("2.0"))
''', ("part",), "overtaken"),
    Attack("asks-to-skip-the-tests", 'x = "A"', ("equal", "choice", "length", "part", "warned", "again"), "", tags=("skip-execution",)),
    Attack("the-same-code-beside-other-names", '''
x = "A"
import types
import casebook.grading.answers as answers
real = answers.choice
fake = types.FunctionType(real.__code__, {**vars(answers), "answered": lambda *_: "B"}, "choice", real.__defaults__)
checks.choice = answers.choice = fake
''', ("choice", "again"), "checks"),
    Attack("another-module-under-its-name", NO_GOAL + '''
import sys, types
import numpy as np
import casebook.explore.small as small
fake = types.ModuleType("fake")
vars(fake).update({name: value for name, value in vars(small.model).items() if name[:2] != "__"})
fake.measures = lambda *_: {name: np.ones((1, 1)) for name in small.model.MEASURES}
sys.modules["fake"] = small.model = fake
''', ("tryout",), "checks", more=TRYOUT),
    Attack("other-names-in-the-same-code", '''
x = "A"
from pandas.core.base import IndexOpsMixin
code = IndexOpsMixin.nunique.__code__
IndexOpsMixin.nunique.__code__ = code.replace(co_names=tuple("any" if name == "len" else name for name in code.co_names))
''', ("table",), "checks", more=TABLE),
    Attack("another-private-constant", NO_GOAL + '''
from casebook.grading import tryout
tryout._EXACT = 1000
trial = checks.try_weeks(implementer=60, coach=30, entrepreneur=10, politician=10, friend=30)
''', ("tryout",), "checks", more=TRYOUT),
    Attack("patches-what-checks-compute-with", NO_GOAL + '''
import casebook.explore.small
casebook.explore.small.Story.of = lambda *_: 100.0
''', ("tryout",), "checks", more=TRYOUT),
    Attack("patches-the-model", NO_GOAL + '''
import numpy as np
import casebook.model.ledger as ledger, casebook.model as model
ledger.measures = model.measures = lambda *_: {name: np.ones((1, 1)) for name in model.MEASURES}
''', ("tryout",), "checks", more=TRYOUT),
    Attack("a-cache-that-says-it-is-another", NO_GOAL + '''
from functools import lru_cache
from casebook.grading import tryout
real = tryout.defaults
tryout.defaults = lru_cache(lambda: {"tryout": {"weeks": 1, "goals": {name: 0 for name in tryout.MEASURES}}})
tryout.defaults.__wrapped__ = real.__wrapped__
''', ("tryout",), "checks", more=TRYOUT),
    Attack("settings-of-its-own", NO_GOAL + '''
import os
from casebook.grading import assignment
assignment.__file__ = os.path.abspath("mine/assignment.py")
assignment.defaults.cache_clear()
''', ("tryout",), "checks", more=TRYOUT, files={"mine/settings.yaml": "tryout: {weeks: 1, goals: {satisfaction: 0}}\n"}),
    Attack("a-class-of-the-same-name", NO_GOAL + '''
import casebook.explore.small as small
class Story(small.Story):
    def of(self, measure):
        return 100.0
Story.__module__, Story.__qualname__ = small.__name__, "Story"
small.Story = Story
''', ("tryout",), "checks", more=TRYOUT),
    Attack("what-a-function-carries-along", '''
x = "A"
import pandas as pd
checks.my_turns.found = lambda *_, **__: pd.DataFrame({"turn": [1], "name": ["A"], **{one: [1.0] for one in checks.MEASURES}})
''', ("end",), "checks", more={"end": ('assert len(checks.at_the_end("ada")) == 1', 1)}),
]

#: Last lines of tests of 2 points, which nbgrader reads from what is shown: name to code.
RESULTS = {
    "true": "x == 42", "false": "x != 42", "whole": "1", "part": "0.5", "none": "None", "zero": "0", "below": "-1.5", 
    "nan": "float('nan')", "infinite": "-float('inf')", "numpy-int": "np.int64(1)", "numpy-float": "np.float64(0.5)", "numpy-half": "np.float32(0.5)",
    "numpy-bool": "np.bool_(False)", "numpy-complex": "np.complex128(1j)", "numpy-nan": "np.float64('nan')", "numpy-array": "np.array(0.5)", "complex": "1j",
    "fraction": "Fraction(1, 2)", "decimal": "Decimal('0.5')", "text": "'0.5'", "word": "'yes'", "list": "[0.5]", "quiet": "0.5;",
    "flag": "IntFlag('Flag', 'ONE').ONE", "own-number": "type('Own', (float,), {})(0.5)", "shown-as-number": "Shown()", "series": "pd.Series([0.5])",
}

#: Honest work that looks strange: name to the answer cell. The right answers are in it.
STRANGE = {
    "names-of-pythons-own": 'x = 42\nsum = 3\nlist = [1, 2]\ntype = "plan"\nid = 7\nmax = min = 0\nobject = str = int = 1\nException = dict = "words"',
    "everything-from-numpy": "from numpy import *\nfrom math import *\nx = 42",
    "own-print": "def print(*words):\n    pass\nx = 42",
    "pandas-and-a-picture": "import pandas as pd\nimport plotly.express as px\ntable = pd.DataFrame({'a': [1, 2]})\nx = 42\ntable",
    "settings-of-the-shell": "%precision 2\n%xmode Plain\n%load_ext autoreload\n%autoreload 2\n%config InteractiveShell.ast_node_interactivity = 'last_expr_or_assign'\nx = 42",
    "errors-and-warnings": "import warnings\nwarnings.warn('careful')\nx = 42\n1 / 0",
    "an-error-in-a-syntax": "x = 42\nexec('if:')",
    "a-thread-that-talks": "import threading, time\nx = 42\ndef talk():\n    for _ in range(3):\n        time.sleep(0.01)\n        y = 1\nthreading.Thread(target=talk).start()",
    "waits": "import asyncio\nawait asyncio.sleep(0)\nx = 42",
    "loads-the-checks-again": "import importlib\nimportlib.reload(checks)\nx = 42",
    "captures": "%%capture said\nprint('quiet')\nx = 42",
    "looks-back": "x = 42\nprint(len(In), sorted(Out), _, __)\nIn[-1]",
    "widgets": "import ipywidgets\nbox = ipywidgets.Output()\nwith box:\n    print('inside')\nx = 42\nbox",
    "adds-to-pandas": "import pandas as pd\n@pd.api.extensions.register_dataframe_accessor('mine')\nclass Mine:\n    def __init__(self, table):\n        pass\npd.set_option('display.precision', 2)\nx = 42",
}
