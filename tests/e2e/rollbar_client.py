# SPDX-License-Identifier: Apache-2.0
"""rollbar_client.py ENDPOINT HANDLER CASE...: reports with pyrollbar and prints the UUIDs, one a line, as `CASE UUID`.

pyrollbar keeps its settings in a module, so each way of running it needs a process of its own."""
import logging
import pathlib
import sys

import rollbar
import rollbar.contrib.flask
import rollbar.logger

ROOT = str(pathlib.Path(__file__).parent)


def boom(number):
    raise KeyError(f"missing {number}")


def bang(number):
    raise KeyError(f"missing {number}")


def report(function, number=0, **arguments):
    try:
        function(number)
    except KeyError:
        return rollbar.report_exc_info(**arguments)
    raise AssertionError("it must raise")


def exception():
    return [report(boom, extra_data={"order": 17}, level="critical")]


def message():
    return [rollbar.report_message("hello ünïcode", "warning", extra_data={"feature": "x"})]


def chained():
    try:
        try:
            boom(1)
        except KeyError as error:
            raise RuntimeError("wrapped") from error
    except RuntimeError:
        return [rollbar.report_exc_info()]


def log():
    logger = logging.getLogger("e2e")
    logger.addHandler(rollbar.logger.RollbarHandler(level=logging.ERROR))
    logger.error("logged %s", "error")
    return []


def ids():
    trace_id, span_id = "5b8efff798038103d269b633813fc60c", "eee19b7ec3c1b174"
    return [rollbar.report_message("with ids", "info", extra_data={"trace_id": trace_id, "span_id": span_id})]


def twice():
    return [report(boom, number) for number in range(2)]


def different():
    return [report(boom), report(bang)]


def people():
    return [rollbar.report_message("hit", "error", payload_data={"person": {"id": person}})
            for person in (1, "2", "1", None)]


def large():
    """Beyond what Rollbar takes, within what Skep takes."""
    return [rollbar.report_message("large", "error", extra_data={"text": "x" * 700_000})]


def oversize():
    return [rollbar.report_message("oversize", "error", extra_data={"text": "x" * 9_000_000})]


def flask():
    from flask import Flask, got_request_exception

    app = Flask(__name__)
    got_request_exception.connect(rollbar.contrib.flask.report_exception, app)

    @app.route("/orders/<number>", methods=["POST"])
    def order(number):
        boom(number)

    answer = app.test_client().post("/orders/7?x=1", json={"a": 1},
                                    environ_base={"REMOTE_ADDR": "203.0.113.9", "HTTP_USER_AGENT": "e2e"})
    assert answer.status_code == 500
    return []


def main():
    endpoint, handler, *cases = sys.argv[1:]
    rollbar.init("post_server_item_token", environment="e2e", endpoint=endpoint, handler=handler, root=ROOT,
                 code_version="1.2.3", timeout=60, allow_logging_basic_config=False)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    for case in cases:
        for uuid in globals()[case]():
            print(case, uuid)
    rollbar.wait()


if __name__ == "__main__":
    main()
