from .table import SubmissionTable


class TestRoles(SubmissionTable):
    assignment = "roles"
