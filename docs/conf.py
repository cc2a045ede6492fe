"""The documentation's settings: `make docs` builds it with warnings as errors."""

project = "Casebook"
author = "The Casebook authors"
extensions = ["myst_parser"]
html_theme = "pydata_sphinx_theme"
html_title = "Casebook"
html_static_path = ["_static"]
html_css_files = ["casebook.css"]
# `page` holds what docs/model.md is made with, and `data` the figures that it shows.
exclude_patterns = ["_build", "page", "data"]
myst_heading_anchors = 3
# The theme would show where the page can be edited; the repository has no public address yet.
html_theme_options = {"show_prev_next": True}
# The pages are few and stand in the bar at the top, so wide tables may have the room at the side.
html_sidebars = {"**": []}
