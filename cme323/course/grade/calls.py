"""The calls to Linux that no student's code needs, refused by a filter in the kernel.

Each of them would leave something behind, or use what nobody counts:

    keys                 stay in a keyring that the next process has too
    memory as a file     is in no process's account; so are System V's segments
    new namespaces       bring rights in them, and with those much more of the kernel
    leases of files      hold up whoever opens the file, for 45 seconds
    watches of files     tell what other processes read
    odd kinds of socket  lead out of every network, as to a machine's host

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
        "fanotify_init": 300,
        "inotify_init": 253,
        "inotify_init1": 294,
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
        "fanotify_init": 262,
        "inotify_init1": 26,
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
# Of others, what matters is an argument.
CLONE = {"x86_64": 56, "aarch64": 220}
CONTROL_FILE = {"x86_64": 72, "aarch64": 25}  # fcntl
CONTROL_PROCESS = {"x86_64": 157, "aarch64": 167}  # prctl
SOCKET = {"x86_64": 41, "aarch64": 198}
MACHINE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # AUDIT_ARCH_...
OTHER_NUMBERS = 0x40000000  # of x86_64's 32-bit programs
NEW_USER = 1 << 28  # CLONE_NEWUSER
SET_LEASE = 1024  # F_SETLEASE
AT_PARENTS_END = 1  # PR_SET_PDEATHSIG: what ends it with the grader, it must not undo
FAMILIES = (1, 2, 10, 16)  # AF_UNIX, AF_INET, AF_INET6, AF_NETLINK
LOAD, EQUAL, AT_LEAST, HAS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
CALL, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
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
    known = [
        *rule(CLONE[machine], 0, HAS, (NEW_USER,), REFUSE, ALLOW),
        *rule(CONTROL_FILE[machine], 1, EQUAL, (SET_LEASE,), REFUSE, ALLOW),
        *rule(CONTROL_PROCESS[machine], 0, EQUAL, (AT_PARENTS_END,), REFUSE, ALLOW),
        *rule(SOCKET[machine], 0, EQUAL, FAMILIES, ALLOW, REFUSE),
        line(RETURN, ALLOW),
        line(RETURN, REFUSE),
    ]
    end = 3 + len(refused) + len(known)
    lines = [
        line(LOAD, ARCHITECTURE),
        line(EQUAL, MACHINE[machine], 0, end - 2),
        line(LOAD, CALL),
        line(AT_LEAST, OTHER_NUMBERS, end - 4, 0),
    ]
    for number in refused:
        lines.append(line(EQUAL, number, end - len(lines) - 1, 0))
    return [*lines, *known]


def rule(number, argument, test, values, found, otherwise):
    """What a call gets by an argument of it: `found` if a value passes the test."""
    many = len(values)
    lines = [
        line(LOAD, ARGUMENTS + 8 * argument),
        *(line(test, value, many - i, 0) for i, value in enumerate(values)),
        line(RETURN, otherwise),
        line(RETURN, found),
    ]
    return [line(EQUAL, number, 0, len(lines)), *lines]


def line(code, value, then=0, otherwise=0):
    return struct.pack("HBBI", code, then, otherwise, value)
