# SPDX-License-Identifier: Apache-2.0
"""script/bench query: one question at a time over spans that were just sent, by the page's API where it has the question and by SQL
over the ClickHouse interface; wall time and CPU time of the server."""
import http.client
import statistics
import tempfile
import time
import urllib.parse

from bench_server import MeasuredServer, keep, send_load, table

USER = "attributes.`app.user_handle`.:String"
SPANS = "FROM events WHERE project = 'default' AND signal = 'span'"


class Asker:
    def __init__(self, server, address):
        url = urllib.parse.urlsplit(server.addresses[address])
        self.connection = http.client.HTTPConnection(url.hostname, url.port, timeout=120)

    def ask(self, method, path, body=None):
        """Milliseconds and size of the answer."""
        begin = time.perf_counter()
        self.connection.request(method, path, body)
        response = self.connection.getresponse()
        answer = response.read()
        ms = (time.perf_counter() - begin) * 1000
        if response.status != 200:
            raise SystemExit(f"{method} {path} {body}: {response.status} {answer[:300]!r}")
        return ms, len(answer)


def measure(server, name, asks, ask):
    asked = [ask(each) for each in asks[:2]]  # warm
    cpu = server.cpu_s()
    asked = [ask(each) for each in asks]
    cpu = server.cpu_s() - cpu
    ms = sorted(each[0] for each in asked)
    return {"name": name, "times": len(ms), "p50_ms": statistics.median(ms), "p99_ms": ms[int(len(ms) * 0.99)],
            "cpu_ms": 1000 * cpu / len(ms), "answer_bytes": round(statistics.mean(each[1] for each in asked))}


def questions(server):
    """(name, "ui" or "sql", what to ask one after the other)."""
    ids = [row[0] for row in server.sql(
        f"SELECT lower(hex(trace_id)) {SPANS} AND cityHash64(span_id) % 1000 = 7 GROUP BY trace_id ORDER BY cityHash64(trace_id) "
        "LIMIT 200")]
    first, last = server.sql("SELECT toUnixTimestamp64Nano(min(time)), toUnixTimestamp64Nano(max(time)) + 1 FROM events")[0]
    newest = "ORDER BY time DESC LIMIT 20"
    columns = "SELECT time, duration_ns, dataset, name, hex(trace_id), toJSONString(attributes)"
    users = [f"user-{number:05}" for number in range(0, 1000, 125)]
    lists = [("service + user, newest 20", [f"service = orders-service AND app.user_handle = {user}" for user in users],
              [f"{columns} {SPANS} AND dataset = 'orders-service' AND {USER} = '{user}' {newest}" for user in users]),
             ("service + status 500, newest 20", ["service = orders-service AND status = 500"] * 8,
              [f"{columns} {SPANS} AND dataset = 'orders-service' AND attributes.`http.response.status_code`.:Int64 = 500 "
               f"{newest}"] * 8)]
    yield "trace by id", "ui", [f"/api/ui/traces/{trace_id}?fresh=0" for trace_id in ids]
    yield "trace by id", "sql", [f"{columns} FROM events WHERE trace_id = unhex('{trace_id}')" for trace_id in ids]
    for name, filters, statements in lists:
        yield name, "ui", ["/api/ui/requests?" + urllib.parse.urlencode(
            {"filter": each, "limit": 20, "fresh": 0, "from": first, "to": last}) for each in filters]
        yield name, "sql", statements
    by_user = f"SELECT {USER} AS user, count() AS n"
    yield "count by user, top 100", "sql", [f"{by_user} {SPANS} GROUP BY user ORDER BY n DESC LIMIT 100"] * 5
    yield "count + exact p95 by user, top 100", "sql", [
        f"{by_user}, quantileExact(0.95)(duration_ns) {SPANS} GROUP BY user ORDER BY n DESC LIMIT 100"] * 5
    yield "count + exact p95 by route", "sql", [
        f"SELECT attributes.`http.route`.:String AS route, count() AS n, quantileExact(0.95)(duration_ns) {SPANS} "
        "GROUP BY route ORDER BY n DESC"] * 5


def run(options):
    with tempfile.TemporaryDirectory(prefix="skep-bench-", dir=options.folder) as folder:
        server = MeasuredServer(folder).start()
        try:
            cpu = server.cpu_s()
            load = send_load("--count", options.count, "--port", server.port("otlp_http"))
            per_cpu_s = load["accepted"] / (server.settle() - cpu)
            print(f"{load['accepted']:,} spans stored, {per_cpu_s:,.0f} per CPU-second settled", flush=True)
            has_page = server.request("GET", "/api/ui/status")[0] == 200
            results = []
            for name, by, asks in questions(server):
                if by == "ui" and not has_page:
                    continue
                asker = Asker(server, "http" if by == "ui" else "clickhouse")  # idle ones are closed
                ask = (lambda path, to=asker: to.ask("GET", path)) if by == "ui" else \
                    (lambda query, to=asker: to.ask("POST", "/", query.encode()))
                results.append(measure(server, f"{name} ({by})", asks, ask))
                print(f"{name} ({by}) done", flush=True)
            memory, store = server.memory_mb(), server.store()
        finally:
            server.stop()
    table(("question", "times", "p50 ms", "p99 ms", "CPU ms", "bytes"),
          [(r["name"], r["times"], f"{r['p50_ms']:.1f}", f"{r['p99_ms']:.1f}", f"{r['cpu_ms']:.1f}", r["answer_bytes"])
           for r in results])
    keep("query", {"load": load, "per_cpu_s_settled": per_cpu_s, "store": store, "memory_mb": memory, "questions": results})
