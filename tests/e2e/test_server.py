# SPDX-License-Identifier: Apache-2.0
"""The program itself: command line, addresses, a second start, a folder in use."""
import socket
import subprocess

import pytest

from skep import binary, environment


def run(*arguments):
    return subprocess.run([str(binary()), *arguments], capture_output=True, text=True, timeout=60, check=False,
                          env=environment())


def test_help_and_version():
    assert run("--version").stdout.startswith("skep ")
    text = run("serve", "--help").stdout
    for option in ("--data", "--http", "--otlp-grpc", "--otlp-http", "--xray", "--clickhouse", "--durability"):
        assert option in text


@pytest.mark.parametrize(("arguments", "words"), [
    (["serve", "--http", "0.0.0.0:0"], "no keys"),
    (["serve", "--http", "0.0.0.0:0"], "--insecure-listen"),
    (["serve", "--http", "127.0.0.1:0", "--xray", "[::]:0"], "no keys"),
    (["serve", "--http", "nonsense"], "HOST:PORT"),
    (["serve", "--http", "off"], "cannot be off"),
    (["serve", "--durability", "maybe"], "durability"),
    ([], "subcommand"),
])
def test_a_wrong_command_line_is_refused_with_the_reason(arguments, words):
    result = run(*arguments)
    assert result.returncode != 0
    assert words in result.stderr + result.stdout


def test_other_addresses_are_listened_on_when_told_so(make_server):
    server = make_server("--insecure-listen", "--http", "0.0.0.0:0")
    assert server.addresses["http"].startswith("http://0.0.0.0:")
    assert server.get("/api/ui/status")["version"]
    assert "whoever reaches" in server.log_path.read_text()


def test_an_address_in_use_is_named(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = run("serve", "--data", str(tmp_path / "data"), "--http", f"127.0.0.1:{port}", "--otlp-http", "off",
                     "--otlp-grpc", "off", "--xray", "off")
    assert result.returncode == 1
    assert str(port) in result.stderr


def test_a_folder_serves_one_server(server):
    result = run("serve", "--data", str(server.folder / "data"), "--http", "127.0.0.1:0", "--otlp-http", "off",
                 "--otlp-grpc", "off", "--xray", "off")
    assert result.returncode == 1
    assert "in use" in result.stderr or "another" in result.stderr, result.stderr
    assert server.get("/api/ui/status")["version"]


def test_status_names_what_listens(server):
    status = server.get("/api/ui/status")
    names = {entry["name"] for entry in status["addresses"]}
    assert {"http", "otlp_http", "otlp_grpc", "xray_udp", "xray_tcp", "clickhouse"} == names
    assert {entry["door"] for entry in status["doors"]} >= {"otlp", "xray", "cloudwatch", "rollbar"}
    assert server.sql("SELECT count() FROM events") == [["0"]] or server.sql("SELECT count() FROM events") == [[0]]


def test_the_page_is_served_and_unknown_paths_of_the_api_are_not(server):
    status, headers, body = server.request("GET", "/")
    assert status == 200
    assert headers["content-type"].startswith("text/html")
    assert b"<html" in body.lower() or b"<!doctype" in body.lower()
    assert server.request("GET", "/api/ui/nothing")[0] == 404


def test_the_clickhouse_interface_reads_only(server):
    with pytest.raises(AssertionError, match="(?i)readonly|cannot|denied|not allowed"):
        server.sql("DROP TABLE events")
    with pytest.raises(AssertionError, match="(?i)readonly|cannot|denied|not allowed"):
        server.sql("INSERT INTO events (name) VALUES ('x')")
