"""``casebook course grade``: nbgrader's autograding, fast and safe."""
