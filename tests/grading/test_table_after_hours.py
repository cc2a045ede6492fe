from .table import SubmissionTable


class TestAfterHours(SubmissionTable):
    assignment = "after-hours"
