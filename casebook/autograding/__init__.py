"""Autograding that is fast, and hard to talk out of a result."""
