# SPDX-License-Identifier: Apache-2.0
"""The backend in C++ (examples/activities): what it answers, and how it starts and stops."""
import concurrent.futures
import datetime
import http.client
import json
import signal
import socket
import subprocess

import pytest

from skep import PATIENCE_S, wait_until

HOME = "/api/activities/home"
TIMES_TO_LIVE = {"30-days": 30 * 24, "7-days": 7 * 24, "3-days": 3 * 24, "1-day": 24, "12-hours": 12, "3-hours": 3, "1-hour": 1}
NOT_THERE = "00000000-0000-4000-8000-0000000000ff"


class Api:
    """One backend; each call on a connection of its own."""

    def __init__(self, app):
        self.app = app

    def raw(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.app.port, timeout=60)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def call(self, method, path, body=None, headers=None):
        """(status, JSON)"""
        data = None if body is None else json.dumps(body)
        status, _, answer = self.raw(method, path, data, {"Content-Type": "application/json", **(headers or {})})
        return status, json.loads(answer)

    def create(self, message="hello", user="andrewbrown", **fields):
        status, activity = self.call("POST", "/api/activities", {"user_handle": user, "message": message, **fields})
        assert status == 200, activity
        return activity


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory):
    from skep import Server
    server = Server(tmp_path_factory.mktemp("skep")).start()
    yield server
    server.kill()


@pytest.fixture
def make_app(traffic, tmp_path):
    """make_app(server, **environment): a backend of its own, stopped after the test."""
    apps = []

    def make(server, join="none", **variables):
        apps.append(traffic.SampleApp(server.addresses, join, log_file=tmp_path / f"app-{len(apps)}.log",
                                      backend="activities", **variables))
        return apps[-1]

    yield make
    for app in apps:
        app.stop()


@pytest.fixture
def api(shared_server, make_app):
    return Api(make_app(shared_server, APP_DELAY_MS="0-0"))


def when(text):
    return datetime.datetime.fromisoformat(text)


def test_health_check_and_home(api):
    assert api.call("GET", "/api/health-check") == (200, {"success": True})
    status, rows = api.call("GET", HOME)
    assert status == 200
    assert [row["message"] for row in rows] == ["Cloud is fun!", "I am out of prune juice", "My dear doctor"]
    assert {"uuid", "handle", "display_name", "message", "created_at", "expires_at", "likes_count", "replies_count",
            "reposts_count"} <= rows[0].keys()
    assert when(rows[0]["created_at"]).tzinfo is not None


@pytest.mark.parametrize("ttl", TIMES_TO_LIVE)
def test_an_activity_lives_as_long_as_it_says(api, ttl):
    activity = api.create("Qapla'!", "worf", ttl=ttl)
    assert when(activity["expires_at"]) - when(activity["created_at"]) == datetime.timedelta(hours=TIMES_TO_LIVE[ttl])


def test_a_created_activity_is_found_everywhere(api):
    activity = api.create("Ein Täubchen & <b>mehr</b> \"so\"", "kira")
    assert api.call("GET", f"/api/activities/{activity['uuid']}") == (200, {**activity, "replies": []})
    assert api.call("GET", HOME)[1][0] == activity
    assert api.call("GET", "/api/activities/@kira") == (200, [activity])
    assert api.call("GET", "/api/activities/search?term=T%C3%84ubchen")[1] == []  # only ASCII letters lose their case
    assert api.call("GET", "/api/activities/search?term=T%C3%A4UBCHEN+%26") == (200, [activity])
    assert api.call("GET", "/api/activities/search?term=KIRA") == (200, [activity])


def test_who_speaks_is_taken_from_body_header_or_the_default(api):
    assert api.create()["handle"] == "andrewbrown"
    assert api.call("POST", "/api/activities", {"message": "a"}, {"X-User-Handle": "garek"})[1]["handle"] == "garek"
    assert api.call("POST", "/api/activities", {"message": "a"})[1]["handle"] == "andrewbrown"


@pytest.mark.parametrize(("fields", "reasons"), [
    ({"user_handle": " "}, ["user_handle_blank"]),
    ({"message": ""}, ["message_blank"]),
    ({"message": "\t \n"}, ["message_blank"]),
    ({"message": "x" * 281}, ["message_exceed_max_chars"]),
    ({"message": "ä" * 281}, ["message_exceed_max_chars"]),
    ({"ttl": "for-ever"}, ["ttl_blank"]),
    ({"ttl": ""}, ["ttl_blank"]),
    ({"user_handle": "", "message": "", "ttl": "8-days"}, ["user_handle_blank", "message_blank", "ttl_blank"]),
    ({"message": 7}, ["message_blank"]),
])
def test_refusals_say_why(api, fields, reasons):
    before = api.call("GET", HOME)[1]
    body = {"user_handle": "worf", "message": "hello", "ttl": "7-days", **fields}
    assert api.call("POST", "/api/activities", body) == (422, reasons)
    assert api.call("GET", HOME)[1] == before


def test_280_characters_are_not_too_many_whatever_their_bytes(api):
    for message in ("x" * 280, "ä" * 280, "🖖" * 280):
        assert api.create(message)["message"] == message


def test_replies_are_counted_shown_and_notified(api):
    activity = api.create("Who is there?", "bashir")
    status, reply = api.call("POST", f"/api/activities/{activity['uuid']}/reply", {"user_handle": "garek", "message": "A tailor."})
    assert status == 200
    assert reply["reply_to_activity_uuid"] == activity["uuid"]
    shown = api.call("GET", f"/api/activities/{activity['uuid']}")[1]
    assert shown["replies_count"] == 1
    assert shown["replies"] == [reply]
    assert reply["uuid"] not in [row["uuid"] for row in api.call("GET", HOME)[1]]
    assert api.call("GET", "/api/activities/notifications", headers={"X-User-Handle": "bashir"}) == (200, [reply])
    assert api.call("GET", "/api/activities/notifications", headers={"X-User-Handle": "garek"}) == (200, [])


def test_replies_to_nothing_and_blank_ones_are_refused(api):
    assert api.call("POST", f"/api/activities/{NOT_THERE}/reply", {"message": "hello"})[0] == 404
    uuid = api.create()["uuid"]
    assert api.call("POST", f"/api/activities/{uuid}/reply", {"message": " "}) == (422, ["message_blank"])
    assert api.call("POST", f"/api/activities/{uuid}/reply", {"user_handle": "", "message": "x" * 281}) == (
        422, ["user_handle_blank", "message_exceed_max_chars"])
    assert api.call("GET", f"/api/activities/{uuid}")[1]["replies"] == []


def test_messages_go_to_both_sides(api):
    status, message = api.call("POST", "/api/messages", {"user_handle": "kira", "user_receiver_handle": "odo", "message": "Well?"})
    assert (status, message["handle"], message["receiver_handle"]) == (200, "kira", "odo")
    assert api.call("GET", "/api/messages/@kira", headers={"X-User-Handle": "odo"}) == (200, [message])
    assert api.call("GET", "/api/messages/@odo", headers={"X-User-Handle": "kira"}) == (200, [message])
    groups = api.call("GET", "/api/message_groups", headers={"X-User-Handle": "odo"})[1]
    assert [(group["handle"], group["message"]) for group in groups] == [("kira", "Well?")]
    assert api.call("POST", "/api/messages", {"user_handle": "kira", "message": ""}) == (422, ["receiver_handle_blank", "message_blank"])
    seeded = api.call("GET", "/api/message_groups")[1]
    assert [group["handle"] for group in seeded] == ["worf"]


def test_memory_is_bounded(api):
    first = api.create("the first of many", "first")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        last = list(pool.map(lambda number: api.create(f"number {number}", "many"), range(1000)))[-1]
    assert api.call("GET", f"/api/activities/{first['uuid']}")[0] == 404
    assert api.call("GET", f"/api/activities/{last['uuid']}")[0] == 200
    assert len(api.call("GET", "/api/activities/@many")[1]) == 20
    assert len(api.call("GET", HOME)[1]) == 20


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b'"text"', b"[" * 20000, b'{"message":"\xff\xfe"}', b'{"message":"\\ud800"}', b"\0" * 100,
])
def test_bodies_that_are_no_object_are_refused(api, body):
    status, _, answer = api.raw("POST", "/api/activities", body, {"Content-Type": "application/json"})
    assert (status, json.loads(answer)) == (422, ["message_blank"])
    assert api.call("GET", "/api/health-check")[0] == 200


def test_what_is_too_long_is_refused(api):
    assert api.raw("POST", "/api/activities", b"x" * (65 << 10))[0] == 413
    assert api.raw("GET", "/" + "a" * 10000)[0] == 414
    assert api.call("GET", "/api/health-check")[0] == 200


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/api/activitys/home", 404), ("GET", "/api/activities/no-uuid", 404), ("GET", f"/api/activities/{NOT_THERE}", 404),
    ("GET", "/api/activities/@", 404), ("GET", "/api/activities/@a/b", 404), ("GET", "/%0a%00", 404),
    ("DELETE", "/api/activities", 405), ("POST", HOME, 405), ("PUT", "/", 405), ("GET", "/api/boom", 500),
])
def test_statuses(api, method, path, status):
    assert api.raw(method, path)[0] == status


def test_methods_that_are_there_are_named(api):
    status, headers, _ = api.raw("DELETE", "/api/activities")
    assert (status, headers["Allow"]) == (405, "POST, OPTIONS")
    status, headers, body = api.raw("HEAD", "/api/health-check")
    assert (status, headers["Content-Length"], body) == (200, "17", b"")


def test_other_origins_may_ask(api):
    _, headers, _ = api.raw("GET", HOME)
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Access-Control-Expose-Headers"] == "location,link"
    _, headers, _ = api.raw("GET", HOME, headers={"Origin": "http://a.example"})
    assert (headers["Access-Control-Allow-Origin"], headers["Vary"]) == ("http://a.example", "Origin")
    status, headers, _ = api.raw("OPTIONS", "/api/activities", headers={
        "Origin": "http://a.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"})
    assert status == 200
    assert headers["Access-Control-Allow-Headers"] == "content-type"
    assert "POST" in headers["Access-Control-Allow-Methods"]
    assert api.raw("GET", "/rollbar/test")[1]["Access-Control-Allow-Origin"] is None


def test_a_burst_of_connections_waits_to_be_accepted(api):
    process = api.app.process
    process.send_signal(signal.SIGSTOP)  # nobody accepts
    try:
        waiting = [socket.create_connection(("127.0.0.1", api.app.port), timeout=PATIENCE_S) for _ in range(64)]
    finally:
        process.send_signal(signal.SIGCONT)
    for connection in waiting:
        connection.close()
    assert api.call("GET", "/api/health-check") == (200, {"success": True})


def test_answers_name_their_trace(api):
    _, headers, _ = api.raw("GET", "/api/health-check", headers={
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "X-Amzn-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=?"})
    assert headers["traceresponse"].split("-")[1] == "0af7651916cd43dd8448eb211c80319c"
    assert headers["X-Amzn-Trace-Id"] == "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"


def test_the_page_is_served(api):
    for path, sort in (("/", "text/html"), ("/page.css", "text/css"), ("/page.js", "text/javascript")):
        status, headers, body = api.raw("GET", path)
        assert status == 200 and body
        assert headers["Content-Type"].startswith(sort)
    assert b"/page.js" in api.raw("GET", "/")[2]


def test_sigterm_answers_what_came_and_sends_what_was_recorded(shared_server, make_app):
    app = make_app(shared_server, APP_DELAY_MS="1500-1500")
    path = f"{HOME}?drain={app.port}"
    with concurrent.futures.ThreadPoolExecutor() as pool:
        answer = pool.submit(Api(app).call, "GET", path)
        wait_until(lambda: b"HomeActivities" in app.log_path.read_bytes(), "the request to be at work")
        app.process.send_signal(signal.SIGTERM)
        assert answer.result()[0] == 200
    assert app.process.wait(timeout=60) == 0
    with pytest.raises(ConnectionRefusedError):
        Api(app).raw("GET", "/api/health-check")
    spans = shared_server.sql("SELECT count() FROM events WHERE door = 'otlp' AND signal = 'span' "
                              f"AND attributes.`url.query`.:String = 'drain={app.port}'")
    assert int(spans[0][0]) == 1
    lines = shared_server.sql(f"SELECT count() FROM events WHERE door = 'cloudwatch' AND body LIKE '%GET {path} 200 OK'")
    assert int(lines[0][0]) == 1


def test_nobody_listening_does_not_keep_it_from_working_or_ending(traffic, tmp_path):
    closed = f"http://127.0.0.1:{traffic.free_port()}"
    process = subprocess.Popen([*traffic.command("activities")[0], "--host", "127.0.0.1", "--port", "0"], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True,
                               env={"OTEL_EXPORTER_OTLP_ENDPOINT": closed, "AWS_ENDPOINT_URL_LOGS": closed, "APP_DELAY_MS": "0-0",
                                    "ROLLBAR_ENDPOINT": closed + "/api/1/", "ROLLBAR_ACCESS_TOKEN": "any", "AWS_ACCESS_KEY_ID": "any",
                                    "AWS_SECRET_ACCESS_KEY": "any", "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:9"})
    port = int(process.stdout.readline().rsplit(":", 1)[1].split("/")[0])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for path in (HOME, "/api/boom", "/rollbar/test"):
        connection.request("GET", path)
        connection.getresponse().read()
    connection.close()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0


def test_with_the_library_off_it_answers_and_reports_nothing(shared_server, make_app):
    service = "told-nothing"
    app = make_app(shared_server, OTEL_SDK_DISABLED="true", OTEL_SERVICE_NAME=service, APP_DELAY_MS="0-0", ROLLBAR_ENV=service)
    api = Api(app)
    api.create()
    assert [api.raw("GET", path)[0] for path in (HOME, "/api/boom", "/rollbar/test")] == [200, 500, 200]
    app.stop()
    assert app.process.returncode == 0
    assert shared_server.sql(f"SELECT count() FROM events WHERE dataset = '{service}' OR attributes.environment.:String = '{service}'") == [[0]]


def test_help_and_wrong_words(traffic):
    program = traffic.command("activities")[0]
    shown = subprocess.run([*program, "--help"], capture_output=True, text=True, check=True)
    assert "PORT" in shown.stdout and "APP_JOIN" in shown.stdout
    for words in (["--nonsense"], ["--port", "x"], ["--port", "70000"]):
        wrong = subprocess.run([*program, *words], capture_output=True, text=True, check=False)
        assert wrong.returncode == 2 and wrong.stderr
