"""The calls to Linux that no student's code needs, refused by a filter in the kernel.

Each of them would leave something behind, or use what nobody counts:

    keys                 stay in a keyring that the next process has too
    memory as a file     is in no process's account; so are System V's segments
    new namespaces       bring rights in them, and with those much more of the kernel

To a program they do not exist, so it takes another way where it has one.

Source: seccomp(2), <linux/filter.h>, <linux/seccomp.h>.
"""

import ctypes
import errno
import os
import struct

REFUSED = {
    "x86_64": {
        "add_key": 248,
        "bpf": 321,
        "clone3": 435,  # hides its flags; the C library then calls clone
        "io_uring_setup": 425,
        "keyctl": 250,
        "memfd_create": 319,
        "memfd_secret": 447,
        "msgget": 68,
        "perf_event_open": 298,
        "request_key": 249,
        "semget": 64,
        "shmget": 29,
        "unshare": 272,
        "userfaultfd": 323,
    },
    "aarch64": {
        "add_key": 217,
        "bpf": 280,
        "clone3": 435,
        "io_uring_setup": 425,
        "keyctl": 219,
        "memfd_create": 279,
        "memfd_secret": 447,
        "msgget": 186,
        "perf_event_open": 241,
        "request_key": 218,
        "semget": 190,
        "shmget": 194,
        "unshare": 97,
        "userfaultfd": 282,
    },
}
CLONE = {"x86_64": 56, "aarch64": 220}
MACHINE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # AUDIT_ARCH_...
OTHER_NUMBERS = 0x40000000  # of x86_64's 32-bit programs
NEW_USER = 1 << 28  # CLONE_NEWUSER
LOAD, EQUAL, AT_LEAST, HAS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
CALL, ARCHITECTURE, FLAGS = 0, 4, 16  # offsets in struct seccomp_data
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.ENOSYS
SECCOMP, FILTER = 22, 2


def refuse(call):
    """From now on, for this process and all that it starts; `call` as namespaces has.

    Nothing on machines whose calls have numbers that we do not know.
    """
    machine = os.uname().machine
    if machine in REFUSED:
        lines = program(machine)
        code = ctypes.create_string_buffer(b"".join(lines))
        header = struct.pack("HxxxxxxP", len(lines), ctypes.addressof(code))
        call("prctl", SECCOMP, FILTER, ctypes.create_string_buffer(header), 0, 0)


def program(machine):
    """The filter, a line for each instruction; its last line refuses."""
    refused = sorted(REFUSED[machine].values())
    end = len(refused) + 8
    lines = [
        line(LOAD, ARCHITECTURE),
        line(EQUAL, MACHINE[machine], 0, end - 2),
        line(LOAD, CALL),
        line(AT_LEAST, OTHER_NUMBERS, end - 4, 0),
    ]
    for number in refused:
        lines.append(line(EQUAL, number, end - len(lines) - 1, 0))
    return [
        *lines,
        line(EQUAL, CLONE[machine], 0, 2),
        line(LOAD, FLAGS),
        line(HAS, NEW_USER, 1, 0),
        line(RETURN, ALLOW),
        line(RETURN, REFUSE),
    ]


def line(code, value, then=0, otherwise=0):
    return struct.pack("HBBI", code, then, otherwise, value)
