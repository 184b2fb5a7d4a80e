# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the end-to-end tests: the real server binary on free ports, and the sample app sending to it."""
import importlib.util
import signal
import subprocess
import sys

import pytest

from skep import ROOT, Server

TRAFFIC = ROOT / "examples/flask/traffic.py"
# A shell lets what it runs in the background ignore SIGINT, and all below it would: programs that tests stop by it.
signal.signal(signal.SIGINT, signal.default_int_handler)


def load_traffic():
    """examples/flask/traffic.py as a module: it runs the sample app and makes requests."""
    if "traffic" not in sys.modules:
        spec = importlib.util.spec_from_file_location("traffic", TRAFFIC)
        module = importlib.util.module_from_spec(spec)
        sys.modules["traffic"] = module
        spec.loader.exec_module(module)
    return sys.modules["traffic"]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    outcome = yield
    report = outcome.get_result()
    server = item.funcargs.get("server") if hasattr(item, "funcargs") else None
    if report.failed and isinstance(server, Server) and server.log_path.exists():
        report.sections.append(("the server's log", server.log_tail()))


@pytest.fixture
def make_server(tmp_path_factory):
    """make_server(*arguments): a server of its own, stopped after the test."""
    servers = []

    def make(*arguments, **options):
        server = Server(tmp_path_factory.mktemp("skep"), *arguments, **options)
        servers.append(server)
        return server.start()

    yield make
    for server in servers:
        if server.process.poll() is None:
            server.kill()


@pytest.fixture
def server(make_server):
    """A fresh server: .addresses, .get(path), .sql(query), .kill(), .restart(), .stop()."""
    return make_server()


@pytest.fixture(scope="session")
def traffic():
    return load_traffic()


@pytest.fixture
def small_disk(tmp_path):
    """The folder of a file system of 192 MB, so that a test can fill it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=192m", "tmpfs", str(folder)], capture_output=True,
                             text=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"cannot mount a small file system here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
