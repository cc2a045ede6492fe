from .table import SubmissionTable


class TestSecondQuestion(SubmissionTable):
    assignment = "second-question"
