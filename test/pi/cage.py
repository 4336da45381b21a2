"""Runs a program as its unit would: no socket of any family, no capability, no new privilege, no core dump.

cage.py PROGRAM ARGUMENT …; where the kernel will not have it so, exit code 77.
"""

import ctypes
import errno
import os
import platform
import resource
import struct
import sys

SHUT = {"x86_64": (0xC000003E, (41, 42, 49, 53)), "aarch64": (0xC00000B7, (198, 203, 200, 199))}
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP = 24, 38, 22
SECCOMP_MODE_FILTER = 2
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000 | errno.EAFNOSUPPORT, 0x80000000


def statement(code, k, yes=0, no=0):
    return struct.pack("HBBI", code, yes, no, k)


def program():
    """socket, connect, bind and socketpair of this machine's own calls are refused; a foreign machine's call kills."""
    machine, calls = SHUT[platform.machine()]
    lines = [statement(0x20, 4), statement(0x15, machine, 1, 0), statement(0x06, KILL), statement(0x20, 0)]
    for index, call in enumerate(calls):
        lines.append(statement(0x15, call, len(calls) - index, 0))
    return lines + [statement(0x06, ALLOW), statement(0x06, REFUSE)]


class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("lines", ctypes.c_char_p)]


def main():
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if os.getuid() == 0:
        for capability in range(64):
            prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    lines = program()
    text = ctypes.create_string_buffer(b"".join(lines))
    given = Filter(len(lines), ctypes.cast(text, ctypes.c_char_p))
    if prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        sys.exit(77)
    if prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(given), 0, 0) != 0:
        sys.exit(77)
    os.execvp(sys.argv[1], sys.argv[1:])


main()
