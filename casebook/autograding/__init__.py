"""Autograding: nbgrader's own results, sooner and in safety."""
