#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the browser tests: run.py [--junit FILE] [TEST-FILE...]

Starts the servers that the files name: EMPTY_ADDRESSES, one that nothing was sent to, for the set-up page; FILLED_ADDRESSES,
one that the sample app filled through all four doors; HOSTILE_ADDRESSES, one for what nobody means well with. Then node's own
test runner drives Chromium (tests/browser/*.test.mjs).
Files of one run share their servers, one after another; script/test gives each file a run of its own.
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
from skep import Server, joiner_gave_up, wait_until  # noqa: E402

REQUESTS = 150
TRAFFIC = ROOT / "examples/flask/traffic.py"


def python():
    """The locked environment, which has the sample app's SDKs."""
    locked = ROOT / "build/venv/bin/python"
    return str(locked if locked.exists() else sys.executable)


def doors_of(request):
    return {door["door"] for door in request["doors"]}


def four_doors(server):
    """The first failed request that came through all four doors, once the list of requests changes no more: everything is
    joined, or given up. What Rollbar's client posts is traced, too, by one door alone."""
    requests = [request for request in server.get("/api/ui/requests", limit=1000)["requests"]
                if request.get("route") != "/api/1/item/"]
    if not all({"otlp", "xray", "cloudwatch"} <= doors_of(request) for request in requests) and not joiner_gave_up(server):
        return None
    return next((request for request in requests if request.get("status_code") == 500 and len(doors_of(request)) == 4), None)


def fill(server):
    subprocess.run([python(), str(TRAFFIC), "--addresses", str(server.folder / "addresses.json"), "--requests",
                    str(REQUESTS)], check=True, timeout=300, env={**os.environ, "APP_DELAY_MS": "10-100"})
    return wait_until(lambda: four_doors(server), "a request of four doors")["trace_id"]


def environment_for(servers):
    """What the tests find their servers by."""
    variables = {}
    for name, server in servers.items():
        variables[name] = str(server.start().folder / "addresses.json")
        if name == "FILLED_ADDRESSES":
            variables["FOUR_DOORS"] = fill(server)
    return variables


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
        source = "".join(test.read_text() for test in tests)
        servers = {name: Server(pathlib.Path(folder) / name.lower())
                   for name in ("EMPTY_ADDRESSES", "FILLED_ADDRESSES", "HOSTILE_ADDRESSES") if name in source}
        try:
            environment = {
                **os.environ,
                "PATH": f"{ROOT / 'build/venv/bin'}:{os.environ['PATH']}",
                "PYTHON": python(),
                **environment_for(servers),
            }
            command = ["node", "--test", "--test-concurrency=1", *reporters, *map(str, tests)]
            code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
            if code != 0:
                for server in servers.values():
                    print(f"-- {server.folder.name} server's log\n{server.log_tail()}")
            return code
        finally:
            for server in servers.values():
                if server.process is not None and server.process.poll() is None:
                    server.kill()


if __name__ == "__main__":
    sys.exit(main())
