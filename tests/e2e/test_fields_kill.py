# SPDX-License-Identifier: Apache-2.0
"""The catalogue of fields under kill -9: names, types and counts are those of what was sent, once."""
import collections
import http.client
import json
import random
import threading
import time

from skep import PATIENCE_S, wait_until

SENDERS = 3
ROUNDS = 4
HEADERS = {"x-honeycomb-team": "hcaik_testkey0000000000", "content-type": "application/json"}


class Sender(threading.Thread):
    """Sends batches whose events have some of a few fields, and sends each again until it was acknowledged."""

    def __init__(self, server, seed):
        super().__init__()
        self.server, self.random, self.seed = server, random.Random(seed), seed
        self.sent = collections.Counter()
        self.events = 0
        self.stopping = False

    def run(self):
        while not self.stopping:
            events = [self.event() for _ in range(self.random.randrange(1, 30))]
            body = json.dumps([{"data": event, "time": time.time()} for event in events]).encode()
            if not self.deliver(body):
                return
            self.events += len(events)
            for event in events:
                self.sent.update(event.keys())

    def event(self):
        event = {"n": self.random.randrange(100)}
        for name, value in ((f"text.{self.seed}", "worf"), ("ratio", 0.5), ("good", True)):
            if self.random.random() < 0.5:
                event[name] = value
        # A time to the nanosecond makes a batch unlike any other: sent again, it is known.
        return event | {"trace.trace_id": f"{self.random.getrandbits(128):032x}",
                        "trace.span_id": f"{self.random.getrandbits(64) | 1:016x}"}

    def deliver(self, body):
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                status, _, answer = self.server.request("POST", "/1/batch/load", body, HEADERS)
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)  # it is dead, or starts
                continue
            if status == 200:
                return {entry["status"] for entry in json.loads(answer)} == {202}
            time.sleep(0.02)
        return False


def test_names_and_counts_are_what_was_sent(make_server):
    server = make_server()
    senders = [Sender(server, seed) for seed in range(SENDERS)]
    for sender in senders:
        sender.start()
    for _ in range(ROUNDS):
        before = sum(sender.events for sender in senders)
        wait_until(lambda before=before: sum(sender.events for sender in senders) >= before + 200, "events to be acknowledged")
        server.restart()
    for sender in senders:
        sender.stopping = True
    for sender in senders:
        sender.join()
    sent = sum((sender.sent for sender in senders), collections.Counter())
    server.restart()
    [[rows]] = server.sql("SELECT count() FROM events")
    assert int(rows) == sum(sender.events for sender in senders)
    listed = server.get("/api/ui/explore/fields", dataset="load")["fields"]
    found = {field["name"]: (field["types"], field["rows"]) for field in listed if "rows" in field}
    expected = {name: (["integer"] if name == "n" else ["float"] if name == "ratio" else ["boolean"] if name == "good"
                       else ["string"], count) for name, count in sent.items() if not name.startswith("trace.")}
    assert found == expected
