"""Markdown to HTML that is safe to put into a page: no raw HTML, no images from elsewhere."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=1)
def _renderer():
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


@lru_cache(maxsize=512)
def html(text: str) -> str:
    """``text`` as HTML. The same text is rendered once."""
    return _renderer().render(text)
