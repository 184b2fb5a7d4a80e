# SPDX-License-Identifier: Apache-2.0
"""Rollbar's own SDKs against the Rollbar door: Python and JavaScript, and what goes wrong."""
import gzip
import http.client
import json
import subprocess
import sys
import threading
import urllib.parse
import uuid

import pytest

from skep import PATIENCE_S, ROOT, Server, fill, wait_until

E2E = ROOT / "tests/e2e"
TOKEN = {"content-type": "application/json", "x-rollbar-access-token": "any"}


def pyrollbar(server, *cases, handler="blocking"):
    """[(case, uuid)] that pyrollbar said it reported, and what it logged."""
    result = subprocess.run(
        [sys.executable, str(E2E / "rollbar_client.py"), server.http + "/api/1/", handler, *cases],
        capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert result.returncode == 0, result.stderr
    return [tuple(line.split()) for line in result.stdout.splitlines()], result.stderr


def rows(server, columns, where="1"):
    return server.sql(f"SELECT {columns} FROM events WHERE signal = 'error' AND {where} ORDER BY time, event_id")


def count(server, what="count()"):
    return int(server.sql(f"SELECT {what} FROM events WHERE signal = 'error'")[0][0])


def items(server):
    """{title: item}"""
    return {item["title"]: item for item in server.get("/api/ui/items", limit=1000)["items"]}


def item(body="hi", **fields):
    return {"data": {"environment": "e2e", "body": {"message": {"body": body}}, **fields}}


def post(server, document, headers=None, path="/api/1/item/"):
    """(status, headers, JSON) of one item sent by hand."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    status, answered, body = server.request("POST", path, body, TOKEN if headers is None else headers)
    return status, answered, json.loads(body)


@pytest.mark.parametrize("handler", ["blocking", "thread", "thread_pool"])
def test_python(server, handler):
    reported, logged = pyrollbar(server, "exception", "message", "chained", "log", handler=handler)
    assert not [line for line in logged.splitlines() if "rollbar" in line.lower()], logged
    stored = {name: rest for name, *rest in rows(
        server, "name, attributes.`rollbar.uuid`.:String, attributes.level.:String, body, "
        "attributes.`exception.type`.:String, attributes.`code.function.name`.:String, dataset, door")}
    uuids = {case: value for case, value in reported}
    assert stored["KeyError: 'missing 0'"] == [uuids["exception"], "critical", "'missing 0'", "KeyError", "boom", "e2e",
                                               "rollbar"]
    assert stored["hello ünïcode"][:3] == [uuids["message"], "warning", "hello ünïcode"]
    assert stored["RuntimeError: wrapped"][3:5] == ["RuntimeError", "chained"]
    assert stored["logged error"][1] == "error"
    assert len(stored) == 4
    [[raw]] = rows(server, "raw", "name = 'RuntimeError: wrapped'")
    chain = json.loads(raw)["body"]["trace_chain"]
    assert [trace["exception"]["class"] for trace in chain] == ["RuntimeError", "KeyError"]
    assert rows(server, "toString(attributes.`custom.order`.:Int64)", "name like 'KeyError%'") == [["17"]]


def test_python_reports_a_request_of_flask(server):
    pyrollbar(server, "flask")
    assert rows(server, ", ".join(f"attributes.`{name}`.:String" for name in (
        "http.request.method", "url.full", "url.path", "client.address", "user_agent.original", "framework",
        "rollbar.context", "exception.message"))) == [[
            "POST", "http://localhost/orders/7?x=1", "/orders/7", "203.0.113.9", "e2e", "flask", "/orders/<number>",
            "'missing 7'"]]


def test_ids_in_custom_are_the_records(server):
    pyrollbar(server, "ids")
    assert rows(server, "lower(hex(trace_id)), lower(hex(parent_id))") == [
        ["5b8efff798038103d269b633813fc60c", "eee19b7ec3c1b174"]]


def test_two_of_one_kind_are_one_item_and_two_kinds_are_two(server):
    pyrollbar(server, "twice")
    assert [entry["occurrences"] for entry in items(server).values()] == [2]
    assert (count(server), count(server, "uniqExact(item)")) == (2, 1)
    pyrollbar(server, "different")  # one of the first kind, one of another
    assert sorted(entry["occurrences"] for entry in server.get("/api/ui/items")["items"]) == [1, 3]


def test_people_are_counted_once_each(server):
    pyrollbar(server, "people")
    assert items(server)["hit"]["occurrences"] == 4
    assert items(server)["hit"]["people"] == 2


def test_environments_have_items_of_their_own(server):
    for environment in ("production", "staging", "production"):
        assert post(server, item("the same", environment=environment))[0] == 200
    found = {entry["environment"]: entry["occurrences"] for entry in server.get("/api/ui/items")["items"]}
    assert found == {"production": 2, "staging": 1}


def test_javascript(server):
    result = subprocess.run(["node", "rollbar.mjs", server.http + "/api/1/item/", "20"], cwd=E2E / "node",
                            capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert result.returncode == 0, result.stderr
    acknowledged = dict(reversed(line.split()) for line in result.stdout.splitlines())
    stored = {value: name for value, name in rows(server, "attributes.`rollbar.uuid`.:String, name")}
    assert stored.keys() == acknowledged.keys()
    assert sorted(set(stored.values())) == ["Error: outer", "TypeError: js failure", "js message", "one of many"]
    assert items(server)["one of many"]["occurrences"] == 20
    assert items(server)["TypeError: js failure"]["people"] == 1
    assert rows(server, "dataset, attributes.`code.function.name`.:String", "name like 'TypeError%'") == [["node", "boom"]]


def test_javascript_tries_again_over_restarts_and_nothing_is_stored_twice(server):
    client = subprocess.Popen(["node", "rollbar.mjs", server.http + "/api/1/item/", "400"], cwd=E2E / "node",
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    acknowledged = []
    reader = threading.Thread(target=lambda: acknowledged.extend(client.stdout))
    reader.start()
    for _ in range(2):
        seen = len(acknowledged)
        wait_until(lambda count=seen: len(acknowledged) > count + 20 or client.poll() is not None, "acknowledgements")
        server.kill()
        server.start()
    assert client.wait(timeout=PATIENCE_S) == 0, client.stderr.read()
    reader.join()
    client.stdout.close()
    client.stderr.close()
    uuids = {line.split()[1] for line in acknowledged}
    assert len(uuids) == 403
    stored = [value for [value] in rows(server, "attributes.`rollbar.uuid`.:String")]
    assert set(stored) == uuids
    assert len(stored) == len(uuids)
    assert sum(entry["occurrences"] for entry in items(server).values()) == len(uuids)


def test_the_same_uuid_again_is_stored_once(server):
    document = item("retried", uuid=str(uuid.uuid4()))
    for _ in range(3):
        assert post(server, document)[2]["result"]["uuid"] == document["data"]["uuid"]
    server.restart()
    assert post(server, document)[0] == 200
    assert count(server) == 1
    assert items(server)["retried"]["occurrences"] == 1
    assert server.counters("rollbar")["duplicates"] >= 1


def test_without_a_uuid_each_item_is_its_own_and_gets_one(server):
    answers = {post(server, item("no uuid"))[2]["result"]["uuid"] for _ in range(3)}
    assert len(answers) == 3
    server.restart()
    assert {value for [value] in rows(server, "attributes.`rollbar.uuid`.:String")} == answers


def test_a_kill_in_the_middle_of_python_loses_nothing_that_was_acknowledged(server):
    """Clients that send an item until it is acknowledged, over restarts: each is stored once."""
    stop = threading.Event()
    sent, failed = [], []

    def run():
        while not stop.is_set():
            document = json.dumps(item("steady", uuid=str(uuid.uuid4())))
            while True:
                try:
                    connection = http.client.HTTPConnection(urllib.parse.urlsplit(server.http).netloc, timeout=PATIENCE_S)
                    connection.request("POST", "/api/1/item/", document, TOKEN)
                    status = connection.getresponse().status
                    connection.close()
                except (OSError, http.client.HTTPException):
                    continue
                (sent if status == 200 else failed).append(json.loads(document)["data"]["uuid"])
                break

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        before = len(sent)
        wait_until(lambda count=before: len(sent) > count + 50 or failed, "acknowledgements")
        server.kill()
        server.start()
    stop.set()
    for thread in threads:
        thread.join()
    assert not failed
    stored = [value for [value] in rows(server, "attributes.`rollbar.uuid`.:String")]
    assert sorted(stored) == sorted(sent)
    assert items(server)["steady"]["occurrences"] == len(sent)


def test_more_than_rollbar_takes_is_kept(server):
    pyrollbar(server, "large")
    [[name, size]] = rows(server, "name, length(raw)")
    assert name == "large"
    assert int(size) > 700_000


def test_too_large_an_item_makes_pyrollbar_send_its_failsafe(server):
    [(_, lost)], _ = pyrollbar(server, "oversize")
    [[name, original]] = rows(server, "name, attributes.`custom.orig_uuid`.:String")
    assert name.startswith("Failsafe from pyrollbar: payload too large")
    assert original == lost
    status, _, answer = post(server, b" " * 9_000_000)
    assert (status, answer["err"]) == (413, 1)


def test_a_full_disk_makes_pyrollbar_keep_quiet_until_there_is_room(small_disk):
    server = Server(small_disk).start()
    try:
        filler = fill(small_disk)
        wait_until(lambda: "over rate limit" in pyrollbar(server, "message")[1], "pyrollbar to be throttled")

        def refused():  # what the engine or the log frees meanwhile lets an item in between
            status, headers, answer = post(server, item())
            return (headers, answer) if status == 429 else None

        headers, answer = wait_until(refused, "an item to be refused")
        assert (answer["err"], headers["x-rate-limit-remaining"]) == (1, "0")
        assert int(headers["x-rate-limit-remaining-seconds"]) >= 1
        assert server.counters("rollbar")["throttled"] >= 2
        filler.unlink()
        wait_until(lambda: post(server, item("room again"))[0] == 200, "room")
        assert items(server)["room again"]["occurrences"] >= 1
    finally:
        server.kill()


def test_refusals_are_in_rollbars_words_and_change_nothing(server):
    assert post(server, item(), headers={"content-type": "application/json"})[0] == 401
    for status, document in ((400, b""), (400, b"{"), (400, b"[]"), (422, {}), (422, {"data": {}}),
                             (422, item(level="fatal")), (422, item(environment=None)),
                             (422, {"data": {"environment": "x", "body": {"trace": {"frames": []}}}})):
        got, headers, answer = post(server, document)
        assert got == status, (document, got, answer)
        assert (answer["err"], headers["content-type"]) == (1, "application/json")
        assert answer["message"]
    for method, path in (("GET", "/api/1/items/"), ("GET", "/api/1/item/?counter=1"), ("POST", "/api/1/deploy/"),
                         ("PATCH", "/api/1/item/1")):
        status, _, body = server.request(method, path, b"{}" if method != "GET" else None, TOKEN)
        assert (status, json.loads(body)["err"]) == (404, 1)
    assert count(server) == 0
    assert server.get("/api/ui/items")["total"] == 0
    counters = server.counters("rollbar")
    assert (counters["records"], counters["refused"]) == (0, 9)
    assert post(server, item())[0] == 200


def test_forms_gzip_and_browsers(server):
    document = json.dumps(item("by form")).encode()
    form = urllib.parse.urlencode({"access_token": "t", "payload": document.decode()}).encode()
    assert post(server, form, headers={"content-type": "application/x-www-form-urlencoded"})[0] == 200
    assert post(server, gzip.compress(document), headers={**TOKEN, "content-encoding": "gzip"})[0] == 200
    assert post(server, document, headers={"content-type": "application/x-www-form-urlencoded", **{
        "x-rollbar-access-token": "t"}})[0] == 200
    browser = {"origin": "http://app.test", "access-control-request-method": "POST",
               "access-control-request-headers": "x-rollbar-access-token"}
    status, headers, _ = server.request("OPTIONS", "/api/1/item/", None, browser)
    assert (status, headers["access-control-allow-origin"]) == (204, "*")
    assert headers["access-control-allow-headers"] == "x-rollbar-access-token"
    status, headers, answer = post(server, item("by form", request={"user_ip": "$remote_ip"}),
                                   headers={**TOKEN, "origin": "http://app.test"})
    assert (status, headers["access-control-allow-origin"], answer["err"]) == (200, "*", 0)
    assert items(server)["by form"]["occurrences"] == 4
    assert rows(server, "attributes.`client.address`.:String", "attributes.`client.address`.:String != ''") == [["127.0.0.1"]]
