# SPDX-License-Identifier: Apache-2.0
"""The cloud machine: the template before a linter, the user data in a booted Debian, and on Amazon's Linux in replaced tools.

Two things in the booted machine are not what a cloud has. Its loopback is the host's, so the registry of the tests is
reached; and the engine cannot run inside, so docker.service, which the user data installs, enables and starts as ever,
hands its socket on to the engine outside.
"""
import os
import pathlib
import subprocess
import sys
import urllib.request

import pytest

from engine import ROOT, run
from machine import Booted
from test_compose import free_ports

CLOUD = ROOT / "deploy/cloud"
USER_DATA = CLOUD / "user-data.sh"
LINT = pathlib.Path(sys.executable).parent / "cfn-lint"
HAND_ON = """
[Service]
Type=simple
ExecStart=
ExecStart=/lib/systemd/systemd-socket-proxyd /run/host-docker.sock
"""


def filled_in(**settings):
    """The user data with its settings replaced, as its first lines say to."""
    lines = USER_DATA.read_text().splitlines()
    for name, value in settings.items():
        place = next(number for number, line in enumerate(lines) if line.startswith(f"{name}="))
        lines[place] = f"{name}={value}"
    return "\n".join(lines) + "\n"


@pytest.mark.on_paper
def test_the_template_is_in_order():
    lint = run(LINT, "--include-checks", "I", "--ignore-checks", "I1022", "--", CLOUD / "template.yaml", check=False)
    assert lint.returncode == 0, lint.stdout + lint.stderr
    run(sys.executable, CLOUD / "make_template.py", "--check")


@pytest.mark.on_paper
def test_the_linter_finds_what_is_wrong(tmp_path):
    wrong = tmp_path / "template.yaml"
    wrong.write_text((CLOUD / "template.yaml").read_text().replace("KeyName: !Ref KeyName", "KeyName: !Ref NoSuchKey"))
    lint = run(LINT, "--", wrong, check=False)
    assert lint.returncode != 0 and "NoSuchKey" in lint.stdout


@pytest.mark.on_paper
def test_the_templates_user_data_is_the_script(tmp_path):
    """Put together as CloudFormation does, it is a script with the parameters' values in its settings."""
    import cfnlint.decode
    template, _ = cfnlint.decode.decode(str(CLOUD / "template.yaml"))
    separator, parts = template["Resources"]["Machine"]["Properties"]["UserData"]["Fn::Base64"]["Fn::Join"]
    values = {"Image": "user/app:1.0", "Port": "80", "ContainerPort": "4567", "CheckPath": "/home"}
    texts = []
    for part in parts:
        text = part if isinstance(part, str) else part["Fn::Sub"]
        if not isinstance(part, str):
            for name, value in values.items():
                text = text.replace("${%s}" % name, value)
        texts.append(text)
    script = tmp_path / "user-data"
    script.write_text(separator.join(texts))
    assert len(script.read_bytes()) < 16384, "EC2 takes no more"
    run("bash", "-n", script)
    kept = [line for line in script.read_text().splitlines() if not line.startswith(("IMAGE=", "PUBLISH=", "NAME=", "CHECK="))]
    assert kept == [line for line in USER_DATA.read_text().splitlines()
                    if not line.startswith(("IMAGE=", "PUBLISH=", "NAME=", "CHECK="))]


def fake(folder, name, *lines):
    tool = folder / name
    tool.write_text("#!/bin/sh\n" + "\n".join((f'echo "{name} $*" >> "$CALLS"', *lines)) + "\n")
    tool.chmod(0o755)


@pytest.mark.on_paper
@pytest.mark.parametrize(("release", "calls"), [
    ('ID="amzn"\nVERSION_ID="2"\nNAME="Amazon Linux"', ["yum update -y", "amazon-linux-extras install -y docker"]),
    ('ID="amzn"\nVERSION_ID="2023"\nNAME="Amazon Linux"', ["dnf upgrade -y", "dnf install -y docker"]),
    ('ID=plan9\nVERSION_ID=4\nNAME="Plan 9"', None),
])
def test_amazons_linux_is_told_in_its_own_words(tmp_path, release, calls):
    """No such machine is at hand: every tool is replaced by one that notes how it was called; the first pull fails once."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("yum", "dnf", "amazon-linux-extras", "systemctl", "usermod", "curl", "apt-get"):
        fake(tools, name)
    fake(tools, "id", '[ "$1" = ec2-user ]')
    fake(tools, "docker", '[ "$1" != pull ] || [ -e "$CALLS.pulled" ] || { touch "$CALLS.pulled"; exit 1; }')
    (tmp_path / "os-release").write_text(release + "\n")
    script = tmp_path / "user-data"
    script.write_text(filled_in(IMAGE="team/app@sha256:0", PUBLISH="80:80", CHECK="/").replace("/var/log", str(tmp_path)))
    log = tmp_path / "calls"
    done = subprocess.run(["bash", str(script)], capture_output=True, text=True, timeout=60, check=False, env={
        "PATH": f"{tools}:{os.environ['PATH']}", "CALLS": str(log), "OS_RELEASE": str(tmp_path / "os-release"), "RETRY_PAUSE_S": "0"})
    if calls is None:
        assert done.returncode == 1 and "no instructions" in done.stdout and not log.exists()
        return
    assert done.returncode == 0, done.stdout + done.stderr
    assert [call for call in log.read_text().splitlines() if not call.startswith("id ")] == [
        *calls, "systemctl enable --now docker", "usermod -aG docker ec2-user", "docker info", "docker pull team/app@sha256:0",
        "docker pull team/app@sha256:0", "docker images", "docker rm -f backend",
        "docker run -d --name backend --restart unless-stopped -p 80:80 team/app@sha256:0",
        "curl --fail --silent --show-error --max-time 10 --output /dev/null http://localhost:80/"]


def test_the_user_data_ends_with_the_service_answering(engine, workshop, flask_image, published):
    tree = workshop.cloud_tree.result()
    port = free_ports(1)[0]
    engine("image", "rm", "-f", engine.inspect(flask_image, "image")["Id"])  # so that the machine has to pull it
    seed = tree / "var/lib/cloud/seed/nocloud"
    seed.mkdir(parents=True, exist_ok=True)
    (seed / "user-data").write_text(filled_in(IMAGE=published, PUBLISH=f"{port}:4567", NAME="cloud-backend"))
    (seed / "meta-data").write_text(f"instance-id: i-{os.urandom(8).hex()}\nlocal-hostname: fresh\n")
    (tree / "etc/cloud/cloud.cfg.d/99-test.cfg").write_text("datasource_list: [ NoCloud ]\nnetwork: {config: disabled}\nlocale: false\n")
    drop_in = tree / "etc/systemd/system/docker.service.d"
    drop_in.mkdir(parents=True, exist_ok=True)
    (drop_in / "hand-on.conf").write_text(HAND_ON)
    try:
        with Booted(tree, f"--bind={(engine.folder / 'docker.sock').resolve()}:/run/host-docker.sock") as machine:
            done = machine("cloud-init", "status", "--wait", "--long", check=False, timeout=300)
            log = (tree / "var/log/user-data.log").read_text() if (tree / "var/log/user-data.log").exists() else machine.console()
            assert done.returncode == 0 and "status: done" in done.stdout, done.stdout + log
            assert f"answers on port {port}" in log
            assert machine.state("docker.service") == "active"
            assert machine("systemctl", "is-enabled", "docker.service").stdout.strip() == "enabled"
            assert "docker" in machine("id", "-nG", "debian").stdout.split()
            assert machine("docker", "inspect", "--format", "{{.Config.Image}}", "cloud-backend").stdout.strip() == published
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/activities/home", timeout=30) as response:
                assert b"Andrew Brown" in response.read()
    finally:
        engine("rm", "-f", "cloud-backend", check=False)
        engine("pull", published)
        engine("tag", published, flask_image)
