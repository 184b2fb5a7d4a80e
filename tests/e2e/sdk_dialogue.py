# SPDX-License-Identifier: Apache-2.0
"""Programs of sdk/tests that do what the lines of their input say, and a gate before a receiver that can refuse."""
import http.server
import json
import os
import random
import subprocess
import threading
import urllib.error
import urllib.request

from sdk_program import program
from skep import PATIENCE_S, ZONES


class Dialogue:
    """A running program: ask() gives it a line and returns the one it answers."""

    def __init__(self, name, *arguments, stderr=None, **environment):
        self.process = subprocess.Popen([program(name), *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=stderr, text=True,
                                        env={**os.environ, "TZ": random.choice(ZONES), **environment})

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def ask(self, line):
        self.tell(line)
        answer = self.process.stdout.readline()
        if not answer:
            raise AssertionError(f"{line!r} ended the program with {self.process.wait(PATIENCE_S)}")
        return answer.rstrip("\n")

    def counters(self):
        return json.loads(self.ask("counters"))

    def end(self):
        """Lets it shut down; its last counters."""
        self.process.stdin.close()
        last = self.process.stdout.read().splitlines()[-1]
        assert self.process.wait(PATIENCE_S) == 0
        return json.loads(last)

    def crash(self, line):
        """Tells it something that it does not survive; the status of its end."""
        self.tell(line)
        rest = self.process.stdout.read()
        assert not rest, rest
        return self.process.wait(PATIENCE_S)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Gate:
    """Stands before a receiver and hands on what it is told, unless judge(request) gives (status, headers, body) instead.
    A request is (path, headers, body); all that came are in `requests`."""

    def __init__(self, upstream, judge=lambda request: None):
        self.upstream, self.judge, self.requests = upstream, judge, []
        gate = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                request = (self.path, self.headers, body)
                gate.requests.append(request)
                status, headers, answer = gate.judge(request) or gate.hand_on(request)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def hand_on(self, request):
        path, headers, body = request
        onward = {name: value for name, value in headers.items() if name.lower() not in ("host", "content-length")}
        outgoing = urllib.request.Request(self.upstream + path, data=body, headers=onward, method="POST")
        try:
            with urllib.request.urlopen(outgoing, timeout=PATIENCE_S) as response:
                return response.status, self.kept(response.headers), response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, self.kept(error.headers), error.read()

    @staticmethod
    def kept(headers):
        return {name: value for name, value in headers.items()
                if name.lower() not in ("content-length", "connection", "transfer-encoding", "keep-alive", "date")}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
