# SPDX-License-Identifier: Apache-2.0
"""BubbleUp for script/bench query: every field of those that took longer than 200 ms of the newest million spans against the rest, as
the page asks it, and when its first part is there."""
import http.client
import json
import statistics
import time
import urllib.parse

TIMES = 5
SPANS = 1_000_000


def exchange(connection, method, path, body=None):
    connection.request(method, path, body)
    response = connection.getresponse()
    answer = response.read()
    if response.status != 200:
        raise SystemExit(f"{method} {path}: {response.status} {answer[:300]!r}")
    return json.loads(answer), len(answer)


def bubble_up(connection, body):
    """Milliseconds until the first part, until all of it; its size and how many fields."""
    begin = time.perf_counter()
    run, size = exchange(connection, "POST", "/api/ui/explore/bubbleups?wait_ms=2000", json.dumps(body))
    first = None
    while True:
        now = (time.perf_counter() - begin) * 1000
        first = first or (now if "result" in run else None)
        if run["state"] == "failed":
            raise SystemExit(f"BubbleUp: {run['error']}")
        if run["state"] == "done":
            return first, now, size, run["result"]["fields_total"]
        run, size = exchange(connection, "GET", f"/api/ui/explore/bubbleups/{run['id']}?wait_ms=2000&steps={run['steps']}")


def measure_bubbleup(server):
    newest = f"SELECT time FROM events WHERE project = 'default' AND signal = 'span' ORDER BY time DESC LIMIT {SPANS}"
    first, last = map(int, server.sql(f"SELECT toUnixTimestamp(min(time)), toUnixTimestamp(max(time)) + 1 FROM ({newest})")[0])
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(server.addresses["http"]).netloc, timeout=120)
    asks = [{"query": {"start_time": first, "end_time": last + i}, "selection": {"column": "duration_ms", "low": 200}}
            for i in range(TIMES)]
    bubble_up(connection, asks[0])  # warm
    cpu = server.cpu_s()
    asked = [bubble_up(connection, each) for each in asks]
    cpu = (server.cpu_s() - cpu) * 1000 / TIMES
    return [{"name": f"BubbleUp, {what} (skep)", "times": TIMES, "p50_ms": statistics.median(ms), "p99_ms": max(ms), "cpu_ms": cpu,
             "answer_bytes": asked[-1][2]}
            for what, ms in ((f"first fields of {asked[0][3]}", [each[0] for each in asked]), ("every field", [each[1] for each in asked]))]
