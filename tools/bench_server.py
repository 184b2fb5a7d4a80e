# SPDX-License-Identifier: Apache-2.0
"""The server under measurement: pinned to the first core, its CPU time and memory read from /proc, its rows and bytes by SQL."""
import json
import os
import pathlib
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/e2e"))
os.environ.setdefault("SKEP_BINARY", str(ROOT / "build/bench/src/app/skep"))
import skep  # noqa: E402

LOAD = ROOT / "build/bench/bench/load/skep_load"
SERVER_CORE, LOAD_CORE = "0", "1"
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
CALM_S = 3  # of next to no CPU time, with no merge running
CALM_SHARE = 0.03
SETTLE_MAX_S = 600


class MeasuredServer(skep.Server):
    def __init__(self, folder):
        super().__init__(folder, prefix=("taskset", "-c", SERVER_CORE) if os.cpu_count() > 1 else ())

    def cpu_s(self):
        """User and system time of the process so far."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * TICK_S

    def memory_mb(self):
        """Peak and present resident memory, and the part that is not mapped files."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        kb = {line.split(":")[0]: int(line.split()[1]) for line in status.splitlines()
              if line.startswith(("VmHWM", "VmRSS", "RssAnon"))}
        return {"peak": kb["VmHWM"] / 1024, "now": kb["VmRSS"] / 1024, "anonymous": kb["RssAnon"] / 1024}

    def port(self, name):
        return int(self.addresses[name].rsplit(":", 1)[1])

    def number(self, query):
        return int(self.sql(query)[0][0])

    def rows(self):
        return self.number("SELECT count() FROM events")

    def store(self):
        bytes_on_disk, rows, parts = self.sql(
            "SELECT sum(bytes_on_disk), sum(rows), count() FROM system.parts WHERE active AND table = 'events'")[0]
        return {"bytes_on_disk": int(bytes_on_disk), "rows": int(rows), "parts": int(parts)}

    def settle(self):
        """Waits until no merge runs and the process is idle; returns the CPU time at the start of that calm."""
        deadline = time.monotonic() + SETTLE_MAX_S
        calm_since, calm_cpu_s = time.monotonic(), self.cpu_s()
        while time.monotonic() < deadline:
            time.sleep(0.5)
            merging = self.number("SELECT count() FROM system.merges") != 0
            now, cpu_s = time.monotonic(), self.cpu_s()
            if merging or cpu_s - calm_cpu_s > CALM_SHARE * max(now - calm_since, 1):
                calm_since, calm_cpu_s = now, cpu_s
            elif now - calm_since >= CALM_S:
                return calm_cpu_s
        raise SystemExit(f"the server did not settle within {SETTLE_MAX_S} s")


class AnonymousPeak:
    """The highest anonymous memory seen while it is entered, five times a second."""

    def __init__(self, server):
        self.server, self.mb, self.stop = server, 0.0, threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        while not self.stop.wait(0.2):
            self.mb = max(self.mb, self.server.memory_mb()["anonymous"])

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


def send_load(*arguments):
    """Runs skep_load on the other core; what it measured."""
    prefix = ["taskset", "-c", LOAD_CORE] if os.cpu_count() > 1 else []
    done = subprocess.run([*prefix, str(LOAD), "--json", *map(str, arguments)], capture_output=True, text=True)
    if not done.stdout:
        raise SystemExit(f"skep_load: {done.stderr}")
    return json.loads(done.stdout)


def commit():
    def git(*arguments):
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "--untracked-files=no") else "")


def keep(what, results):
    """Writes the raw figures to bench/results, with the commit and the machine they are of."""
    model = next((line.split(":")[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), "unknown")
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    path = ROOT / "bench/results" / f"{stamp}-{what}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"what": what, "commit": commit(), "time": stamp, "cpu": model, "cores": os.cpu_count(),
                                "load_average": os.getloadavg()[0], "results": results}, indent=1) + "\n")
    print(f"kept as {path.relative_to(ROOT)}")


def table(head, rows):
    """Prints columns, the first to the left and numbers to the right."""
    lines = [head, *rows]
    widths = [max(len(str(line[i])) for line in lines) for i in range(len(head))]
    for line in lines:
        print("  ".join(str(cell).rjust(width) if i else str(cell).ljust(width)
                        for i, (cell, width) in enumerate(zip(line, widths))))
