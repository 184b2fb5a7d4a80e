# SPDX-License-Identifier: Apache-2.0
"""script/image against a registry on loopback: what is pushed comes back by its digest, byte for byte."""
import re
import socket
import urllib.request

import pytest

from engine import ROOT, run


def test_push_and_pull_keep_the_digest(engine, registry, published):
    assert re.fullmatch(rf"{registry}/user/backend-flask-service@sha256:[0-9a-f]{{64}}", published)
    digest = published.partition("@")[2]
    manifest = urllib.request.Request(f"http://{registry}/v2/user/backend-flask-service/manifests/1.0", method="HEAD",
                                      headers={"Accept": "application/vnd.docker.distribution.manifest.v2+json"})
    with urllib.request.urlopen(manifest, timeout=30) as response:
        assert response.headers["Docker-Content-Digest"] == digest
    image = engine.inspect(published, "image")
    engine("image", "rm", "-f", published, f"{registry}/user/backend-flask-service:1.0")
    engine("pull", published)
    assert engine.inspect(published, "image")["Id"] == image["Id"]
    assert engine.inspect(published, "image")["RootFS"] == image["RootFS"]


def test_a_registry_that_does_not_answer_is_a_failure(engine, flask_image):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        target = f"127.0.0.1:{closed.getsockname()[1]}/user/backend-flask-service:1.0"
        failed = run(ROOT / "script/image", "push", flask_image, target, env=engine.environment, check=False)
    assert failed.returncode != 0 and not failed.stdout
    engine("image", "rm", target)


@pytest.mark.on_paper
@pytest.mark.parametrize("arguments", [["build", "nothing"], ["push", "one"], ["pull"], []])
def test_a_wrong_call_is_refused(arguments):
    failed = run(ROOT / "script/image", *arguments, check=False)
    assert failed.returncode != 0 and "see --help" in failed.stderr
