# SPDX-License-Identifier: Apache-2.0
"""The images: what is in them and what is not, the variants with the external script, the same layers twice."""
import json
import urllib.request

import pytest

from engine import BASE, ROOT, wait_until

DOCKERFILES = {"server": ROOT / "Dockerfile", "flask": ROOT / "examples/flask/Dockerfile",
               "activities": ROOT / "examples/activities/Dockerfile"}
TOOLS = ("cc", "gcc", "g++", "ld", "make", "cmake", "ninja", "pip", "pip3", "npm", "git")


@pytest.fixture(params=sorted(DOCKERFILES))
def image(request):
    return request.getfixturevalue(f"{request.param}_image")


@pytest.mark.on_paper
@pytest.mark.parametrize("what", sorted(DOCKERFILES))
def test_the_second_dockerfile_differs_in_its_last_line_alone(what):
    first = DOCKERFILES[what].read_text().splitlines()
    second = DOCKERFILES[what].with_name("Dockerfile2").read_text().splitlines()
    assert first[:-1] == second[:-1]
    assert first[-1].startswith("CMD [") and second[-1].startswith("CMD [")
    assert "run_commands" in second[-1] and "run_commands" not in first[-1]


def test_no_compiler_and_no_root_but_curl(engine, image):
    found = engine.output_of(image, "sh", "-c", f"for t in {' '.join(TOOLS)}; do command -v $t; done; id -u; command -v curl")
    assert found.splitlines() == ["10001", "/usr/bin/curl"]


def test_nothing_but_its_data_is_the_images_users(engine, image):
    """What runs cannot change its own program."""
    owned = engine("run", "--rm", "--user", "0", image, "find", "/", "-xdev", "-user", "10001", "!", "-path", "/proc/*", "!", "-path", "/dev/*").stdout
    assert set(owned.splitlines()) <= {"/var/lib/skep"}


def test_the_backend_in_cpp_adds_less_than_30_mb_to_its_base(engine, activities_image):
    """Libraries, curl and certificates included."""
    added = engine.inspect(activities_image, "image")["Size"] - engine.inspect(BASE, "image")["Size"]
    assert 0 < added < 30_000_000


def test_two_builds_give_the_same_layers(engine, workshop, flask_image):
    """The contents, that is: the time of creation in an image's configuration is the builder's."""
    again = workshop.flask_again.result() if workshop.flask_again else workshop.build_again()
    assert engine.layers(again) == engine.layers(flask_image)
    assert engine.layers(again)[0] == engine.layers(BASE)[0]


@pytest.fixture(scope="module")
def variants(engine, flask_image, server_image, activities_image):
    """Images by Dockerfile2; all but the last line comes from the first one's build."""
    return {"flask": engine.build("flask", "skep/backend-flask:run-commands", "--run-commands"),
            "activities": engine.build("activities", "skep/backend-activities:run-commands", "--run-commands"),
            "server": engine.build("server", "skep/server:run-commands", "--run-commands")}


def answers(engine, name, port, path):
    """The status of a request to a port that the container publishes."""
    published = engine.inspect(name)["NetworkSettings"]["Ports"][f"{port}/tcp"][0]["HostPort"]
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{published}{path}", timeout=10) as response:
            return response.status
    except OSError:
        return None


CASES = {"activities": (4567, "/api/health-check", "activities"),
         "flask": (4567, "/api/health-check", "python3 -m flask --app app run --host=0.0.0.0 --port=4567"),
         "server": (8080, "/api/ui/status", "skep serve --data /var/lib/skep --insecure-listen --http 0.0.0.0:8080")}


@pytest.mark.parametrize("what", sorted(CASES))
@pytest.mark.parametrize("variant", ["command", "run_commands"])
def test_it_serves_ends_on_its_signal_and_says_so(engine, container, variants, request, what, variant):
    image = variants[what] if variant == "run_commands" else request.getfixturevalue(f"{what}_image")
    port, path, command = CASES[what]
    name = container("-p", f"127.0.0.1::{port}", "-e", "OTEL_SDK_DISABLED=true", image)
    wait_until(lambda: answers(engine, name, port, path) == 200, f"{what} to answer")
    first = engine("exec", name, "cat", "/proc/1/cmdline").stdout.replace("\0", " ").strip()
    assert first.removeprefix("/usr/bin/").startswith(command), "one command, its arguments as one list"
    engine("stop", "--time", "60", name)
    assert engine.inspect(name)["State"]["ExitCode"] == 0, engine("logs", name).stderr


@pytest.mark.parametrize("signal", ["KILL", "INT"])
def test_the_status_passed_on_is_the_commands_own(engine, container, variants, flask_image, signal):
    states = []
    for image in (flask_image, variants["flask"]):
        name = container("-p", "127.0.0.1::4567", "-e", "OTEL_SDK_DISABLED=true", image)
        wait_until(lambda name=name: answers(engine, name, 4567, "/api/health-check") == 200, "the backend to answer")
        engine("kill", "--signal", signal, name)
        states.append(int(engine("wait", name).stdout))
    assert states == ([137, 137] if signal == "KILL" else [0, 0])


def test_a_failing_start_has_its_status_through_the_script(engine, variants):
    broken = engine("run", "--rm", "-e", "PORT=none", variants["flask"], check=False)
    assert broken.returncode == 2 and "'none' is not a valid integer" in broken.stderr
    plain = engine("run", "--rm", "skep/server:test", "skep", "serve", "--http", "nonsense", check=False)
    script = engine("run", "--rm", variants["server"], "/usr/lib/skep/run_commands", "--otlp-http", "a b", check=False)
    assert plain.returncode == script.returncode != 0
    assert "'a b' is no address" in script.stderr + script.stdout, "an argument with a space stays one"


def test_the_server_keeps_its_data_on_its_volume(engine, container, server_image, tmp_path_factory):
    volume = f"kept-{tmp_path_factory.mktemp('v').name}"
    body = json.dumps([{"data": {"name": "kept", "duration_ms": 1}}]).encode()

    def request(name, path, data=None):
        published = engine.inspect(name)["NetworkSettings"]["Ports"]["8080/tcp"][0]["HostPort"]
        headers = {"x-honeycomb-team": "any", "content-type": "application/json"}
        asked = urllib.request.Request(f"http://127.0.0.1:{published}{path}", data, headers)
        with urllib.request.urlopen(asked, timeout=30) as response:
            return response.read()

    first = container("-v", f"{volume}:/var/lib/skep", "-p", "127.0.0.1::8080", server_image)
    wait_until(lambda: answers(engine, first, 8080, "/api/ui/status") == 200, "the server to answer")
    request(first, "/1/batch/kept", body)
    engine("kill", first)
    second = container("-v", f"{volume}:/var/lib/skep", "-p", "127.0.0.1::8080", server_image)
    wait_until(lambda: answers(engine, second, 8080, "/api/ui/status") == 200, "the server to answer")
    assert b"kept" in request(second, "/1/datasets/kept")
    engine("rm", "-f", first, second)
    engine("volume", "rm", volume)
