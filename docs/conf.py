"""The documentation's settings: `make docs` builds it with warnings as errors."""

project = "Casebook"
author = "The Casebook authors"
extensions = ["myst_parser"]
html_theme = "pydata_sphinx_theme"
html_title = "Casebook"
exclude_patterns = ["_build"]
myst_heading_anchors = 3
# The theme would show where the page can be edited; the repository has no public address yet.
html_theme_options = {"show_prev_next": True}
