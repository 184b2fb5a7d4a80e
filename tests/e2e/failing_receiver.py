# SPDX-License-Identifier: Apache-2.0
"""A receiver of all four protocols that fails in every way there is, and remembers exactly what it took and what it refused."""
import collections
import contextlib
import gzip
import http.server
import json
import socket
import struct
import threading

from otlp_recording import SCHEMAS

# What a receiver may do with a request. `well` takes it; `failing`, `refusing` and `throttling` answer with a status; the others
# answer with nothing that can be read.
STATUSES = {"well": 200, "failing": 503, "broken": 500, "refusing": 400, "throttling": 429}
SILENT = ("garbage", "cut", "reset", "hang")
# Which statuses are the end of a batch: OTLP tries 500 again no more than 400.
FINAL = {"otlp-traces": (400, 500), "otlp-logs": (400, 500), "cloudwatch-logs": (400,), "rollbar": (400,)}


def otlp_records(path, headers, body):
    body = gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body
    message = SCHEMAS[path].FromString(body)
    if path == "/v1/traces":
        return sum(len(scope.spans) for resource in message.resource_spans for scope in resource.scope_spans)
    return sum(len(scope.log_records) for resource in message.resource_logs for scope in resource.scope_logs)


def read(path, headers, body):
    """(exporter, key, records): a batch that is sent twice has the same key. No records: a call that carries none."""
    if path in SCHEMAS:
        return "otlp-" + path.rsplit("/", 1)[1], hash(body), otlp_records(path, headers, body)
    if path.endswith("/item/"):
        return "rollbar", json.loads(body)["data"]["uuid"], 1
    records = len(json.loads(body)["logEvents"]) if headers["X-Amz-Target"].endswith(".PutLogEvents") else 0
    return "cloudwatch-logs", headers["Amz-Sdk-Invocation-Id"], records


class Receiver:
    """Listens for HTTP and, at `daemon`, for segments. `behave` says how from now on; `stop` and `start` are a restart."""

    def __init__(self):
        self.behaviour = "well"
        self.changed = threading.Condition()  # guards the behaviour, and what is counted below
        self.taken = collections.defaultdict(dict)  # exporter -> key -> records
        self.refused = collections.Counter()
        self.requests = collections.Counter()  # (behaviour, exporter) -> how many came
        self.segments = 0
        self.port = 0
        self.segment_port = 0
        self.server = self.segment_socket = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def behave(self, how):
        with self.changed:
            self.behaviour = how
            self.changed.notify_all()

    def start(self):
        self.server = Server(self)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,)).start()
        self.segment_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.segment_socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.segment_socket.bind(("127.0.0.1", self.segment_port))
        self.segment_port = self.segment_socket.getsockname()[1]
        threading.Thread(target=self.receive_segments, args=(self.segment_socket,)).start()

    def stop(self):
        """Nobody listens any more, and connections that were open are closed."""
        self.behave("gone")
        self.server.shutdown()
        self.server.server_close()
        for connection in list(self.server.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.segment_socket.close()

    def receive_segments(self, listening):
        listening.settimeout(0.05)
        while True:
            try:
                datagram = listening.recv(1 << 16)
            except TimeoutError:
                continue
            except OSError:  # closed
                return
            document = json.loads(datagram.split(b"\n", 1)[1])
            with self.changed:
                self.segments += records_of(document)

    def records_taken(self, exporter):
        with self.changed:
            return sum(self.taken[exporter].values())


def records_of(document):
    return 1 + sum(records_of(part) for part in document.get("subsegments", ()))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, receiver):
        self.receiver = receiver
        self.connections = set()
        super().__init__(("127.0.0.1", receiver.port), Handler)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self):
        self.server.connections.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def handle(self):
        with contextlib.suppress(OSError):
            super().handle()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver = self.server.receiver
        exporter, key, records = read(self.path, self.headers, body)
        with receiver.changed:
            how = receiver.behaviour
            receiver.requests[how, exporter] += 1
        if how not in STATUSES:
            self.answer_with_nothing(how)
            return
        status = STATUSES[how]
        self.answer(status)
        with receiver.changed:
            if status == 200 and records:
                receiver.taken[exporter][key] = records
            elif status in FINAL[exporter]:
                receiver.refused[exporter] += records

    def answer(self, status):
        body = b"" if self.path in SCHEMAS else b'{"__type":"InvalidParameterException","message":"as the test wants"}'
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 429:
            self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def answer_with_nothing(self, how):
        self.close_connection = True
        if how == "garbage":
            self.wfile.write(bytes(range(256)) * 16)
        elif how == "cut":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        elif how == "hang":
            receiver = self.server.receiver
            with receiver.changed:
                receiver.changed.wait_for(lambda: receiver.behaviour != "hang")
        else:  # as a process that is killed
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def log_message(self, *_):
        pass
