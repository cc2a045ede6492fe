from .table import SubmissionTable


class TestThreeSponsors(SubmissionTable):
    assignment = "three-sponsors"
