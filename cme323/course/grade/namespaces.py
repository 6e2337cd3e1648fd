"""Linux's namespaces: a view of the machine for one process and all that it starts.

    seclude(...)    this process sees the paths of a view alone, read-only, and an
                    empty folder of its own; what it starts sees no other process
                    and no network
    renew()         inside such a view: an empty folder again, no other process, and
                    a network in which nobody has been
    first()         its own /proc, to be called by the first process
    mask(paths)     nothing is in these files and folders
    surrender()     no more rights, in this namespace either

Then fork: only a new process is the first of a process namespace: with it
all others of it end.

Source: user_namespaces(7), pid_namespaces(7), pivot_root(2), mount_setattr(2).
"""

import ctypes
import os
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL

from cme323.course.grade import calls

# Of <linux/sched.h>, <linux/mount.h> and <linux/prctl.h>.
USER, MOUNTS, PIDS, IPC, NETWORK = 1 << 28, 1 << 17, 1 << 29, 1 << 27, 1 << 30
NO_SUID, NO_DEVICES, NO_PROGRAMS = 2, 4, 8
BIND, RECURSIVE, UNSHARED, DETACH = 1 << 12, 1 << 14, 1 << 18, 2
EMPTY = 1 | NO_SUID | NO_DEVICES | NO_PROGRAMS  # and nothing can be put there
PIVOT_ROOT, MOUNT_SETATTR = {"aarch64": 41}.get(os.uname().machine, 155), 442
HERE, ALL_BELOW = -100, 0x8000  # AT_FDCWD, AT_RECURSIVE
READ_ONLY, NO_SUID_ATTRIBUTE = 1, 2
SET_INTERFACE, UP = 0x8914, 1  # SIOCSIFFLAGS, IFF_UP
NO_NEW_PRIVILEGES, DUMPABLE, SUBREAPER, AT_PARENTS_END = 38, 4, 36, 1
CAPABILITIES = 0x20080522  # version 3 of capset(2)
SPACE = b"size=512m,nr_inodes=65536"
PRIVATE = "/student"  # a folder of its own: the course itself may be in /tmp
NAMES = ("/etc/passwd", "/etc/hosts")
DEVICES = ("null", "zero", "full", "random", "urandom")


def seclude(view, links):
    """Enter new namespaces, where there are only the paths of `view`, these links
    (path, to), and PRIVATE."""
    separate(USER | MOUNTS | PIDS | IPC | NETWORK)
    connect_itself()
    call("mount", None, b"/", None, RECURSIVE | UNSHARED, None)
    temporary("/tmp")
    os.chdir("/tmp")
    os.mkdir("old")
    call("syscall", PIVOT_ROOT, b".", b"old")  # what was at /x is now at /old/x
    for path in (*view, *(f"/dev/{name}" for name in DEVICES)):
        show(path)
    os.mkdir(PRIVATE)
    Path("/etc").mkdir(exist_ok=True)
    for name in NAMES:
        Path(name).touch()
    show_processes()
    for path, to in links:
        os.symlink(to, path)
    call("umount2", b"/old", DETACH)
    os.rmdir("/old")
    lock("/")
    renew_private()


def renew():
    """Enter new namespaces, in which PRIVATE, shared memory and network are empty."""
    # A network counts its packets, and keeps a closed port for a minute.
    separate(USER | MOUNTS | PIDS | IPC | NETWORK)
    connect_itself()
    renew_private()


def renew_private():
    temporary(PRIVATE)
    if os.path.isdir("/dev/shm"):
        temporary("/dev/shm")
    os.chdir(PRIVATE)
    write_names()


def write_names():
    """The user is called student, and there is no other; nor another computer.

    Java asks for both names.
    """
    users = f"student:x:{os.getuid()}:{os.getgid()}::{PRIVATE}:/bin/sh\n"
    computers = f"127.0.0.1 localhost {os.uname().nodename}\n"
    for place, text in zip(NAMES, (users, computers), strict=True):
        known = Path(PRIVATE, "known")
        known.write_text(text)
        call("mount", bytes(known), place.encode(), None, BIND, None)
        lock(place)
        known.unlink()


def separate(kinds):
    """New namespaces of these kinds, with the same user in them."""
    user, group = os.getuid(), os.getgid()
    call("unshare", kinds)
    write("/proc/self/setgroups", "deny")
    write("/proc/self/uid_map", f"{user} {user} 1")
    write("/proc/self/gid_map", f"{group} {group} 1")


def show(path):
    """What the old root has here is here again, read-only."""
    source, place = Path(f"/old{path}"), Path(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    if source.is_symlink():
        place.symlink_to(os.readlink(source))
        return
    place.mkdir() if source.is_dir() else place.touch()
    call("mount", bytes(source), bytes(place), None, BIND | RECURSIVE, None)
    if not path.startswith("/dev/"):
        lock(place)


def lock(place):
    """Nobody writes here any more, nor gets another user's rights."""
    attributes = (ctypes.c_uint64 * 4)(READ_ONLY | NO_SUID_ATTRIBUTE, 0, 0, 0)
    below = 0 if place == "/" else ALL_BELOW
    size = ctypes.sizeof(attributes)
    there = bytes(Path(place))
    call("syscall", MOUNT_SETATTR, HERE, there, below, ctypes.byref(attributes), size)


def mask(paths):
    """An empty folder or file lies over each of these."""
    for path in paths:
        if os.path.isdir(path):
            call("mount", b"tmpfs", bytes(Path(path)), b"tmpfs", EMPTY, None)
        elif os.path.exists(path):
            call("mount", b"/dev/null", bytes(Path(path)), None, BIND, None)


def connect_itself():
    """127.0.0.1 leads to this process's own network, in which there is nothing else."""
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH22x", b"lo", UP)
        fcntl.ioctl(any_socket, SET_INTERFACE, request)


def temporary(place):
    call("mount", b"tmpfs", bytes(Path(place)), b"tmpfs", NO_SUID | NO_DEVICES, SPACE)


def show_processes():
    """The old /proc, without which Linux allows no new one, for `first` to cover."""
    os.mkdir("/proc")
    with suppress(OSError):
        call("mount", b"/old/proc", b"/proc", None, BIND | RECURSIVE, None)


def first(covers=False):
    """To be called by the first process of the new namespace: its own /proc.

    Where the system does not allow one, the old one stays, or goes if it is that of
    the whole machine, which `covers` says. Either is read-only: whoever is root outside
    may set the kernel of the whole machine in /proc/sys, with no rights in here.
    """
    try:
        flags = NO_SUID | NO_DEVICES | NO_PROGRAMS
        call("mount", b"proc", b"/proc", b"proc", flags, None)
    except OSError:
        if covers and os.listdir("/proc"):
            call("umount2", b"/proc", DETACH)
    if os.listdir("/proc"):
        lock("/proc")


def surrender():
    """Give up all rights for good, and the calls with which to win some."""
    call("prctl", NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    header, none = (ctypes.c_uint32 * 2)(CAPABILITIES, 0), (ctypes.c_uint32 * 6)()
    call("capset", ctypes.byref(header), ctypes.byref(none))
    calls.refuse(call)


def hide_memory(hidden=True):
    """No other process of the same user may read or write this one's memory either."""
    call("prctl", DUMPABLE, int(not hidden), 0, 0, 0)


def adopt():
    """What a process below this one leaves behind becomes a child of this one."""
    call("prctl", SUBREAPER, 1, 0, 0, 0)


def end_with_parent():
    """If the parent is killed, this process is too, unless it changes its mind."""
    call("prctl", AT_PARENTS_END, SIGKILL, 0, 0, 0)


def call(name, *arguments):
    """A function of the C library; raises OSError if it fails."""
    function = getattr(ctypes.CDLL(None, use_errno=True), name)
    if function(*arguments) < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def write(path, text):
    with open(path, "w") as stream:
        stream.write(text)


def main(kind):
    """Try it: exit status 0 if a process can be kept in here."""
    from cme323.course.grade.masks import masked
    from cme323.course.grade.sandbox import linked, visible

    if os.fork() == 0:  # a process with threads may not; numpy may have started some
        renew() if kind == "bubblewrap" else seclude(visible(), linked())
        mask(masked(()))
        if os.fork() == 0:
            first(covers=kind == "namespaces")
            surrender()
            os._exit(0 if os.getpid() == 1 else 1)
        os._exit(exit_code())
    sys.exit(exit_code())


def exit_code():
    """That of the only child."""
    return abs(os.waitstatus_to_exitcode(os.wait()[1]))
