from .table import SubmissionTable


class TestGreenDashboard(SubmissionTable):
    assignment = "green-dashboard"
