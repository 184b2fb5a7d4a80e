# SPDX-License-Identifier: Apache-2.0
"""The backend in C++ under ASan + UBSan and under TSan, under load, while what it reports to fails, refuses, throttles, hangs and
restarts: it keeps answering, and its counters say exactly what became of everything it recorded."""
import os
import random
import re
import signal
import subprocess

import pytest

from failing_receiver import SILENT, Receiver
from skep import PATIENCE_S, ROOT, ZONES, wait_until

CLIENTS = 16
REQUESTS = 160  # of each spell
QUEUE = 200     # spans, and log records, that may wait: less than one spell makes
QUICK = ("otlp-traces", "otlp-logs", "rollbar")
SANITIZERS = {"dev": {"ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=0", "UBSAN_OPTIONS": "print_stacktrace=1"},
              "tsan": {"TSAN_OPTIONS": "second_deadlock_stack=1:suppressions={folder}/suppressions"}}
# Debian's cpp-httplib is a library that was built without TSan, which cannot see how it waits for its own constants.
SUPPRESSIONS = "called_from_lib:libcpp-httplib.so\n"
COUNTERS = re.compile(r"activities: (\S+) accepted=(\d+) sent=(\d+) rejected=(\d+) full=(\d+) shutdown=(\d+) retries=(\d+)")


class Backend:
    def __init__(self, preset, receiver, log_path):
        program = ROOT / f"build/activities-{preset}/activities"
        if not program.exists():
            raise FileNotFoundError(f"{program} is not built; run script/build activities-{preset}")
        (log_path.parent / "suppressions").write_text(SUPPRESSIONS)
        options = {name: value.format(folder=log_path.parent) for name, value in SANITIZERS[preset].items()}
        environment = {
            "HOST": "127.0.0.1", "PORT": "0", "TZ": random.choice(ZONES), "APP_DELAY_MS": "0-4", **options,
            "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "AWS_XRAY_DAEMON_ADDRESS": f"127.0.0.1:{receiver.segment_port}",
            "OTEL_BSP_MAX_QUEUE_SIZE": str(QUEUE), "OTEL_BLRP_MAX_QUEUE_SIZE": str(QUEUE),
            "OTEL_BSP_SCHEDULE_DELAY": "50", "OTEL_BLRP_SCHEDULE_DELAY": "50",
            "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": receiver.url, "AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any",
            "LOG_GROUP": "cruddur", "LOG_STREAM": "backend",
            "ROLLBAR_ENDPOINT": receiver.url + "/api/1/", "ROLLBAR_ACCESS_TOKEN": "any"}
        self.log_path = log_path
        self.log = open(log_path, "wb")  # noqa: SIM115 - lives as long as the child
        self.process = subprocess.Popen([program], env={**os.environ, **environment}, stdout=self.log, stderr=self.log)
        self.port = int(wait_until(lambda: re.search(rb"http://127.0.0.1:(\d+)/", log_path.read_bytes()), "the backend to listen")[1])

    def end(self):
        """Its counters, {exporter: {name: number}}, once it ended well and no sanitizer said a word."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=PATIENCE_S)
        self.log.close()
        said = self.log_path.read_text(errors="replace")
        assert "Sanitizer" not in said and "runtime error:" not in said, said[-20000:]
        assert code == 0, said[-5000:]
        names = ("accepted", "sent", "rejected", "full", "shutdown", "retries")
        return {found[0]: dict(zip(names, map(int, found[1:]), strict=True)) for found in COUNTERS.findall(said)}

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()


@pytest.fixture(params=SANITIZERS)
def run(request, traffic, tmp_path):
    """(receiver, backend, driver, spell(how)): a spell is some requests, all answered as ever, while the receiver behaves so, and
    lasts until the exporters that do not wait for company have met it."""
    with Receiver() as receiver:
        backend = Backend(request.param, receiver, tmp_path / "backend.log")
        driver = traffic.Driver(backend.port, seed=random.randrange(1 << 30))

        def spell(how):
            met = {(how, name): receiver.requests[how, name] for name in QUICK if how != "gone"}
            before = len(driver.sent)
            receiver.behave(how)
            driver.run(REQUESTS, CLIENTS)
            assert len(driver.sent) == before + REQUESTS, f"the backend did not answer while its receiver was {how}"
            wait_until(lambda: all(receiver.requests[key] > count for key, count in met.items()), f"its exporters to meet {how}")

        try:
            yield receiver, backend, driver, spell
        finally:
            backend.kill()
            receiver.behave("gone")


def recorded(sent):
    """What these requests make the backend record, {exporter: records}; as test_sample_app.py has it of its twin."""
    expected = {"/api/boom": {500}, "/rollbar/test": {200}, "/api/activities/home": {200}, "/api/activitys/home": {404},
                "/api/activities": {200, 422}}
    assert all(request.status in expected[request.path] for request in sent)
    homes = sum(request.path == "/api/activities/home" for request in sent)
    creates = sum(request.method == "POST" for request in sent)
    good = sum(request.method == "POST" and request.status == 200 for request in sent)
    booms = sum(request.path == "/api/boom" for request in sent)
    lines = len(sent) + homes + creates + booms
    return {"otlp-traces": len(sent) + 3 * homes + 2 * creates + 3 * good, "otlp-logs": lines, "cloudwatch-logs": lines,
            "rollbar": booms + sum(request.path == "/rollbar/test" for request in sent), "xray": len(sent) + homes + creates}


def check(counters, receiver, sent):
    assert {name: of["accepted"] for name, of in counters.items()} == recorded(sent)
    for name, of in counters.items():
        assert of["accepted"] == of["sent"] + of["rejected"] + of["full"] + of["shutdown"], name
        if name != "xray":
            # The receiver notes what it answered a moment after the backend knows it.
            wait_until(lambda name=name, of=of: receiver.records_taken(name) >= of["sent"] and receiver.refused[name] >= of["rejected"],
                       f"what {name} was answered to be noted")
            # What was on its way when the time was up is counted as left, and may have been taken.
            assert receiver.records_taken(name) <= of["sent"] + of["shutdown"], name
            assert of["rejected"] == receiver.refused[name], name
    # A datagram has no answer: some of those sent to a port that was closed are counted as sent.
    assert receiver.segments <= counters["xray"]["sent"]


def test_it_answers_and_counts_while_its_receivers_fail(run):
    receiver, backend, driver, spell = run
    for how in ("failing", "broken", "throttling", "refusing", *SILENT):
        spell("well")  # which also ends the back-off of the spell before
        spell(how)
    receiver.stop()
    spell("gone")
    receiver.start()
    spell("well")
    last = {name: receiver.records_taken(name) for name in ("otlp-traces", "otlp-logs", "cloudwatch-logs", "rollbar")}
    spell("well")
    for name, before in last.items():
        wait_until(lambda name=name, before=before: receiver.records_taken(name) > before, f"{name} to be delivered again")
    counters = backend.end()
    check(counters, receiver, driver.sent)
    for name in ("otlp-traces", "otlp-logs"):
        assert counters[name]["full"] > 0 and counters[name]["rejected"] > 0 and counters[name]["retries"] > 0, name
    assert counters["rollbar"]["retries"] > 0


@pytest.mark.parametrize("how", ["hang", "throttling", "gone"])
def test_it_ends_when_it_is_told_to_whoever_does_not_answer(run, how):
    receiver, backend, driver, spell = run
    spell("well")
    if how == "gone":
        receiver.stop()
    spell(how)
    counters = backend.end()
    check(counters, receiver, driver.sent)
    assert all(counters[name]["shutdown"] > 0 for name in ("otlp-traces", "otlp-logs", "cloudwatch-logs", "rollbar"))
    if how == "gone":
        receiver.start()  # for the fixture to stop
