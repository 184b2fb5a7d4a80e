#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""own_network.py COMMAND [ARGUMENT...]: runs a command in a network of its own that has loopback and nothing else.

Every port is free there, and nobody else takes one between a test's looking for it and using it, or while a server restarts.
So tests run side by side as if each had the machine. Takes root, or a kernel that lets users make namespaces; exits 125 with
the reason where neither is so.
"""
import ctypes
import fcntl
import os
import pathlib
import socket
import struct
import sys

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1


def unshare(flags):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(flags) != 0:
        number = ctypes.get_errno()
        raise OSError(number, "no network of its own: " + os.strerror(number))


def leave():
    """Leaves the network of the machine; the user stays who it is."""
    if os.geteuid() == 0:
        unshare(CLONE_NEWNET)
        return
    user, group = os.geteuid(), os.getegid()
    unshare(CLONE_NEWUSER | CLONE_NEWNET)
    own = pathlib.Path("/proc/self")
    (own / "uid_map").write_text(f"{user} {user} 1")
    (own / "setgroups").write_text("deny")
    (own / "gid_map").write_text(f"{group} {group} 1")


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH22x", b"lo", 0)
        name, flags = struct.unpack("16sH22x", fcntl.ioctl(any_socket, SIOCGIFFLAGS, request))
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH22x", name, flags | IFF_UP))


def main():
    try:
        leave()
        raise_loopback()
    except OSError as error:
        print(error, file=sys.stderr)
        sys.exit(125)
    os.execvp(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    main()
