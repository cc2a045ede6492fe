"""What a warm parent imports beforehand, and which settings it takes from the grader's environment.

Only what is safe to import without knowing the student: matplotlib reads ``matplotlibrc`` from the
folder that it is imported in, so it stays out and is imported cold when a notebook asks for it.
"""

from __future__ import annotations

KERNEL = ("ipykernel.kernelapp",)
LAUNCHER = "ipykernel_launcher"

# What ipykernel itself imports between its start and the first cell.
KERNEL_LATER = (
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger",
    "IPython.core.oinspect", "IPython.extensions.storemagic", "IPython.utils.wildcard",
    "ipykernel.debugger", "ipykernel.trio_runner", "sqlite3", "faulthandler", "psutil",
    "tornado.platform.asyncio", "pydoc", "pdb", "encodings.idna", "encodings.latin_1",
    "encodings.ascii", "gzip",
)

# What it imports to look up the machine's addresses; by sockets that are files it need not.
OF_TCP = ("psutil",)

# What students' notebooks import.
STUDENTS = (
    "numpy", "pandas", "plotly", "plotly.express", "plotly.graph_objects", "plotly.io",
    "plotly.io._html", "plotly.io._json", "plotly.io._renderers", "plotly.graph_objs._figure",
    "plotly.graph_objs._figurewidget", "plotly.graph_objs._bar", "plotly.graph_objs._scatter",
    "plotly.graph_objs._layout", "plotly.offline", "plotly.subplots", "ipywidgets", "anywidget",
    "casebook.grading.checks", "casebook.room", "casebook.study", "casebook.case",
    "casebook.index",
)

# What these import later, when they are used.
STUDENTS_LATER = (
    "pandas.core.reshape.reshape", "pandas.io.formats.html", "pandas.io.formats.string",
    "plotly.animation", "plotly.graph_objs._deprecations", "plotly.graph_objs.bar",
    "plotly.graph_objs.bar._marker", "plotly.graph_objs.bar.marker._pattern",
    "plotly.graph_objs.layout._font", "plotly.graph_objs.layout._legend",
    "plotly.graph_objs.layout._margin", "plotly.graph_objs.layout._template",
    "plotly.graph_objs.layout._title", "plotly.graph_objs.layout._xaxis",
    "plotly.graph_objs.layout._yaxis", "plotly.graph_objs.layout.xaxis._title",
    "plotly.graph_objs.layout.yaxis._title", "plotly.graph_objs.scatter._line",
    "plotly.graph_objs.scatter._marker", "plotly.validator_cache",
    "narwhals.stable.v1._namespace", "narwhals._pandas_like.namespace", "markdown_it",
    "casebook.figures", "casebook.grading.shown", "casebook.grading.whatif",
    "casebook.room.ending", "casebook.room.session", "casebook.room.widget",
)

# Joins a sandbox; it runs before a fork is a kernel, and is hidden from it like the rest.
JOIN = "casebook.autograding.sandbox.join"

# Where the parent's own environment comes from; the rest of the grader's is not for it.
KEPT = ("PATH", "LANG", "LANGUAGE", "TZ")

# Settings that libraries read while they are imported, and Python while it starts.
SETTINGS = (
    "PYTHON", "LC_", "OPENBLAS_", "GOTO_", "OMP_", "MKL_", "BLIS_", "NUMPY_", "NPY_", "PANDAS_",
    "PLOTLY_", "ANYWIDGET_", "JUPYTER_WIDGETS_", "PSYGNAL_", "TRAITLETS_", "PYZMQ_", "PYDEVD_",
    "DEBUGPY_", "VSCODE_PID", "COLAB_NOTEBOOK_ID", "AZURE_NOTEBOOKS_HOST", "NTERACT_EXE",
    "COCALC_PROJECT_ID", "DATABRICKS_RUNTIME_VERSION",
)


def settings(env: dict[str, str]) -> dict[str, str]:
    """The settings in an environment that decide how modules turn out when they are imported."""
    return {key: value for key, value in env.items() if key.startswith(SETTINGS)}
