#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One request to an instance metadata service, on standard input and output, as qemu's guestfwd hands a connection over.

  metadata.py USER_DATA LOG      what was asked, and the status, is a line of LOG

Knows as much of IMDS (versions 1 and 2) as cloud-init's EC2 data source asks for.
"""
import pathlib
import sys

MAC = "52:54:00:12:34:56"
DATA = {
    "ami-id": "ami-00000000000000001",
    "hostname": "ip-169-254-0-15",
    "instance-id": "i-0123456789abcdef0",
    "instance-type": "t3.micro",
    "local-hostname": "ip-169-254-0-15",
    "local-ipv4": "169.254.0.15",
    "network": {"interfaces": {"macs": {MAC: {"device-number": "0", "local-ipv4s": "169.254.0.15", "mac": MAC}}}},
    "placement": {"availability-zone": "eu-west-1a", "region": "eu-west-1"},
}
IDENTITY = '{"region": "eu-west-1", "instanceId": "i-0123456789abcdef0"}'


def look_up(words):
    """The text under a path of meta-data: a value, or the names in a folder; None where there is nothing."""
    node = DATA
    for word in words:
        node = node.get(word) if isinstance(node, dict) else None
    if isinstance(node, dict):
        return "\n".join(name + ("/" if isinstance(value, dict) else "") for name, value in node.items())
    return node


def answer(method, path, user_data):
    version, _, rest = path.strip("/").partition("/")
    words = [word for word in rest.split("/") if word]
    if rest == "api/token":
        return "a-token" if method == "PUT" else None
    if words[:1] == ["user-data"]:
        return user_data.read_text()
    if words[:1] == ["meta-data"]:
        return look_up(words[1:])
    if words[:2] == ["dynamic", "instance-identity"]:
        return IDENTITY if words[2:] == ["document"] else "document"
    return "meta-data\nuser-data\ndynamic" if version and not words else None


def main():
    user_data, log = map(pathlib.Path, sys.argv[1:3])
    method, path = sys.stdin.readline().split()[:2]
    while sys.stdin.readline().strip():
        pass
    body = answer(method, path, user_data)
    status = "404 Not Found" if body is None else "200 OK"
    with open(log, "a") as out:
        out.write(f"{method} {path} {status[:3]}\n")
    content = (body or "").encode()
    head = (f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\nContent-Type: text/plain\r\n"
            "X-aws-ec2-metadata-token-ttl-seconds: 21600\r\nConnection: close\r\n\r\n")
    sys.stdout.buffer.write(head.encode() + content)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
