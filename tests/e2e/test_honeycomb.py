# SPDX-License-Identifier: Apache-2.0
"""Honeycomb's own SDKs against the Honeycomb door: libhoney and the beelines for Python and JavaScript, what libhoney-go sent,
and what goes wrong."""
import collections
import gzip
import json
import subprocess
import sys

import pytest

from skep import PATIENCE_S, ROOT, Server, fill, wait_until

E2E = ROOT / "tests/e2e"
FIXTURES = ROOT / "tests/fixtures/honeycomb"
KEY = "hcaik_testkey0000000000"
CLASSIC_KEY = "0123456789abcdef0123456789abcdef"
HEADERS = {"x-honeycomb-team": KEY, "content-type": "application/json"}


def lines(command, cwd=E2E):
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def python(server, case, *arguments, key=KEY):
    return lines([sys.executable, "honeycomb_client.py", server.http, key, case, *arguments])


def node(server, case, *arguments, key=KEY):
    return lines(["node", "honeycomb.mjs", server.http, key, case, *arguments], cwd=E2E / "node")


def rows(server, columns, where="1", order="time"):
    return server.sql(f"SELECT {columns} FROM events WHERE door = 'honeycomb' AND {where} ORDER BY {order}")


def post(server, path, document, **headers):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    status, _, answer = server.request("POST", path, body, {**HEADERS, **names})
    return status, json.loads(answer) if answer else None


def batch(server, document, dataset="shop", **headers):
    return post(server, "/1/batch/" + dataset, document, **headers)


def test_libhoney_python(server):
    answers = python(server, "events", "250")
    assert [answer["status"] for answer in answers] == [202] * 250
    assert sorted(answer["metadata"] for answer in answers) == list(range(250))
    stored = rows(server, "dataset, toString(signal), toString(time), attributes.i.:Int64, attributes.f.:Float64, "
                  "attributes.ok.:Bool, attributes.uni.:String, attributes.nested.:String", order="attributes.i.:Int64")
    assert len(stored) == 250
    assert stored[3] == ["My Dataset", "event", "2026-01-02 03:04:05.678901000", 3, 0.75, False, "naïve ☃ 😀",
                         '{"a":[1,{"b":2}]}']
    assert server.counters("honeycomb")["records"] == 250


def test_sample_rates_weigh(server):
    python(server, "sampled")
    assert rows(server, "sum(sample_rate), sum(sample_rate * attributes.value.:Int64) / sum(sample_rate)", order="1") == [
        [20, 650]]
    assert post(server, "/1/events/sampled", {"value": 5}, X_Honeycomb_Samplerate="4")[0] == 200
    assert rows(server, "sample_rate", "attributes.value.:Int64 = 5") == [[4]]


def test_rates_of_every_source_are_one_column(server):
    """Honeycomb's header and batch field, OpenTelemetry's threshold and its attribute; X-Ray's one rule samples everything."""
    assert post(server, "/1/events/all", {"from": "header"}, x_honeycomb_samplerate="4")[0] == 200
    assert batch(server, [{"samplerate": 10, "data": {"from": "field"}}, {"data": {"from": "none"}}], "all")[0] == 200
    spans = [{"traceId": "5b8efff798038103d269b633813fc60c", "spanId": f"eee19b7ec3c1b17{number}", "name": name,
              "startTimeUnixNano": "1795521600000000000", "endTimeUnixNano": "1795521601000000000", **rest}
             for number, (name, rest) in enumerate({
                 "threshold": {"traceState": "ot=th:c"},
                 "attribute": {"attributes": [{"key": "SampleRate", "value": {"intValue": "5"}}]}}.items())]
    status, _, _ = server.request("POST", "/v1/traces", json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}
                                                                   ).encode(), {"content-type": "application/json"})
    assert status == 200
    assert server.sql("SELECT if(door = 'otlp', name, attributes.from.:String) AS source, sample_rate FROM events "
                      "ORDER BY source") == [["attribute", 5], ["field", 10], ["header", 4], ["none", 1], ["threshold", 4]]


@pytest.mark.parametrize("key, dataset", [(KEY, "bee-svc"), (CLASSIC_KEY, "classic")])
def test_beeline_python(server, key, dataset):
    [ids] = python(server, "spans", key=key)
    stored = rows(server, "name, dataset, toString(signal), toString(kind), toString(status), lower(hex(trace_id)), "
                  "lower(hex(span_id)), lower(hex(parent_id)), attributes.`app.tenant`.:String", order="name")
    assert [row[:5] for row in stored] == [["GET /orders", dataset, "span", "server", "unset"],
                                           ["load", dataset, "span", "internal", "unset"],
                                           ["store", dataset, "span", "internal", "error"]]
    assert {row[5] for row in stored} == {ids["trace_id"]}
    assert [row[7] for row in stored] == ["0" * 16, ids["root"], ids["root"]]
    assert stored[0][6] == ids["root"]
    assert {row[8] for row in stored} == {"acme"}
    assert rows(server, "min(duration_ns)", order="1")[0][0] > 0
    trace = server.get("/api/ui/traces/" + ids["trace_id"])
    assert trace["request"]["doors"] == [{"door": "honeycomb", "spans": 3, "logs": 0, "errors": 0, "how": "same_id"}]
    [request] = server.get("/api/ui/requests")["requests"]
    assert (request["door"], request["service"], request["method"], request["route"], request["status_code"]) == (
        "honeycomb", dataset, "GET", "/orders", 500)


def test_beeline_under_flask(server):
    python(server, "flask")
    assert rows(server, "toString(kind), attributes.`request.method`.:String, attributes.`request.path`.:String, "
                "attributes.`response.status_code`.:String, attributes.order.:String") == [
                    ["server", "GET", "/orders/7", "200 OK", "7"]]


def test_a_trace_of_two_doors_is_one(server):
    """The beeline goes on with the trace of a request that OpenTelemetry began."""
    trace_id, span_id = "5b8efff798038103d269b633813fc60c", "eee19b7ec3c1b174"
    span = {"traceId": trace_id, "spanId": span_id, "name": "GET /", "kind": 2, "startTimeUnixNano": "1795521600000000000",
            "endTimeUnixNano": "1795521601000000000"}
    status, _, _ = server.request("POST", "/v1/traces", json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}
                                                                   ).encode(), {"content-type": "application/json"})
    assert status == 200
    python(server, "spans", trace_id, span_id)
    trace = server.get("/api/ui/traces/" + trace_id)
    assert {share["door"]: (share["spans"], share["how"]) for share in trace["request"]["doors"]} == {
        "otlp": (1, "same_id"), "honeycomb": (3, "same_id")}


def test_libhoney_js(server):
    answers = node(server, "events", "120")
    assert [answer["status"] for answer in answers] == [202] * 120
    assert rows(server, "count(), uniqExact(attributes.i.:Int64), any(dataset), sum(sample_rate), any(attributes.when.:String)",
                order="1") == [[120, 120, "js data", 240, "2026-01-02T03:04:05.678Z"]]


def test_events_that_are_alike_are_all_kept(server):
    """Whole milliseconds and equal fields make batches that are equal byte for byte; they are no second try."""
    assert [answer["status"] for answer in node(server, "alike", "200")] == [202] * 200
    assert rows(server, "count()", order="1") == [[200]]


def test_beeline_js(server):
    [ids] = node(server, "spans")
    assert rows(server, "name, dataset, lower(hex(trace_id)), lower(hex(parent_id)), attributes.`app.user`.:String",
                order="name") == [["GET /js", "bee-js", ids["trace_id"], "0" * 16, "worf"],
                                  ["child", "bee-js", ids["trace_id"], ids["root"], "worf"]]


@pytest.mark.parametrize("form, time", [("json", "2026-11-24 01:26:09.118149996"),
                                        ("msgpack", "2026-11-24 01:26:09.153166523")])
def test_what_libhoney_go_sent(server, form, time):
    """Its bytes as they were captured: Go is no part of what the tests install."""
    content_type = "application/" + form
    body = (FIXTURES / f"libhoney-go.{form}.zst").read_bytes()
    headers = {"x-honeycomb-team": KEY, "content-type": content_type, "content-encoding": "zstd",
               "user-agent": "libhoney-go/1.27.1 go/1.26.8 (linux/amd64)"}
    for _ in range(2):  # it tries again after a time-out
        status, answered, answer = server.request("POST", "/1/batch/lhgo%20data%2Fset", body, headers)
        assert (status, answered["content-type"]) == (200, content_type)
    assert answer.count(b"status") == 20
    stored = rows(server, "dataset, toString(time), attributes.i.:Int64, attributes.nested.:String", order="attributes.i.:Int64")
    assert len(stored) == 20
    assert stored[0] == ["lhgo data/set", time, 0, '{"a":1}']
    assert server.counters("honeycomb")["duplicates"] == 1


def test_one_event_of_a_batch_is_refused_in_its_place(server):
    answers = {answer["metadata"]: (answer["status"], answer["error"]) for answer in python(server, "mixed")}
    assert answers == {"before": (202, None), "large": (400, "Request body is too large."), "after": (202, None)}
    assert [name for [name] in rows(server, "name", order="time")] == ["before", "after"]


def test_refusals_are_in_honeycombs_words_and_change_nothing(server):
    cases = [("/1/batch/shop", b"", 400, "Request body should not be empty."),
             ("/1/batch/shop", b"{", 400, "Request body is malformed and cannot be read."),
             ("/1/events/shop", b"[]", 400, "Request body is malformed and cannot be read."),
             ("/1/events/shop", b"{}", 400, "Request body should not be empty."),
             ("/1/batch/shop", b" " * (17 << 20), 400, "Request body is too large."),
             ("/1/events/", b'{"a":1}', 404, "Dataset not found")]
    for path, body, expected, words in cases:
        assert post(server, path, body) == (expected, {"error": words}), path
    assert batch(server, b"no gzip", content_encoding="gzip")[0] == 400
    assert batch(server, [{"data": {"a": 1}}], x_honeycomb_team="") == (
        401, {"error": "unknown API key - check your credentials"})
    assert rows(server, "count()", order="1") == [[0]]
    counters = server.counters("honeycomb")
    assert (counters["records"], counters["refused"]) == (0, len(cases) + 2)
    assert batch(server, [{"data": {"a": 1}}]) == (200, [{"status": 202}])


def test_libhoney_without_a_key_is_told(server):
    headers = {name: value for name, value in HEADERS.items() if name != "x-honeycomb-team"}
    status, _, answer = server.request("POST", "/1/batch/shop", b'[{"data":{"a":1}}]', headers)
    assert (status, json.loads(answer)) == (401, {"error": "unknown API key - check your credentials"})


def test_the_first_spelling_of_a_dataset_lasts(server):
    for dataset in ("My%20Shop", "MY%20SHOP", "my-shop"):
        assert batch(server, [{"data": {"a": 1}}], dataset)[0] == 200
    server.restart()
    assert batch(server, [{"data": {"a": 1}}], "my%20shop")[0] == 200
    assert rows(server, "dataset, count()", "1 GROUP BY dataset", order="1") == [["My Shop", 4]]


def test_compressed_bodies(server):
    document = json.dumps([{"data": {"a": 1}}]).encode()
    assert batch(server, gzip.compress(document), content_encoding="gzip")[0] == 200
    assert rows(server, "count()", order="1") == [[1]]


def test_the_same_batch_again_is_stored_once_over_a_kill(server):
    document = [{"time": "2026-11-24T11:59:59.123456Z", "data": {"a": 1}}, {"data": {"a": 2}}]
    for _ in range(2):
        assert batch(server, document)[0] == 200
    server.restart()
    assert batch(server, document)[0] == 200
    assert batch(server, document, "other")[0] == 200
    assert rows(server, "dataset, count()", "1 GROUP BY dataset", order="1") == [["other", 2], ["shop", 2]]


def test_a_kill_in_the_middle_loses_nothing_that_was_acknowledged(server):
    """libhoney goes on sending over two kills: what it was told is stored is, and nothing is stored twice."""
    client = subprocess.Popen([sys.executable, "honeycomb_client.py", server.http, KEY, "steady"], cwd=E2E,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    acknowledged = set()

    def take(answer):
        if answer["status"] == 202:
            acknowledged.add(answer["metadata"])

    def take_more(count):
        enough = len(acknowledged) + count
        while len(acknowledged) < enough:
            take(json.loads(client.stdout.readline()))

    for _ in range(2):
        take_more(100)
        server.kill()
        server.start()
    take_more(50)
    output, _ = client.communicate("stop\n", timeout=PATIENCE_S)
    for line in output.splitlines():
        take(json.loads(line))
    assert client.returncode == 0
    stored = collections.Counter(number for [number] in rows(server, "attributes.number.:Int64"))
    assert acknowledged <= stored.keys()
    assert max(stored.values()) == 1


def test_a_full_disk_throttles_until_there_is_room(small_disk):
    server = Server(small_disk).start()
    try:
        filler = fill(small_disk)
        answers = wait_until(lambda: [answer for answer in python(server, "sampled") if answer["status"] != 202],
                             "libhoney to be throttled")
        assert "429" in answers[0]["error"] or "503" in answers[0]["error"]

        def refused():  # what the engine or the log frees meanwhile lets a batch in between
            status, answer = batch(server, [{"data": {"a": 1}}])
            return answer if status in (429, 503) else None

        answer = wait_until(refused, "a batch to be refused")
        assert answer["error"] in ("Request dropped due to rate limiting.", "The server cannot store this now.")
        assert server.counters("honeycomb")["throttled"] >= 2
        filler.unlink()
        wait_until(lambda: batch(server, [{"data": {"room": "again"}}])[0] == 200, "room")
        assert rows(server, "count()", "attributes.room.:String = 'again'", order="1")[0][0] >= 1
    finally:
        server.kill()
