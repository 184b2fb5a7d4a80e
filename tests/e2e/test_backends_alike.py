# SPDX-License-Identifier: Apache-2.0
"""The same requests to the Flask backend and to the one in C++ give joined traces of the same shape: the same spans, segments, lines and
errors, by the same doors, nested the same way, with the same names, states and keys. What differs is listed here, with its reason."""
import concurrent.futures
import dataclasses
import http.client
import json
import re

import pytest

from skep import Server, wait_until

HEADERS = {"X-User-Handle": "worf", "User-Agent": "the test", "Content-Type": "application/json"}
REQUESTS = {
    "health check": ("GET", "/api/health-check", None),
    "home": ("GET", "/api/activities/home?x=1", None),
    "create": ("POST", "/api/activities", {"user_handle": "worf", "message": "hello", "ttl": "3-days"}),
    "create, default user": ("POST", "/api/activities", {"message": "hello"}),
    "blank message": ("POST", "/api/activities", {"user_handle": "worf", "message": "", "ttl": "7-days"}),
    "too long": ("POST", "/api/activities", {"user_handle": "garek", "message": "ä" * 281, "ttl": "7-days"}),
    "all wrong": ("POST", "/api/activities", {"user_handle": " ", "message": " ", "ttl": "for-ever"}),
    "one activity": ("GET", "/api/activities/00000000-0000-0000-0000-000000000001", None),
    "no such activity": ("GET", "/api/activities/00000000-0000-4000-8000-0000000000ff", None),
    "of a user": ("GET", "/api/activities/@worf", None),
    "search": ("GET", "/api/activities/search?term=juice", None),
    "notifications": ("GET", "/api/activities/notifications", None),
    "reply": ("POST", "/api/activities/00000000-0000-0000-0000-000000000001/reply", {"user_handle": "garek", "message": "Well?"}),
    "blank reply": ("POST", "/api/activities/00000000-0000-0000-0000-000000000001/reply", {"user_handle": "garek", "message": " "}),
    "message groups": ("GET", "/api/message_groups", None),
    "conversation": ("GET", "/api/messages/@worf", None),
    "message": ("POST", "/api/messages", {"user_handle": "kira", "user_receiver_handle": "odo", "message": "Well?"}),
    "message to nobody": ("POST", "/api/messages", {"user_handle": "kira", "message": ""}),
    "warning": ("GET", "/rollbar/test", None),
    "failure": ("GET", "/api/boom", None),
    "not there": ("GET", "/api/activitys/home", None),
    "not so": ("DELETE", "/api/activities", None),
    "preflight": ("OPTIONS", "/api/activities", None),
}

# Lines of the same text within a millisecond could be told apart by nobody: each request has a query of its own.
REQUESTS = {name: (method, f"{path}{'&' if '?' in path else '?'}case={number}", body)
            for number, (name, (method, path, body)) in enumerate(REQUESTS.items())}

# Keys that one of them alone sends, whatever the request.
ONLY_FLASK = {
    "scope.schema_url": "Python's instrumentations name the version of the conventions that they follow",
    "library.version": "the tracers of Flask's own instrumentation have a version",
    "service.instance.id": "Python's SDK makes one up",
    "client.port": "Werkzeug tells it; optional in the conventions",
    "process.runtime.name": "there is an interpreter",
    "process.runtime.version": "there is an interpreter",
    "process.working_directory": "X-Ray's SDK for Python names it beside an exception",
    "code.file.path": "of the innermost frame: other files and functions",
    "code.line.number": "of the innermost frame",
    "code.function.name": "of the innermost frame",
    "exception.stacktrace": "a stack is compared by hand: it is the language's",
    "framework": "flask",
    "rollbar.server.root": "where app.py lies",
    "rollbar.context": "pyrollbar fills it in from Flask's request",
    "rollbar.code_version": "app.py names one if nobody does",
    "process.command_args": "pyrollbar tells how the interpreter was started",
    "exception.escaped": "OpenTelemetry has taken it back; Python's SDK still says it",
}
ONLY_ACTIVITIES = {
    "http.response.body.size": "Flask's instrumentation does not record it on spans; X-Ray's does",
    "host.name": "a resource of the process: Python's SDK leaves it out",
    "process.pid": "a resource of the process",
    "process.executable.name": "a resource of the process",
    "platform": "Rollbar's word for the operating system, which pyrollbar leaves out",
    "aws.xray.cause.exceptions": "the exception that it was thrown over, too; X-Ray's SDK for Python names the outermost alone",
}
# What is compared as it is, but is the platform's in these values.
PLATFORM_NAMES = {
    "GET /api/activitys/home": "GET",  # no route fits: the conventions forbid the path in the name, Flask has it there
    "DELETE /api/activities": "DELETE",
    "RuntimeError: boom: row has no such column": "std::runtime_error: boom: row has no such column",
}


@dataclasses.dataclass(frozen=True, order=True)
class Node:
    """One row of a trace with what is under it. Everything that is compared is in it."""
    kind: str
    door: str
    name: str
    also_door: str
    sort: str  # the span's kind, or the segment's
    status: str
    severity: int
    how: str
    keys: tuple
    children: tuple

    def lines(self, depth=0):
        own = f"{'  ' * depth}{self.kind} {self.door}{'+' + self.also_door if self.also_door else ''} {self.name!r} {self.sort} " \
              f"{self.status} {self.severity} {self.how} {' '.join(self.keys)}"
        return [own, *(line for child in self.children for line in child.lines(depth + 1))]


def plain_name(name, port, backend):
    """Without what no two runs have in common: ports, durations, ids."""
    name = name.replace(f"127.0.0.1:{port}", "HOST")
    name = re.sub(r"in \d\.\d{3} s", "in N s", name)
    name = re.sub(r" trace_id=[0-9a-f]{32} span_id=[0-9a-f]{16}", " IDS", name)
    return PLATFORM_NAMES.get(name, name) if backend == "flask" else name


def keys_of(row):
    return tuple(sorted(key for key in row.get("attributes", {}) if key not in ONLY_FLASK and key not in ONLY_ACTIVITIES))


def tree(rows, port, backend):
    children = {}
    for row in rows:
        children.setdefault(row.get("parent", ""), []).append(row)
    ids = {row["id"] for row in rows}

    def node(row):
        return Node(kind=row["kind"], door=row["door"], name=plain_name(row["name"], port, backend), also_door=row.get("also_door", ""),
                    sort=row.get("segment") or row.get("span_kind", ""), status=row.get("status", ""), severity=row.get("severity", 0),
                    how=row["join"], keys=keys_of(row), children=tuple(sorted(node(child) for child in children.get(row["id"], []))))

    return tuple(sorted(node(row) for row in rows if row.get("parent", "") not in ids))


def ask(port, method, path, body):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = dict(HEADERS)
    if method == "OPTIONS":
        headers |= {"Origin": "http://a.example", "Access-Control-Request-Method": "POST"}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


def expected_doors(name):
    return {"otlp", "xray", "cloudwatch"} | ({"rollbar"} if name in ("warning", "failure") else set())


def is_whole(name, doors):
    """Whether all doors told of a request, and CloudWatch all lines: each is sent by OTLP, too. They are joined one by one."""
    return expected_doors(name) <= doors.keys() and doors["cloudwatch"]["logs"] == doors["otlp"]["logs"]


def traces_of(traffic, folder, backend, join):
    """{name: (status, tree)} of every request, one after the other, each on a server of its own backend."""
    server = Server(folder / f"{backend}-{join}").start()
    try:
        app = traffic.SampleApp(server.addresses, join, log_file=folder / f"{backend}-{join}.log", backend=backend,
                                OTEL_SEMCONV_STABILITY_OPT_IN="http")
        try:
            statuses = {name: ask(app.port, *request) for name, request in REQUESTS.items()}
        finally:
            app.stop()

        def complete():
            requests = [request for request in server.get("/api/ui/requests", limit=1000)["requests"] if request.get("route") != "/api/1/item/"]
            requests.sort(key=lambda request: int(request["time_ns"]))
            whole = len(requests) == len(REQUESTS) and all(
                is_whole(name, {entry["door"]: entry for entry in request["doors"]})
                for name, request in zip(REQUESTS, requests, strict=True))
            return requests if whole else None

        requests = wait_until(complete, f"the traces of {backend}, {join}")
        return {name: (statuses[name], tree(server.get(f"/api/ui/traces/{request['trace_id']}")["rows"], app.port, backend))
                for name, request in zip(REQUESTS, requests, strict=True)}
    finally:
        server.kill()


@pytest.mark.parametrize("join", ["ids", "none"])
def test_both_backends_give_traces_of_the_same_shape(traffic, tmp_path, join):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        runs = {backend: pool.submit(traces_of, traffic, tmp_path, backend, join) for backend in ("flask", "activities")}
        flask, activities = (runs[backend].result() for backend in ("flask", "activities"))
    for name in REQUESTS:
        (flask_status, flask_tree), (status, tree_) = flask[name], activities[name]
        assert status == flask_status, name
        assert [line for node in tree_ for line in node.lines()] == [line for node in flask_tree for line in node.lines()], name
