# SPDX-License-Identifier: Apache-2.0
"""Acknowledged means stored, once: under kill -9 in the middle of mixed load, and on a full disk."""
import http.client
import json
import threading
import time
import urllib.parse

from skep import PATIENCE_S, Server, fill, wait_until

ROUNDS = 20
SENDERS = {  # where a record's number is found again
    "otlp": "name",
    "xray": "name",
    "cloudwatch": "body",
    "rollbar": "body",
}


def otlp(number):
    now = time.time_ns()
    span = {"traceId": f"{number + 1:032x}", "spanId": f"{number + 1:016x}", "name": f"otlp-{number}", "kind": 2,
            "startTimeUnixNano": str(now), "endTimeUnixNano": str(now + 1000)}
    return "/v1/traces", {"content-type": "application/json"}, {"resourceSpans": [{
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "load"}}]},
        "scopeSpans": [{"spans": [span]}]}]}


def xray(number):
    now = time.time()
    document = {"name": f"xray-{number}", "id": f"{number + 1:016x}",
                "trace_id": f"1-{int(now):08x}-{number + 1:024x}", "start_time": now, "end_time": now + 0.001}
    return "/TraceSegments", {"content-type": "application/json"}, {"TraceSegmentDocuments": [json.dumps(document)]}


def aws(operation, body):
    return "/", {"content-type": "application/x-amz-json-1.1", "x-amz-target": f"Logs_20140328.{operation}"}, body


def cloudwatch(number):
    return aws("PutLogEvents", {"logGroupName": "load", "logStreamName": "stream", "logEvents": [
        {"timestamp": time.time_ns() // 1_000_000, "message": f"cloudwatch-{number}"}]})


def rollbar(number):
    return "/api/1/item/", {"content-type": "application/json", "x-rollbar-access-token": "any"}, {"data": {
        "environment": "test", "level": "error", "timestamp": int(time.time()),
        "body": {"message": {"body": f"rollbar-{number}"}}}}


class Sender(threading.Thread):
    """One client of one door, a request at a time, numbering what it sends and noting what was acknowledged."""

    def __init__(self, address, door, first):
        super().__init__()
        self.address, self.make, self.number = address, globals()[door], first
        self.acknowledged = []
        self.refused = []
        self.stopping = False

    def run(self):
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.address).netloc, timeout=PATIENCE_S)
        try:
            while not self.stopping:
                path, headers, body = self.make(self.number)
                connection.request("POST", path, json.dumps(body), headers)
                response = connection.getresponse()
                answer = response.read()
                if response.status == 200 and not json.loads(answer or b"{}").get("UnprocessedTraceSegments"):
                    self.acknowledged.append(self.number)
                else:
                    self.refused.append((response.status, answer[:200]))
                self.number += 1
        except (OSError, http.client.HTTPException):
            self.number += 1  # the one on its way may or may not be stored
        finally:
            connection.close()


def stored_numbers(server, door, column):
    """{number: how often} of everything stored through a door."""
    prefix = f"{door}-"
    return {int(number): int(rows) for number, rows in server.sql(
        f"SELECT toUInt64(substring({column}, {len(prefix) + 1})) AS n, count() FROM events "
        f"WHERE door = '{door}' AND startsWith({column}, '{prefix}') GROUP BY n")}


def make_log_group(server):
    for operation, body in (("CreateLogGroup", {"logGroupName": "load"}),
                            ("CreateLogStream", {"logGroupName": "load", "logStreamName": "stream"})):
        path, headers, body = aws(operation, body)
        status, _, answer = server.request("POST", path, json.dumps(body).encode(), headers)
        assert status == 200, answer


def test_kill_after_the_last_acknowledgement_twenty_times(server):
    make_log_group(server)
    acknowledged = {door: set() for door in SENDERS}
    first = 0
    for round_number in range(ROUNDS):
        senders = {door: Sender(server.http, door, first) for door in SENDERS}
        for sender in senders.values():
            sender.start()
        wait_until(lambda: all(len(sender.acknowledged) >= 5 for sender in senders.values()) or
                   any(sender.refused for sender in senders.values()), "acknowledgements from each door")
        wait_until(lambda: sum(len(sender.acknowledged) for sender in senders.values()) >= 40 + 13 * round_number,
                   "some load")
        server.kill()
        for sender in senders.values():
            sender.stopping = True
        for door, sender in senders.items():
            sender.join()
            assert not sender.refused, (door, sender.refused[:3])
            acknowledged[door].update(sender.acknowledged)
            first = max(first, sender.number)
        server.start()
    for door, column in SENDERS.items():
        stored = stored_numbers(server, door, column)
        lost = acknowledged[door] - stored.keys()
        assert not lost, (door, len(lost), len(acknowledged[door]))
        twice = {number: rows for number, rows in stored.items() if rows != 1}
        assert not twice, (door, twice)
        # At most the one that was on its way at each kill is stored without having been acknowledged.
        assert len(stored) - len(acknowledged[door]) <= ROUNDS
    occurrences = sum(item["occurrences"] for item in server.get("/api/ui/items", limit=1000)["items"])
    assert occurrences == len(stored_numbers(server, "rollbar", "body"))


def test_stop_keeps_what_was_acknowledged(server):
    make_log_group(server)
    senders = {door: Sender(server.http, door, 0) for door in SENDERS}
    for sender in senders.values():
        sender.start()
    wait_until(lambda: all(len(sender.acknowledged) >= 20 for sender in senders.values()), "acknowledgements")
    assert server.stop() == 0, server.log_tail()
    for sender in senders.values():
        sender.stopping = True
        sender.join()
    server.start()
    for door, column in SENDERS.items():
        stored = stored_numbers(server, door, column)
        assert set(senders[door].acknowledged) <= stored.keys(), door
        assert set(stored.values()) == {1}, door


def test_a_full_disk_is_answered_by_throttling_and_mends_itself(small_disk):
    server = Server(small_disk).start()
    try:
        make_log_group(server)
        filler = fill(small_disk)
        acknowledged = {door: set() for door in SENDERS}
        statuses = {door: set() for door in SENDERS}
        number = 0

        def send(door):
            path, headers, body = globals()[door](number)
            status, _, _ = server.request("POST", path, json.dumps(body).encode(), headers)
            if status == 200:
                acknowledged[door].add(number)
            return status

        def all_throttled():
            nonlocal number
            number += 1
            for door in SENDERS:
                statuses[door].add(send(door))
            return all(codes - {200} for codes in statuses.values())

        wait_until(all_throttled, "each door to throttle")
        for door, codes in statuses.items():
            assert codes - {200} <= {400, 429, 503}, (door, codes)  # 400 is how AWS says ThrottlingException
        filler.unlink()

        def all_taken():
            nonlocal number
            number += 1
            return all([send(door) == 200 for door in SENDERS])

        wait_until(all_taken, "each door to take again")
        server.restart()
        for door, column in SENDERS.items():
            stored = stored_numbers(server, door, column)
            assert acknowledged[door] <= stored.keys(), door
            assert set(stored.values()) == {1}, door
    finally:
        server.kill()
