# SPDX-License-Identifier: Apache-2.0
"""Each request of the sample app is one trace, also where its SDKs share no id: judged by truth that the joiner does not use."""
import concurrent.futures
import http.client
import time

import pytest

from join_truth import judge
from skep import joiner_gave_up, wait_until

REQUESTS = 300
NEEDED = {1: 1.0, 4: 0.97, 16: 0.94}
# One request after the other is the same question however long each takes, and the sum of all is what the test waits for.
DELAY_MS = {1: "10-100", 4: "50-500", 16: "50-500"}


def drive(server, traffic, join, clients, log_file):
    app = traffic.SampleApp(server.addresses, join, log_file=log_file, APP_DELAY_MS=DELAY_MS[clients])
    driver = traffic.Driver(app.port, seed=clients, unique_users=True, only_create=True)
    try:
        driver.run(REQUESTS, clients)
    finally:
        app.stop()  # flushes the SDKs' queues
    good = [request for request in driver.sent if request.status == 200]
    assert len(good) == len(driver.sent) == REQUESTS


def settled(server):
    """What is found when nothing more will be: everything arrived, and enough is joined."""
    def enough(clients):
        verdict = judge(server.sql)
        arrived = verdict.requests >= REQUESTS  # segments come by datagram, which has no answer
        return verdict if verdict.wrong or (arrived and verdict.share >= NEEDED[clients]) else None
    return enough


def test_requests_are_joined_by_evidence_and_none_wrongly(make_server, traffic, tmp_path):
    servers = {clients: make_server() for clients in NEEDED}
    with concurrent.futures.ThreadPoolExecutor() as pool:
        runs = [pool.submit(drive, servers[clients], traffic, "none", clients, tmp_path / f"app-{clients}.log")
                for clients in NEEDED]
        for run in runs:
            run.result()
    for clients, needed in NEEDED.items():
        server = servers[clients]
        enough = settled(server)
        verdict = wait_until(lambda enough=enough, clients=clients: enough(clients), f"joins with {clients} clients")
        assert verdict.requests == REQUESTS, (clients, verdict)
        # What comes late must be as right.
        verdict = wait_for_rest(server, verdict)
        assert verdict.wrong == 0 and verdict.lines_wrong == 0 and verdict.doubled == 0, (clients, verdict)
        assert verdict.share >= needed, (clients, verdict)
        assert verdict.lines_share >= needed, (clients, verdict)
        print(clients, verdict)


def wait_for_rest(server, verdict):
    """Until all is joined, or what is left has been given up."""
    def rest():
        now = judge(server.sql)
        done = now.wrong or (now.found == now.requests and now.lines_found == now.lines)
        return now if done or joiner_gave_up(server) else None
    return wait_until(rest, "the last joins") or verdict


def test_requests_that_carry_ids_need_no_evidence(server, traffic, tmp_path):
    drive_few(server, traffic, "ids", tmp_path, 4)
    verdict = wait_until(lambda: (v := judge(server.sql)).requests == 40 and v, "all spans and segments")
    assert verdict.found == 40 and verdict.wrong == 0, verdict
    assert server.sql("SELECT count() FROM events WHERE signal = 'join'") == [[0]] or \
        server.sql("SELECT count() FROM events WHERE signal = 'join'") == [["0"]]


def drive_few(server, traffic, join, tmp_path, clients):
    app = traffic.SampleApp(server.addresses, join, log_file=tmp_path / "app.log", APP_DELAY_MS=DELAY_MS[clients])
    try:
        traffic.Driver(app.port, unique_users=True, only_create=True).run(40, clients)
        # Segments come by datagram, which is lost with a server that has not read it.
        wait_until(lambda: server.sql("SELECT toUInt8(uniqExact(trace_id)) FROM events WHERE door = 'xray'") == [[40]], "the segments")
    finally:
        app.stop()


@pytest.mark.parametrize("end", ["kill", "stop"])
def test_a_restart_neither_forgets_joins_nor_makes_them_twice(server, traffic, tmp_path, end):
    """The server ends as soon as it has all. One client: what waits for a core is hardly a riddle then."""
    drive_few(server, traffic, "none", tmp_path, 1)
    getattr(server, end)()
    server.start()
    wait_until(lambda: judge(server.sql).requests == 40, "all spans and segments")
    verdict = wait_for_rest(server, None)
    assert verdict.wrong == 0 and verdict.lines_wrong == 0 and verdict.doubled == 0, verdict
    assert verdict.share >= 0.9 and verdict.lines_share >= 0.9, verdict  # a busy machine may leave a riddle even so
    rows = server.sql("SELECT count() FROM events WHERE signal = 'join' AND attributes.`join.door`.:String = 'xray'")
    assert int(rows[0][0]) == 2 * verdict.found  # a record for the host and one for the guest


AGENT = "coalesce(attributes.`user_agent.original`.:String, attributes.`http.user_agent`.:String)"


def judge_occurrences(sql):
    """(all, found, wrong): by each request's own user agent, which the span and the occurrence carry and the joiner does not look at."""
    spans = dict(sql(f"SELECT {AGENT}, hex(trace_id) FROM events WHERE door = 'otlp' AND signal = 'span' AND kind = 'server'"))
    joined = {}
    for event, trace in sql("SELECT attributes.`join.event_id`.:Int64, hex(trace_id) FROM events "
                            "WHERE signal = 'join' AND attributes.`join.door`.:String = 'rollbar'"):
        joined.setdefault(int(event), set()).add(trace)
    occurrences = sql(f"SELECT event_id, {AGENT} FROM events WHERE signal = 'error' AND door = 'rollbar'")
    found = sum(joined.get(int(event)) == {spans.get(agent)} for event, agent in occurrences)
    wrong = sum(bool(joined.get(int(event), set()) - {spans.get(agent)}) for event, agent in occurrences)
    return len(occurrences), found, wrong


def test_occurrences_find_their_request_among_others_that_report_alike(server, traffic, tmp_path):
    """One report after the other: all that tells them apart is when they arrive."""
    requests = 60
    app = traffic.SampleApp(server.addresses, "none", log_file=tmp_path / "app.log")
    try:
        connection = http.client.HTTPConnection("127.0.0.1", app.port, timeout=60)
        for number in range(requests):
            connection.request("GET", "/rollbar/test", headers={"User-Agent": f"client-{number}", "X-User-Handle": "worf"})
            connection.getresponse().read()
            time.sleep(0.05)  # the pace of somebody's script
        connection.close()
    finally:
        app.stop()

    def judged():
        known, found, wrong = judge_occurrences(server.sql)
        done = known == requests and (wrong or found == requests or joiner_gave_up(server))
        return (found, wrong) if done else None
    found, wrong = wait_until(judged, "the occurrences' joins")
    assert wrong == 0
    # A busy machine holds some back until nothing tells them apart.
    assert found >= requests // 2, found
