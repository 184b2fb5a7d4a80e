#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One connection of the emulated machine, on standard input and output, relayed to HOST PORT: relay.py HOST PORT."""
import os
import socket
import sys
import threading


def pump_out(connection):
    while data := os.read(0, 65536):
        connection.sendall(data)
    connection.shutdown(socket.SHUT_WR)


def main():
    with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as connection:
        threading.Thread(target=pump_out, args=(connection,), daemon=True).start()
        while data := connection.recv(65536):
            while data:
                data = data[os.write(1, data):]


if __name__ == "__main__":
    main()
