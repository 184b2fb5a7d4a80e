# SPDX-License-Identifier: Apache-2.0
"""honeycomb_client.py API_HOST KEY CASE [ARGUMENT...]: sends with libhoney and the Python beeline, and prints what they were
answered, a JSON object a line: {"status":…,"error":…,"metadata":…}. Both keep their settings in a module, so each way of
running them needs a process of its own."""
import datetime
import json
import sys
import threading

import beeline
import beeline.trace
import libhoney
import libhoney.client
import libhoney.transmission

HOST, KEY, CASE, *ARGUMENTS = sys.argv[1:]
SENT_AT = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=datetime.timezone.utc)


def show(responses, count):
    """Prints `count` answers, or all until None."""
    seen = 0
    while count is None or seen < count:
        response = responses.get(timeout=60)
        if response is None:
            return
        seen += 1
        error = response["error"]
        print(json.dumps({"status": response["status_code"], "error": error if error is None else str(error),
                          "metadata": response["metadata"]}), flush=True)


def client(dataset="My Dataset", **options):
    return libhoney.client.Client(writekey=KEY, dataset=dataset, api_host=HOST, block_on_send=True, **options)


def finish(hny):
    hny.close()
    show(hny.responses(), None)


def send(hny, fields, metadata=None, rate=1, at=None):
    event = hny.new_event(data=fields)
    event.metadata = metadata
    event.sample_rate = rate
    if at:
        event.created_at = at
    event.send_presampled()


def events():
    hny = client()
    for i in range(int(ARGUMENTS[0])):
        send(hny, {"i": i, "f": i / 4, "ok": i % 2 == 0, "none": None, "uni": "naïve ☃ 😀", "nested": {"a": [1, {"b": 2}]}},
             metadata=i, at=SENT_AT)
    finish(hny)


def sampled():
    hny = client("sampled")
    for value in (200, 1100):
        send(hny, {"value": value}, rate=10)
    finish(hny)


def mixed():
    """Good events around one that is too large."""
    hny = client("mixed")
    for name, size in (("before", 10), ("large", 5_000_000), ("after", 10)):
        send(hny, {"text": "x" * size, "name": name}, metadata=name)
    finish(hny)


def steady():
    """A batch of one each, again and again, until a line is read; the metadata is the event's number."""
    hny = client("steady", transmission_impl=libhoney.transmission.Transmission(
        max_batch_size=1, send_frequency=0.01, block_on_send=True, max_concurrent_batches=4, block_on_response=True))
    printer = threading.Thread(target=show, args=(hny.responses(), None))
    printer.start()
    asked = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), asked.set()), daemon=True).start()
    number = 0
    while not asked.wait(0.002):
        send(hny, {"number": number}, metadata=number)
        number += 1
    hny.close()
    printer.join()


def spans():
    """A trace by the beeline: a request with two children, one of which fails; prints its ids."""
    beeline.init(writekey=KEY, dataset="classic" if len(KEY) == 32 else "", service_name="bee-svc", api_host=HOST,
                 block_on_send=True)
    context = {"name": "GET /orders", "type": "http_server", "request.method": "GET", "request.path": "/orders",
               "response.status_code": 500}
    arguments = dict(zip(("trace_id", "parent_span_id"), ARGUMENTS))
    root = beeline.start_trace(context=context, **arguments)
    beeline.add_trace_field("tenant", "acme")
    with beeline.tracer("load"):
        beeline.add_context_field("rows", 3)
    with beeline.tracer("store"):
        beeline.add_context({"error": "disk full"})
    beeline.finish_trace(root)
    print(json.dumps({"trace_id": root.trace_id, "root": root.id}), flush=True)
    beeline.get_beeline().client.flush()
    beeline.close()


def flask():
    """One request of a Flask application under the beeline's middleware; the one for Flask does not know Flask 3."""
    import flask as web
    from beeline.middleware.werkzeug import HoneyWSGIMiddleware
    beeline.init(writekey=KEY, service_name="bee-flask", api_host=HOST, block_on_send=True)
    app = web.Flask("shop")
    app.wsgi_app = HoneyWSGIMiddleware(app.wsgi_app)

    @app.route("/orders/<number>")
    def order(number):
        beeline.add_context_field("order", number)
        return "fine"

    assert app.test_client().get("/orders/7?x=1").status_code == 200
    beeline.close()


{"events": events, "sampled": sampled, "mixed": mixed, "steady": steady, "spans": spans, "flask": flask}[CASE]()
