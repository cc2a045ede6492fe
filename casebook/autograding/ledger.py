"""The gradebook of a run: opened once, and changed by one transaction a submission.

nbgrader opens its gradebook nine times a submission and commits after each cell. That is most of
its own time, and a crash in between leaves a submission half graded. Here the same code of nbgrader
is handed one open gradebook, whose commits wait for the end of the submission.
"""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Iterator
from typing import Any

from nbgrader import api
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, OperationalError, SAWarning
from sqlalchemy.orm import Session

from casebook.grading.gradebook import plainly

LOCK_SECONDS = 30   # how long a gradebook that somebody else writes to is waited for


class _OneTransaction(Session):
    """A session whose commits are only said when the whole submission is done."""

    broken = False

    def commit(self) -> None:
        self.flush()

    def rollback(self) -> None:
        # nbgrader rolls back after a conflict and goes on; the rest must not be kept without it.
        self.broken = True
        super().rollback()

    def settle(self) -> None:
        """Commit for good, or refuse if part of it was rolled back."""
        if self.broken:
            self.broken = False
            raise IntegrityError("a submission", {}, Exception("part of it was refused"))
        super().commit()


class _Open(api.Gradebook):
    """A gradebook over a session that is open already; closing it only forgets what was read."""

    def __init__(self, session: Session, course_id: str):
        self.engine = session.get_bind()
        self.db = session
        self.authenticator = None
        self.check_course(course_id)
        self.course_id = course_id

    def close(self) -> None:
        # As after nbgrader's own closing, the next reader sees sums that were made anew.
        self.db.flush()
        self.db.expire_all()


class _Materials(api.Gradebook):
    """What the assignment is made of, the same for every student: each thing is looked up once."""

    def __init__(self, session: Session):
        self.engine = session.get_bind()
        self.db = session
        self.authenticator = None
        self.course_id = ""
        self._known: dict[tuple, Any] = {}

    def close(self) -> None:
        """Nothing: it stays open for the run."""

    def _once(self, what: str, *names: str) -> Any:
        if (what, *names) not in self._known:
            self._known[(what, *names)] = getattr(super(), what)(*names)
        return self._known[(what, *names)]

    def find_notebook(self, *names: str) -> Any:
        return self._once("find_notebook", *names)

    def find_source_cell(self, *names: str) -> Any:
        return self._once("find_source_cell", *names)

    def find_graded_cell(self, *names: str) -> Any:
        return self._once("find_graded_cell", *names)


class Ledger:
    """The gradebook, for the one process that writes to it.

    Parameters
    ----------
    db_url : str
        As ``CourseDirectory.db_url``, with an absolute path.
    course_id : str
        The course; made if the gradebook has none of this name, as nbgrader does.

    Raises
    ------
    CasebookError
        From every use: if the gradebook is locked for longer than `LOCK_SECONDS`, read-only, or
        cannot be reached.
    """

    def __init__(self, db_url: str, course_id: str):
        self.db_url = db_url
        self.course_id = course_id
        with plainly(db_url):
            sqlite = make_url(db_url).get_backend_name() == "sqlite"
            self._engine = create_engine(
                db_url, connect_args={"timeout": LOCK_SECONDS} if sqlite else {})
            # Makes the tables of a new gradebook.
            api.Gradebook(db_url, course_id).close()
            self._session = _OneTransaction(bind=self._engine, autoflush=True)
            self._reading = Session(bind=self._engine.execution_options(
                isolation_level="AUTOCOMMIT"), autoflush=False)
            self._materials = _Materials(self._reading)
            self._see_that_it_can_be_written()

    def _see_that_it_can_be_written(self) -> None:
        """A gradebook that nobody can write to is told before an hour of grading."""
        with self._engine.connect() as connection:
            if self._engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.execute(text("UPDATE course SET id = id WHERE 1 = 0"))
            connection.rollback()

    @contextlib.contextmanager
    def materials(self) -> Iterator[api.Gradebook]:
        """Let nbgrader's code read the assignment; nothing is written."""
        with plainly(self.db_url), _in_place_of_gradebook(self.db_url, lambda _: self._materials):
            yield self._materials

    @contextlib.contextmanager
    def submission(self) -> Iterator[api.Gradebook]:
        """Let nbgrader's code write one submission: all of it is kept, or nothing."""
        def opened(course_id: str) -> api.Gradebook:
            self._session.expire_all()
            return _Open(self._session, course_id)

        with plainly(self.db_url), _without_notes():
            try:
                with _in_place_of_gradebook(self.db_url, opened):
                    yield opened(self.course_id)
                self._session.settle()
            except BaseException as error:
                self._session.rollback()
                self._session.broken = False
                if isinstance(error, api.InvalidEntry) and isinstance(
                        error.__context__, OperationalError):
                    raise error.__context__ from None     # locked, say: no doing of the entry
                raise
            finally:
                self._session.expunge_all()

    def close(self) -> None:
        """Close the gradebook."""
        self._session.close()
        self._reading.close()
        self._engine.dispose()


@contextlib.contextmanager
def _without_notes() -> Iterator[None]:
    """nbgrader makes a submission before it enters it, which SQLAlchemy remarks on every time."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        yield


@contextlib.contextmanager
def _in_place_of_gradebook(db_url: str, opened) -> Iterator[None]:
    """Hand out an open gradebook wherever code names nbgrader's class to open this one."""
    stock = api.Gradebook

    def gradebook(url: str, course_id: str = "default_course", authenticator: Any = None):
        if url != db_url:
            return stock(url, course_id, authenticator)
        return opened(course_id)

    # A course's own preprocessors name it too; a second writer would wait for the first for ever.
    places = [module for module in list(sys.modules.values())
              if getattr(module, "__dict__", {}).get("Gradebook") is stock]
    for module in places:
        module.Gradebook = gradebook
    try:
        yield
    finally:
        for module in places:
            module.Gradebook = stock
