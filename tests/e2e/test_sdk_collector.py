# SPDX-License-Identifier: Apache-2.0
"""An OpenTelemetry collector between the C++ library and its receiver: what it understood is what was sent."""
import re

import pytest

from otel_collector import collector
from otlp_recording import Recording, read
from sdk_program import run

SENT = ["otlp-traces accepted=4 sent=4 rejected=0 full=0", "otlp-logs accepted=1 sent=1 rejected=0 full=0"]


def with_statuses(requests):
    """The same, with the empty status that a collector writes where a span has none."""
    for request in requests:
        for spans in getattr(request, "resource_spans", ()):
            for span in (span for scope in spans.scope_spans for span in scope.spans):
                span.status.SetInParent()
    return requests


@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_a_collector_understands_all_of_it(compression):
    with Recording() as behind, collector(**{"otlp_http/behind": {"endpoint": behind.url}}) as url, Recording(to=url) as before:
        _, *counters = run("sdk_program", "3", OTEL_EXPORTER_OTLP_ENDPOINT=before.url, OTEL_SERVICE_NAME="cpp",
                           OTEL_RESOURCE_ATTRIBUTES="deployment.environment=test", OTEL_EXPORTER_OTLP_COMPRESSION=compression)
    assert counters == SENT
    assert {headers.get("Content-Encoding", "none") for _, headers, _ in before.requests} == {compression}
    for path in ("/v1/traces", "/v1/logs"):
        sent = with_statuses(read(before.requests, path))
        assert len(sent) == 1 and sent == read(behind.requests, path)


def stored(server, service):
    """What came in of a run, but for what differs between runs: ids, times, the process, addresses in stacks."""
    rows = server.sql("SELECT door, signal, kind, status, severity, name, body, toJSONString(attributes), toString(trace_id != "
                      f"unhex(repeat('00', 16))) FROM events WHERE dataset = '{service}' ORDER BY signal, name, toJSONString(attributes)")
    return [[re.sub(r'0x[0-9a-f]+|"pid":[0-9]+', "", str(field)).replace(service, "SERVICE") for field in row] for row in rows]


def test_a_collector_in_front_of_skep(server):
    routes = {"by-http": {"otlp_http/skep": {"endpoint": server.addresses["otlp_http"]}},
              "by-grpc": {"otlp_grpc/skep": {"endpoint": server.addresses["otlp_grpc"], "tls": {"insecure": True}}}}
    assert run("sdk_program", "3", OTEL_EXPORTER_OTLP_ENDPOINT=server.http, OTEL_SERVICE_NAME="directly")[1:] == SENT
    directly = stored(server, "directly")
    assert len(directly) == 8  # 4 spans, 2 events, a link, a line
    for service, exporter in routes.items():
        with collector(**exporter) as url:
            assert run("sdk_program", "3", OTEL_EXPORTER_OTLP_ENDPOINT=url, OTEL_SERVICE_NAME=service)[1:] == SENT
        assert stored(server, service) == directly
