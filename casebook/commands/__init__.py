"""Commands that are more than a call: each module adds its own to the command line.

Nothing heavy is imported before a command runs.
"""
