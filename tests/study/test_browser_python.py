"""Python in a browser lacks parts that need an operating system; lessons must not import them."""

import subprocess
import sys

WITHOUT = """
import sys
for name in ("_multiprocessing", "fcntl", "resource", "termios", "pwd", "grp"):
    sys.modules[name] = None
import casebook, casebook.explore, casebook.figures, casebook.figures_facts
import casebook.study, casebook.study.regret, casebook.study.closeups, casebook.study.facts
import casebook.room.widget, casebook.grading.own, casebook.grading.credit
sys.platform = "emscripten"
assert casebook.study.workers.default_workers(10_000) == 1
casebook.cases()
casebook.study.simulate("green-dashboard", runs=20, seed=1)
"""


def test_what_lessons_import_needs_no_processes():
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
