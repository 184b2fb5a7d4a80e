# SPDX-License-Identifier: Apache-2.0
"""The C++ library's OTLP exporter: read by the official schemas, in Skep, and as an installed package."""
import os
import subprocess

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTracePartialSuccess, ExportTraceServiceResponse

from otlp_recording import Recording, read
from sdk_program import run
from skep import PATIENCE_S, ROOT


def plain(value):
    """An AnyValue as Python has it."""
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [plain(element) for element in value.array_value.values]
    return getattr(value, kind)


def attributes(holder):
    return {attribute.key: plain(attribute.value) for attribute in holder.attributes}


@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_the_official_schemas_read_it(compression):
    with Recording() as receiver:
        trace_id, *counters = run("sdk_program", "3", OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, OTEL_SERVICE_NAME="cpp",
                                  OTEL_RESOURCE_ATTRIBUTES="deployment.environment=test", HONEYCOMB_API_KEY="key",
                                  OTEL_EXPORTER_OTLP_COMPRESSION=compression)
    assert counters == ["otlp-traces accepted=4 sent=4 rejected=0 full=0", "otlp-logs accepted=1 sent=1 rejected=0 full=0"]
    for _, headers, _ in receiver.requests:
        assert headers["Content-Type"] == "application/x-protobuf"
        assert headers["X-Honeycomb-Team"] == "key"
    spans = [(resource, scope, span) for request in read(receiver.requests, "/v1/traces") for resource in request.resource_spans
             for scope in resource.scope_spans for span in scope.spans]
    assert [span.name for _, _, span in spans] == ["part"] * 3 + ["root"]
    resource, scope, root = spans[-1]
    assert attributes(resource.resource)["service.name"] == "cpp"
    assert attributes(resource.resource)["deployment.environment"] == "test"
    assert (scope.scope.name, scope.scope.version) == ("e2e.program", "1.2.3")
    assert root.trace_id.hex() == trace_id and len(root.span_id) == 8 and root.parent_span_id == b""
    assert root.kind == 2 and root.end_time_unix_nano > root.start_time_unix_nano > 1_700_000_000 * 10**9
    assert attributes(root) == {
        "app.text": "ünïcode", "app.number": -5, "app.real": 2.5, "app.yes": True, "app.numbers": [1, -2, 9007199254740993],
        "app.reals": [0.5, -1.25], "app.texts": ["a", "ü"], "app.truths": [True, False]}
    assert [event.name for event in root.events] == ["event", "exception"]
    assert attributes(root.events[0]) == {"n": 7}
    exception = attributes(root.events[1])
    assert exception["exception.type"] == "std::runtime_error" and exception["exception.message"] == "as the test says"
    assert "sdk_program" in exception["exception.stacktrace"] or "main" in exception["exception.stacktrace"]
    [link] = root.links
    assert (link.trace_id.hex(), link.span_id.hex()) == ("5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8")
    assert (root.status.code, root.status.message) == (2, "as the test says")
    for number, (_, _, part) in enumerate(spans[:3]):
        assert part.parent_span_id == root.span_id and part.trace_id == root.trace_id
        assert attributes(part) == {"app.i": number}
    [log] = read(receiver.requests, "/v1/logs")
    [record] = log.resource_logs[0].scope_logs[0].log_records
    assert (record.body.string_value, record.severity_number, record.severity_text) == ("a line", 13, "WARN")
    assert attributes(record) == {"app.n": 3}
    assert record.trace_id == root.trace_id and record.span_id == root.span_id


def test_partial_success_and_retries():
    partial = ExportTraceServiceResponse(partial_success=ExportTracePartialSuccess(rejected_spans=2, error_message="no"))
    answers = [(503, {"Retry-After": "0"}, b"wait"),
               (200, {"Content-Type": "application/x-protobuf"}, partial.SerializeToString())]
    with Recording(*answers) as receiver:
        _, *counters = run("sdk_program", "3", OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, OTEL_LOGS_EXPORTER="none")
    assert counters == ["otlp-traces accepted=4 sent=2 rejected=2 full=0"]
    assert len(receiver.requests) == 2 and receiver.requests[0][2] == receiver.requests[1][2]


def test_it_arrives_in_skep(server):
    trace_id, *counters = run("sdk_program", "300", OTEL_EXPORTER_OTLP_ENDPOINT=server.http, OTEL_SERVICE_NAME="cpp")
    assert counters[0] == "otlp-traces accepted=301 sent=301 rejected=0 full=0"
    assert server.sql("SELECT countIf(signal = 'span'), uniqExactIf(span_id, signal = 'span'), countIf(signal = 'log') "
                      f"FROM events WHERE lower(hex(trace_id)) = '{trace_id}'") == [[301, 301, 1]]
    [[text, number]] = server.sql("SELECT attributes.`app.text`, attributes.`app.number`.:Int64 FROM events "
                                  "WHERE signal = 'span' AND name = 'root'")
    assert (text, int(number)) == ("ünïcode", -5)


def test_an_installed_library(server, tmp_path):
    """As its users have it: cmake --install, find_package, a program of their own. The library is the one under ASan and UBSan
    that the other tests have built, so the program is, too."""
    build = ROOT / os.environ.get("SKEP_SDK_BUILD", "build/sdk-dev")

    def call(*command):
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=PATIENCE_S * 5,
                              check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    call("cmake", "--install", build, "--prefix", tmp_path / "prefix")
    call("cmake", "-S", ROOT / "sdk/tests/install", "-B", tmp_path / "build", "-G", "Ninja",
         f"-DCMAKE_PREFIX_PATH={tmp_path / 'prefix'}", "-DCMAKE_CXX_FLAGS=-fsanitize=address,undefined")
    call("cmake", "--build", tmp_path / "build")
    done = subprocess.run([tmp_path / "build/user"], capture_output=True, text=True, timeout=PATIENCE_S, check=False, env={
        **os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": server.http, "OTEL_SERVICE_NAME": "installed"})
    assert done.returncode == 0 and done.stderr == "", done.stderr
    assert server.sql("SELECT signal, name, attributes.`app.user_handle`, body FROM events WHERE dataset = 'installed' ORDER BY name") == [
        ["log", "", None, "created"], ["span", "create-activity", "andrewbrown", ""]]
