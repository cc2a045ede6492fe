"""A JupyterLab and a page for each test. A missing browser is a failure here, never a skip."""

import pytest
from playwright.sync_api import sync_playwright

from .lab import chromium, running_lab, visiting


@pytest.fixture(scope="session")
def playwright():
    chromium()
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    home = tmp_path_factory.mktemp("light")
    (home / "work").mkdir()
    with running_lab(home, home / "work") as running:
        yield running


@pytest.fixture(scope="session")
def dark_lab(tmp_path_factory):
    home = tmp_path_factory.mktemp("dark")
    (home / "work").mkdir()
    with running_lab(home, home / "work", "JupyterLab Dark") as running:
        yield running


@pytest.fixture
def visitor(playwright):
    with visiting(playwright) as page:
        yield page
        assert page.foreign == [], "the page asked another host"
