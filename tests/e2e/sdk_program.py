# SPDX-License-Identifier: Apache-2.0
"""The programs of sdk/tests, built with the library under ASan and UBSan."""
import os
import random
import subprocess

from skep import PATIENCE_S, ROOT, ZONES


def program(name):
    folder = os.environ.get("SKEP_SDK_BUILD", ROOT / "build/sdk-dev")
    path = ROOT / folder / "programs" / name
    if not path.exists():
        raise FileNotFoundError(f"{path} is not built; run script/test sdk")
    return path


def run(name, *arguments, **environment):
    """Runs it to its end and returns the lines of its output; fails if it does."""
    ended = subprocess.run([program(name), *arguments], env={**os.environ, "TZ": random.choice(ZONES), **environment},
                           capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert ended.returncode == 0, f"{name} {' '.join(arguments)}: exit {ended.returncode}\n{ended.stdout}{ended.stderr}"
    return ended.stdout.splitlines()
