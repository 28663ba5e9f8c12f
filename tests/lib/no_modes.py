#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""no_modes: runs a command to which, and to whose children, the kernel refuses
chown and chmod, as shares of other machines do.

    no_modes.py COMMAND...

On x86_64 only, as root.
"""
import ctypes
import os
import platform
import struct
import sys

PR_SET_SECCOMP, MODE_FILTER = 22, 2
ALLOW, EPERM = 0x7FFF0000, 0x00050001
AUDIT_ARCH_X86_64 = 0xC000003E
# chmod, fchmod, chown, fchown, lchown, fchownat, fchmodat, fchmodat2
REFUSED = (90, 91, 92, 93, 94, 260, 268, 452)
# BPF: load a word of struct seccomp_data; jump if equal; return.
LOAD, JUMP, RETURN = 0x20, 0x15, 0x06
NR, ARCH = 0, 4


def program():
    """Another architecture's calls have other numbers, and are let through."""
    n = len(REFUSED)
    steps = [(LOAD, 0, 0, ARCH), (JUMP, 0, n + 1, AUDIT_ARCH_X86_64),
             (LOAD, 0, 0, NR)]
    steps += [(JUMP, n - i, 0, nr) for i, nr in enumerate(REFUSED)]
    steps += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, EPERM)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps), len(steps)


def main():
    if platform.machine() != "x86_64":
        sys.exit("no_modes: made for x86_64 only")
    code, steps = program()
    place = ctypes.create_string_buffer(code)
    filters = struct.pack("@HP", steps, ctypes.addressof(place))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, ctypes.c_ulong(MODE_FILTER),
                  ctypes.c_char_p(filters), 0, 0):
        sys.exit("no_modes: seccomp: " + os.strerror(ctypes.get_errno()))
    os.execvp(sys.argv[1], sys.argv[1:])


main()
