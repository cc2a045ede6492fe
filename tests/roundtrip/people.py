"""The class of the round trip: twelve students, what each hands in, and the marks given by hand."""

import csv
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mark:
    """Points by hand, and a comment on the memo."""

    memo: float
    reflection: float
    comment: str = ""


@dataclass(frozen=True)
class Student:
    """A line of the class list, and what becomes of it.

    ``managers`` play the attempts that are handed in, in order. ``late`` is in hours after the due date.
    ``left_out`` are answers not given, ``wrong`` reading questions answered wrongly. ``state`` is anything
    else that is out of order: see ``desk.py``.
    """

    id: str
    first_name: str
    last_name: str
    managers: tuple = ("trust-first",)
    mark: Mark | None = None
    player: str = ""
    state: str = ""
    late: float = -20.0
    left_out: tuple = ()
    wrong: tuple = ()
    lost: dict = field(default_factory=dict)      # test cells without points: the reason in the feedback

    @property
    def email(self):
        return f"{self.id}@School.example"

    @property
    def listed(self):
        """The name as nbgrader lists it."""
        return f"{self.last_name}, {self.first_name}"

    @property
    def plays_as(self):
        return self.player or self.id

    @property
    def handed_in(self):
        return self.state != "nothing"


PLAY = ("play_finished", "play_decisions", "analysis_1_test", "analysis_2_test", "analysis_3_test", "whatif_test")
MEMO = ("memo",)
NO_PLAY = "No play of Two Rooms lies beside this notebook"
EMPTY = "You have not answered this yet"

CLASS = (
    # Three that are marked in the formgrader.
    Student("s01", "Zoë", "O'Brien, Zoë", mark=Mark(13.5, 1.5, "Clear advice. Say *who* pays for week 30, and <b>when</b>.")),
    Student("s02", "Jürgen", "Müller", ("politician",), Mark(9, 2, "Zu lang: 400 Wörter genügen. “Kürzen!”")),
    Student("s03", "晨", "陈", ("sell-first",), Mark(16, 0), wrong=("reading_1", "reading_2"),
            lost={"reading_1_test": "is not the answer that the case supports best",
                  "reading_2_test": "is not the answer that the case supports best"}),
    # The others.
    Student("s04", "Anna", "Müller", ("coach", "sell-first"), Mark(12.25, 1)),
    Student("s05", "Ludwig", "van der Berg, Jr.", ("entrepreneur",), Mark(11, 1.5), late=30.0),
    Student("s06", "Aïssatou", "N'Diaye", ("friend",), Mark(8, 2), player="nachteule"),
    Student("s07", "Ola", "Łukasiewicz", (), state="untouched",
            lost=dict.fromkeys(("reading_1_test", "own_1_test"), EMPTY) | dict.fromkeys(PLAY, NO_PLAY)),
    Student("s08", 'Eva "Evi"', "Sørensen", (), Mark(10, 1),
            lost=dict.fromkeys(PLAY, NO_PLAY)),
    Student("s09", "José", "García-Núñez", (), Mark(7, 0.5), state="foreign play",
            lost=dict.fromkeys(PLAY, "was played by 's01', not by 's09'")),
    Student("s10", "Tom", "Fischer", ("marketer",), Mark(0, 1), state="half a play", left_out=MEMO,
            lost={"play_decisions": "Decisions are compared once the play is over"}),
    Student("s11", "Mia", "Nothing", (), state="nothing"),
    Student("s12", "Noor", "el-Amin; the third", ("balanced",), Mark(14, 1.5), state="copied cell"),
)
BY_ID = {one.id: one for one in CLASS}
#: Who handed in the first assignment too, and the marks for it.
ROLES = {"s01": Mark(5.5, 2), "s06": Mark(3, 1), "s10": Mark(6, 0.5)}
#: Those whose marks are typed into the formgrader in a browser, where there is one.
TYPED = ("s01", "s02", "s03")


def write_class_list(path):
    """The class list as a school's system writes it: CSV in UTF-8 with a mark."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("student_id", "first_name", "last_name", "email", "player"))
        rows.writerows((one.id, one.first_name, one.last_name, one.email, one.player) for one in CLASS)
    return path
