# SPDX-License-Identifier: Apache-2.0
"""The C++ library's CloudWatch exporter against Skep, against AWS's own idea of signatures, and against moto's CloudWatch Logs."""
import http.server
import json
import subprocess
import threading

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest
from moto.server import ThreadedMotoServer

from sdk_dialogue import Dialogue, Gate
from skep import wait_until
from test_cloudwatch import Relay

GROUP = "/shop/cpp"
STREAM = "one"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


def client(endpoint):
    return boto3.client("logs", endpoint_url=endpoint, region_name="eu-west-1", aws_access_key_id="test",
                        aws_secret_access_key="test")


def start(endpoint, *arguments, **more):
    return Dialogue("logs_program", *arguments, **{
        "AWS_ENDPOINT_URL_LOGS": endpoint, "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": SECRET, "LOG_GROUP": GROUP, "LOG_STREAM": STREAM, **more})


def messages(endpoint):
    pages = client(endpoint).get_paginator("filter_log_events").paginate(logGroupName=GROUP, logStreamNames=[STREAM])
    return [event["message"] for page in pages for event in page["events"]]


def signature_is_right(request):
    """Signs again with botocore what came, and compares: an implementation of Signature Version 4 that is not ours."""
    path, headers, body = request
    signed = headers["Authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
    again = botocore.awsrequest.AWSRequest("POST", f"http://{headers['Host']}{path}", data=body,
                                           headers={name: headers[name] for name in signed})
    again.context["timestamp"] = headers["X-Amz-Date"]
    signer = botocore.auth.SigV4Auth(botocore.credentials.Credentials("AKIDEXAMPLE", SECRET), "logs", "eu-west-1")
    text = signer.string_to_sign(again, signer.canonical_request(again))
    return headers["Authorization"].endswith("Signature=" + signer.signature(text, again))


def refusal(code, status=400):
    return status, {"x-amzn-errortype": code}, json.dumps({"__type": code, "message": "as the test says"}).encode()


def is_put(request):
    return request[1]["X-Amz-Target"].endswith(".PutLogEvents")


def test_lines_and_spans(server):
    with start(server.http, APP_JOIN="ids") as app:
        app.ask("log HomeActivities ünïcode \"quoted\"")
        trace_id, span_id = app.ask("span inside a span").split()
        assert app.ask("flush 60000") == "true"
        lines = messages(server.http)
        assert lines == ['HomeActivities ünïcode "quoted"',
                         f"inside a span trace_id={trace_id} span_id={span_id}"]
        assert app.end() == {"accepted": 2, "sent": 2, "rejected": 0, "dropped_full": 0, "dropped_shutdown": 0,
                             "retries": 0, "cut": 0}
    group = client(server.http).describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"][0]
    assert group["retentionInDays"] == 30
    assert server.sql("SELECT lower(hex(trace_id)), lower(hex(parent_id)) FROM events WHERE body LIKE 'inside%'") == [[trace_id, span_id]]


def test_json_lines_are_fields(server):
    with start(server.http, "json") as app:
        app.ask("log hello")
        trace_id, span_id = app.ask("span warned").split()
        app.end()
    first, second = map(json.loads, messages(server.http))
    assert (first["message"], first["level"], first["logger"], first["app.size"]) == ("hello", "INFO", "e2e", 9)
    assert (second["trace_id"], second["span_id"], second["level"]) == (trace_id, span_id, "WARN")
    assert server.sql("SELECT lower(hex(trace_id)), lower(hex(parent_id)) FROM events WHERE body LIKE '%warned%'") == [[trace_id, span_id]]


def test_a_server_that_dies_and_comes_back(server):
    with start(server.http) as app:
        app.ask("many 3000")
        assert app.ask("flush 60000") == "true"
        server.kill()
        app.ask("many 12000")
        assert app.ask("flush 100") == "false"
        server.start()
        app.ask("many 3000")
        assert app.ask("flush 60000") == "true"
        assert app.end()["sent"] == 18000
    assert messages(server.http) == [f"line {i}" for count in (3000, 12000, 3000) for i in range(count)]


def test_lost_answers(server):
    relay = Relay(server.http, lose=0)
    with start(relay.url) as app:
        app.ask("log zero")
        assert app.ask("flush 60000") == "true"
        relay.lost, relay.lose = 0, 3
        for i in range(4):
            app.ask(f"log line {i}")
        for _ in range(4):
            app.ask("flush 60000")
        assert app.end()["sent"] == 5
    relay.close()
    assert relay.lost == 3
    assert messages(server.http) == ["zero", "line 0", "line 1", "line 2", "line 3"]


def test_signatures_as_aws_sees_them(server):
    with Gate(server.http, lambda r: None if signature_is_right(r) else refusal("InvalidSignatureException")) as gate:
        with start(gate.url, AWS_SESSION_TOKEN="a/token+of=mine") as app:
            app.ask("log signed")
            app.ask("long 2000000")  # cut to what AWS takes
            assert app.end() == {"accepted": 2, "sent": 2, "rejected": 0, "dropped_full": 0, "dropped_shutdown": 0,
                                 "retries": 0, "cut": 1}
        assert all(request[1]["X-Amz-Security-Token"] for request in gate.requests)
    signed, cut = messages(server.http)
    assert signed == "signed"
    assert len(cut) + 26 <= 1 << 20 and cut.endswith(" bytes]")


def test_a_wrong_key_loses_nothing(server):
    wrong, refused = True, []

    def judge(request):
        if not wrong:
            return None
        refused.append(request)
        return refusal("UnrecognizedClientException")

    with Gate(server.http, judge) as gate:
        with start(gate.url, stderr=subprocess.PIPE) as app:
            app.ask("log one")
            assert app.ask("flush 1000") == "false"
            wait_until(lambda: refused, "the first refusal")
            assert app.counters()["sent"] == 0
            wrong = False
            assert app.ask("flush 60000") == "true"
            app.process.stdin.close()
            said = app.process.stderr.read()
            assert "credentials refused" in said and "UnrecognizedClientException" in said
    assert messages(server.http) == ["one"]


def test_throttled(server):
    refused = []

    def judge(request):
        if not is_put(request) or len(refused) >= 3:
            return None
        refused.append(request)
        return refusal("ThrottlingException") if len(refused) < 3 else refusal("ServiceUnavailableException", 503)

    with Gate(server.http, judge) as gate, start(gate.url) as app:
        app.ask("many 11000")
        wait_until(lambda: app.counters()["sent"] == 11000, "everything to be sent")
        assert app.end()["retries"] >= 3
        ids = {request[1]["amz-sdk-invocation-id"] for request in refused}
    assert len(ids) == 1, "all tries of a batch have one id"
    assert messages(server.http) == [f"line {i}" for i in range(11000)]


class Metadata(http.server.BaseHTTPRequestHandler):
    """EC2's metadata service, version 2: a token first, then the role's name, then its credentials."""

    def do_PUT(self):
        self.answer("TOKEN" if self.headers["X-aws-ec2-metadata-token-ttl-seconds"] else None)

    def do_GET(self):
        folder = "/latest/meta-data/iam/security-credentials/"
        lent = {"Code": "Success", "AccessKeyId": "AKIDEXAMPLE", "SecretAccessKey": SECRET, "Token": "lent",
                "Expiration": "2100-01-01T00:00:00Z"}
        known = {folder: "web", folder + "web": json.dumps(lent)}
        self.answer(known.get(self.path) if self.headers["X-aws-ec2-metadata-token"] == "TOKEN" else None)

    def answer(self, text):
        self.send_response(200 if text else 401)
        self.end_headers()
        self.wfile.write((text or "").encode())

    def log_message(self, *_):
        pass


def test_the_role_of_the_machine(server):
    def judge(request):
        lent = request[1]["X-Amz-Security-Token"] == "lent"
        return None if lent and signature_is_right(request) else refusal("UnrecognizedClientException")

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Metadata) as metadata, Gate(server.http, judge) as gate:
        threading.Thread(target=metadata.serve_forever, daemon=True).start()
        with start("", AWS_ACCESS_KEY_ID="", E2E_ENDPOINT_IN_PLACE_OF_AWS=gate.url,
                   AWS_EC2_METADATA_SERVICE_ENDPOINT=f"http://127.0.0.1:{metadata.server_address[1]}") as app:
            app.ask("log by a role")
            assert app.end()["sent"] == 1
        metadata.shutdown()
    assert messages(server.http) == ["by a role"]


@pytest.fixture(scope="module")
def moto():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def test_moto_takes_it(moto):
    with start(moto) as app:
        app.ask("log first")
        app.ask("many 10500")
        assert app.ask("flush 60000") == "true"
        assert app.end()["sent"] == 10501
    with start(moto) as app:  # group and stream are there now
        app.ask("log again")
        assert app.end()["sent"] == 1
    logs = client(moto)
    group = logs.describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"][0]
    assert group["retentionInDays"] == 30
    assert [stream["logStreamName"] for stream in logs.describe_log_streams(logGroupName=GROUP)["logStreams"]] == [STREAM]
    assert messages(moto) == ["first", *(f"line {i}" for i in range(10500)), "again"]
