# SPDX-License-Identifier: Apache-2.0
"""OpenTelemetry's own SDKs against the OTLP door: Python and JavaScript, every protocol, and what goes wrong."""
import os
import subprocess
import threading

import pytest
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult

from skep import PATIENCE_S, ROOT, wait_until

SPANS = 300


def exporter_for(server, protocol):
    if protocol == "grpc":
        return GrpcExporter(endpoint=server.addresses["otlp_grpc"], insecure=True, timeout=PATIENCE_S)
    compression = Compression.Gzip if protocol == "http-gzip" else Compression.NoCompression
    return HttpExporter(endpoint=server.addresses["otlp_http"] + "/v1/traces", compression=compression, timeout=PATIENCE_S)


def provider_with(exporter, service):
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(exporter, max_queue_size=100_000, schedule_delay_millis=100))
    return provider


def send(provider, spans=SPANS):
    tracer = provider.get_tracer("e2e")
    for number in range(spans):
        with tracer.start_as_current_span(f"span {number % 7}") as span:
            span.set_attributes({"app.number": number, "app.text": "ü", "app.half": number + 0.5, "app.yes": True})
            span.add_event("event", {"n": number})
    assert provider.force_flush(60_000)


def stored(server, service):
    """(spans, distinct numbers, span events) of a service."""
    return [int(value) for value in server.sql(
        "SELECT countIf(signal = 'span'), uniqExactIf(attributes.`app.number`.:Int64, signal = 'span'), "
        f"countIf(signal = 'span_event') FROM events WHERE dataset = '{service}'")[0]]


@pytest.mark.parametrize("protocol", ["http", "http-gzip", "grpc"])
def test_python(server, protocol):
    provider = provider_with(exporter_for(server, protocol), "python")
    send(provider)
    provider.shutdown()
    assert stored(server, "python") == [SPANS, SPANS, SPANS]
    [[text, half, yes]] = server.sql("SELECT attributes.`app.text`, attributes.`app.half`, attributes.`app.yes` FROM events "
                                     "WHERE signal = 'span' AND attributes.`app.number`.:Int64 = 7")
    assert (text, float(half), yes) == ("ü", 7.5, True)


@pytest.mark.parametrize("protocol", ["proto", "json", "grpc"])
def test_javascript(server, protocol):
    endpoint = server.addresses["otlp_grpc" if protocol == "grpc" else "otlp_http"]
    result = subprocess.run(["node", "otlp.mjs", protocol, endpoint, str(SPANS)], cwd=ROOT / "tests/e2e/node",
                            capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stderr
    assert stored(server, f"js-{protocol}") == [SPANS, SPANS, SPANS]


@pytest.mark.parametrize("protocol", ["http", "grpc"])
def test_the_page_port_takes_otlp_too(server, protocol):
    server.addresses["otlp_http"] = server.addresses["otlp_grpc"] = server.http
    provider = provider_with(exporter_for(server, protocol), "python")
    send(provider, 10)
    provider.shutdown()
    assert stored(server, "python")[0] == 10


@pytest.mark.parametrize("protocol", ["http", "grpc"])
def test_a_restart_in_the_middle_loses_and_doubles_nothing(server, protocol):
    provider = provider_with(exporter_for(server, protocol), "python")
    tracer = provider.get_tracer("e2e")
    stop = threading.Event()
    made = 0

    def make():
        nonlocal made
        while not stop.wait(0.002):
            with tracer.start_as_current_span("span") as span:
                span.set_attribute("app.number", made)
            made += 1

    maker = threading.Thread(target=make)
    maker.start()
    try:
        for _ in range(3):
            before = server.counters("otlp")["requests"]
            wait_until(lambda count=before: server.counters("otlp")["requests"] > count, "an export")
            server.kill()
            server.start()
        wait_until(lambda: server.counters("otlp")["requests"] > 0, "an export after the last start")
    finally:
        stop.set()
        maker.join()
    provider.force_flush(60_000)
    provider.shutdown()  # what the exporter retries is flushed here
    spans, numbers, _ = stored(server, "python")
    assert (spans, numbers) == (made, made)


def test_what_is_wrong_is_said_in_otlps_words(server):
    url = server.addresses["otlp_http"]
    server.addresses["http"] = url
    status, headers, body = server.request("POST", "/v1/traces", b"not protobuf", {"content-type": "application/x-protobuf"})
    assert status == 400
    assert headers["content-type"] == "application/x-protobuf"
    assert body
    status, headers, body = server.request("POST", "/v1/traces", b"{", {"content-type": "application/json"})
    assert status == 400
    assert headers["content-type"] == "application/json"
    assert server.request("POST", "/v1/traces", b"x", {"content-type": "text/plain"})[0] == 415
    assert server.request("GET", "/v1/traces")[0] == 405
    assert server.request("POST", "/v1/traces", b"\x1f\x8bnot gzip", {
        "content-type": "application/x-protobuf", "content-encoding": "gzip"})[0] == 400
    bomb = os.urandom(16) + bytes((64 << 20) + 1)
    assert server.request("POST", "/v1/traces", bomb, {"content-type": "application/x-protobuf"})[0] == 413
    assert int(server.sql("SELECT count() FROM events")[0][0]) == 0


def test_a_refusing_server_is_seen_by_the_client(server):
    exporter = HttpExporter(endpoint=server.http + "/nowhere/v1/traces", timeout=5)
    provider = TracerProvider()
    with provider.get_tracer("e2e").start_as_current_span("span") as span:
        pass
    assert exporter.export([span]) is SpanExportResult.FAILURE
