"""The documentation's settings: `make docs` builds it with warnings as errors.

Pages with cells (myst-nb) are run at every build, so that nothing they show can grow old. Links to
pages, headings and names of the package are held true by the build; addresses of other hosts are
not asked.
"""

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
# The package beside this folder is described, also where another one is installed.
sys.path[:0] = [str(HERE / "page"), str(HERE.parent)]
os.environ["PYTHONPATH"] = os.pathsep.join(
    [str(HERE.parent), str(HERE / "page"), *filter(None, [os.environ.get("PYTHONPATH")])])
# Pages give the command `casebook`, also where this Python's folder is not on the path.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

project = "Casebook"
author = "The Casebook authors"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "plotly_on_pages"]
# `page` holds what pages are made with, and `data` the figures that docs/model.md shows.
exclude_patterns = ["_build", "page", "data"]

html_theme = "pydata_sphinx_theme"
html_title = "Casebook"
html_static_path = ["_static"]
html_css_files = ["casebook.css"]
# Five doors stand in the bar at the top, the pages behind a door at its side. The theme would show
# where a page can be edited; the repository has no public address yet.
html_theme_options = {"show_prev_next": True, "show_toc_level": 2,
                      "header_links_before_dropdown": 5,
                      "secondary_sidebar_items": {"**": ["page-toc"], "index": [],
                                                  "architecture": []}}
html_sidebars = {"index": [], "model": []}      # wide tables, or nothing to list
html_show_sourcelink = False

myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 4

nb_execution_mode = "force"
nb_execution_timeout = 120
nb_execution_raise_on_error = True
nb_merge_streams = True

autodoc_typehints = "none"
autodoc_member_order = "bysource"
add_module_names = False
napoleon_google_docstring = False
napoleon_use_rtype = False
# A name that a docstring refers to has to be on some page. Types are written for people
# ("callable, optional"), and stand for no page.
nitpicky = True
nitpick_ignore_regex = [("py:class", ".*")]
