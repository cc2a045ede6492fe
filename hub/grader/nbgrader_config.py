"""nbgrader in the course's server: where the course is. The file for everybody adds the rest.

A gradebook on PostgreSQL: set `c.CourseDirectory.db_url` in the nbgrader_config.py of the course
folder, which only the grader's account can read, and not here.
"""

import tomllib
from pathlib import Path

c = get_config()  # noqa: F821

SITE = tomllib.loads((Path(__file__).resolve().parents[1] / "site.toml").read_text("utf-8"))

c.CourseDirectory.root = SITE["course_folder"]
