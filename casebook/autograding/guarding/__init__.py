"""A student's kernel asked, around each test, whether it is still what it was (``execute``)."""
