# SPDX-License-Identifier: Apache-2.0
"""The sample app with its four unmodified SDKs: what it sent is what is stored, and each request is one trace."""
import pytest

from skep import wait_until

REQUESTS = 40
CLIENTS = {"ids": 2, "none": 1}  # what waits for a core beside another is a riddle where only times tell them apart


def expected_errors(sent):
    return sum(request.path in ("/api/boom", "/rollbar/test") for request in sent)


def counts(server):
    """How many of each sort are stored: {(door, signal): rows}."""
    return {(door, signal): int(rows) for door, signal, rows in server.sql(
        "SELECT door, signal, count() FROM events GROUP BY door, signal")}


def expected_counts(sent):
    creates = [request for request in sent if request.method == "POST"]
    good = [request for request in creates if request.status == 200]
    homes = [request for request in sent if request.path == "/api/activities/home"]
    booms = [request for request in sent if request.path == "/api/boom"]
    # Rollbar's client posts each item with requests, which is instrumented, too, on a thread of its own.
    spans = expected_errors(sent)
    # Of a request: its server span. Of home: mock-data, fake-db, sleep. Of a create: create-activity, validate; insert, fake-db, sleep.
    spans += len(sent) + 3 * len(homes) + 2 * len(creates) + 3 * len(good)
    # One line after each request; one more of home, of each create and of boom.
    lines = len(sent) + len(homes) + len(creates) + len(booms)
    return {
        ("otlp", "span"): spans,
        ("xray", "span"): len(sent) + len(homes) + len(creates),  # a subsegment of home and of each create
        ("rollbar", "error"): expected_errors(sent),
        ("otlp", "log"): lines,
        ("cloudwatch", "log"): lines,
    }


def run_app(server, traffic, join, protocol, log_file):
    app = traffic.SampleApp(server.addresses, join, protocol, log_file, APP_DELAY_MS="10-100")
    driver = traffic.Driver(app.port, unique_users=True)
    try:
        driver.run(REQUESTS, CLIENTS[join])
    finally:
        app.stop()  # flushes the SDKs' queues
    return driver.sent


@pytest.mark.parametrize(("join", "protocol"), [("ids", "grpc"), ("none", "http/protobuf")])
def test_everything_sent_is_stored_once_and_each_request_is_one_trace(server, traffic, tmp_path, join, protocol):
    sent = run_app(server, traffic, join, protocol, tmp_path / "app.log")
    assert len(sent) == REQUESTS

    wanted = expected_counts(sent)
    segments = ("xray", "span")  # come by datagram, which has no answer
    wait_until(lambda: counts(server).get(segments, 0) >= wanted[segments], "the segments")
    stored = counts(server)
    for sort, expected in wanted.items():
        assert stored.get(sort, 0) == expected, (sort, stored)

    # Where ids are carried, the doors meet at once; by evidence, once everything that could compete has arrived.
    def joined():
        listed = [request for request in server.get("/api/ui/requests", limit=1000)["requests"]
                  if request["route"] != "/api/1/item/"]  # Rollbar's client, see above
        whole = [request for request in listed
                 if {"otlp", "xray", "cloudwatch"} <= {entry["door"] for entry in request["doors"]}]
        return (listed, whole) if len(whole) >= REQUESTS - (0 if join == "ids" else 2) else None

    listed, whole = wait_until(joined, "the doors of each request to meet")
    if join == "ids":
        assert len(listed) == REQUESTS  # no segment, line or error stands alone
        hows = {entry["how"] for request in whole for entry in request["doors"]}
        assert hows <= {"same_id", "carried", "same_record"}
    with_errors = [request for request in listed
                   if "rollbar" in {entry["door"] for entry in request["doors"]}]
    assert len(with_errors) <= expected_errors(sent)
    if join == "ids":
        assert len(with_errors) == expected_errors(sent)

    # One of them, whole: spans, segments, lines and the error on one time axis.
    boom = next((request for request in with_errors if request["status_code"] == 500), None)
    assert boom, [request["name"] for request in with_errors]
    trace = server.get(f"/api/ui/traces/{boom['trace_id']}")
    kinds = {(row["kind"], row["door"]) for row in trace["rows"]}
    assert {("span", "otlp"), ("span", "xray"), ("error", "rollbar")} <= kinds
    assert any(kind == "log" for kind, _ in kinds)
    items = server.get("/api/ui/items")["items"]
    assert sum(item["occurrences"] for item in items) == expected_errors(sent)
    assert len(items) == len({request.path for request in sent if request.path in ("/api/boom", "/rollbar/test")})
