# SPDX-License-Identifier: Apache-2.0
"""A span that comes more than once, in whatever way, counts once and is shown once."""
import collections
import json
import time

import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from skep import wait_until
from test_otlp import exporter_for

KEY = {"x-honeycomb-team": "hcaik_testkey0000000000", "content-type": "application/json"}
SPANS = 8


def made_spans():
    """Finished spans of the service `shop`, each with an event."""
    memory = InMemorySpanExporter()
    provider = TracerProvider(resource=Resource.create({"service.name": "shop"}))
    provider.add_span_processor(SimpleSpanProcessor(memory))
    with provider.get_tracer("e2e").start_as_current_span("root"):
        for number in range(SPANS - 1):
            with provider.get_tracer("e2e").start_as_current_span(f"part {number}") as span:
                span.add_event("note")
    return memory.get_finished_spans()


def export(server, protocol, spans):
    exporter = exporter_for(server, protocol)
    assert exporter.export(spans) == SpanExportResult.SUCCESS
    exporter.shutdown()


def counted(server, annotation="", dataset="shop"):
    """How many rows of a trace Explore counts: spans, or with `span_event` their events."""
    op = {"op": "=", "value": annotation} if annotation else {"op": "does-not-exist"}
    now = int(time.time())
    query = {"calculations": [{"op": "COUNT"}], "start_time": now - 3600, "end_time": now + 60, "filters": [
        {"column": "meta.annotation_type", **op}, {"column": "trace.trace_id", "op": "exists"}]}
    body = json.dumps({"dataset": dataset, "query": query, "wait_ms": 2000, "remember": False}).encode()
    _, _, answer = server.request("POST", "/api/ui/explore/runs", body, {"content-type": "application/json"})
    run = json.loads(answer)

    def done():
        nonlocal run
        if run["state"] not in ("done", "failed"):
            run = server.get(f"/api/ui/explore/runs/{run['id']}", wait_ms=1000)
        return run["state"] in ("done", "failed")

    wait_until(done, "the query to end")
    return run["result"]["data"]["results"][0]["data"]["COUNT"]


def shown(server, spans):
    """How many spans and events the page's trace has, by door."""
    rows = server.get(f"/api/ui/traces/{spans[0].context.trace_id:032x}")["rows"]
    return collections.Counter((row["door"], row["kind"]) for row in rows)


def as_honeycomb(span, **more):
    """The span as libhoney sends one."""
    parent = {"trace.parent_id": f"{span.parent.span_id:016x}"} if span.parent else {}
    return {"time": span.start_time / 1e9, "data": {
        "name": span.name, "trace.trace_id": f"{span.context.trace_id:032x}", "trace.span_id": f"{span.context.span_id:016x}",
        "duration_ms": (span.end_time - span.start_time) / 1e6, **parent, **more}}


def send_honeycomb(server, spans, dataset="shop"):
    body = json.dumps([as_honeycomb(span) for span in spans]).encode()
    status, _, answer = server.request("POST", "/1/batch/" + dataset, body, KEY)
    assert (status, {entry["status"] for entry in json.loads(answer)}) == (200, {202})


def test_a_lost_answer_and_a_batch_cut_anew(server):
    spans = made_spans()
    export(server, "http", spans)
    export(server, "http", spans)  # the same bytes: the request is known
    export(server, "http", spans[3:])  # other bytes, the same spans
    assert server.counters("otlp")["duplicates"] == 1
    assert counted(server) == SPANS
    assert counted(server, "span_event") == SPANS - 1
    assert shown(server, spans) == {("otlp", "span"): SPANS, ("otlp", "event"): SPANS - 1}
    # They are there, as what they are.
    assert server.sql("SELECT toString(signal), count() FROM events GROUP BY signal ORDER BY signal") == [
        ["span", SPANS], ["span_event", SPANS - 1], ["repeat", 2 * (SPANS - 3) - 1]]


@pytest.mark.parametrize("first, second", [("http", "grpc"), ("grpc", "http")])
def test_over_http_and_grpc(server, first, second):
    spans = made_spans()
    export(server, first, spans)
    export(server, second, spans)
    assert counted(server) == SPANS
    assert shown(server, spans) == {("otlp", "span"): SPANS, ("otlp", "event"): SPANS - 1}


def test_by_honeycombs_events_and_otlp(server):
    spans = made_spans()
    send_honeycomb(server, spans[:4])
    export(server, "http", spans)
    send_honeycomb(server, spans)
    assert counted(server) == SPANS
    assert counted(server, dataset="__all__") == SPANS
    # A trace has each door's own.
    assert shown(server, spans) == {("otlp", "span"): SPANS, ("honeycomb", "span"): SPANS, ("otlp", "event"): SPANS - 1}
    [request] = server.get("/api/ui/requests")["requests"]
    assert {share["door"]: share["spans"] for share in request["doors"]} == {"otlp": SPANS, "honeycomb": SPANS}


def test_a_dataset_has_all_its_spans(server):
    """As at Honeycomb, what is sent to two datasets is in both."""
    spans = made_spans()
    export(server, "http", spans)
    send_honeycomb(server, spans, "mirror")
    send_honeycomb(server, spans, "mirror")
    assert counted(server) == counted(server, dataset="mirror") == SPANS


def test_a_segment_in_progress_and_finished(server):
    now = time.time()
    inner = {"name": "query", "id": "00000000000000b1", "start_time": now, "end_time": now + 0.5}
    segment = {"name": "shop", "id": "00000000000000a1", "trace_id": f"1-{int(now):08x}-000000000000000000000001",
               "start_time": now, "subsegments": [inner]}

    def put(document):
        body = json.dumps({"TraceSegmentDocuments": [json.dumps(document)]}).encode()
        status, _, answer = server.request("POST", "/TraceSegments", body, {"content-type": "application/json"})
        assert (status, json.loads(answer)["UnprocessedTraceSegments"]) == (200, [])

    put({**segment, "in_progress": True})
    assert counted(server) == 1  # the inner one is finished
    put({**segment, "end_time": now + 1})
    assert counted(server) == 2
    put({**segment, "end_time": now + 1, "origin": "again"})
    assert counted(server) == 2
    trace = server.get(f"/api/ui/traces/{int(now):08x}000000000000000000000001")
    assert [(row["name"], row.get("open", False)) for row in trace["rows"]] == [("shop", False), ("query", False)]


def test_across_a_kill(server):
    spans = made_spans()
    export(server, "http", spans)
    assert counted(server) == SPANS  # stored
    later = made_spans()
    export(server, "http", later)  # perhaps only in the journal
    server.kill()
    server.start()
    export(server, "http", spans[1:])
    export(server, "grpc", later)
    assert counted(server) == 2 * SPANS
    assert counted(server, "span_event") == 2 * (SPANS - 1)
