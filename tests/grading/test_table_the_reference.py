from .table import SubmissionTable


class TestTheReference(SubmissionTable):
    assignment = "the-reference"
