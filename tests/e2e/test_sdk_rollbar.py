# SPDX-License-Identifier: Apache-2.0
"""The C++ library's Rollbar reporter against Skep and against a schema of Rollbar's items; crashes that really happen."""
import json
import signal
import subprocess

import jsonschema
import pytest

from sdk_dialogue import Dialogue, Gate
from skep import ROOT, wait_until
from test_cloudwatch import Relay
from test_rollbar import pyrollbar

SCHEMA = json.loads((ROOT / "tests/e2e/rollbar_item.schema.json").read_text())
# Sanitizers leave the signals to the program, as in a build without them.
BARE = {"ASAN_OPTIONS": "handle_segv=0:handle_abort=0:handle_sigfpe=0:use_sigaltstack=0"}


def start(endpoint, **more):
    return Dialogue("rollbar_program", **{"ROLLBAR_ENDPOINT": endpoint + "/api/1/", "ROLLBAR_ACCESS_TOKEN": "token",
                                          "ROLLBAR_ENV": "e2e", **more})


def items(server):
    """The items as they were sent, oldest first, each held against the schema."""
    documents = [json.loads(raw) for raw, in
                 server.sql("SELECT raw FROM events WHERE signal = 'error' ORDER BY time, event_id")]
    for document in documents:
        jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return documents


def methods(trace):
    return [frame["method"] for frame in trace["frames"]]


def test_the_schema_is_that_of_rollbars_own_library(server):
    pyrollbar(server, "exception", "message", "chained")
    assert len(items(server)) == 3


def test_an_exception_with_its_place(server):
    with start(server.http) as app:
        uuid = app.ask("exception database went away")
        app.end()
    document, = items(server)
    trace = document["body"]["trace"]
    assert trace["exception"] == {"class": "std::runtime_error", "message": "database went away"}
    assert "FailDeepDown" in trace["frames"][-1]["method"]  # the most recent one is the last
    assert trace["frames"][-1]["filename"].endswith("rollbar_program.cc")
    assert trace["frames"][-1]["lineno"] > 0
    assert any("main" in method for method in methods(trace)), methods(trace)
    assert document["uuid"] == uuid
    assert document["custom"] == {"order": 7, "ratio": 0.5, "api_key": "********"}
    assert (document["language"], document["context"], document["code_version"]) == ("c++", "activities#create", "1.0")
    shown, = server.get("/api/ui/items", limit=10)["items"]
    assert shown["title"] == "std::runtime_error: database went away"
    assert server.sql("SELECT dataset FROM events WHERE signal = 'error'") == [["activities"]]


def test_nested_exceptions_and_messages(server):
    with start(server.http) as app:
        app.ask("nested database went away")
        app.ask("message low on stock")
        app.end()
    documents = {next(iter(document["body"])): document for document in items(server)}
    outer, inner = documents["trace_chain"]["body"]["trace_chain"]
    assert (outer["exception"]["class"], inner["exception"]["class"]) == ("std::logic_error", "std::runtime_error")
    assert "CreateActivity" in methods(outer)[-1] or "throw_with_nested" in "".join(methods(outer)[-2:]), methods(outer)
    assert "FailDeepDown" in methods(inner)[-1]
    assert documents["message"]["body"]["message"] == {"body": "low on stock"}
    assert documents["message"]["level"] == "warning"


def test_request_person_and_span_without_secrets(server):
    with start(server.http) as app:
        trace_id, span_id = app.ask("request refused").split()
        app.end()
    document, = items(server)
    assert document["request"]["url"] == "http://shop.test/api/activities?ttl=7-days&access_token=********"
    assert document["request"]["GET"] == {"ttl": "7-days", "access_token": "********"}
    assert document["request"]["POST"] == {"message": "hi", "password": "********"}
    assert document["request"]["headers"]["Authorization"] == "********"
    assert document["request"]["headers"]["User-Agent"] == "curl/8"
    assert "hush" not in json.dumps(document)
    assert document["person"] == {"id": "worf", "username": "worf", "email": "worf@example.com"}
    assert document["body"]["telemetry"][0]["body"] == {"message": "before it failed"}
    assert server.sql("SELECT lower(hex(trace_id)), lower(hex(parent_id)) FROM events WHERE signal = 'error'") == [[trace_id, span_id]]


def test_ids_are_not_carried_when_it_is_switched_off(server):
    with start(server.http, APP_JOIN="none") as app:
        app.ask("request refused")
        app.end()
    document, = items(server)
    assert "trace_id" not in document["custom"]


def test_a_server_that_dies_and_comes_back(server):
    with start(server.http) as app:
        for i in range(50):
            app.ask(f"message before {i}")
        assert app.ask("flush 60000") == "true"
        server.kill()
        for i in range(50):
            app.ask(f"message after {i}")
        assert app.ask("flush 100") == "false"
        server.start()
        assert app.ask("flush 60000") == "true"
        assert app.end()["sent"] == 100
    assert sorted(document["body"]["message"]["body"] for document in items(server)) == sorted(
        f"{when} {i}" for when in ("before", "after") for i in range(50))


def test_lost_answers(server):
    relay = Relay(server.http, lose=3)
    with start(relay.url) as app:
        for i in range(4):
            app.ask(f"message number {i}")
        for _ in range(4):
            app.ask("flush 60000")
        assert app.end()["sent"] == 4
    relay.close()
    assert relay.lost == 3
    assert len(items(server)) == 4


def test_a_wrong_token_loses_nothing(server):
    wrong = True
    refusal = (401, {}, b'{"err":1,"message":"invalid access token"}')
    with Gate(server.http, lambda _: refusal if wrong else None) as gate:
        with start(gate.url, stderr=subprocess.PIPE) as app:
            app.ask("message one")
            assert app.ask("flush 1000") == "false"
            wrong = False
            assert app.ask("flush 60000") == "true"
            app.process.stdin.close()
            said = app.process.stderr.read()
            assert "the access token was refused" in said and "invalid access token" in said
        assert {request[1]["X-Rollbar-Access-Token"] for request in gate.requests} == {"token"}
    assert len(items(server)) == 1


def test_throttled(server):
    refused = []

    def judge(request):
        if len(refused) >= 2:
            return None
        refused.append(request)
        return 429, {"X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Remaining-Seconds": "1"}, b'{"err":1,"message":"limit"}'

    with Gate(server.http, judge) as gate, start(gate.url) as app:
        for i in range(20):
            app.ask(f"message number {i}")
        wait_until(lambda: app.counters()["sent"] == 20, "everything to be sent")
        assert app.end()["retries"] >= 2
    assert len(items(server)) == 20


@pytest.mark.parametrize("how, number, symbol", [
    ("segv", signal.SIGSEGV, "WriteToNothing"), ("abort", signal.SIGABRT, "Crash"), ("fpe", signal.SIGFPE, "Crash"),
    ("overflow", signal.SIGSEGV, "Overflow")])
def test_a_crash_is_reported_at_the_next_start(server, tmp_path, how, number, symbol):
    with start(server.http, **BARE) as app:
        assert app.ask(f"install {tmp_path / 'crashes'}") == "true"
        assert app.crash(f"crash {how}") == -number
    assert items(server) == []
    assert len(list((tmp_path / "crashes").iterdir())) == 1
    for _ in range(2):  # once, however often it starts
        with start(server.http, **BARE) as app:
            assert app.ask(f"install {tmp_path / 'crashes'}") == "true"
            assert app.ask("flush 60000") == "true"
            app.end()
    document, = items(server)
    assert document["level"] == "critical"
    assert document["body"]["trace"]["exception"]["class"] == number.name
    assert any(symbol in method for method in methods(document["body"]["trace"])), methods(document["body"]["trace"])
    assert document["server"]["pid"] == app.process.pid or document["server"]["pid"] > 0
    assert len(document["custom"]["trace_id"]) == 32  # of the span that was current
    assert server.sql("SELECT lower(hex(trace_id)) FROM events WHERE signal = 'error'") == [[document["custom"]["trace_id"]]]
    assert list((tmp_path / "crashes").iterdir()) == []


def test_a_crash_is_kept_while_nobody_takes_it(server, tmp_path):
    folder = tmp_path / "crashes"
    with start(server.http, **BARE) as app:
        app.ask(f"install {folder}")
        assert app.crash("crash segv") == -signal.SIGSEGV
    server.kill()
    with start(server.http, **BARE) as app:
        app.ask(f"install {folder}")
        assert app.ask("flush 100") == "false"
        app.process.kill()
        app.process.wait()
    assert len(list(folder.iterdir())) == 1
    server.start()
    with start(server.http, **BARE) as app:
        app.ask(f"install {folder}")
        app.end()
    assert len(items(server)) == 1
    assert list(folder.iterdir()) == []


def test_an_uncaught_exception_is_reported_before_the_end(server, tmp_path):
    with start(server.http, stderr=subprocess.DEVNULL, **BARE) as app:
        app.ask(f"install {tmp_path / 'crashes'}")
        assert app.crash("crash uncaught") == -signal.SIGABRT
    document, = items(server)
    assert document["body"]["trace"]["exception"] == {"class": "std::runtime_error", "message": "nobody catches this"}
    assert document["is_uncaught"] is True
    assert "FailDeepDown" in methods(document["body"]["trace"])[-1]
    assert list((tmp_path / "crashes").iterdir()) == []


def test_an_uncaught_exception_while_nobody_listens_is_reported_at_the_next_start(server, tmp_path):
    server.kill()
    with start(server.http, stderr=subprocess.DEVNULL, **BARE) as app:
        app.ask(f"install {tmp_path / 'crashes'}")
        assert app.crash("crash uncaught") == -signal.SIGABRT
    server.start()
    with start(server.http, **BARE) as app:
        app.ask(f"install {tmp_path / 'crashes'}")
        app.end()
    document, = items(server)
    assert document["body"]["trace"]["exception"]["message"] == "nobody catches this"
