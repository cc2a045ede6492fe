"""Warm kernels: forked from one process that has imported what assignments import.

``parent`` is that process, ``record`` notes in it what every import brings along, ``child`` makes a
fork of it a kernel, and ``preload`` lets that kernel import as if nothing had been there.
``process`` starts the parent from a grader, ``manager`` and ``provisioner`` give its kernels to
nbgrader. A kernel of one's own, in the same place and state as a cold one, for a tenth of the time.
"""
