"""Stands for the sandbox: the kernel is another process than the one that the parent forked."""

import json
import os


def join(spec, keep):
    if spec.get("fail"):
        os.write(2, spec["fail"].encode() + b"\n")
        os._exit(71)
    pid = os.fork()
    if pid:
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os._exit(code if code >= 0 else 128 - code)
    with open(spec["log"], "w", encoding="utf-8") as log:
        json.dump({**spec, "pid": os.getpid(), "above": os.getppid(), "cwd": os.getcwd()}, log)
