# SPDX-License-Identifier: Apache-2.0
"""Docker's engine on a socket of its own, and what a test asks of it."""
import json
import os
import pathlib
import subprocess

import skep

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "build/containers"
# What is packed is built before: by this group of script/test, or by whoever sets SKEP_BINARY.
BUILT = {"SKEP_BINARY": os.environ.get("SKEP_BINARY", str(ROOT / "build/release/src/app/skep"))}
BASE = "debian:12-local"
CERTIFICATES = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
PATIENCE_S = 120  # far beyond what any condition here takes on a busy machine


def wait_until(condition, what, timeout_s=PATIENCE_S):
    """As the end-to-end tests wait, but longer."""
    return skep.wait_until(condition, what, timeout_s)


def run(*command, check=True, env=None, **options):
    """A finished command with its output; a failing one says what it said."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, env={**os.environ, **(env or {})},
                          check=False, **{"timeout": 600, **options})
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done


class Engine:
    def __init__(self, folder):
        self.folder = folder
        self.environment = {"DOCKER_HOST": f"unix://{folder}/docker.sock", "DOCKER_BUILDKIT": "1",
                            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}

    def start(self):
        run(ROOT / "script/docker-engine", "start", self.folder)
        return self

    def stop(self):
        run(ROOT / "script/docker-engine", "stop", self.folder)

    def __call__(self, *arguments, **options):
        return run("/usr/bin/docker", *arguments, **{"env": self.environment, **options})

    def build(self, what, name, *options):
        """An image by script/image, from the local base and from programs that are built already."""
        trusted = ["--ca", CERTIFICATES] if CERTIFICATES.exists() else []
        run(ROOT / "script/image", "build", what, name, "--base", BASE, "--prebuilt", *trusted, *options,
            env={**self.environment, **BUILT})
        return name

    def inspect(self, name, kind="container"):
        return json.loads(self(kind, "inspect", name).stdout)[0]

    def layers(self, image):
        return self.inspect(image, "image")["RootFS"]["Layers"]

    def health(self, container):
        return self.inspect(container)["State"]["Health"]

    def wait_for_health(self, container, status):
        """Until the engine's own check of the container says `status`."""
        def reached():
            health = self.health(container)
            return health if health["Status"] == status else None
        try:
            return wait_until(reached, f"{container} to be {status}")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.health(container)}\n{self('logs', '--tail', '30', container).stderr}") from None

    def output_of(self, image, *command):
        return self("run", "--rm", image, *command).stdout.strip()
