from .table import SubmissionTable


class TestTwoRooms(SubmissionTable):
    assignment = "two-rooms"
