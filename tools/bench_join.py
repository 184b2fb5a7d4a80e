# SPDX-License-Identifier: Apache-2.0
"""script/bench join: the sample app as it comes, with its four SDKs, judged by the user handle that each created activity's span and
subsegment both carry and the joiner never looks at."""
import sys
import tempfile
import time

from bench_server import ROOT, MeasuredServer, keep, table

sys.path.insert(0, str(ROOT / "examples/flask"))
import traffic  # noqa: E402

JOINED_MAX_S = 120
OTLP_USER = "attributes.`app.user_handle`.:String"
XRAY_USER = "attributes.`annotation.user_handle`.:String"


def judge(server):
    """(found, wrong, asked): segments of created activities joined to the trace of their own request, or to another's; all of them."""
    spans = {user: trace for user, trace in server.sql(
        f"SELECT {OTLP_USER}, lower(hex(trace_id)) FROM events WHERE door = 'otlp' AND signal = 'span' AND {OTLP_USER} != ''")}
    segments = {user: trace for user, trace in server.sql(
        f"SELECT {XRAY_USER}, lower(hex(trace_id)) FROM events WHERE door = 'xray' AND {XRAY_USER} != ''")}
    joined = {}
    for host, guest in server.sql("SELECT lower(hex(trace_id)), attributes.`join.trace_id`.:String FROM events "
                                  "WHERE signal = 'join' AND attributes.`join.role`.:String = 'host' "
                                  "AND attributes.`join.door`.:String = 'xray'"):
        joined.setdefault(guest, set()).add(host)
    both = spans.keys() & segments.keys()
    found = sum(spans[user] in joined.get(segments[user], ()) for user in both)
    wrong = sum(bool(joined.get(segments[user], set()) - {spans[user]}) for user in both)
    return found, wrong, len(both)


def judge_until_still(server):
    """The joiner waits for what could compete: asks until nothing has changed for ten seconds."""
    verdict, since = judge(server), time.monotonic()
    deadline = since + JOINED_MAX_S
    while time.monotonic() < deadline and time.monotonic() - since < 10:
        time.sleep(1)
        now = judge(server)
        if now != verdict:
            verdict, since = now, time.monotonic()
    return verdict


def run(options):
    results = []
    for clients in map(int, options.clients.split(",")):
        with tempfile.TemporaryDirectory(prefix="skep-bench-", dir=options.folder) as folder:
            server = MeasuredServer(folder)
            server.prefix = []  # the app needs its share of both cores
            server.start()
            try:
                app = traffic.SampleApp(server.addresses, "none", log_file=f"{folder}/app.log")
                try:
                    driver = traffic.Driver(app.port, unique_users=True, only_create=True)
                    driver.run(options.requests, clients)
                finally:
                    app.stop()
                found, wrong, asked = judge_until_still(server)
            finally:
                server.stop()
        results.append({"clients": clients, "requests": options.requests, "judged": asked, "found": found, "wrong": wrong})
        print(f"{clients} clients done", flush=True)
    table(("clients", "requests", "judged", "found", "%", "wrong"),
          [(r["clients"], r["requests"], r["judged"], r["found"], f"{100 * r['found'] / max(r['judged'], 1):.2f}", r["wrong"])
           for r in results])
    keep("join", results)
    if any(r["wrong"] for r in results):
        raise SystemExit("there are wrong joins")
