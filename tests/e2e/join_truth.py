# SPDX-License-Identifier: Apache-2.0
"""Judges the joiner by truth that it does not use: each request of the sample app has a user handle of its own, which the app
put on its OTLP server span (`app.user_handle`) and on a subsegment of its X-Ray trace (the annotation `user_handle`)."""
import dataclasses

SPANS = """SELECT attributes.`app.user_handle`.:String AS user, hex(trace_id) FROM events
           WHERE door = 'otlp' AND signal = 'span' AND kind = 'server' AND user IS NOT NULL"""
SEGMENTS = """SELECT attributes.`annotation.user_handle`.:String AS user, hex(trace_id) FROM events
              WHERE door = 'xray' AND signal = 'span' AND user IS NOT NULL"""
# By the guest's own record, and by the host's, which must say the same.
JOINED = """SELECT hex(trace_id), upper(attributes.`join.trace_id`.:String), attributes.`join.role`.:String FROM events
            WHERE signal = 'join' AND attributes.`join.door`.:String = 'xray'"""
LINES = """SELECT event_id, time, body, hex(trace_id) FROM events WHERE door = 'cloudwatch' AND signal = 'log'"""
LINE_TWINS = """SELECT body, hex(trace_id) FROM events
                WHERE door = 'otlp' AND signal = 'log' AND body LIKE 'activity created by %'"""
LINES_JOINED = """SELECT attributes.`join.event_id`.:Int64, hex(trace_id) FROM events
                  WHERE signal = 'join' AND attributes.`join.door`.:String = 'cloudwatch'"""


@dataclasses.dataclass
class Verdict:
    requests: int  # that both SDKs told of
    found: int = 0
    wrong: int = 0
    doubled: int = 0  # guests with more than one host
    lines: int = 0
    lines_found: int = 0
    lines_wrong: int = 0

    @property
    def share(self):
        return self.found / self.requests if self.requests else 0.0

    @property
    def lines_share(self):
        return self.lines_found / self.lines if self.lines else 0.0


def judge(sql):
    """`sql(query)` gives rows, as Server.sql does."""
    spans = dict(sql(SPANS))
    segments = dict(sql(SEGMENTS))
    verdict = Verdict(len(spans.keys() & segments.keys()))
    user_of_span = {trace: user for user, trace in spans.items()}
    user_of_segment = {trace: user for user, trace in segments.items()}

    hosts = {}
    for trace, other, role in sql(JOINED):
        host, guest = (trace, other) if role == "host" else (other, trace)
        hosts.setdefault(guest, set()).add(host)
    for guest, its_hosts in hosts.items():
        verdict.doubled += len(its_hosts) > 1
        for host in its_hosts:
            right = user_of_span.get(host) is not None and user_of_span.get(host) == user_of_segment.get(guest)
            verdict.found += right
            verdict.wrong += not right
    # With ids the segment has the span's own trace id.
    verdict.found += sum(spans[user] == segments[user] for user in spans.keys() & segments.keys())

    judge_lines(sql, verdict)
    return verdict


def judge_lines(sql, verdict):
    """Lines that name their user are their own truth; others are judged by them being joined at most once."""
    trace_of_text = dict(sql(LINE_TWINS))
    joined = {}
    for event, trace in sql(LINES_JOINED):
        verdict.doubled += int(event) in joined
        joined[int(event)] = trace
    for event, _, text, own in sql(LINES):
        truth = trace_of_text.get(text)
        if truth is None:
            continue
        verdict.lines += 1
        trace = own if int(own, 16) else joined.get(int(event))
        if trace is not None:
            verdict.lines_found += trace == truth
            verdict.lines_wrong += trace != truth
