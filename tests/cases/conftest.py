"""The papers that every test of a case's figures reads, from the ``PAPERS`` of its module."""

import pytest
import yaml


@pytest.fixture(scope="module")
def case(request) -> dict:
    """The plain values of the case."""
    return yaml.safe_load((request.module.PAPERS.folder / "case.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def project(case) -> dict:
    """Its contract and plan."""
    return case["project"]


@pytest.fixture(scope="module")
def contract(request) -> str:
    """The pages from its contract."""
    return request.module.PAPERS.page("exhibits/contract.md")


@pytest.fixture(scope="module")
def emails(request) -> str:
    """Its e-mails."""
    return request.module.PAPERS.page("exhibits/emails.md")


@pytest.fixture(scope="module")
def reading(request) -> str:
    """Its reading."""
    return request.module.PAPERS.page("reading.md")


@pytest.fixture(scope="module")
def teaching_note(request) -> str:
    """Its teaching note."""
    return request.module.PAPERS.page("teaching-note.md")
