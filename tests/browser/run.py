#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the browser tests: run.py [--junit FILE] [TEST-FILE...]

Starts two servers: one that nothing was sent to, for the set-up page, and one that the sample app filled through all four
doors. Then node's own test runner drives Chromium (tests/browser/*.test.mjs); states.test.mjs brings its own answers.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests/e2e"))
from skep import Server, wait_until  # noqa: E402

REQUESTS = 150
TRAFFIC = ROOT / "examples/flask/traffic.py"


def python():
    """The locked environment, which has the sample app's SDKs."""
    locked = ROOT / "build/venv/bin/python"
    return str(locked if locked.exists() else sys.executable)


def four_doors(server):
    """The first failed request that came through all four doors, once everything is joined."""
    answer = server.get("/api/ui/requests", filter="status = 500", limit=100)
    return next((request for request in answer["requests"] if len({door["door"] for door in request["doors"]}) == 4), None)


def fill(server):
    subprocess.run([python(), str(TRAFFIC), "--addresses", str(server.folder / "addresses.json"), "--requests",
                    str(REQUESTS)], check=True, timeout=300)
    return wait_until(lambda: four_doors(server), "a request of four doors")["trace_id"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--junit", type=pathlib.Path)
    parser.add_argument("tests", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout"]
    if options.junit:
        reporters += ["--test-reporter=junit", f"--test-reporter-destination={options.junit.resolve()}"]
    tests = options.tests or sorted(HERE.glob("*.test.mjs"))
    with tempfile.TemporaryDirectory(prefix="skep-browser-") as folder:
        servers = [Server(pathlib.Path(folder) / name) for name in ("empty", "filled")]
        try:
            empty, filled = (server.start() for server in servers)
            environment = {
                **os.environ,
                "PATH": f"{ROOT / 'build/venv/bin'}:{os.environ['PATH']}",
                "PYTHON": python(),
                "EMPTY_ADDRESSES": str(empty.folder / "addresses.json"),
                "FILLED_ADDRESSES": str(filled.folder / "addresses.json"),
                "FOUR_DOORS": fill(filled),
            }
            command = ["node", "--test", "--test-concurrency=1", *reporters, *map(str, tests)]
            code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
            if code != 0:
                for server in servers:
                    print(f"-- {server.folder.name} server's log\n{server.log_tail()}")
            return code
        finally:
            for server in servers:
                if server.process is not None and server.process.poll() is None:
                    server.kill()


if __name__ == "__main__":
    sys.exit(main())
