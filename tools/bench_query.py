# SPDX-License-Identifier: Apache-2.0
"""script/bench query: one question at a time over stored spans, each as Skep answers it (the page's API) and as bare SQL of the same
question over the ClickHouse interface; wall time and CPU time of the server, which has all cores here."""
import http.client
import json
import pathlib
import re
import statistics
import tempfile
import time
import urllib.parse

from bench_bubbleup import measure_bubbleup
from bench_server import MeasuredServer, keep, send_load, table

USER = "attributes.`app.user_handle`.:String"
SPANS = "FROM events WHERE project = 'default' AND signal = 'span'"
RUN = re.compile(rb'\{"id":"(?P<id>\w+)","state":"(?P<state>\w+)"')  # how the answer begins; all of it takes long to parse
PROMOTION_S = 12  # the server looks every 5 s which attributes were scanned


class Asker:
    def __init__(self, server, address):
        self.page = address == "http"
        url = urllib.parse.urlsplit(server.addresses[address])
        self.connection = http.client.HTTPConnection(url.hostname, url.port, timeout=120)

    def exchange(self, method, path, body=None):
        self.connection.request(method, path, body)
        response = self.connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise SystemExit(f"{method} {path} {body}: {response.status} {answer[:300]!r}")
        return answer

    def ask(self, question):
        """Milliseconds and size of the answer to a path, to SQL, or to a query (a dict)."""
        begin = time.perf_counter()
        if isinstance(question, dict):
            answer = self.run(question)
        elif question.startswith("/"):
            answer = self.exchange("GET", question)
        else:
            answer = self.exchange("POST", "/", question.encode())
        return (time.perf_counter() - begin) * 1000, len(answer)

    def run(self, query):
        body = {"query": query, "wait_ms": 2000, "remember": False, "fresh": False}
        answer = self.exchange("POST", "/api/ui/explore/runs", json.dumps(body))
        while (run := RUN.match(answer))["state"] in (b"waiting", b"running"):
            answer = self.exchange("GET", f"/api/ui/explore/runs/{run['id'].decode()}?wait_ms=2000")
        if run["state"] != b"done":
            raise SystemExit(f"{query}: {answer[:300]!r}")
        return answer


def engine_ms(server):
    """What the engine took so far for the page, as it says itself; what this very request asks it among that."""
    return json.loads(server.request("GET", "/api/ui/status")[2])["store"].get("query_ms", 0.0)


def measure(server, name, asks, asker):
    """Over all asks; of the page's own questions each with the engine's time and what we add to it."""
    asked = [asker.ask(each) for each in asks[:2]]  # warm
    asked, cpu, engine = [], 0.0, []
    for each in asks:
        earlier = engine_ms(server)
        before = engine_ms(server)
        cpu_before = server.cpu_s()
        asked.append(asker.ask(each))
        cpu += server.cpu_s() - cpu_before
        engine.append(engine_ms(server) - before - (before - earlier))
    ms = sorted(each[0] for each in asked)
    measured = {"name": name, "times": len(ms), "p50_ms": statistics.median(ms), "p99_ms": ms[int(len(ms) * 0.99)],
                "cpu_ms": 1000 * cpu / len(ms), "answer_bytes": round(statistics.mean(each[1] for each in asked))}
    if asker.page:
        measured["engine_p50_ms"] = statistics.median(engine)
        measured["own_p50_ms"] = statistics.median(whole[0] - part for whole, part in zip(asked, engine))
    return measured


def list_questions(first, last):
    newest = "ORDER BY time DESC LIMIT 20"
    columns = "SELECT time, duration_ns, dataset, name, hex(trace_id), toJSONString(attributes)"
    entry = "AND (parent_id = toFixedString('', 8) OR kind = 'server')"
    users = [f"user-{number:05}" for number in range(0, 1000, 125)]
    service = "dataset = 'orders-service'"
    lists = [("service + user", [f"service = orders-service AND app.user_handle = {user}" for user in users],
              [f"{service} AND {USER} = '{user}'" for user in users]),
             ("service + status 500", ["service = orders-service AND status = 500"] * 8,
              [f"{service} AND attributes.`http.response.status_code`.:Int64 = 500"] * 8),
             ("user", [f"app.user_handle = {user}" for user in users], [f"{USER} = '{user}'" for user in users]),
             ("nobody", ["app.user_handle = nobody"] * 4, [f"{USER} = 'nobody'"] * 4)]
    for name, filters, conditions in lists:
        yield f"{name}, newest 20", [
            "/api/ui/requests?" + urllib.parse.urlencode({"filter": each, "limit": 20, "fresh": 0, "from": first, "to": last})
            for each in filters], [f"{columns} {SPANS} {entry} AND {each} {newest}" for each in conditions]


def explore_questions(first, last):
    """Aggregates, in the words of the query engine and in SQL. The range ends a second later each time: no answer is kept."""
    start, end = first // 10**9, last // 10**9 + 1
    spans = {"column": "meta.signal_type", "op": "=", "value": "trace"}
    user = {"column": "app.user_handle", "op": "exists"}

    def queries(calculations, breakdowns=(), orders=(), filters=()):
        return [{"start_time": start, "end_time": end + i, "calculations": calculations, "breakdowns": list(breakdowns),
                 "orders": list(orders), "filters": [spans, *filters], "limit": 100} for i in range(5)]
    count, p95 = {"op": "COUNT"}, {"op": "P95", "column": "duration_ms"}
    most = [{"op": "COUNT", "order": "descending"}]
    by_user = f"SELECT {USER} AS user, count() AS n"
    yield "count by user, top 100", queries([count], ["app.user_handle"], most, [user]), [
        f"{by_user} {SPANS} AND user IS NOT NULL GROUP BY user ORDER BY n DESC LIMIT 100"] * 5
    yield "count + exact p95 by user, top 100", queries([count, p95], ["app.user_handle"], most, [user]), [
        f"{by_user}, quantileExact(0.95)(duration_ns) {SPANS} AND user IS NOT NULL GROUP BY user ORDER BY n DESC LIMIT 100"] * 5
    yield "count + exact p95 by route", queries([count, p95], ["http.route"], most), [
        f"SELECT attributes.`http.route`.:String AS route, count() AS n, quantileExact(0.95)(duration_ns) {SPANS} "
        "GROUP BY route ORDER BY n DESC LIMIT 100"] * 5
    yield "heatmap of the duration", queries([{"op": "HEATMAP", "column": "duration_ms"}]), [
        "SELECT intDiv(toUnixTimestamp64Nano(time), 60000000000) AS minute, toInt16(log2(duration_ns) * 4) AS bucket, count() "
        f"{SPANS} GROUP BY minute, bucket"] * 5


def questions(server, explores):
    """(name, how the page asks it, the same in SQL)."""
    ids = [row[0] for row in server.sql(
        f"SELECT lower(hex(trace_id)) {SPANS} AND cityHash64(span_id) % 1000 = 7 GROUP BY trace_id ORDER BY cityHash64(trace_id) "
        "LIMIT 200")]
    first, last = map(int, server.sql("SELECT toUnixTimestamp64Nano(min(time)), toUnixTimestamp64Nano(max(time)) + 1 FROM events")[0])
    columns = "SELECT time, duration_ns, dataset, name, hex(trace_id), toJSONString(attributes)"
    yield "trace by id", [f"/api/ui/traces/{trace_id}?fresh=0" for trace_id in ids], [
        f"{columns} FROM events WHERE project = 'default' AND trace_id = unhex('{trace_id}')" for trace_id in ids]
    yield from list_questions(first, last)
    for name, queries, statements in explore_questions(first, last):
        yield name, queries if explores else [], statements


def fill(server, count):
    cpu = server.cpu_s()
    load = send_load("--count", count, "--port", server.port("otlp_http"))
    per_cpu_s = load["accepted"] / (server.settle() - cpu)
    print(f"{load['accepted']:,} spans stored, {per_cpu_s:,.0f} per CPU-second settled", flush=True)
    return {"load": load, "per_cpu_s_settled": per_cpu_s}


def ask_all(server):
    """The questions one after the other; a first pass, not counted, tells the store what is much asked."""
    explores = server.request("GET", "/api/ui/explore/history")[0] == 200
    results = []
    for counted in (False, True):
        for name, paths, statements in questions(server, explores):
            for by, asks in (("skep", paths), ("sql", statements)):
                asker = Asker(server, "http" if by == "skep" else "clickhouse")  # idle ones are closed
                if asks and not counted:
                    asker.ask(asks[0])
                elif asks:
                    results.append(measure(server, f"{name} ({by})", asks, asker))
                    print(f"{name} ({by}) done", flush=True)
        if not counted:
            time.sleep(PROMOTION_S)
            server.settle()
    return results


def run(options):
    with tempfile.TemporaryDirectory(prefix="skep-bench-", dir=options.folder) as folder:
        kept = pathlib.Path(options.data) if options.data else None
        server = MeasuredServer(kept or folder)
        server.prefix = []
        server.start()
        try:
            filled = {} if server.rows() else fill(server, options.count)
            results = ask_all(server)
            results += measure_bubbleup(server)
            memory, store = server.memory_mb(), server.store()
            columns = [row[0] for row in server.sql(
                "SELECT name FROM system.columns WHERE table = 'events' AND position(name, ':') > 0")]
        finally:
            server.stop()
    print(f"{store['rows']:,} rows; attributes with a column of their own: {', '.join(columns) or 'none'}")
    table(("question", "times", "p50 ms", "p99 ms", "CPU ms", "engine ms", "own ms", "bytes"),
          [(r["name"], r["times"], f"{r['p50_ms']:.1f}", f"{r['p99_ms']:.1f}", f"{r['cpu_ms']:.1f}",
            *(f"{r[key]:.1f}" if key in r else "" for key in ("engine_p50_ms", "own_p50_ms")), r["answer_bytes"])
           for r in results])
    keep("query", {**filled, "store": store, "memory_mb": memory, "promoted": columns, "questions": results})
