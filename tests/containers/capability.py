# SPDX-License-Identifier: Apache-2.0
"""What these tests need of the machine, tried one by one: a reason to skip is always one that a command gave here."""
import os
import subprocess
import tempfile

OVERLAY = """
set -e
mkdir -p "$0/lower" "$0/upper" "$0/work" "$0/merged"
mount -t tmpfs tmpfs "$0"
mkdir -p "$0/lower" "$0/upper" "$0/work" "$0/merged"
mount -t overlay overlay -o "lowerdir=$0/lower,upperdir=$0/upper,workdir=$0/work" "$0/merged"
"""


def refusal(*command):
    """What the command said when it failed; None when it did not."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except FileNotFoundError as error:
        return str(error)
    return None if done.returncode == 0 else (done.stderr.strip() or f"exit {done.returncode}")


def missing():
    """Why containers cannot run here, or None. A tool that is not installed is no reason: script/setup installs it."""
    if os.getuid() != 0:
        return "not root: engine, mounts and machines need it"
    with tempfile.TemporaryDirectory() as folder:
        tries = {
            "namespaces of its own": ("unshare", "--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "true"),
            "a /proc in a namespace": ("unshare", "--mount", "--pid", "--fork", "mount", "-t", "proc", "proc", "/proc"),
            "an overlay file system": ("unshare", "--mount", "sh", "-c", OVERLAY, folder),
            "a bridge's packet filter": ("unshare", "--net", "iptables", "-t", "nat", "-N", "TRY"),
        }
        for what, command in tries.items():
            said = refusal(*command)
            if said is not None:
                return f"this machine does not allow {what}: {said}"
    return None
