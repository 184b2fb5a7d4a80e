# SPDX-License-Identifier: Apache-2.0
"""The management half of Honeycomb's API: what its Python client sent, played again, and a question that is kept, asked over the
sample app's traffic and put on a board."""
import datetime
import json
import re

import pytest

from skep import ROOT, wait_until
from test_sample_app import run_app

RECORDED = ROOT / "tests/fixtures/honeycomb/management-api.jsonl"
KEY = {"x-honeycomb-team": "hcalk_test", "content-type": "application/json"}
# Of each recorded request, in order. Two differ from the vendor's: any key is taken, so that `bad-key` is answered with 200; and
# a dataset that holds data is not deleted.
STATUSES = """
200 200 401 201 200 422 404 200 200 200 200 200 400 400 200 200 201 200 200 201 200 201 200 201 200 201 200 201 200 201 200 201
200 201 200 201 200 201 200 200 201 404 200 201 200 200 204 404 201 200 200 201 200 200 200 201 200 200 200 201 200 200 201 200
200 201 200 200 204 404 400 201 200 200 204 201 201 200 204 204 201 200 204 200 200 409 200 409 200 200 200 401 200 201 200 200
409 201 200 200 204 200 204
""".split()


def call(server, method, path, document=None, headers=None):
    """(status, JSON or None)."""
    body = None if document is None else json.dumps(document).encode()
    status, _, answer = server.request(method, path, body, {**KEY, **(headers or {})})
    return status, json.loads(answer) if answer else None


def made(server, path, document, status=201):
    got, answer = call(server, "POST", path, document)
    assert got == status, answer
    return answer


def finished(server, path):
    """The result, once it is complete; until then it has no data."""
    def complete():
        status, result = call(server, "GET", path)
        assert status == 200, result
        assert result["complete"] == ("data" in result)
        return result if result["complete"] else None
    return wait_until(complete, "the query to finish")


def run(server, dataset, query, **options):
    query_id = made(server, f"/1/queries/{dataset}", query, 200)["id"]
    result = made(server, f"/1/query_results/{dataset}", {"query_id": query_id, **options})
    assert result["complete"] is False and "data" not in result
    return finished(server, f"/1/query_results/{dataset}/{result['id']}")


class Replay:
    """Plays recorded requests; ids that the vendor gave out are replaced by ours, the time of its events by now."""

    def __init__(self, server):
        self.server = server
        self.last = {}  # noun: the id that was given out last
        now = datetime.datetime.now(datetime.timezone.utc)
        self.now = {"2026-11-24T01:49:21.045666Z": now.isoformat().replace("+00:00", "Z"),
                    "1795484961": str(int(now.timestamp()))}

    def path(self, path):
        parts = path.split("?")[0].split("/")
        noun = parts[2] if parts[1] == "1" else parts[4] if len(parts) > 4 else ""
        if noun in ("boards", "recipients") and len(parts) > 3:
            path = path.replace(parts[3], self.last[noun])
        elif len(parts) > (4 if parts[1] == "1" else 5) and "nope" not in parts[-1]:
            path = path.replace(parts[-1], self.last[noun])
        return noun, re.sub("slo_id=.*", lambda _: "slo_id=" + self.last["slos"], path)

    def body(self, noun, body):
        for recorded, ours in self.now.items():
            body = body.replace(recorded, ours)
        for member, of in (("query_id", "queries"), ("query_annotation_id", "query_annotations")):
            body = re.sub(rf'"{member}":"[^"]*"', lambda _, of=of: f'"{member}":"{self.last[of]}"', body)
        if noun == "burn_alerts":
            body = re.sub(r'"slo":{"id":"[^"]*"', lambda _: '"slo":{"id":"' + self.last["slos"] + '"', body)
        body = re.sub(r'"id":"hcaen_[^"]*"', lambda _: f'"id":"{self.last["environments"]}"', body)
        return re.sub(r'"id":"hcxik_[^"]*"', lambda _: f'"id":"{self.last["api-keys"]}"', body)

    def play(self, request):
        noun, path = self.path(request["path"])
        body = None if request["body"] is None else self.body(noun, request["body"])
        headers = {name: self.now.get(value, value) for name, value in request["headers"].items()}
        status, answered, answer = self.server.request(request["method"], path, body and body.encode(), headers)
        if noun not in ("batch", "events") and status != 401:
            assert answered["ratelimit"].startswith("limit=")
        document = json.loads(answer) if answer else None
        if status < 300 and request["method"] == "POST" and isinstance(document, dict):
            given = document.get("id") or document.get("data", {}).get("id")
            if given and not path.endswith("/views"):
                self.last[noun] = given
        return status, path, document


def test_recorded_requests(server):
    replay = Replay(server)
    requests = [json.loads(line) for line in RECORDED.read_text().splitlines()]
    assert len(requests) == len(STATUSES) == 103
    rows = {}
    for number, (request, expected) in enumerate(zip(requests, STATUSES)):
        status, path, document = replay.play(request)
        assert status == int(expected), (number, request["method"], path, document)
        if request["method"] == "POST" and "/query_results/" in path:
            rows[number] = finished(server, f"{path}/{document['id']}")["data"]["results"]
    assert rows[16] == [{"data": {"COUNT": 40}}]
    # Sample rate 5: one event stands for five, give or take the root of 5 * (5 - 1).
    assert rows[19] == [{"data": {"COUNT": 5}, "standard_error": {"COUNT": pytest.approx(20**0.5)}}]
    assert [row["data"]["app.user_handle"] for row in rows[21]] == ["sameer", "garek", "worf", "andrewbrown"]
    assert [row["data"]["MAX(duration_ms)"] for row in rows[21]] == [400, 390, 380, 370]
    assert [rows[number][0]["data"]["COUNT"] for number in (23, 25, 27, 29, 31, 33)] == [20, 30, 10, 10, 30, 30]
    assert rows[35] == [{"data": {"COUNT": 4, "COUNT_DISTINCT(app.user_handle)": 4, "SUM(n)": 78, "MIN(n)": 0}}]
    assert rows[37] == [{"data": {"COUNT": 10}}]


SEED = {
    "calculations": [{"op": "P95", "column": "duration_ms"}, {"op": "HEATMAP", "column": "duration_ms"}, {"op": "COUNT"}],
    "breakdowns": ["app.user_handle"],
    "filters": [{"column": "http.route", "op": "=", "value": "/api/activities"},
                {"column": "http.method", "op": "=", "value": "POST"}],
    "orders": [{"op": "P95", "column": "duration_ms", "order": "descending"}],
    "time_range": 3600,
}


def test_latency_by_user_handle_is_kept_run_and_put_on_a_board(server, traffic, tmp_path):
    run_app(server, traffic, "none", "http/protobuf", tmp_path / "app.log")
    creations = "attributes.`http.route`.:String = '/api/activities' AND attributes.`http.method`.:String = 'POST'"
    [[dataset, created]] = server.sql(f"SELECT dataset, count() FROM events WHERE {creations} GROUP BY dataset")
    slug = next(entry["slug"] for entry in call(server, "GET", "/1/datasets")[1] if entry["name"] == dataset)
    query = made(server, f"/1/queries/{slug}", SEED, 200)
    annotation = made(server, f"/1/query_annotations/{slug}", {"name": "Latency by user handle", "query_id": query["id"]})
    result = made(server, f"/1/query_results/{slug}", {"query_id": query["id"], "disable_total_by_aggregate": False})
    path = f"/1/query_results/{slug}/{result['id']}"
    first = finished(server, path)["data"]

    stored = dict(server.sql("SELECT attributes.`app.user_handle`.:String, toFloat64(count()) FROM events "
                             f"WHERE {creations} GROUP BY 1"))
    rows = [row["data"] for row in first["results"]]
    assert {row.get("app.user_handle"): row["COUNT"] for row in rows} == stored
    assert sorted((row["P95(duration_ms)"] for row in rows), reverse=True) == [row["P95(duration_ms)"] for row in rows]
    for row in rows:
        assert sum(cell[2] for cell in row["HEATMAP(duration_ms)"]["cells"]) == row["COUNT"]
    assert first["total_by_aggregate"]["data"]["COUNT"] == int(created)

    board = made(server, "/1/boards", {"name": "Create activity", "type": "flexible", "panels": [
        {"type": "query", "query_panel": {"query_id": query["id"], "query_annotation_id": annotation["id"]}}]})
    # What was made outlives the server, and a result's id still answers, over the same time.
    server.restart()
    assert call(server, "GET", f"/1/boards/{board['id']}")[1]["panels"] == board["panels"]
    assert board["panels"][0]["query_panel"]["dataset"] == slug
    again = finished(server, path)["data"]
    assert sorted(map(json.dumps, again["results"])) == sorted(map(json.dumps, first["results"]))


def test_derived_columns_are_fields_of_queries(server):
    made(server, "/1/datasets", {"name": "shop"})
    events = [{"data": {"duration_ms": ms, "n": 1}} for ms in (100, 200, 300, 400)]
    assert call(server, "POST", "/1/batch/shop", events)[0] == 200
    made(server, "/1/derived_columns/__all__", {"alias": "limit", "expression": "INT(250)"})
    made(server, "/1/derived_columns/shop", {"alias": "slow", "expression": "GTE($duration_ms, $limit)"})
    result = run(server, "shop", {"breakdowns": ["slow"], "calculations": [{"op": "COUNT"}], "time_range": 3600})
    assert {row["data"]["slow"]: row["data"]["COUNT"] for row in result["data"]["results"]} == {True: 2, False: 2}


def test_columns_follow_the_data(server):
    before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    assert call(server, "POST", "/1/batch/shop", [{"data": {"n": 1, "f": 0.5, "t": "x", "b": True}}])[0] == 200
    columns = wait_until(lambda: (lambda all: all if "n" in all else None)(
        {column["key_name"]: column for column in call(server, "GET", "/1/columns/shop")[1]}), "the columns")
    assert {name: columns[name]["type"] for name in "nftb"} == {
        "n": "integer", "f": "float", "t": "string", "b": "boolean"}
    assert before <= datetime.datetime.fromisoformat(columns["n"]["last_written"]) <= datetime.datetime.now(datetime.timezone.utc)
    status, changed = call(server, "PUT", f"/1/columns/shop/{columns['n']['id']}",
                           {"key_name": "n", "type": "float", "description": "how many", "hidden": True})
    assert (status, changed["type"], changed["hidden"]) == (200, "float", True)
    status, problem = call(server, "DELETE", f"/1/columns/shop/{columns['n']['id']}")
    assert (status, problem["type"]) == (409, server.http + "/problems/conflict")


@pytest.mark.parametrize(("query", "field"), [
    ({"calculations": [{"op": "AVG"}]}, "calculations[0].column"),
    ({"filters": [{"column": "a", "op": "is"}]}, "filters[0].op"),
    ({"breakdowns": "a"}, "breakdowns"),
])
def test_what_is_wrong_with_a_query_is_said_by_field(server, query, field):
    made(server, "/1/datasets", {"name": "shop"})
    status, problem = call(server, "POST", "/1/queries/shop", query)
    assert status == 422
    assert problem["type"] == server.http + "/problems/validation-failed"
    assert field in [detail["field"] for detail in problem["type_detail"]]


def test_what_a_change_of_a_trigger_does_not_say_stays(server):
    made(server, "/1/datasets", {"name": "shop"})
    trigger = {"name": "slow", "query": {"calculations": [{"op": "COUNT"}]}, "threshold": {"op": ">", "value": 1},
               "baseline_details": {"type": "percentage", "offset_minutes": 1440}}
    path = "/1/triggers/shop/" + made(server, "/1/triggers/shop", trigger)["id"]
    kept = trigger.pop("baseline_details")
    assert call(server, "PUT", path, trigger)[1]["baseline_details"] == kept
    assert "baseline_details" not in call(server, "PUT", path, {**trigger, "baseline_details": {}})[1]
