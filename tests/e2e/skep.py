# SPDX-License-Identifier: Apache-2.0
"""The real server as a child process, for the end-to-end tests, the browser tests and the benchmarks."""
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
ZONES = ("UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati", "Europe/Zurich")
PATIENCE_S = 60  # far beyond what any condition here takes on a busy machine


def binary():
    path = pathlib.Path(os.environ.get("SKEP_BINARY", ROOT / "build/release/src/app/skep"))
    if not path.exists():
        raise FileNotFoundError(f"{path} is not built; run script/build")
    return path


def environment():
    """What the server runs with: a random time zone, and the engine where set-up put it."""
    return {"SKEP_CHDB_LIB": str(ROOT / "build/engine/libchdb.so"), **os.environ, "TZ": random.choice(ZONES)}


def wait_until(condition, what, timeout_s=PATIENCE_S):
    """Asks `condition` until it is true and returns what it gave; fails with `what` and the last answer."""
    deadline = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout_s} s for {what}; last seen: {value!r}")
        time.sleep(0.05)


def somebody_listens(address):
    """Whether there is a server at HOST:PORT. A connection to a free port may be given that very port to come from, and then meets
    itself."""
    host, port = address.rsplit(":", 1)
    try:
        with socket.create_connection((host, int(port)), timeout=1) as probe:
            return probe.getsockname() != probe.getpeername()
    except OSError:
        return False


def joiner_gave_up(server):
    """Whether nothing more will be joined: the joiner looks at nothing for longer than 30 s after it came; lines wait for the
    longest request besides."""
    rows = server.sql("SELECT dateDiff('second', max(ingest_time), now64(9)) FROM events WHERE signal != 'join' AND signal != 'metric'")
    return int(rows[0][0]) > 35


def fill(folder):
    """Writes a file until its disk is full; to be unlinked when there shall be room again."""
    filler = folder / "filler"
    with open(filler, "wb", buffering=0) as out:
        try:
            while out.write(bytes(1 << 20)) == 1 << 20:
                pass
        except OSError:
            pass
    return filler


class Server:
    """`skep serve` on free ports. A second start() listens on the same ports as the first, as a restarted server does."""

    def __init__(self, folder, *arguments, prefix=()):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.arguments = list(arguments)
        self.prefix = list(prefix)  # e.g. taskset
        self.log_path = self.folder / "server.log"
        self.addresses = {}
        self.process = None

    def start(self):
        address_file = self.folder / "addresses.json"
        address_file.unlink(missing_ok=True)
        listen = []
        for option, name in (("--http", "http"), ("--otlp-http", "otlp_http"), ("--otlp-grpc", "otlp_grpc"),
                             ("--xray", "xray_udp"), ("--clickhouse", "clickhouse")):
            if option not in self.arguments:
                listen += [option, self.addresses.get(name, "127.0.0.1:0").split("://")[-1]]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, str(binary()), "serve", "--data", str(self.folder / "data"), "--address-file",
                 str(address_file), *listen, *self.arguments], stdout=log, stderr=log, env=environment())
        wait_until(lambda: address_file.exists() or self.process.poll() is not None, "the server to listen")
        if self.process.poll() is not None:
            raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.log_tail()}")
        self.addresses = json.loads(address_file.read_text())
        return self

    def stop(self, timeout_s=PATIENCE_S):
        """Ctrl-C: graceful. Returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=timeout_s)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def restart(self):
        self.kill()
        return self.start()

    def log_tail(self, lines=40):
        return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-lines:])

    @property
    def http(self):
        return self.addresses["http"]

    def request(self, method, path, body=None, headers=None):
        """(status, headers, body) of one HTTP exchange; statuses of errors are answers, too."""
        request = urllib.request.Request(self.http + path, data=body, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
                return response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()

    def get(self, path, **parameters):
        """The JSON that the page's API answers."""
        query = urllib.parse.urlencode({name: str(value) for name, value in parameters.items()})
        status, _, body = self.request("GET", path + ("?" + query if query else ""))
        if status != 200:
            raise AssertionError(f"GET {path}: {status} {body[:500]!r}")
        return json.loads(body)

    def sql(self, query):
        """Rows of a query over `events` by the ClickHouse interface, everything acknowledged included."""
        request = urllib.request.Request(self.addresses["clickhouse"] + "/?default_format=JSONCompactEachRow",
                                         data=query.encode(), method="POST")
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
                return [json.loads(line) for line in response.read().splitlines()]
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(f"{query}: {error.read()[:500]!r}") from None

    def counters(self, door):
        return next(entry for entry in self.get("/api/ui/status")["doors"] if entry["door"] == door)
