"""``casebook course grade``: nbgrader's autograding, fast and with students' code shut in."""
