"""Collecting at a hub: a submission counts for the account that handed it in, and for nobody else.

nbgrader takes the student from the name of a submission's folder. Anybody who may hand in may
choose that name, and nbgrader only warns when the folder belongs to another account. One folder
that it cannot read, or that is too large, ends its collecting for the whole class.
"""

from __future__ import annotations

import os
import shutil
import stat
from datetime import datetime
from pathlib import Path

from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeCollect
from traitlets import List, Unicode

try:
    import pwd
except ImportError:          # Windows has no such accounts; nbgrader has no exchange there either
    pwd = None


class OwnedCollect(ExchangeCollect):
    """nbgrader's collect, without submissions that their owner did not make in their own name.

    Set it in ``nbgrader_config.py``::

        c.ExchangeFactory.collect = "casebook.grading.collect.OwnedCollect"

    What is refused stays in the exchange as it is, and is told in the log. With
    ``ExchangeCollect.check_owner = False`` owners are not looked at, as in nbgrader: for hubs where
    everybody has the same account.
    """

    refused = List(Unicode(), help="What was not collected, a sentence each.")

    def init_src(self) -> None:
        """Find the submission of each student that counts."""
        self.refused = []
        super().init_src()
        self.src_records = [record for record in self.src_records if record["username"]]
        for sentence in self.refused:
            self.log.error(sentence)

    def _path_to_record(self, path: str) -> dict:
        """What the name of a submission says; no student if it is to be refused.

        nbgrader groups by student and takes the newest of each group, so all that is refused is in
        one group of its own and cannot stand before anybody's own submission.
        """
        name = os.path.basename(path)
        try:
            record = super()._path_to_record(path)
            wrong = foreign(Path(path), record["username"]) if self.check_owner else None
        except (ExchangeError, ValueError, OverflowError):
            wrong = "its name is not one that nbgrader gives"
        except OSError as error:
            wrong = f"it cannot be read ({error.strerror or error})"
        if not wrong:
            return record
        self._refuse(name, wrong)
        return {"username": "", "filename": name, "timestamp": datetime.min}

    def do_copy(self, src: str, dest: str, log=None) -> None:
        """Copy one submission; what cannot be copied is told, and the next one is copied."""
        try:
            super().do_copy(src, dest, log)
        except (RuntimeError, OSError) as error:      # nbgrader's word for too large is the first
            shutil.rmtree(dest, ignore_errors=True)
            self._refuse(os.path.basename(src), f"it could not be copied ({error})")
            self.log.error(self.refused[-1])

    def _refuse(self, name: str, wrong: str) -> None:
        # The reason first: the formgrader's window is narrow.
        self.refused = [*self.refused,
                        f"Not collected: {wrong}. It stays in {self.inbound_path}: {name}"]


def foreign(folder: Path, student: str) -> str | None:
    """Why a submission is not that student's own; None if it is.

    A link is told from a folder: its target's owner says nothing about who handed it in.
    """
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        return "it is not a folder"
    owner = account(found.st_uid)
    if owner != student:
        return f"it says that {student} handed it in, but it belongs to {owner}"
    return None


def account(number: int) -> str:
    """The name of an account, or a description where it has none."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"the account with the number {number}"
