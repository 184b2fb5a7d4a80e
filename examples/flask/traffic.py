#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a sample backend against a Skep server and sends it requests: for script/server, the tests and the join bench.

  traffic.py --addresses FILE            for ever, about two requests a second
  traffic.py --addresses FILE --requests 300 --clients 4    that many, then waits until the SDKs have sent everything
  traffic.py --addresses FILE --backend activities          the one in C++ (examples/activities) in place of the Flask app
  traffic.py --url http://backend:4567                      a backend that runs already; needs nothing but Python

FILE is what `skep serve --address-file` wrote. APP_JOIN=ids lets the app carry its trace id to all four doors. Each
created activity gets a user handle of its own with --unique-users, so that a test can tell by it which segment belongs to which span.
"""
import argparse
import dataclasses
import http.client
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
USERS = ("andrewbrown", "andrewbrown", "andrewbrown", "worf", "worf", "garek", "garek", "picard", "bashir", "kira")
MESSAGES = ("Cloud is fun!", "I am out of prune juice", "My dear doctor, they're all true", "Qapla'!")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(host, port):
    """Whether somebody does. A connection to a free port may be given that very port to come from, and then meets itself."""
    try:
        with socket.create_connection((host, port), timeout=1) as probe:
            return probe.getsockname() != probe.getpeername()
    except OSError:
        return False


def make_stream(endpoint, group, stream):
    """A log stream for the app to find: watchtower drops what is logged while it creates one."""
    import boto3  # not for --url: the driver alone needs nothing but Python

    logs = boto3.client("logs", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="any",
                        aws_secret_access_key="any")
    try:
        logs.create_log_group(logGroupName=group)
    except logs.exceptions.ResourceAlreadyExistsException:
        pass
    logs.create_log_stream(logGroupName=group, logStreamName=stream)


@dataclasses.dataclass
class Sent:
    """One request that was made, as its client saw it."""
    method: str
    path: str
    status: int
    user: str
    started: float
    seconds: float


def command(backend):
    """(arguments, folder) that start a backend."""
    if backend == "flask":
        return [sys.executable, "run_commands.py"], HERE
    # What script/build makes of examples/activities; in a container this file has no such neighbour.
    binary = pathlib.Path(os.environ.get("ACTIVITIES_BINARY") or HERE.parents[1] / "build/activities/activities")
    if not binary.exists():
        raise FileNotFoundError(f"{binary} is not built; run script/build activities")
    return [str(binary)], binary.parent


class SampleApp:
    """A backend as a child process, its four SDKs pointed at Skep: "flask", or "activities", which is the same in C++."""

    def __init__(self, addresses, join="none", protocol="http/protobuf", log_file=None, backend="flask", **variables):
        self.port = free_port()
        xray = urllib.parse.urlsplit("//" + addresses["xray_udp"].split("://")[-1])
        environment = {
            **os.environ,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "OTEL_SERVICE_NAME": f"backend-{backend}",
            "APP_JOIN": join,
            "OTEL_EXPORTER_OTLP_PROTOCOL": protocol,
            "OTEL_EXPORTER_OTLP_ENDPOINT": addresses["otlp_grpc" if protocol == "grpc" else "otlp_http"],
            "AWS_XRAY_DAEMON_ADDRESS": f"{xray.hostname}:{xray.port}",
            "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": addresses["http"],
            "AWS_ACCESS_KEY_ID": "any",
            "AWS_SECRET_ACCESS_KEY": "any",
            "AWS_EC2_METADATA_DISABLED": "true",
            "ROLLBAR_ENDPOINT": addresses["http"] + "/api/1/",
            "ROLLBAR_ACCESS_TOKEN": "post_server_item_token_0000000000",
            "LOG_GROUP": "cruddur",
            "LOG_STREAM": f"backend-{backend}/{time.time_ns()}",
            **variables,
        }
        make_stream(addresses["http"], environment["LOG_GROUP"], environment["LOG_STREAM"])
        self.log_path = pathlib.Path(log_file or os.devnull)
        self.log = open(self.log_path, "wb")  # noqa: SIM115 - lives as long as the child
        arguments, folder = command(backend)
        self.process = subprocess.Popen(arguments, cwd=folder, env=environment, stdout=self.log, stderr=self.log,
                                        start_new_session=True)
        deadline = time.monotonic() + 60
        while not listens("127.0.0.1", self.port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the sample app did not start; its output: " + str(log_file))
            time.sleep(0.1)

    def stop(self):
        """Ctrl-C, as a person would: Python's exit handlers flush the SDKs' queues."""
        self.log.close()  # the child has its own
        if self.process.poll() is not None:
            return
        os.killpg(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise RuntimeError("the sample app did not stop: what its SDKs held is lost") from None


class Driver:
    """Makes requests from some clients at once; remembers what it sent."""

    def __init__(self, port, seed=7, unique_users=False, only_create=False, host="127.0.0.1"):
        self.host = host
        self.port = port
        self.random = random.Random(seed)
        self.unique_users = unique_users
        self.only_create = only_create
        self.sent = []
        self.lock = threading.Lock()
        self.number = 0

    def next_call(self):
        with self.lock:
            self.number += 1
            pick = 1.0 if self.only_create else self.random.random()
            user = f"user-{self.number:06d}" if self.unique_users else self.random.choice(USERS)
            message = self.random.choice(MESSAGES)
        if pick < 0.40:
            return "GET", "/api/activities/home", user, None
        if pick < 0.46:
            return "GET", "/api/boom", user, None
        if pick < 0.49:
            return "GET", "/rollbar/test", user, None
        if pick < 0.53:
            return "POST", "/api/activities", user, {"user_handle": user, "message": "", "ttl": "7-days"}
        if pick < 0.56:
            return "GET", "/api/activitys/home", user, None
        return "POST", "/api/activities", user, {"user_handle": user, "message": message, "ttl": "7-days"}

    def one(self, connection):
        method, path, user, body = self.next_call()
        headers = {"X-User-Handle": user}
        if body is not None:
            headers["Content-Type"] = "application/json"
        started = time.time()
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = connection.getresponse()
        response.read()
        with self.lock:
            self.sent.append(Sent(method, path, response.status, user, started, time.time() - started))

    def run(self, requests, clients):
        """`requests` in all from `clients` at once, each as fast as it is answered."""
        left = [requests]

        def client():
            connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
            while True:
                with self.lock:
                    if left[0] == 0:
                        break
                    left[0] -= 1
                self.one(connection)
            connection.close()

        threads = [threading.Thread(target=client) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def run_for_ever(self, pause_s):
        while True:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
            try:
                self.one(connection)
            except (OSError, http.client.HTTPException) as error:
                print(f"traffic: {error}", file=sys.stderr)
            finally:
                connection.close()
            time.sleep(self.random.uniform(0.2, 2 * pause_s))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--addresses", help="what the server wrote with --address-file")
    target.add_argument("--url", help="of a backend that runs already")
    parser.add_argument("--backend", choices=("flask", "activities"), default="flask")
    parser.add_argument("--requests", type=int, default=0, help="0: for ever")
    parser.add_argument("--clients", type=int, default=1)
    parser.add_argument("--unique-users", action="store_true")
    parser.add_argument("--only-create", action="store_true")
    parser.add_argument("--log-file")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    app = None
    if options.url:
        url = urllib.parse.urlsplit(options.url)
        host, port = url.hostname, url.port or 80
    else:
        app = SampleApp(json.loads(pathlib.Path(options.addresses).read_text()), os.getenv("APP_JOIN", "none"),
                        os.getenv("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), options.log_file, options.backend)
        host, port = "127.0.0.1", app.port
    driver = Driver(port, unique_users=options.unique_users, only_create=options.only_create, host=host)
    try:
        if options.requests == 0:
            driver.run_for_ever(0.5)
        driver.run(options.requests, options.clients)
    except KeyboardInterrupt:
        pass
    finally:
        if app is not None:
            app.stop()


if __name__ == "__main__":
    main()
