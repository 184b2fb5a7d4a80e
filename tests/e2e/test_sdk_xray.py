# SPDX-License-Identifier: Apache-2.0
"""The C++ library's X-Ray recorder: against AWS's SDK for Python, X-Ray's document format, Skep, and a public emulator."""
import contextlib
import http.server
import json
import os
import pathlib
import queue
import re
import socket
import subprocess
import sys
import threading
import time

import boto3
import jsonschema
import pytest
from aws_xray_sdk.core.recorder import AWSXRayRecorder

import sdk_program
from skep import PATIENCE_S, ROOT, somebody_listens, wait_until
from xray_segment_schema import SCHEMA

HEADER = b'{"format":"json","version":1}\n'
SO_RCVBUFFORCE = 33  # of asm-generic/socket.h; Python has no name for it
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


class Daemon:
    """A UDP port that keeps what it gets, as an X-Ray daemon would."""

    def __init__(self, family=socket.AF_INET):
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        # Room for all of a test's datagrams: a reader that has to wait for a core loses none.
        with contextlib.suppress(PermissionError):
            self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
        self.socket.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.address = f"[::1]:{self.port}" if family == socket.AF_INET6 else f"127.0.0.1:{self.port}"
        self.received = queue.Queue()
        self.reader = threading.Thread(target=self.receive, daemon=True)
        self.reader.start()

    def receive(self):
        while (datagram := self.socket.recv(1 << 17)) != b"end":
            self.received.put(datagram)

    def send(self, datagram):
        with socket.socket(self.socket.family, socket.SOCK_DGRAM) as sender:
            sender.sendto(datagram, self.socket.getsockname())

    def documents(self, count):
        """All that came until now, which are so many. One that another core still hands over may come behind the mark."""
        self.send(b"until here")
        found, marked = [], False
        while not marked or len(found) < count:
            datagram = self.received.get(timeout=PATIENCE_S)
            if datagram == b"until here":
                marked = True
                continue
            assert datagram.startswith(HEADER)
            found.append(json.loads(datagram[len(HEADER):]))
        assert len(found) == count
        return found

    def close(self):
        self.send(b"end")
        self.reader.join()  # before the number of its socket is another's
        self.socket.close()


@pytest.fixture
def daemon():
    made = Daemon()
    yield made
    made.close()


def sent(daemon, mode, count):
    """The documents of the C++ program, and what it printed."""
    lines = sdk_program.run("xray_program", mode, AWS_XRAY_DAEMON_ADDRESS=daemon.address)
    return daemon.documents(count), lines


def python_request(address):
    """What Request of sdk/tests/xray_program.cc does, by AWS's SDK for Python."""
    recorder = AWSXRayRecorder()
    recorder.configure(service="shop", sampling=False, daemon_address=address)
    segment = recorder.begin_segment(traceid="1-5759e988-bd862e3fe1be46a994272793", parent_id="53995c3f42cd8ad8",
                                     sampling=1)
    segment.set_user("andrew")
    for key, value in {"method": "POST", "url": "http://shop.test/api/activities?x=1", "user_agent": "curl/8",
                       "client_ip": "203.0.113.7", "x_forwarded_for": True}.items():
        segment.put_http_meta(key, value)
    for key, value in {"user_handle": 'andrew "brown" ünï', "count": 3, "ratio": 0.25, "cached": False,
                       "not-a-key": 1}.items():
        segment.put_annotation(key, value)
    segment.put_metadata("now", "2026-11-28")
    segment.put_metadata("request", {"headers": {"a": 1, "b": 2}, "list": [1, 2.5, None, True, "x"]}, "home")
    with recorder.in_subsegment("mock-data") as outer:
        outer.put_metadata("results_size", 3)
        with recorder.in_subsegment("orders", namespace="remote") as query:
            query.set_sql({"url": "postgresql://db/orders", "sanitized_query": "SELECT ?",
                           "database_type": "PostgreSQL", "user": "shop"})
    with recorder.in_subsegment("logs", namespace="aws") as call:
        call.set_aws({"operation": "DescribeLogGroups", "region": "us-east-1"})
        call.put_http_meta("status", 429)
        call.put_http_meta("content_length", 12)
    try:
        with recorder.in_subsegment("will-fail"):
            raise RuntimeError("database went away")
    except RuntimeError as error:
        segment.add_exception(error, [])
    segment.put_http_meta("status", 500)
    segment.put_http_meta("content_length", 265)
    recorder.end_segment()


def comparable(document):
    """A document without what differs between two runs and two languages: ids become the order in which they appear."""
    names = {}

    def walk(value, key=""):
        if isinstance(value, dict):
            return {name: walk(inner, name) for name, inner in sorted(value.items())}
        if isinstance(value, list):
            return ["frames"] if key == "stack" else [walk(inner) for inner in value]
        if key in ("start_time", "end_time"):
            assert isinstance(value, float)
            return "a time"
        if key in ("id", "parent_id", "cause"):
            return names.setdefault(value, f"id {len(names)}")
        if key in ("working_directory", "sdk", "sdk_version", "runtime", "runtime_version"):
            assert isinstance(value, str) and value
            return "a text"
        if key == "type" and value in ("RuntimeError", "std::runtime_error"):
            return "a runtime error"
        return value

    return walk(document)


def test_a_document_has_what_the_python_sdks_has(daemon):
    [ours], _ = sent(daemon, "request", 1)
    python_request(daemon.address)
    [theirs] = daemon.documents(1)
    frames = ours["subsegments"][2]["cause"]["exceptions"][0]
    frames.pop("truncated", None)  # Python's SDK leaves frames out without saying so
    assert comparable(ours) == comparable(theirs)


@pytest.mark.parametrize("mode, count", [("request", 1), ("many", 102), ("large", 5), ("open", 4), ("threads", 1)])
def test_documents_are_x_rays(daemon, mode, count):
    documents, lines = sent(daemon, mode, count)
    for document in documents:
        VALIDATOR.validate(document)
        assert document["trace_id"] in lines


def test_the_schema_takes_what_the_python_sdk_sends_and_nothing_else(daemon):
    python_request(daemon.address)
    [document] = daemon.documents(1)
    VALIDATOR.validate(document)
    recorded = sorted((ROOT / "tests/fixtures/aws/xray").glob("py-flask.*.udp"))
    for path in recorded:
        VALIDATOR.validate(json.loads(path.read_bytes()[len(HEADER):]))
    for change in ({"id": "xyz"}, {"trace_id": document["trace_id"][2:]}, {"name": ""}, {"fault": "yes"},
                   {"in_progress": True}, {"start_time": "1"}, {"annotations": {"a-b": 1}}, {"annotations": {"a": []}},
                   {"http": {"response": {"status": "200"}}}, {"cause": {}}, {"subsegments": []}, {"unknown": 1},
                   {"metadata": {"AWS.x": {}}}, {"metadata": {"x": 1}}, {"namespace": "local"}):
        assert not VALIDATOR.is_valid(document | change), change


def rows(server, trace, columns):
    return server.sql(f"SELECT {columns} FROM events WHERE trace_id = unhex('{trace[2:].replace('-', '')}') "
                      "AND door = 'xray' ORDER BY time, name")


def served(server, mode, count, columns="name, toString(signal), toString(kind), toString(status)"):
    """What the server has of the first trace that the program reported, once `count` records of it are there."""
    address = server.addresses["xray_udp"].split("://")[-1]
    lines = sdk_program.run("xray_program", mode, AWS_XRAY_DAEMON_ADDRESS=address)
    return wait_until(lambda: len(found := rows(server, lines[-1], columns)) >= count and found,
                      f"{count} records of {lines[-1]}")


def test_skep_has_the_request(server):
    fields = ("http.request.method", "url.full", "http.response.status_code", "client.address", "annotation.count",
              "enduser.id", "aws.xray.sdk", "metadata.home.request.headers.b", "exception.message", "db.query.text")
    found = served(server, "request", 5, "name, toString(kind), toString(status), "
                   + ", ".join(f"toString(attributes.`{field}`)" for field in fields))
    assert sorted(found) == sorted([
        ["shop", "server", "error", "POST", "http://shop.test/api/activities?x=1", "500", "203.0.113.7", "3", "andrew",
         "X-Ray for C++ (skep-sdk)", "2", "database went away", ""],
        ["mock-data", "internal", "unset", *[""] * 10],
        ["orders", "client", "unset", *[""] * 9, "SELECT ?"],
        ["logs", "client", "error", "", "", "429", *[""] * 7],
        ["will-fail", "internal", "error", *[""] * 8, "database went away", ""]])
    assert server.counters("xray")["dropped"] == 0


def test_skep_joins_what_is_sent_alone(server):
    found = served(server, "many", 151, "name, hex(span_id), hex(parent_id)")
    assert len(found) == 151
    segment = next(span for name, span, _ in found if name == "shop")
    assert {parent for name, _, parent in found if name != "shop"} == {segment}
    found = served(server, "large", 7, "name, hex(span_id), hex(parent_id)")
    segment = next(span for name, span, _ in found if name == "shop")
    assert {parent for name, _, parent in found if name != "shop"} == {segment}


def test_skep_shows_what_is_open(server):
    address = server.addresses["xray_udp"].split("://")[-1]
    job, shop = sdk_program.run("xray_program", "open", AWS_XRAY_DAEMON_ADDRESS=address)
    for trace, shown in ((job, [["job", True]]), (shop, [["part", False], ["shop", False]])):
        digits = trace[2:].replace("-", "")
        wait_until(lambda: len(rows(server, trace, "name")) >= len(shown) + 1, f"what is open of {trace} and its successor")
        page = server.get("/api/ui/traces/" + digits)["rows"]
        assert sorted([row["name"], bool(row.get("open"))] for row in page) == shown


def test_a_segment_stands_under_the_span_of_its_request(server):
    [line] = sdk_program.run("xray_program", "joined", OTEL_SERVICE_NAME="shop",
                             AWS_XRAY_DAEMON_ADDRESS=server.addresses["xray_udp"].split("://")[-1],
                             OTEL_EXPORTER_OTLP_ENDPOINT=server.addresses["otlp_http"])
    query = ("SELECT toString(door), name, hex(span_id), hex(parent_id) FROM events "
             f"WHERE trace_id = unhex('{line[2:].replace('-', '')}') AND door != 'skep'")
    found = wait_until(lambda: len(rows := server.sql(query)) == 3 and rows, "a span, a segment and its part")
    span, segment, part = (next(row for row in found if row[:2] == list(wanted)) for wanted in (
        ("otlp", "GET /home"), ("xray", "shop"), ("xray", "part")))
    assert segment[3] == span[2]
    assert part[3] == segment[2]


def test_skeps_rule_samples_everything(server):
    address = server.addresses["xray_udp"].split("://")[-1]
    lines = sdk_program.run("xray_program", "rules", AWS_XRAY_DAEMON_ADDRESS=address)
    assert len(lines) == 40
    traces = [line.split()[0] for line in lines]
    for trace in (traces[0], traces[-1]):
        assert wait_until(lambda: rows(server, trace, "toString(attributes.`aws.xray.sampling_rule_name`)"),
                          "a sampled segment") == [["Default"]]


def test_rules_of_a_daemon_decide_and_hear_what_was_decided(daemon):
    rule = {"Version": 1, "Host": "*", "HTTPMethod": "*", "ServiceName": "*", "ServiceType": "*", "ResourceARN": "*",
            "Attributes": {}, "ReservoirSize": 0, "Priority": 10, "URLPath": "*", "FixedRate": 0}
    rules = [rule | {"RuleName": "kept", "URLPath": "/k*", "FixedRate": 1},
             rule | {"RuleName": "Default", "Priority": 10000}]
    statistics = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/GetSamplingRules":
                answer = {"SamplingRuleRecords": [{"SamplingRule": entry} for entry in rules]}
            else:
                assert self.path == "/SamplingTargets"
                statistics.extend(body["SamplingStatisticsDocuments"])
                answer = {"SamplingTargetDocuments": [], "LastRuleModification": 0, "UnprocessedStatistics": []}
            text = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            pass

    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    address = f"tcp:127.0.0.1:{web.server_port} udp:{daemon.address}"
    with subprocess.Popen([sdk_program.program("xray_program"), "rules"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          env={"AWS_XRAY_DAEMON_ADDRESS": address}, text=True) as started:
        lines = [started.stdout.readline() for _ in range(20)]
        wait_until(lambda: sum(entry["RequestCount"] for entry in statistics if entry["RuleName"] == "kept") == 20,
                   "the statistics of the rule")
        rest, _ = started.communicate()
    web.shutdown()
    assert started.returncode == 0
    assert [line.split()[1] for line in lines] == ["/kept"] * 20
    assert rest == ""
    assert {document["aws"]["xray"]["sampling_rule_name"] for document in daemon.documents(20)} == {"kept"}
    assert all(re.fullmatch("[0-9a-f]{24}", entry["ClientID"]) for entry in statistics)
    assert sum(entry["SampledCount"] for entry in statistics if entry["RuleName"] == "kept") == 20
    assert sum(entry["SampledCount"] for entry in statistics if entry["RuleName"] == "Default") == 0


@pytest.mark.parametrize("host", ["localhost", "[::1]"])
def test_the_daemon_has_a_name_or_an_ipv6_address(host):
    try:
        listener = Daemon(socket.AF_INET6 if host == "[::1]" else socket.AF_INET)
    except OSError as error:
        pytest.skip(f"no {host} on this machine: {error}")
    address = f"{host}:{listener.port}"
    lines = sdk_program.run("xray_program", "threads", AWS_XRAY_DAEMON_ADDRESS=address)
    [document] = listener.documents(1)
    assert document["trace_id"] == lines[0]
    assert document["subsegments"][0]["subsegments"][0]["name"] == "below it"
    listener.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def aws_daemon(server, tmp_path):
    """AWS's own daemon between the program and Skep; its address."""
    binary = os.environ.get("SKEP_XRAY_DAEMON")
    if not binary:
        pytest.skip("SKEP_XRAY_DAEMON names no X-Ray daemon; no registry has it built (github.com/aws/aws-xray-daemon)")
    address = f"127.0.0.1:{free_port()}"
    config = tmp_path / "daemon.yaml"
    config.write_text(f"Version: 2\nRegion: us-east-1\nLocalMode: true\nEndpoint: {server.http}\n"
                      f"Socket:\n  UDPAddress: {address}\n  TCPAddress: {address}\n")
    log_path = tmp_path / "daemon.log"
    with open(log_path, "wb") as log:
        started = subprocess.Popen([binary, "-c", str(config), "-l", "debug"], stdout=log, stderr=log,
                                   env={**os.environ, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"})

    def listens():
        assert started.poll() is None, log_path.read_text()
        return somebody_listens(address)

    wait_until(listens, "the daemon to listen")
    yield address
    started.terminate()
    started.wait()


def test_aws_own_daemon_takes_and_passes_on(server, aws_daemon):
    for mode, count in (("request", 5), ("many", 151), ("large", 7)):
        lines = sdk_program.run("xray_program", mode, AWS_XRAY_DAEMON_ADDRESS=aws_daemon)
        wait_until(lambda: len(rows(server, lines[-1], "name")) == count, f"{count} records by the daemon")
    assert len(sdk_program.run("xray_program", "rules", AWS_XRAY_DAEMON_ADDRESS=aws_daemon)) == 40


@pytest.fixture
def emulator(tmp_path):
    """moto's emulator of AWS, as a server of its own."""
    port = free_port()
    with open(tmp_path / "moto.log", "wb") as log:
        started = subprocess.Popen([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], stdout=log,
                                   stderr=log)

    def listens():
        assert started.poll() is None, pathlib.Path(tmp_path / "moto.log").read_text()
        return somebody_listens(f"127.0.0.1:{port}")

    wait_until(listens, "the emulator to listen")
    yield f"http://127.0.0.1:{port}"
    started.terminate()
    started.wait()


def test_an_emulator_takes_and_returns_the_documents(daemon, emulator):
    xray = boto3.client("xray", endpoint_url=emulator, region_name="us-east-1", aws_access_key_id="test",
                        aws_secret_access_key="test")
    documents = sent(daemon, "request", 1)[0] + sent(daemon, "many", 102)[0]
    answer = xray.put_trace_segments(TraceSegmentDocuments=[json.dumps(document) for document in documents])
    assert answer["UnprocessedTraceSegments"] == []
    traces = xray.batch_get_traces(TraceIds=[documents[0]["trace_id"], documents[-1]["trace_id"]])["Traces"]
    returned = [json.loads(segment["Document"]) for trace in traces for segment in trace["Segments"]]
    assert sorted(document["id"] for document in returned) == sorted(document["id"] for document in documents)
    now = time.time()
    summaries = xray.get_trace_summaries(StartTime=now - 600, EndTime=now + 60)["TraceSummaries"]
    assert documents[-1]["trace_id"] in {summary["Id"] for summary in summaries}
