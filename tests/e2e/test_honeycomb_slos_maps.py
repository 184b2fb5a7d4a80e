# SPDX-License-Identifier: Apache-2.0
"""What Honeycomb's API counts besides queries: how SLOs stand, and which service calls which."""
import time

import pytest
from honeycomb import HoneycombClient, ServiceMapDependencyRequestCreate
from honeycomb.models.service_map_dependencies import ServiceMapNode

from skep import wait_until
from test_honeycomb_api import call, made

WEEK_S = 7 * 86_400
MAPS = "/1/maps/dependencies/requests"


def send(server, dataset, *events):
    """Events as (ok, at, rate); `ok` None: one that does not qualify."""
    batch = [{"data": {"n": 1} if ok is None else {"ok": ok}, "time": at, "samplerate": rate} for ok, at, rate in events]
    assert call(server, "POST", f"/1/batch/{dataset}", batch) == (200, [{"status": 202}] * len(batch))


def make_slo(server, dataset, days=30, target=900_000, **members):
    return made(server, f"/1/slos/{dataset}", {"name": "s", "sli": {"alias": "good"}, "time_period_days": days,
                                               "target_per_million": target, **members})


def test_an_slo_is_counted(server):
    now = int(time.time())
    made(server, "/1/datasets", {"name": "shop"})
    made(server, "/1/derived_columns/shop", {"alias": "limit", "expression": "INT(1)"})
    made(server, "/1/derived_columns/shop", {"alias": "good", "expression": "IF(EXISTS($ok), EQUALS($ok, $limit))"})
    path = "/1/slos/shop/" + make_slo(server, "shop", days=10)["id"]
    nothing = call(server, "GET", path + "?detailed")[1]
    assert (nothing["status"], nothing["compliance"], nothing["budget_remaining"], nothing["burn_rate"]) == ("no_events", 100, 100, 0)

    day = 86_400
    send(server, "shop", (1, now - 9 * day, 1), (1, now - 5 * day, 90), (0, now - 5 * day, 4), (1, now - 60, 4), (0, now - 60, 1),
         (None, now - 60, 1000), (0, now - 11 * day, 1000))
    slo = call(server, "GET", path + "?detailed=true")[1]
    # 95 of 100 within ten days, where 90 would do; in the last hours 1 of 5 failed, where 1 of 10 may.
    assert (slo["status"], slo["compliance"]) == ("no_alerts", 95)
    assert (slo["budget_remaining"], slo["burn_rate"]) == (pytest.approx(50), pytest.approx(2))
    assert slo["sli"] == {"alias": "good"} and slo["dataset_slugs"] == ["shop"] and slo["reset_at"] is None
    assert "compliance" not in call(server, "GET", path)[1]
    made(server, "/1/burn_alerts/shop", {"exhaustion_minutes": 1, "slo": {"id": slo["id"]}, "recipients": []})
    assert call(server, "GET", path + "?detailed")[1]["status"] == "normal"


def test_an_slo_over_several_datasets(server):
    now = int(time.time())
    send(server, "shop", (1, now, 1), (0, now, 1))
    send(server, "cart", (1, now, 2))
    send(server, "other", (0, now, 100))
    made(server, "/1/derived_columns/__all__", {"alias": "good", "expression": "IF(EXISTS($ok), EQUALS($ok, 1))"})
    # Of one dataset only: not what the SLO was made with.
    made(server, "/1/derived_columns/cart", {"alias": "good", "expression": "BOOL(0)"})
    slo = make_slo(server, "__all__", target=500_000, dataset_slugs=["shop", "cart"])
    detailed = call(server, "GET", f"/1/slos/__all__/{slo['id']}?detailed")[1]
    assert (detailed["compliance"], detailed["budget_remaining"]) == (75, pytest.approx(50))


def test_a_history_is_by_weeks(server):
    now = int(time.time())
    start = now - 3 * WEEK_S
    weeks = [start, (start // WEEK_S + 1) * WEEK_S, (start // WEEK_S + 2) * WEEK_S]
    made(server, "/1/datasets", {"name": "shop"})
    made(server, "/1/derived_columns/shop", {"alias": "good", "expression": "IF(EXISTS($ok), EQUALS($ok, 1))"})
    counted, quiet = make_slo(server, "shop"), made(server, "/1/slos/shop", {
        "name": "quiet", "sli": {"alias": "good"}, "time_period_days": 1, "target_per_million": 0})
    send(server, "shop", (0, start - 1, 9), (1, weeks[0], 19), (0, weeks[0], 1), (1, weeks[2], 1), (0, weeks[2], 1), (None, weeks[1], 1))
    status, history = call(server, "POST", "/1/reporting/slos/historical", {
        "ids": [counted["id"], quiet["id"], counted["id"]], "start_time": start, "end_time": now})
    assert status == 200, history
    assert history[counted["id"]] == [
        {"timestamp": weeks[0], "compliance": 95, "budget_remaining": pytest.approx(50)},
        {"timestamp": weeks[2], "compliance": 50, "budget_remaining": pytest.approx(-400)}]
    assert [week["budget_remaining"] for week in history[quiet["id"]]] == [pytest.approx(95), pytest.approx(50)]
    empty = call(server, "POST", "/1/reporting/slos/historical", {"ids": [counted["id"]], "start_time": now - 9, "end_time": now})
    assert empty == (200, {counted["id"]: []})


def span(number, parent, kind, dataset, **fields):
    return {"data": {"trace.trace_id": f"{7:032x}", "trace.span_id": f"{number:016x}", "name": "a", "duration_ms": 1, "span.kind": kind,
                     **({"trace.parent_id": f"{parent:016x}"} if parent else {}), **fields}, "dataset": dataset,
            "samplerate": 3}


def send_calls(server, services):
    """web calls each service, each with a sample rate of 3; the first calls the second, and a database."""
    everything, number = [span(1, None, "server", "web")], 1
    for caller, callee in [*(("web", service) for service in services), (services[0], services[1])]:
        parent = number + 1
        everything += [span(parent, 1, "client", caller), span(parent + 1, parent, "server", callee)]
        number += 2
    everything.append(span(number + 1, 1, "client", services[0], **{"db.system": "postgresql", "db.name": "shop"}))
    for dataset in {each["dataset"] for each in everything}:
        events = [{key: value for key, value in each.items() if key != "dataset"} for each in everything if each["dataset"] == dataset]
        assert call(server, "POST", f"/1/batch/{dataset}", events)[0] == 200


def finished(server, request_id, parameters=""):
    def ready():
        status, answer = call(server, "GET", f"{MAPS}/{request_id}{parameters}")
        assert status == 200, answer
        assert (answer["dependencies"] is None) == (answer["status"] != "ready")
        return answer if answer["status"] != "pending" else None
    return wait_until(ready, "the map")


def test_dependencies_are_those_of_the_map(server):
    send_calls(server, ["cart", "users", "mail"])
    now = int(time.time())
    shown = server.get("/api/ui/map", **{"from": (now - 3600) * 10**9, "to": (now + 60) * 10**9})
    services = {node["name"] for node in shown["nodes"] if node["kind"] == "service"}
    edges = {(edge["from"], edge["to"]): edge["count"] for edge in shown["edges"] if edge["to"] in services}
    assert services == {"web", "cart", "users", "mail"} and "postgresql shop" in {node["name"] for node in shown["nodes"]}

    with HoneycombClient(api_key="hcalk_test", base_url=server.http, sync=True) as client:
        def asked(**members):
            result = client.service_map_dependencies.get(ServiceMapDependencyRequestCreate(time_range=3600, **members))
            assert result.status.value == "ready"
            return {(each.parent_node.name, each.child_node.name): each.call_count for each in result.dependencies}
        assert asked() == edges == {("web", "cart"): 3, ("web", "users"): 3, ("web", "mail"): 3, ("cart", "users"): 3}
        assert set(asked(filters=[ServiceMapNode(name="cart")])) == {("web", "cart"), ("cart", "users")}
        assert asked(filters=[ServiceMapNode(name="cart"), ServiceMapNode(name="none")]) == {("web", "cart"): 3, ("cart", "users"): 3}
        assert asked(filters=[ServiceMapNode(name="none")]) == {}


def test_dependencies_come_in_pages(server):
    send_calls(server, [f"s{number:02}" for number in range(24)])
    status, headers, _ = server.request("POST", MAPS + "?limit=23", b"", {"x-honeycomb-team": "key"})
    assert status in (200, 201)
    path = headers["location"]
    request_id = path.rsplit("/", 1)[1]
    assert path == f"{MAPS}/{request_id}"
    first = finished(server, request_id)
    assert (first["request_id"], first["status"], len(first["dependencies"])) == (request_id, "ready", 20)
    status, last = call(server, "GET", first["links"]["next"])
    assert (status, len(last["dependencies"]), last["links"]["next"]) == (200, 3, None)
    names = [(each["parent_node"]["name"], each["child_node"]["name"]) for each in first["dependencies"] + last["dependencies"]]
    assert names == [("s00", "s01"), *(("web", f"s{number:02}") for number in range(22))]
    assert first["dependencies"][0] == {"parent_node": {"name": "s00", "type": "service"},
                                        "child_node": {"name": "s01", "type": "service"}, "call_count": 3}
    small = call(server, "GET", f"{MAPS}/{request_id}?page%5Bsize%5D=5&page%5Bafter%5D=20")[1]
    assert small["dependencies"] == last["dependencies"]


def test_a_map_of_no_time_is_empty(server):
    send_calls(server, ["cart", "users"])
    for times in ({"start_time": 5, "end_time": 5}, {"start_time": 5}, {"end_time": 5}):
        answer = call(server, "POST", MAPS, times)[1]
        assert finished(server, answer["request_id"]) == {"request_id": answer["request_id"], "status": "ready", "dependencies": [],
                                                          "links": {"next": None}}
