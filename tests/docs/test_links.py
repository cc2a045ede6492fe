"""What people are pointed to from outside the built pages is there; architecture.md tells the arrows."""

import re
from pathlib import Path

import pytest

from tests.test_architecture import MAY, ONLY

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)\s#]+)(?:#([^)\s]+))?\)")
CODE = re.compile(r"(?<![\w./])docs/[\w./-]+\.(?:md|csv|yaml|svg|png)")
SOURCES = [path for folder in ("casebook", "hub", "scripts", "benchmarks", "tests")
           for path in (ROOT / folder).rglob("*")
           if path.is_file() and path.suffix in {"", ".py", ".js", ".md", ".yaml", ".toml"}
           and "__pycache__" not in path.parts]
READMES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "solutions" / "README.md"]


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub and the build make them."""
    found = re.findall(r"^#{1,4} (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in found}


@pytest.mark.parametrize("page", READMES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_of_readmes_lead_to_files_and_headings(page):
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        path = page.parent / target
        assert path.exists(), f"{page.name} links to {target}"
        assert not anchor or anchor in headings(path), f"{page.name} links to {target}#{anchor}"


def test_pages_that_code_and_tests_name_are_there():
    named = {(path, name) for path in SOURCES
             for name in CODE.findall(path.read_text(encoding="utf-8", errors="ignore"))}
    assert len(named) > 10
    missing = [f"{path.relative_to(ROOT)}: {name}" for path, name in sorted(named)
               if not (ROOT / name).exists()]
    assert missing == []


def test_every_page_is_behind_a_door():
    """Sphinx warns of a page that is in no list; this holds the lists to one door for each page."""
    listed = [name for page in DOCS.glob("*.md") for block in re.findall(
        r"```\{toctree\}\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for name in re.findall(r"^(?:.*<)?([\w-]+)>?$", block, flags=re.MULTILINE)]
    assert sorted(listed) == sorted(set(listed))
    assert set(listed) == {page.stem for page in DOCS.glob("*.md")} - {"index"}


def test_pictures_of_the_room_come_in_light_and_dark_and_are_small():
    shown = {name for page in DOCS.glob("*.md") for name in re.findall(
        r"_static/room/([\w-]+\.png)", page.read_text(encoding="utf-8"))}
    made = {path.name: path.stat().st_size for path in (DOCS / "_static" / "room").glob("*.png")}
    assert shown and shown <= set(made)
    assert {name.replace("-light", "-dark") for name in shown if "-light" in name} == {
        name for name in shown if "-dark" in name}
    assert max(made.values()) <= 150_000


def columns(names) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "–"


def test_the_page_about_architecture_tells_the_arrows():
    """A row that is wrong is told as it should be."""
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \| ([^|]+) \|$",
                      (DOCS / "architecture.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    told = {part: tuple(columns(re.findall(r"`(\w+)`", cell)) for cell in cells)
            for part, *cells in rows}
    common = {"errors", "language", "yaml_text", "casebook"}
    true = {part: (columns(may - common), columns(name for name in ONLY if part in ONLY[name]))
            for part, may in MAY.items() if not part.startswith("__")}
    wrong = [f"| `{part}` | ... | {' | '.join(true[part])} |" if part in true else
             f"{part} is no part any more" for part in {**true, **told}
             if told.get(part) != true.get(part)]
    assert wrong == [], "docs/architecture.md should say:\n" + "\n".join(wrong)
