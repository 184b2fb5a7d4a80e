# SPDX-License-Identifier: Apache-2.0
"""The Debian package in a fresh Debian 12: installs by apt alone, serves by hand, and as a service once systemd boots."""
import json
import shutil
import urllib.request

import pytest

from engine import WORK, run, wait_until
from machine import Booted, extract, inside, install
from test_compose import free_ports


def page(port, path="/api/ui/status"):
    """(status, body) of what the server answers, or None while it does not."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
            return response.status, response.read()
    except OSError:
        return None


@pytest.fixture(scope="module")
def installed(workshop):
    """A fresh Debian with the package in it, brought by apt with what it depends on."""
    package = workshop.package.result()
    tree = extract(workshop.base_tar.result(), WORK / "installed")
    shutil.copy(package, tree / "tmp/skep.deb")
    install(tree, "/tmp/skep.deb")
    (tree / "tmp/skep.deb").unlink()
    return tree


def test_what_the_package_says(workshop):
    package = workshop.package.result()
    fields = run("dpkg-deb", "--show", "--showformat=${Package} ${Architecture} ${Version}\n${Depends}", package).stdout
    assert fields.startswith("skep amd64 0.1.0\n") and "libssl3" in fields and "libc6" in fields
    names = [line.split()[-1] for line in run("dpkg-deb", "--contents", package).stdout.splitlines()]
    for name in ("./lib/systemd/system/skep.service", "./etc/default/skep", "./usr/lib/skep/libchdb.so", "./usr/share/doc/skep/copyright"):
        assert name in names
    assert run("dpkg-deb", "--info", package, "conffiles").stdout == "/etc/default/skep\n"


def test_it_serves_by_hand(installed):
    assert inside(installed, "skep", "--version").stdout.startswith("skep ")
    port = free_ports(1)[0]
    script = f"""
        skep serve --data /tmp/data --http 127.0.0.1:{port} --otlp-http off --otlp-grpc off --xray off --address-file /tmp/up &
        until [ -s /tmp/up ] || ! kill -0 $!; do sleep 0.1; done
        curl --fail --silent http://127.0.0.1:{port}/api/ui/status && kill -INT $! && wait $!"""
    install(installed, "curl")
    assert json.loads(inside(installed, "sh", "-c", script).stdout)["version"]


def test_it_is_a_service_that_survives_and_keeps_to_itself(installed):
    install(installed, "systemd-sysv", "dbus")
    port = free_ports(1)[0]
    others = "--otlp-http off --otlp-grpc off --xray off"
    (installed / "etc/default/skep").write_text(f'SKEP_OPTIONS="--http 127.0.0.1:{port} {others}"\n')
    verified = inside(installed, "systemd-analyze", "verify", "/lib/systemd/system/skep.service")
    assert not verified.stderr.strip(), verified.stderr
    with Booted(installed) as machine:
        wait_until(lambda: page(port), "the service to answer", timeout_s=180)
        assert page(port, "/")[1].lstrip().lower().startswith(b"<!doctype html")
        assert machine.state("skep.service") == "active"
        first = machine.state("skep.service", "MainPID")
        # Whoever it runs as is made for it, and owns what it keeps.
        assert machine("stat", "-c", "%U", f"/proc/{first}").stdout.strip() not in ("root", "")
        assert machine("sh", "-c", "ls /var/lib/private/skep").stdout.strip()
        machine("sh", "-c", f"kill -KILL {first}")
        wait_until(lambda: machine.state("skep.service", "MainPID") not in ("0", first) and page(port), "a second start")
        body = json.dumps([{"data": {"name": "kept"}}]).encode()
        urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/1/batch/kept", body, {
            "x-honeycomb-team": "any", "content-type": "application/json"}), timeout=30).close()
        exposure = machine("systemd-analyze", "security", "--no-pager", "skep.service").stdout.splitlines()[-1]
        assert float(exposure.split(":")[1].split()[0]) < 2.0, exposure
        machine("apt-get", "remove", "-y", "skep", timeout=120)
        assert page(port) is None
        assert machine("sh", "-c", "ls /var/lib/private/skep").stdout.strip(), "what it kept is the user's"
    assert not (installed / "usr/lib/skep").exists()
