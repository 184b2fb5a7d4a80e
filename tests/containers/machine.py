# SPDX-License-Identifier: Apache-2.0
"""Debian machines in a folder: commands in namespaces of their own, and systemd booted in systemd-nspawn.

They share the host's network, loopback included, so that a registry or a server of a test is reached from inside, and
what listens inside from the test.
"""
import pathlib
import shutil
import subprocess

from engine import run, wait_until

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ENTER = """
mount -t proc proc "$0/proc" && mount -t tmpfs tmpfs "$0/run" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"
"""


def extract(tar, tree):
    """A machine from the base: nothing in it starts by itself while packages are installed."""
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    run("tar", "-xpf", tar, "-C", tree)
    (tree / "etc/resolv.conf").write_bytes(pathlib.Path("/etc/resolv.conf").read_bytes())
    (tree / "etc/hosts").write_text("127.0.0.1 localhost\n")
    return tree


def inside(tree, *command, **options):
    """Runs a command as root in the tree; every process and mount it leaves ends with it."""
    return run("unshare", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child", "sh", "-c", ENTER, tree,
               "env", "-i", f"PATH={PATH}", "HOME=/root", "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", *command, **options)


def install(tree, *packages):
    policy = tree / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    inside(tree, "apt-get", "update", "-qq")
    inside(tree, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)
    policy.unlink()


class Booted:
    """systemd as the first process of a tree. Nothing in it waits for an address: the network is the host's."""

    def __init__(self, tree, *options):
        self.tree, self.options, self.process, self.leader = tree, options, None, None
        for unit in ("networking.service", "systemd-networkd-wait-online.service"):
            link = tree / "etc/systemd/system" / unit
            if not link.is_symlink():
                link.symlink_to("/dev/null")

    def __enter__(self):
        self.log = open(self.tree / "var/log/boot.log", "wb")  # noqa: SIM115 - closed in __exit__
        self.process = subprocess.Popen(["systemd-nspawn", "--quiet", "--directory", str(self.tree), "--register=no", "--keep-unit",
                                         "--boot", *self.options], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.leader = wait_until(self.find_leader, "the machine to boot")
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()  # nspawn passes it on as the signal that powers systemd off
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()

    def find_leader(self):
        if self.process.poll() is not None:
            raise AssertionError("the machine did not boot:\n" + self.console())
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            if pathlib.Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                return child
        return None

    def console(self):
        return (self.tree / "var/log/boot.log").read_text(errors="replace")[-3000:]

    def __call__(self, *command, **options):
        """A command in the running machine."""
        return run("nsenter", "--target", self.leader, "--mount", "--uts", "--ipc", "--pid", "--cgroup", "--root", "--wd=/",
                   "env", "-i", f"PATH={PATH}", *command, **options)

    def state(self, unit, name="ActiveState"):
        return self("systemctl", "show", "--value", "-p", name, unit, check=False).stdout.strip()
