"""The script that makes the pictures says plainly what it cannot find, and keeps within the limit."""

import importlib.util
import io
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest
from PIL import Image

SCRIPT = Path(__file__).parents[2] / "scripts" / "docs-pictures"


@pytest.fixture(scope="module")
def script():
    loader = SourceFileLoader("docs_pictures", str(SCRIPT))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("docs_pictures", loader))
    loader.exec_module(module)
    return module


def png(image):
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def test_a_picture_is_kept_with_fewer_colours(script, tmp_path, capsys):
    script.keep(tmp_path / "one.png", png(Image.linear_gradient("L").resize((400, 300))))
    kept = Image.open(tmp_path / "one.png")
    assert kept.size == (400, 300) and kept.mode == "P"
    assert "one.png: 400 x 300" in capsys.readouterr().out


def test_a_picture_that_stays_too_large_is_refused_and_the_old_one_kept(script, tmp_path):
    (tmp_path / "two.png").write_bytes(b"the old one")
    noise = Image.effect_noise((1200, 1200), 90)
    with pytest.raises(SystemExit, match="two.png has .* bytes even with 16 colours"):
        script.keep(tmp_path / "two.png", png(noise))
    assert (tmp_path / "two.png").read_bytes() == b"the old one"


def test_a_selector_that_matches_nothing_is_named(script):
    class Nothing:
        first = property(lambda self: self)

        def count(self):
            return 0

    class Page:
        def locator(self, selector):
            return Nothing()

    with pytest.raises(SystemExit, match=r"matches '\.cb-end'"):
        script.shot(Page(), ".cb-end", 900)
