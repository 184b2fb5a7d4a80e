#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Gives an empty catalog a board about the sample app, through the page's API: for script/server.

  seed_board.py --addresses FILE    FILE is what `skep serve --address-file` wrote

Does nothing where anybody has saved a query or made a board before.
"""
import argparse
import json
import pathlib
import urllib.request

CREATE = [
    {"column": "http.route", "op": "=", "value": "/api/activities"},
    {"column": "http.method", "op": "=", "value": "POST"},
]
QUERIES = [
    ("Latency of create-activity by user handle",
     "How long creating an activity takes, and for whom",
     {"calculations": [{"op": "HEATMAP", "column": "duration_ms"}, {"op": "P95", "column": "duration_ms"}],
      "filters": CREATE, "breakdowns": ["app.user_handle"],
      "orders": [{"op": "P95", "column": "duration_ms", "order": "descending"}]}),
    ("Requests by route", "Spans that serve a request",
     {"calculations": [{"op": "COUNT"}], "filters": [{"column": "http.route", "op": "exists"}],
      "breakdowns": ["http.route", "http.status_code"], "orders": [{"op": "COUNT", "order": "descending"}]}),
    ("Errors by name", "Whatever failed, through whichever door",
     {"calculations": [{"op": "COUNT"}], "filters": [{"column": "error", "op": "=", "value": True}],
      "breakdowns": ["door", "name"], "orders": [{"op": "COUNT", "order": "descending"}]}),
]
TEXT = ("# The sample app\nWhat examples/flask reports through four doors. A click on a panel's name opens its question in Explore; "
        "drag over the heat map to see what sets the slow ones apart.")
PLACES = [(0, 1, 12, 7), (0, 8, 6, 4), (6, 8, 6, 4)]


def position(x, y, width, height):
    return {"x_coordinate": x, "y_coordinate": y, "width": width, "height": height}


class Api:
    def __init__(self, base):
        self.base = base

    def __call__(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base}/api/ui/{path}", data, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)


def seed(api):
    if api("boards")["boards"] or api("queries")["queries"]:
        return False
    panels = [{"type": "text", "position": position(0, 0, 12, 1), "text_panel": {"content": TEXT}}]
    for (name, description, query), place in zip(QUERIES, PLACES):
        saved = api("queries", {"name": name, "description": description, "query": query})
        shown = {"query_id": saved["query_id"], "query_annotation_id": saved["id"],
                 "query_style": "combo" if place[2] == 12 else "graph"}
        panels.append({"type": "query", "position": position(*place), "query_panel": shown})
    api("boards", {"name": "Sample app", "description": "The app that script/server runs", "panels": panels})
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--addresses", type=pathlib.Path, required=True)
    seed(Api(json.loads(parser.parse_args().addresses.read_text())["http"]))


if __name__ == "__main__":
    main()
