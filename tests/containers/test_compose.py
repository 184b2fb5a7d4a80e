# SPDX-License-Identifier: Apache-2.0
"""The compose file as users run it, from images built before: order, health by its own check, what arrives in Skep."""
import contextlib
import datetime
import json
import socket
import urllib.request

import pytest
import yaml

from engine import ROOT, run, wait_until

DOORS = ("otlp", "xray", "cloudwatch", "rollbar")
PORTS = ("SKEP_PORT", "SKEP_OTLP_GRPC_PORT", "SKEP_OTLP_HTTP_PORT", "SKEP_XRAY_PORT", "BACKEND_PORT")


def free_ports(count):
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for taken in sockets:
            taken.bind(("127.0.0.1", 0))
        return [taken.getsockname()[1] for taken in sockets]


class Composed:
    def __init__(self, engine, backend):
        self.engine = engine
        self.backend = backend
        self.project = f"skep-{backend}"
        self.environment = {**engine.environment, "TAG": "test", "BACKEND": backend,
                            **{name: str(port) for name, port in zip(PORTS, free_ports(len(PORTS)))}}

    def __call__(self, *arguments, **options):
        return run("/usr/bin/docker-compose", "--project-name", self.project, "-f", ROOT / "docker-compose.yml",
                   "-f", ROOT / "tests/containers/compose.fast.yml", *arguments, env=self.environment, **options)

    def container(self, service):
        return self("ps", "-q", service).stdout.strip()

    def state(self, service):
        return self.engine.inspect(self.container(service))["State"]

    def skep(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.environment['SKEP_PORT']}/api/ui/{path}", timeout=30) as response:
            return json.load(response)

    def records(self):
        return {entry["door"]: entry["records"] for entry in self.skep("status")["doors"]}


def when(text):
    return datetime.datetime.fromisoformat(text[:26].rstrip("Z") + "+00:00")


@pytest.fixture(scope="module", params=["flask", "activities"])
def composed(engine, flask_image, activities_image, server_image, request):
    project = Composed(engine, request.param)
    project("up", "-d", "--no-build")
    yield project
    project("down", "--volumes", "--timeout", "30")


@pytest.mark.on_paper
def test_the_checks_are_the_documented_ones():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert services["backend"]["healthcheck"] == {
        "test": "curl --fail http://localhost:4567/api/activities/home || exit 1",
        "interval": "60s", "retries": 5, "start_period": "60s", "timeout": "10s"}
    fast = yaml.safe_load((ROOT / "tests/containers/compose.fast.yml").read_text())["services"]
    for service in fast.values():
        assert list(service) == ["healthcheck"]
        assert set(service["healthcheck"]) == {"interval", "timeout", "start_period"}


@pytest.mark.on_paper
def test_ports_are_published_on_loopback_alone():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert len(published) == 6
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_the_server_is_healthy_before_the_backend_starts(composed):
    server, backend = composed.state("server"), composed.state("backend")
    healthy = [when(check["End"]) for check in server["Health"]["Log"] if check["ExitCode"] == 0]
    # The engine keeps five checks; the first of those may be a later one, never an earlier one.
    assert healthy and when(backend["StartedAt"]) > when(server["StartedAt"])
    events = composed.engine("events", "--since", server["StartedAt"], "--until", backend["StartedAt"], "--filter",
                             f"container={composed.container('server')}", "--format", "{{.Status}}").stdout.splitlines()
    assert "health_status: healthy" in events


def test_the_backend_becomes_healthy_by_the_composes_own_check(composed):
    backend = composed.container("backend")
    assert composed.engine.inspect(backend)["Config"]["Healthcheck"]["Test"] == [
        "CMD-SHELL", "curl --fail http://localhost:4567/api/activities/home || exit 1"]
    health = composed.engine.wait_for_health(backend, "healthy")
    assert "message" in health["Log"][-1]["Output"]


def test_what_the_load_causes_arrives_through_all_four_doors(composed):
    wait_until(lambda: all(composed.records().get(door) for door in DOORS), "records through every door")
    wait_until(lambda: f"backend-{composed.backend}" in {request["service"] for request in composed.skep("requests?limit=50")["requests"]},
               "the backend's requests in the list")


def test_a_backend_that_hangs_is_unhealthy_until_it_goes_on(composed):
    backend = composed.container("backend")
    composed.engine.wait_for_health(backend, "healthy")
    composed.engine("kill", "--signal", "STOP", backend)
    health = composed.engine.wait_for_health(backend, "unhealthy")
    assert health["FailingStreak"] >= 5
    composed.engine("kill", "--signal", "CONT", backend)
    composed.engine.wait_for_health(backend, "healthy")


def test_data_outlives_the_containers(composed):
    before = composed.records()
    composed("rm", "--stop", "--force", "server")
    composed("up", "-d", "--no-build", "server")
    composed.engine.wait_for_health(composed.container("server"), "healthy")
    assert composed.skep("requests?limit=50")["requests"] and before["otlp"]


def test_everything_ends_in_good_order(composed):
    names = {service: composed.container(service) for service in ("server", "backend", "load")}
    composed("stop", "--timeout", "60")
    assert {service: composed.engine.inspect(name)["State"]["ExitCode"] for service, name in names.items()} == {
        "server": 0, "backend": 0, "load": 0}
