"""Markdown to HTML that is safe to put into a page: no raw HTML, no images from elsewhere."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=1)
def _renderer():
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


@lru_cache(maxsize=512)
def html(text: str) -> str:
    """``text`` as HTML. The same text is rendered once."""
    return _renderer().render(text)


def plain(text: str) -> str:
    """Markdown without its marks, in one line."""
    bare = re.sub(r"\*\*|__|(?<!\w)[*_]|[*_](?!\w)|`|^#+ ", "", text, flags=re.M)
    return " ".join(bare.split())
