# SPDX-License-Identifier: Apache-2.0
"""When these tests are skipped: only for what the machine refused, in its own words."""
import os
import sys

import pytest

import capability
from engine import ROOT, run

ASK = "import capability; print(capability.missing())"


def asked_as(*options):
    return run("setpriv", *options, sys.executable, "-c", ASK, cwd=ROOT / "tests/containers").stdout


@pytest.mark.on_paper
@pytest.mark.skipif(os.getuid() != 0, reason="only root can give up what root may")
def test_what_is_missing_is_named():
    assert "not root" in asked_as("--reuid", "65534", "--clear-groups")
    refused = asked_as("--bounding-set=-sys_admin", "--inh-caps=-sys_admin")
    assert "does not allow namespaces of its own" in refused and "not permitted" in refused


@pytest.mark.on_paper
def test_a_refusal_is_what_the_command_said():
    assert capability.refusal("true") is None
    assert capability.refusal("sh", "-c", "echo no >&2; exit 3") == "no"
    assert "no-such-program" in capability.refusal("no-such-program")
