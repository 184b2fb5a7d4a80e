# SPDX-License-Identifier: Apache-2.0
"""An unmodified OpenTelemetry collector, with exporters as a test wants them."""
import contextlib
import json
import pathlib
import socket
import subprocess
import tempfile

import pytest

from skep import PATIENCE_S, ROOT, somebody_listens, wait_until

FOLDER = ROOT / "build/collector"


def program():
    """What script/build makes of tests/receivers/collector. Skips where its modules were neither here nor to be had."""
    unreachable = FOLDER / "unreachable"
    if unreachable.exists():
        pytest.skip(f"the collector's Go modules cannot be fetched here: {unreachable.read_text().strip()}")
    path = FOLDER / "collector"
    if not path.exists():
        raise FileNotFoundError(f"{path} is not built; run script/build collector")
    return path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def collector(**exporters):
    """Runs one that takes OTLP over HTTP and gives it to each exporter, {"otlp_http/x": {...}}; its URL. It answers once the
    exporters have: they have no queues."""
    url = f"127.0.0.1:{free_port()}"
    pipeline = {"receivers": ["otlp"], "exporters": list(exporters)}
    config = {"receivers": {"otlp": {"protocols": {"http": {"endpoint": url}}}},
              "exporters": {name: {"sending_queue": {"enabled": False}, **exporter} for name, exporter in exporters.items()},
              "service": {"pipelines": {"traces": pipeline, "logs": pipeline}}}
    with tempfile.TemporaryDirectory() as folder:
        config_path, log_path = pathlib.Path(folder) / "collector.json", pathlib.Path(folder) / "collector.log"
        config_path.write_text(json.dumps(config))  # YAML, too
        with open(log_path, "wb") as log:
            process = subprocess.Popen([program(), "--config", f"file:{config_path}"], stdout=log, stderr=log)

        def listens():
            assert process.poll() is None, log_path.read_text()
            return somebody_listens(url)

        try:
            wait_until(listens, "the collector to listen")
            yield f"http://{url}"
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE_S)
