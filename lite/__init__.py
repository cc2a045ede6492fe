"""The browser-only build: the lessons in a static site, with Python in the reader's browser."""
