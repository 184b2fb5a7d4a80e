# SPDX-License-Identifier: Apache-2.0
"""Keys that were made over Honeycomb's API: what they may write, by events, batches and OTLP."""
import json

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from skep import PATIENCE_S
from test_honeycomb_api import call

MANAGEMENT = {"authorization": "Bearer hcamk_1:s", "content-type": "application/vnd.api+json"}
KEYS = "/2/teams/team/api-keys"


def make_key(server, kind, **permissions):
    """(id, what clients send)."""
    environment = {"data": {"id": call(server, "GET", "/2/teams/team/environments", headers=MANAGEMENT)[1]["data"][0]["id"],
                            "type": "environments"}}
    status, answer = call(server, "POST", KEYS, {"data": {
        "type": "api-keys", "attributes": {"key_type": kind, "name": "k", "permissions": permissions},
        "relationships": {"environment": environment}}}, MANAGEMENT)
    assert status == 201, answer
    secret = answer["data"]["attributes"]["secret"]
    return answer["data"]["id"], answer["data"]["id"] + secret if kind == "ingest" else secret


def change_key(server, key_id, **attributes):
    status, answer = call(server, "PATCH", f"{KEYS}/{key_id}",
                          {"data": {"type": "api-keys", "id": key_id, "attributes": attributes}}, MANAGEMENT)
    assert status == 200, answer


def spans(service):
    request = ExportTraceServiceRequest()
    resource = request.resource_spans.add()
    attribute = resource.resource.attributes.add(key="service.name")
    attribute.value.string_value = service
    resource.scope_spans.add().spans.add(trace_id=b"t" * 16, span_id=b"s" * 8, name="a", start_time_unix_nano=1,
                                         end_time_unix_nano=2)
    return request


def statuses(server, key, dataset):
    """Of an event, a batch, OTLP in protobuf, OTLP in JSON, and OTLP over gRPC (its code's name)."""
    got = [call(server, "POST", f"/1/events/{dataset}", {"a": 1}, {"x-honeycomb-team": key})[0],
           call(server, "POST", f"/1/batch/{dataset}", [{"data": {"a": 1}}], {"x-honeycomb-team": key})[0],
           server.request("POST", "/v1/traces", spans(dataset).SerializeToString(),
                          {"x-honeycomb-team": key, "content-type": "application/x-protobuf"})[0],
           call(server, "POST", "/v1/logs", {"resourceLogs": [{
               "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": dataset}}]},
               "scopeLogs": [{"logRecords": [{"body": {"stringValue": "x"}}]}]}]}, {"x-honeycomb-team": key})[0]]
    address = server.addresses["otlp_grpc"].split("://")[-1]
    with grpc.insecure_channel(address) as channel:
        try:
            TraceServiceStub(channel).Export(spans(dataset), metadata=(("x-honeycomb-team", key),), timeout=PATIENCE_S)
            return [*got, "OK"]
        except grpc.RpcError as error:
            return [*got, error.code().name]


GOOD = [200, 200, 200, 200, "OK"]
REFUSED = [401, 401, 401, 401, "UNAUTHENTICATED"]
FORBIDDEN = [403, 403, 403, 403, "PERMISSION_DENIED"]
NO_DATASET = [404, 404, 404, 404, "NOT_FOUND"]


def test_a_configuration_key_sends_if_it_may(server):
    key_id, key = make_key(server, "configuration", run_queries=True)
    assert statuses(server, key, "shop") == FORBIDDEN
    assert call(server, "GET", "/1/auth", headers={"x-honeycomb-team": key})[1]["api_key_access"]["events"] is False
    change_key(server, key_id, permissions={"send_events": True})
    assert statuses(server, key, "shop") == NO_DATASET
    assert server.sql("SELECT count() FROM events") in ([[0]], [["0"]])
    change_key(server, key_id, permissions={"create_datasets": True})
    assert statuses(server, key, "shop") == GOOD
    change_key(server, key_id, disabled=True)
    assert statuses(server, key, "shop") == REFUSED


def test_an_ingest_key_sends_to_datasets_that_are_there(server):
    _, key = make_key(server, "ingest")
    assert statuses(server, key, "Shop") == NO_DATASET
    assert statuses(server, key[:-1], "Shop") == REFUSED
    # By OTLP without a key, and in another spelling.
    status, _, _ = server.request("POST", "/v1/traces", spans("Shop").SerializeToString(),
                                  {"content-type": "application/x-protobuf"})
    assert status == 200
    assert statuses(server, key, "shop") == GOOD
    rows = server.sql("SELECT dataset, toUInt32(count()) FROM events WHERE door = 'honeycomb' GROUP BY dataset")
    assert rows == [["Shop", 2]]  # the spelling that came first, by whatever door
    assert statuses(server, key, "other") == NO_DATASET
    server.restart()
    assert statuses(server, key, "shop") == GOOD


@pytest.mark.parametrize(("path", "body"), [("/1/events/shop", {"a": 1}), ("/1/batch/shop", [{"data": {"a": 1}}])])
def test_what_a_refused_key_is_told(server, path, body):
    key_id, key = make_key(server, "configuration")
    told = [call(server, "POST", path, body, {"x-honeycomb-team": key})]
    change_key(server, key_id, permissions={"send_events": True})
    told.append(call(server, "POST", path, body, {"x-honeycomb-team": key}))
    change_key(server, key_id, disabled=True)
    told.append(call(server, "POST", path, body, {"x-honeycomb-team": key}))
    assert told == [(403, {"error": "This API key does not have the permission to send events."}),
                    (404, {"error": "Dataset not found"}),
                    (401, {"error": "unknown API key - check your credentials"})]


def test_otlp_is_told_in_its_own_words(server):
    _, key = make_key(server, "configuration")
    status, _, body = server.request("POST", "/v1/traces", b'{"resourceSpans":[]}',
                                     {"x-honeycomb-team": key, "content-type": "application/json"})
    assert status == 403
    assert json.loads(body)["message"] == "This API key does not have the permission to send events."
