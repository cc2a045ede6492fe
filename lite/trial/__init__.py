"""The browser-only site in a real browser: ``make lite-test``."""
