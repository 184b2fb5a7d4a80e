# SPDX-License-Identifier: Apache-2.0
"""script/image against a registry on loopback: what is pushed comes back by its digest, byte for byte."""
import re
import socket
import subprocess
import urllib.request

import pytest

from engine import ROOT, WORK, run, wait_until

CONFIGURATION = """
version: 0.1
storage: {{filesystem: {{rootdirectory: {folder}}}}}
http: {{addr: "127.0.0.1:{port}"}}
"""


def script(engine, *arguments, **options):
    return run(ROOT / "script/image", *arguments, env=engine.environment, **options)


@pytest.fixture(scope="session")
def registry(tmp_path_factory):
    """The address of docker-registry, as a name of an image begins with it."""
    folder = tmp_path_factory.mktemp("registry")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    configuration = folder / "registry.yml"
    configuration.write_text(CONFIGURATION.format(folder=folder / "data", port=port))
    with open(WORK / "registry.log", "wb") as log:
        process = subprocess.Popen(["docker-registry", "serve", str(configuration)], stdout=log, stderr=log)

    def answers():
        assert process.poll() is None, (WORK / "registry.log").read_text()
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/v2/", timeout=5).status == 200
        except OSError:
            return False

    wait_until(answers, "the registry to answer")
    yield f"127.0.0.1:{port}"
    process.terminate()
    process.wait()


@pytest.fixture(scope="session")
def published(engine, registry, flask_image):
    """The backend's image in the registry, as user/backend-flask-service:1.0; its repository@digest."""
    target = f"{registry}/user/backend-flask-service:1.0"
    return script(engine, "push", flask_image, target).stdout.strip()


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
        failed = script(engine, "push", flask_image, target, check=False)
    assert failed.returncode != 0 and not failed.stdout
    engine("image", "rm", target)


@pytest.mark.on_paper
@pytest.mark.parametrize("arguments", [["build", "nothing"], ["push", "one"], ["pull"], []])
def test_a_wrong_call_is_refused(arguments):
    failed = run(ROOT / "script/image", *arguments, check=False)
    assert failed.returncode != 0 and "see --help" in failed.stderr
