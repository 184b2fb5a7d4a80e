# SPDX-License-Identifier: Apache-2.0
"""A receiver of OTLP over HTTP that keeps what it is sent, and may pass it on as it came."""
import gzip
import http.server
import threading
import urllib.error
import urllib.request

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from skep import PATIENCE_S

SCHEMAS = {"/v1/traces": ExportTraceServiceRequest, "/v1/logs": ExportLogsServiceRequest}


class Recording(http.server.ThreadingHTTPServer):
    """Keeps (path, headers, body) of what is posted to it, and answers what `answers` says, the last one for ever; or what the
    receiver at `to` answers to the same request."""

    def __init__(self, *answers, to=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = list(answers) or [(200, {}, b"")]
        self.to = to
        self.requests = []

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.05,)).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((self.path, self.headers, body))
        if self.server.to is not None:
            status, headers, answer = self.pass_on(body)
        else:
            status, headers, answer = self.server.answers[0]
            if len(self.server.answers) > 1:
                self.server.answers.pop(0)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(answer)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    def pass_on(self, body):
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        request = urllib.request.Request(self.server.to + self.path, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return answer.status, {"Content-Type": answer.headers["Content-Type"]}, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, {}, refused.read()

    def log_message(self, *_):
        pass


def read(requests, path):
    """What was posted to `path`, by the official schema."""
    messages = []
    for posted_to, headers, body in requests:
        if posted_to == path:
            body = gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body
            messages.append(SCHEMAS[path].FromString(body))
    return messages
