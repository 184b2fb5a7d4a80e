# SPDX-License-Identifier: Apache-2.0
"""The CloudWatch Logs door as unmodified clients see it: boto3 and watchtower, with servers that die and answers that get lost."""
import gzip
import json
import logging
import socket
import threading
import time
import urllib.parse

import boto3
import botocore.config
import botocore.exceptions
import pytest
import watchtower

from skep import PATIENCE_S, Server, fill, wait_until

GROUP = "/shop/app"
DAY_MS = 86_400_000


def now_ms():
    return time.time_ns() // 1_000_000


def client(endpoint, attempts=3):
    return boto3.client("logs", endpoint_url=endpoint, region_name="eu-west-1", aws_access_key_id="test",
                        aws_secret_access_key="test",
                        config=botocore.config.Config(retries={"mode": "standard", "max_attempts": attempts}))


@pytest.fixture
def logs(server):
    return client(server.http)


def make_stream(logs, stream="s"):
    logs.create_log_group(logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName=stream)


def put(logs, *messages, stream="s", start=None, **more):
    start = start or now_ms()
    return logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=[
        {"timestamp": start + i, "message": message} for i, message in enumerate(messages)], **more)


def messages(logs, **more):
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=GROUP, **more)
    return [event["message"] for page in pages for event in page["events"]]


def refusal(call, **arguments):
    """(type, message, HTTP status) of the error that a call ends with."""
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**arguments)
    response = caught.value.response
    return response["Error"]["Code"], response["Error"]["Message"], response["ResponseMetadata"]["HTTPStatusCode"]


class Relay(threading.Thread):
    """A TCP relay to the server that cuts the connection once `lose` answers have come, before the client has one."""

    def __init__(self, upstream, lose):
        super().__init__(daemon=True)
        parts = urllib.parse.urlsplit(upstream)
        self.upstream, self.lose = (parts.hostname, parts.port), lose
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.lost = 0
        self.start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection, socket.create_connection(self.upstream) as server:
            copy = threading.Thread(target=self.copy, args=(connection, server), daemon=True)
            copy.start()
            while answer := server.recv(1 << 16):
                if self.lost < self.lose:
                    self.lost += 1
                    connection.shutdown(socket.SHUT_RDWR)
                    return
                connection.sendall(answer)

    @staticmethod
    def copy(source, target):
        try:
            while data := source.recv(1 << 16):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # either end went away; the other one learns of it by itself

    def close(self):
        self.listener.close()


def test_groups_and_streams(server, logs):
    logs.create_log_group(logGroupName=GROUP, tags={"env": "test"})
    with pytest.raises(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_group(logGroupName=GROUP)
    logs.put_retention_policy(logGroupName=GROUP, retentionInDays=7)
    for name in ("b", "a", "c"):
        logs.create_log_stream(logGroupName=GROUP, logStreamName=name)
    put(logs, "hello", stream="b")

    group, = logs.describe_log_groups(logGroupNamePrefix="/shop")["logGroups"]
    assert group["arn"] == f"arn:aws:logs:eu-west-1:123456789012:log-group:{GROUP}:*"
    assert (group["retentionInDays"], group["storedBytes"]) == (7, len("hello") + 26)
    pages = logs.get_paginator("describe_log_streams").paginate(
        logGroupName=GROUP, PaginationConfig={"PageSize": 2})
    assert [stream["logStreamName"] for page in pages for stream in page["logStreams"]] == ["a", "b", "c"]
    newest, *_ = logs.describe_log_streams(logGroupName=GROUP, orderBy="LastEventTime", descending=True)["logStreams"]
    assert newest["logStreamName"] == "b" and newest["lastEventTimestamp"] <= now_ms()

    logs.tag_resource(resourceArn=group["logGroupArn"], tags={"team": "obs"})
    logs.untag_resource(resourceArn=group["logGroupArn"], tagKeys=["env"])
    assert logs.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"] == {"team": "obs"}
    logs.delete_log_stream(logGroupName=GROUP, logStreamName="a")
    assert refusal(logs.delete_log_group, logGroupName=GROUP)[0] == "ValidationException"

    server.restart()
    group, = logs.describe_log_groups()["logGroups"]
    assert (group["retentionInDays"], group["storedBytes"]) == (7, len("hello") + 26)
    assert len(logs.describe_log_streams(logGroupName=GROUP)["logStreams"]) == 2


def test_events_are_read_back_in_order_by_pages(logs):
    make_stream(logs)
    start = now_ms() - 60_000
    sent = [f"line {i} ✓" for i in range(250)]
    for i in range(0, 250, 50):
        put(logs, *sent[i:i + 50], start=start + i)
    assert messages(logs, PaginationConfig={"PageSize": 100}) == sent
    assert messages(logs, startFromHead=False, limit=7) == sent[::-1]
    assert messages(logs, startTime=start + 10, endTime=start + 12) == sent[10:13]

    arguments = {"logGroupName": GROUP, "logStreamName": "s", "startFromHead": True, "limit": 100}
    read, token = [], None
    while True:
        page = logs.get_log_events(**arguments, **({"nextToken": token} if token else {}))
        read += [event["message"] for event in page["events"]]
        if page["nextForwardToken"] == token:
            break
        token = page["nextForwardToken"]
    assert read == sent
    tail = logs.get_log_events(logGroupName=GROUP, logStreamName="s", limit=3)["events"]
    assert [event["message"] for event in tail] == sent[-3:]

    ids = [event["eventId"] for page in logs.get_paginator("filter_log_events").paginate(logGroupName=GROUP)
           for event in page["events"]]
    assert len(set(ids)) == 250 and ids == sorted(ids)


def test_what_a_line_says_is_searchable(server, logs):
    make_stream(logs)
    trace, span = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
    put(logs, json.dumps({"level": "ERROR", "status": 500, "user": {"name": "ann"}, "trace_id": trace, "span_id": span}),
        f"2026-11-24 12:00:00,123 - app - WARNING - slow trace_id={trace}", "plain")
    rows = server.sql("SELECT severity, lower(hex(trace_id)), lower(hex(parent_id)), attributes.status, attributes.`user.name`,"
                      " attributes.`aws.log.stream.name`, dataset FROM events WHERE door = 'cloudwatch' ORDER BY time")
    assert [row[0] for row in rows] == [17, 13, 0]
    assert [row[1] for row in rows] == [trace, trace, "0" * 32]
    assert rows[0][2] == span
    assert (str(rows[0][3]), rows[0][4]) == ("500", "ann")
    assert {(row[5], row[6]) for row in rows} == {("s", GROUP)}


def test_refusals_are_the_sdks_own_exceptions(server, logs):
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        put(logs, "no group")
    logs.create_log_group(logGroupName=GROUP)
    with pytest.raises(logs.exceptions.ResourceNotFoundException) as caught:
        put(logs, "no stream")
    assert caught.value.response["Error"]["Message"] == "The specified log stream does not exist."
    assert len(caught.value.response["ResponseMetadata"]["RequestId"]) == 36
    logs.create_log_stream(logGroupName=GROUP, logStreamName="s")
    late = now_ms()
    with pytest.raises(logs.exceptions.InvalidParameterException) as caught:
        logs.put_log_events(logGroupName=GROUP, logStreamName="s", logEvents=[
            {"timestamp": late, "message": "b"}, {"timestamp": late - 1, "message": "a"}])
    assert "chronological order" in caught.value.response["Error"]["Message"]
    with pytest.raises(logs.exceptions.InvalidParameterException):
        logs.filter_log_events(logGroupName=GROUP, filterPattern="ERROR")
    with pytest.raises(logs.exceptions.InvalidParameterException):
        logs.get_log_events(logGroupName=GROUP, logStreamName="s", nextToken="nonsense")
    assert refusal(logs.start_query, logGroupName=GROUP, startTime=0, endTime=1, queryString="fields @message")[0] == (
        "UnknownOperationException")
    assert messages(logs) == []

    status, headers, body = server.request("POST", "/", b"{", {"x-amz-target": "Logs_20140328.PutLogEvents"})
    assert (status, json.loads(body)["__type"]) == (400, "SerializationException")
    assert headers["content-type"] == "application/x-amz-json-1.1"


def test_events_outside_the_window_are_told_and_left_out(logs):
    make_stream(logs)
    logs.put_retention_policy(logGroupName=GROUP, retentionInDays=3)
    now = now_ms()
    times = [now - 20 * DAY_MS, now - 5 * DAY_MS, now, now + 3 * 3_600_000]
    answer = logs.put_log_events(logGroupName=GROUP, logStreamName="s", logEvents=[
        {"timestamp": t, "message": str(i)} for i, t in enumerate(times)])
    assert answer["rejectedLogEventsInfo"] == {"expiredLogEventEndIndex": 1, "tooNewLogEventStartIndex": 3}
    assert messages(logs) == ["2"]


def test_old_events_are_kept_where_no_retention_says_otherwise(logs):
    make_stream(logs)
    old = now_ms() - 400 * DAY_MS
    answer = logs.put_log_events(logGroupName=GROUP, logStreamName="s", logEvents=[{"timestamp": old, "message": "old"}])
    assert "rejectedLogEventsInfo" not in answer
    events = logs.get_log_events(logGroupName=GROUP, logStreamName="s", startFromHead=True)["events"]
    assert [(event["timestamp"], event["message"]) for event in events] == [(old, "old")]


def test_bodies_may_be_gzipped(server, logs):
    make_stream(logs)
    body = json.dumps({"logGroupName": GROUP, "logStreamName": "s",
                       "logEvents": [{"timestamp": now_ms(), "message": "zipped " * 100}]}).encode()
    headers = {"x-amz-target": "Logs_20140328.PutLogEvents", "content-type": "application/x-amz-json-1.1",
               "content-encoding": "gzip"}
    assert server.request("POST", "/", gzip.compress(body), headers)[0] == 200
    assert server.request("POST", "/", gzip.compress(body)[:-9], headers)[0] == 400
    assert messages(logs) == ["zipped " * 100]


def test_a_batch_whose_answer_is_lost_is_stored_once(server, logs):
    make_stream(logs)
    relay = Relay(server.http, lose=2)
    try:
        put(client(relay.url), "a", "b")  # the third try is answered
    finally:
        relay.close()
    assert relay.lost == 2
    assert messages(logs) == ["a", "b"]
    # Alike, but another call: another batch.
    start = now_ms()
    for _ in range(2):
        put(logs, "c", start=start)
    assert messages(logs) == ["a", "b", "c", "c"]


def handler_of(server, stream="worker", attempts=3, **options):
    return watchtower.CloudWatchLogHandler(log_group_name=GROUP, log_stream_name=stream,
                                           boto3_client=client(server.http, attempts), send_interval=1, **options)


def logger_with(handler, name):
    logger = logging.Logger(name)
    logger.addHandler(handler)
    return logger


def test_watchtower_makes_what_it_needs_and_delivers(server, logs):
    handler = handler_of(server, log_group_retention_days=30)
    logger = logger_with(handler, "shop")
    logger.warning("hello %s", "there")
    logger.info({"msg": "structured", "user_handle": "andrew", "delay": 0.25})
    try:
        raise ZeroDivisionError("division by zero")
    except ZeroDivisionError:
        logger.exception("boom")
    handler.close()
    read = messages(logs)
    assert read[0] == "hello there"
    assert json.loads(read[1])["user_handle"] == "andrew"
    assert read[2].startswith("boom\nTraceback") and len(read) == 3
    group, = logs.describe_log_groups()["logGroups"]
    assert group["retentionInDays"] == 30


def test_nothing_is_lost_or_doubled_when_the_server_dies(server, logs):
    make_stream(logs)
    impatient = client(server.http, attempts=1)
    acknowledged, stop = [], threading.Event()

    def send():
        number, token = 0, {}
        while not stop.is_set():
            batch = [f"{number}-{i}" for i in range(5)]
            start = now_ms()
            while True:  # the same batch until it is answered; its token says that it is the same
                try:
                    answer = put(impatient, *batch, start=start, **token)
                    break
                except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError):
                    time.sleep(0.02)
            token = {"sequenceToken": answer["nextSequenceToken"]}
            acknowledged.extend(batch)
            number += 1

    sender = threading.Thread(target=send)
    sender.start()
    try:
        for _ in range(3):
            before = len(acknowledged)
            wait_until(lambda: len(acknowledged) >= before + 100, "batches to be acknowledged")
            server.restart()  # long after the first batch, which had no token
    finally:
        stop.set()
        sender.join(PATIENCE_S)
    assert sorted(messages(logs)) == sorted(acknowledged)
    stream, = logs.describe_log_streams(logGroupName=GROUP)["logStreams"]
    group, = logs.describe_log_groups()["logGroups"]
    assert group["storedBytes"] == sum(len(message) + 26 for message in acknowledged)
    assert stream["firstEventTimestamp"] < stream["lastEventTimestamp"]


def test_watchtower_survives_a_restart(server, logs):
    handler = handler_of(server, attempts=50)  # until the server is there again, however long it starts
    logger = logger_with(handler, "shop")
    logger.warning("before")
    handler.flush()
    server.kill()
    for i in range(20):
        logger.warning("during %d", i)
    server.start()
    logger.warning("after")
    handler.close()
    assert messages(logs) == ["before", *(f"during {i}" for i in range(20)), "after"]


def test_a_full_disk_throttles_and_the_sdk_waits_for_room(small_disk):
    server = Server(small_disk).start()
    try:
        logs = client(server.http)
        make_stream(logs)
        filler = fill(small_disk)
        impatient, taken = client(server.http, attempts=1), []

        def throttled():
            try:
                put(impatient, f"until full {len(taken)}")
            except botocore.exceptions.ClientError as error:
                return error.response
            taken.append(f"until full {len(taken)}")
            return None

        refused = wait_until(throttled, "the door to throttle")
        assert refused["Error"] == {"Code": "ThrottlingException", "Message": "Rate exceeded"}
        assert refused["ResponseMetadata"]["HTTPStatusCode"] == 400
        assert server.counters("cloudwatch")["throttled"] >= 1

        def throttles():
            return server.counters("cloudwatch")["throttled"]

        before = throttles()

        def put_patiently():  # what the engine or the log frees meanwhile lets a line in between
            sdk = client(server.http, attempts=20)
            while throttles() < before + 2:
                put(sdk, f"patient {len(taken)}")
                taken.append(f"patient {len(taken)}")

        patient = threading.Thread(target=put_patiently)
        patient.start()
        wait_until(lambda: throttles() >= before + 2, "the SDK to try again")
        filler.unlink()
        patient.join(PATIENCE_S)
        assert not patient.is_alive()
        assert messages(logs) == taken
    finally:
        server.kill()
