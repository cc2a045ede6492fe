"""Figures of plotly on pages that are run at the build, from one script of our own site.

plotly would ask another host for its script, or put all of it (4 MB) into each page. Here a figure
is a small piece of HTML, and pages with one load the script that comes with the installed plotly.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

SCRIPT = "plotly.min.js"
_MARK = "plotly-graph-div"
# A figure is drawn while the page is still being laid out, so it takes its width again afterwards.
_FIT = ("window.addEventListener('load', () => "
        f"document.querySelectorAll('.{_MARK}').forEach(one => Plotly.Plots.resize(one)));")


def use() -> None:
    """In a page's kernel: show figures as HTML that leaves the script to the page."""
    import plotly.io as pio
    from plotly.io._base_renderers import MimetypeRenderer

    class Page(MimetypeRenderer):
        def to_mimebundle(self, fig_dict):
            return {"text/html": pio.to_html(
                fig_dict, full_html=False, include_plotlyjs=False,
                config={"displayModeBar": False, "responsive": True})}

    pio.renderers["page"] = Page()
    pio.renderers.default = "page"


def _add_script(app, name, template, context, doctree) -> None:
    """The script for pages that have a figure."""
    if _MARK in (context.get("body") or ""):
        app.add_js_file(SCRIPT, priority=100)
        app.add_js_file(None, body=_FIT)


def _copy_script(app, error) -> None:
    import plotly

    if error is None and app.builder.format == "html":
        source = Path(plotly.__file__).parent / "package_data" / SCRIPT
        shutil.copyfile(source, Path(app.outdir) / "_static" / SCRIPT)


def setup(app) -> dict:
    """Take part in a build."""
    os.environ["PLOTLY_RENDERER"] = "json"      # until a page says use()
    app.connect("html-page-context", _add_script)
    app.connect("build-finished", _copy_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
