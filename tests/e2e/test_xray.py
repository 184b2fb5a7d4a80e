# SPDX-License-Identifier: Apache-2.0
"""The X-Ray door as unmodified clients see it: aws-xray-sdk over the daemon's port, boto3 over X-Ray's API."""
import json
import os
import socket
import subprocess
import time

import boto3
import botocore.exceptions
import flask
import pytest
from aws_xray_sdk.core.recorder import AWSXRayRecorder
from aws_xray_sdk.ext.flask.middleware import XRayMiddleware

from skep import ROOT, wait_until

FIXTURES = ROOT / "tests/fixtures/aws/xray"
HEADER = b'{"format":"json","version":1}\n'


def daemon_address(server):
    return server.addresses["xray_udp"].split("://")[-1]


def datagrams(server, *payloads):
    host, port = daemon_address(server).rsplit(":", 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for payload in payloads:
            sender.sendto(payload, (host, int(port)))


def client(endpoint):
    return boto3.client("xray", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test",
                        aws_secret_access_key="test")


def document(trace=None, **fields):
    start = time.time()
    return {"name": "shop", "id": os.urandom(8).hex(), "trace_id": trace or f"1-{int(start):08x}-{os.urandom(12).hex()}",
            "start_time": start, "end_time": start + 0.25, **fields}


def hex_of(trace):
    return trace[2:].replace("-", "")


def rows(server, trace, columns="name, toString(signal), toString(kind), toString(status)"):
    return server.sql(f"SELECT {columns} FROM events WHERE trace_id = unhex('{hex_of(trace)}') AND door != 'skep' "
                      "ORDER BY time, name")


def arrived(server, trace, count):
    """Waits for what came by datagram, which has no answer."""
    return wait_until(lambda: (found := rows(server, trace)) and len(found) >= count and found,
                      f"{count} records of {trace}")


def shop(server, **configuration):
    """A Flask program with the SDK's own middleware, sending to the server as to a daemon."""
    recorder = AWSXRayRecorder()
    recorder.configure(service="shop", daemon_address=daemon_address(server), context_missing="LOG_ERROR",
                       **{"sampling": False, **configuration})
    app = flask.Flask("shop")
    XRayMiddleware(app, recorder)
    traces = []

    @app.get("/home")
    def home():
        traces.append(recorder.current_segment().trace_id)
        recorder.put_annotation("user_handle", "andrew")
        with recorder.in_subsegment("outer", namespace="remote") as outer:
            outer.put_metadata("size", {"deep": [1, 2]}, "home")
            with recorder.in_subsegment("inner"):
                pass
        return "ok"

    @app.get("/fails")
    def fails():
        traces.append(recorder.current_segment().trace_id)
        with recorder.in_subsegment("work"):
            raise RuntimeError("database went away")

    @app.get("/many")
    def many():
        traces.append(recorder.current_segment().trace_id)
        for number in range(35):  # beyond thirty the SDK sends finished ones on their own
            with recorder.in_subsegment(f"step-{number}"):
                pass
        return "ok"

    return app.test_client(), recorder, traces


def test_a_request_is_its_segment_and_subsegments(server):
    web, _, traces = shop(server)
    web.get("/home", headers={"User-Agent": "curl/8", "X-Forwarded-For": "203.0.113.7"})
    assert arrived(server, traces[0], 3) == [
        ["shop", "span", "server", "unset"], ["outer", "span", "client", "unset"], ["inner", "span", "internal", "unset"]]
    fields = ["http.request.method", "url.full", "http.response.status_code", "client.address", "annotation.user_handle",
              "service.name", "aws.xray.sdk"]
    picked = ", ".join(f"toString(attributes.`{name}`)" for name in fields)
    [found] = server.sql(f"SELECT {picked}, dataset FROM events WHERE trace_id = unhex('{hex_of(traces[0])}') "
                         "AND kind = 'server'")
    assert found == ["GET", "http://localhost/home", "200", "203.0.113.7", "andrew", "shop", "X-Ray for Python", "shop"]
    [[metadata]] = server.sql("SELECT toString(attributes.`metadata.home.size.deep`) FROM events "
                              f"WHERE trace_id = unhex('{hex_of(traces[0])}') AND name = 'outer'")
    assert json.loads(metadata) == [1, 2]


def test_times_keep_the_digits_that_the_sdk_wrote(server):
    sent = document()
    text = json.dumps(sent).replace(str(sent["start_time"]), "1795478528.123456789").replace(
        str(sent["end_time"]), "1795478528.123456790")
    client(server.http).put_trace_segments(TraceSegmentDocuments=[text])
    [[start, duration_ns]] = rows(server, sent["trace_id"], "toString(time), duration_ns")
    assert (start, int(duration_ns)) == ("2026-11-24 00:02:08.123456789", 1)


def test_an_exception_is_the_segments_too(server):
    web, _, traces = shop(server)
    assert web.get("/fails").status_code == 500
    arrived(server, traces[0], 2)
    found = rows(server, traces[0], "name, toString(status), toString(attributes.`exception.type`), "
                                    "toString(attributes.`exception.message`)")
    assert found == [["shop", "error", "RuntimeError", "database went away"],
                     ["work", "error", "RuntimeError", "database went away"]]


def test_subsegments_that_are_sent_alone_join_their_segment(server):
    web, _, traces = shop(server)
    web.get("/many")
    found = arrived(server, traces[0], 36)
    assert len(found) == 36
    [[parents]] = server.sql("SELECT uniqExact(parent_id) FROM events WHERE name LIKE 'step-%' "
                             f"AND trace_id = unhex('{hex_of(traces[0])}')")
    assert int(parents) == 1


def test_the_default_rule_samples_every_request(server):
    web, recorder, traces = shop(server, sampling=True)
    rules = recorder.sampler._cache  # filled by the SDK's own poller, which the first request starts
    web.get("/home")
    wait_until(lambda: rules.last_updated, "the SDK to fetch the sampling rules")  # it notes that last
    before = len(traces)
    for _ in range(50):  # AWS's default would take one a second and 5 % of the rest
        web.get("/home")
    assert len(traces) == before + 50
    arrived(server, traces[-1], 3)
    [[sampled]] = server.sql("SELECT count() FROM events WHERE kind = 'server' AND door = 'xray' "
                             "AND toString(attributes.`aws.xray.sampling_rule_name`) = 'Default'")
    assert int(sampled) >= 50
    targets, modified = recorder.sampler._connector.fetch_sampling_target(rules.rules)
    assert targets["Default"]["rate"] == 1.0
    assert targets["Default"]["TTL"] > time.time()
    assert modified <= time.time()


def test_node(server):
    program = subprocess.Popen(["node", "xray.mjs", daemon_address(server), "40"], cwd=ROOT / "tests/e2e/node",
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with program:
        line = program.stdout.readline()
        assert line, "the program ended early"
        traces = json.loads(line)
        assert len(traces["sampled"]) == 40
        for trace in traces["sampled"]:
            arrived(server, trace, 2)
        assert arrived(server, traces["failed"], 2) == [
            ["node-shop", "span", "server", "error"], ["work", "span", "client", "error"]]
        assert arrived(server, traces["open"], 1) == [["node-job", "open_span", "server", "unset"]]
    assert program.returncode == 0
    found = rows(server, traces["failed"], "toString(attributes.`exception.type`), toString(attributes.`db.query.text`)")
    assert sorted(found) == [["", ""], ["TypeError", "SELECT ?"]]


@pytest.mark.parametrize("port", ["http", "daemon"])
def test_bad_documents_are_named_and_good_ones_taken(server, port):
    xray = client(server.http if port == "http" else "http://" + daemon_address(server))
    good, bad = document(), document(trace_id="1-no")
    without_end = {key: value for key, value in document().items() if key != "end_time"}
    orphan = document(type="subsegment")
    answer = xray.put_trace_segments(
        TraceSegmentDocuments=["{", json.dumps(bad), json.dumps(good), json.dumps(without_end), json.dumps(orphan)])
    assert [(entry.get("Id"), entry["ErrorCode"]) for entry in answer["UnprocessedTraceSegments"]] == [
        (None, "ParseError"), (bad["id"], "InvalidTraceId"), (without_end["id"], "MissingEndTime"),
        (orphan["id"], "MissingParentId")]
    assert answer["UnprocessedTraceSegments"][3]["Message"] == "Invalid subsegment. ErrorCode: MissingParentId, Cause: null"
    assert rows(server, good["trace_id"]) == [["shop", "span", "server", "unset"]]
    [[others]] = server.sql(f"SELECT count() FROM events WHERE span_id IN (unhex('{bad['id']}'), unhex('{orphan['id']}'))")
    assert int(others) == 0


def test_what_skep_has_not_is_x_rays_error(server):
    xray = client(server.http)
    for call in (lambda: xray.get_groups(), lambda: xray.get_trace_summaries(StartTime=1, EndTime=2),
                 lambda: xray.batch_get_traces(TraceIds=["1-58406520-a006649127e371903a2de979"])):
        with pytest.raises(botocore.exceptions.ClientError) as refused:
            call()
        assert refused.value.response["Error"]["Code"] == "UnknownOperationException"
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    xray.put_telemetry_records(TelemetryRecords=[{"Timestamp": time.time(), "SegmentsReceivedCount": 1}])
    with pytest.raises(xray.exceptions.InvalidRequestException):
        xray.get_sampling_targets(SamplingStatisticsDocuments=[
            {"RuleName": "Default", "ClientID": "a" * 24, "Timestamp": 1, "RequestCount": 1, "SampledCount": 1}] * 26)


def test_a_segment_in_progress_is_open_until_it_is_finished(server):
    xray = client(server.http)
    finished = document()
    started = {key: value for key, value in finished.items() if key != "end_time"} | {"in_progress": True}
    xray.put_trace_segments(TraceSegmentDocuments=[json.dumps(started)])
    assert rows(server, finished["trace_id"]) == [["shop", "open_span", "server", "unset"]]
    [shown] = server.get("/api/ui/traces/" + hex_of(finished["trace_id"]))["rows"]
    assert shown["open"]
    xray.put_trace_segments(TraceSegmentDocuments=[json.dumps(finished)])
    assert sorted(row[1] for row in rows(server, finished["trace_id"])) == ["open_span", "span"]
    [shown] = server.get("/api/ui/traces/" + hex_of(finished["trace_id"]))["rows"]
    assert not shown.get("open") and int(shown["duration_ns"]) > 0


def test_what_was_acknowledged_is_there_after_a_kill(server):
    xray = client(server.http)
    sent = [document() for _ in range(20)]
    for one in sent:
        xray.put_trace_segments(TraceSegmentDocuments=[json.dumps(one)])
    server.restart()
    found = server.sql("SELECT lower(hex(trace_id)), count() FROM events WHERE door = 'xray' GROUP BY 1")
    assert {trace: int(count) for trace, count in found} == {hex_of(one["trace_id"]): 1 for one in sent}


def test_the_sdk_goes_on_after_the_server_was_away(server):
    web, _, traces = shop(server)
    web.get("/home")
    arrived(server, traces[0], 3)
    server.kill()
    assert web.get("/home").status_code == 200  # lost: there is nobody, and UDP does not wait
    server.start()
    web.get("/home")
    arrived(server, traces[2], 3)
    assert rows(server, traces[1]) == []


def test_the_largest_datagram_is_taken_and_a_larger_segment_comes_by_api(server):
    largest = document(metadata={"ns": {"k": ""}})
    room = 65507 - len(HEADER) - len(json.dumps(largest))
    largest["metadata"]["ns"]["k"] = "x" * room
    datagrams(server, HEADER + json.dumps(largest).encode())
    arrived(server, largest["trace_id"], 1)
    larger = document(metadata={"ns": {"k": "x" * 300_000}})
    client(server.http).put_trace_segments(TraceSegmentDocuments=[json.dumps(larger)])
    [[length]] = rows(server, larger["trace_id"], "length(toString(attributes.`metadata.ns.k`))")
    assert int(length) == 300_000


def test_datagrams_that_are_none_are_counted_and_cost_nobody_else(server):
    good = document()
    text = json.dumps(good).encode()
    datagrams(server, b"", b"\xff\xfe", text, b'{"format":"json","version":2}\n' + text, HEADER + text[:-20],
              HEADER + json.dumps(document(id="short")).encode(), HEADER + text)
    assert arrived(server, good["trace_id"], 1) == [["shop", "span", "server", "unset"]]
    assert server.counters("xray")["dropped"] == 6


def test_otlp_inside_a_datagram_becomes_spans(server):
    datagrams(server, (FIXTURES / "adot.03-otlp.udp").read_bytes())
    found = wait_until(lambda: server.sql("SELECT name, dataset, toString(door) FROM events"), "the span to arrive")
    assert found == [["db", "otel-backend", "otlp"]]
