# SPDX-License-Identifier: Apache-2.0
"""Debian's docker-registry on a free port of loopback, where Docker asks for no TLS."""
import socket
import subprocess
import urllib.request

from engine import wait_until

CONFIGURATION = """
version: 0.1
storage: {{filesystem: {{rootdirectory: {folder}/data}}}}
http: {{addr: "{address}"}}
"""


class Registry:
    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"  # as the name of an image begins with it
        self.log = folder / "log"
        configuration = folder / "registry.yml"
        configuration.write_text(CONFIGURATION.format(folder=folder, address=self.address))
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(["docker-registry", "serve", str(configuration)], stdout=log, stderr=log)
        wait_until(self.answers, "the registry to answer")

    def answers(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            with urllib.request.urlopen(f"http://{self.address}/v2/", timeout=5) as response:
                return response.status == 200
        except OSError:
            return False

    def stop(self):
        self.process.terminate()
        self.process.wait()
