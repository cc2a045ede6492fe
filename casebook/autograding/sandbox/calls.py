"""Which system calls a box goes without: a second wall behind the namespaces.

They make namespaces and mounts, look into other processes, load into Linux, or take memory that
belongs to no process (so that no watch would see it). Sockets are of the four families that a
kernel needs: others, such as those to the host of a virtual machine, know no network namespace.
"""

from __future__ import annotations

import errno
import platform
import struct

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# Numbers on x86_64 and on aarch64.
REFUSED = {
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "fsopen": (430, 430), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsconfig": (431, 431), "fsmount": (432, 432),
    "mount_setattr": (442, 442), "open_by_handle_at": (304, 265),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272), "pidfd_getfd": (438, 438),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "quotactl": (179, 60),
    "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "reboot": (169, 142),
    "shmget": (29, 194), "msgget": (68, 186), "mq_open": (240, 180),
}
# As if Linux did not know them, so that libraries take another way.
UNKNOWN = {
    "clone3": (435, 435), "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
}
CLONE, SOCKET = (56, 220), (41, 198)
ANY_NEW_NAMESPACE = 0x7E020000
FAMILIES = (1, 2, 10, 16)                     # unix, IPv4, IPv6, netlink
OTHER_NUMBERS = 0x40000000                    # x32's, on x86_64

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
ALLOW, ERROR = 0x7FFF0000, 0x00050000


def _step(code: int, value: int, otherwise: int = 0) -> bytes:
    """One instruction; ``otherwise`` is how many to skip where a test fails."""
    return struct.pack("=HBBI", code, 0, otherwise, value)


def _give(number: int) -> bytes:
    return _step(RETURN, ERROR | number)


def _when(number: int, body: list[bytes]) -> list[bytes]:
    return [_step(EQUAL, number, len(body)), *body]


def program(machine: str | None = None) -> bytes | None:
    """The filter as Linux takes it, or None for a processor whose numbers are not known here."""
    machine = machine or platform.machine()
    if machine not in ARCHITECTURES:
        return None
    column = list(ARCHITECTURES).index(machine)
    steps = [_step(LOAD, ARCHITECTURE),
             struct.pack("=HBBI", EQUAL, 1, 0, ARCHITECTURES[machine]), _give(errno.ENOSYS),
             _step(LOAD, NUMBER), _step(AT_LEAST, OTHER_NUMBERS, 1), _give(errno.ENOSYS)]
    for numbers in REFUSED.values():
        steps += _when(numbers[column], [_give(errno.EPERM)])
    for numbers in UNKNOWN.values():
        steps += _when(numbers[column], [_give(errno.ENOSYS)])
    steps += _when(CLONE[column], [
        _step(LOAD, FIRST_ARGUMENT), _step(ANY_BIT, ANY_NEW_NAMESPACE, 1), _give(errno.EPERM),
        _step(RETURN, ALLOW)])
    steps += _when(SOCKET[column], [
        _step(LOAD, FIRST_ARGUMENT),
        *(step for family in FAMILIES for step in (_step(EQUAL, family, 1), _step(RETURN, ALLOW))),
        _give(errno.EAFNOSUPPORT)])
    return b"".join([*steps, _step(RETURN, ALLOW)])
