"""Assessment with nbgrader: checks in the student's notebook, the course around it, grades out.

``checks`` is what a notebook calls. Nothing in it needs nbgrader, so that a student who only has
the casebook can work; what touches nbgrader stands in modules of its own.
"""
