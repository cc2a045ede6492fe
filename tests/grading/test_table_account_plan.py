from .table import SubmissionTable


class TestAccountPlan(SubmissionTable):
    assignment = "account-plan"
