"""Start a student's server in a container: lay the lessons, become jupyterhub-singleuser.

The lessons are laid now, not when the image is made: a volume hides what the image has there.
"""

import os
import sys
from pathlib import Path

from casebook.errors import CasebookError
from casebook.lab import FOLDER, copy_lessons, lessons_folder

try:
    for line in copy_lessons(lessons_folder(), Path.home() / FOLDER):
        print(line, flush=True)
except CasebookError as error:
    # A full volume must not keep a person from their server: there they can make room.
    print(error, file=sys.stderr, flush=True)
os.execvp("jupyterhub-singleuser", ["jupyterhub-singleuser", "--ip=0.0.0.0", *sys.argv[1:]])
