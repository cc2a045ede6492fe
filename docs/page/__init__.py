"""Makes ``docs/model.md``, so that the page, the data and the code cannot drift apart."""
