#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the groups of tests and counts their cases from JUnit files. Called by script/test; see its --help.

Each group builds what it needs, runs, and leaves JUnit XML under build/results. A command that fails without a failed
case in its file (a crash, a build error) counts as one failed case with the command's name.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
RESULTS = BUILD / "results"
TSAN_TESTS = ("ingest_test", "net_test", "join_test")


class Tally:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.bad = []

    def add_junit(self, path):
        """Adds the cases of one file; returns how many failed."""
        failed = 0
        for case in ElementTree.parse(path).getroot().iter("testcase"):
            name = f'{case.get("classname") or path.stem}.{case.get("name")}'
            skipped = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                failed += 1
                self.bad.append(name)
            elif skipped is not None or case.get("status") == "notrun":
                self.skipped += 1
                print(f"skipped: {name}: {(skipped.get('message') if skipped is not None else '') or 'disabled'}")
            else:
                self.passed += 1
        self.failed += failed
        return failed

    def add(self, name, ok):
        self.passed += ok
        self.failed += not ok
        if not ok:
            self.bad.append(name)


TALLY = Tally()


def run(name, command, junit=None, cwd=ROOT, env=None, timeout=1800):
    """Runs one command; its cases come from `junit`, else the command is one case."""
    started = time.monotonic()
    print(f"-- {name}", flush=True)
    if junit is not None:
        junit.unlink(missing_ok=True)
    log = RESULTS / (name.replace("/", "_").replace(" ", "_") + ".log")
    with open(log, "wb") as out:
        try:
            code = subprocess.run(command, cwd=cwd, env={**os.environ, **(env or {})}, stdout=out,
                                  stderr=subprocess.STDOUT, timeout=timeout, check=False).returncode
        except subprocess.TimeoutExpired:
            out.write(f"\nstopped after {timeout} s\n".encode())
            code = -1
    failed_cases = 0
    if junit is not None and junit.exists() and junit.stat().st_size:
        failed_cases = TALLY.add_junit(junit)
        if code != 0 and failed_cases == 0:
            TALLY.add(f"{name} (exit {code})", False)
    else:
        TALLY.add(name, code == 0)
    if code != 0 or failed_cases:
        tail = log.read_text(errors="replace").splitlines()[-60:]
        print(f"FAILED {name} (exit {code}); the end of its output:\n" + "\n".join(tail), flush=True)
    print(f"   {time.monotonic() - started:.1f} s", flush=True)
    return code == 0


def build(preset, *targets):
    return run(f"build {preset}", [str(ROOT / "script/build"), preset, *targets], timeout=3600)


def gtest(binary, label, cases="*"):
    junit = RESULTS / f"{label}-{binary.stem}.xml"
    return run(f"{label} {binary.stem}",
               [str(binary), f"--gtest_output=xml:{junit}", "--gtest_brief=1", f"--gtest_filter={cases}"], junit,
               env={"ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=0",
                    "UBSAN_OPTIONS": "print_stacktrace=1", "TZ": random_zone()})


def random_zone():
    zones = ("UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati", "Europe/Zurich")
    return zones[int(time.time()) // 60 % len(zones)]


def group_check():
    run("check tidy", [sys.executable, "tools/tidy.py"])
    run("check format", ["script/format", "--check"])
    run("check lint", ["npm", "run", "--silent", "lint"], cwd=ROOT / "web")
    run("check types", ["npm", "run", "--silent", "types"], cwd=ROOT / "web")


def group_unit():
    if build("dev"):
        for binary in sorted((BUILD / "dev").glob("**/*_test")):
            if binary.is_file() and os.access(binary, os.X_OK):
                gtest(binary, "unit")


def group_fuzz():
    if build("dev"):
        for binary in sorted((BUILD / "dev/fuzz").glob("*_fuzz_replay")):
            corpus = ROOT / "fuzz/corpus" / binary.name.removesuffix("_fuzz_replay")
            run(f"fuzz {binary.name}", [str(binary), str(corpus)])


def group_tsan():
    if build("tsan", *TSAN_TESTS):
        for binary in sorted((BUILD / "tsan").glob("**/*_test")):
            if binary.name in TSAN_TESTS:
                gtest(binary, "tsan")


def group_web():
    junit = RESULTS / "web.xml"
    run("web units", ["npx", "--no-install", "vitest", "run", "--reporter=junit", f"--outputFile={junit}"], junit,
        cwd=ROOT / "web")


def group_sdk():
    """The instrumentation library by itself, as its users build it, under ASan + UBSan and under TSan."""
    for preset in ("dev", "tsan"):
        folder = BUILD / f"sdk-{preset}"
        if run(f"configure sdk {preset}", ["cmake", "-S", "sdk", "--preset", preset]) and \
           run(f"build sdk {preset}", ["ninja", "-C", str(folder)], timeout=1800):
            for binary in sorted(folder.glob("*_test")):
                gtest(binary, f"sdk-{preset}")


def group_e2e():
    sdk = BUILD / "sdk-dev"
    if build("release") and build("activities") and run("configure sdk dev", ["cmake", "-S", "sdk", "--preset", "dev"]) and \
       run("build sdk programs", ["ninja", "-C", str(sdk), "programs"], timeout=1800):
        junit = RESULTS / "e2e.xml"
        run("e2e", [sys.executable, "-m", "pytest", "-q", "-x" if os.environ.get("FAIL_FAST") else "-q",
                    f"--junitxml={junit}", "tests/e2e"], junit, timeout=2400)


def group_containers():
    """Images, compose file, registry, user data and package: on Docker's engine and in booted machines."""
    if build("release", "skep") and build("activities") and run("set up containers", ["script/setup", "--containers"]):
        junit = RESULTS / "containers.xml"
        run("containers", [sys.executable, "-m", "pytest", "-q", "--durations=15", f"--junitxml={junit}", "tests/containers"],
            junit, timeout=2400)


def group_browser():
    if build("release"):
        junit = RESULTS / "browser.xml"
        run("browser", [sys.executable, "tests/browser/run.py", "--junit", str(junit)], junit)


def group_property():
    if build("release-tests", "query_explore_test"):
        gtest(BUILD / "release-tests/src/query/explore/query_explore_test", "property", "QueryProperty*")


GROUPS = {"check": group_check, "unit": group_unit, "fuzz": group_fuzz, "tsan": group_tsan, "web": group_web,
          "sdk": group_sdk, "e2e": group_e2e, "containers": group_containers, "browser": group_browser, "property": group_property}
ON_DEMAND = {"property"}  # a quarter of an hour; every run has the first 400 of its queries, in `unit`


def main():
    names = sys.argv[1:] or [name for name in GROUPS if name not in ON_DEMAND]
    unknown = [name for name in names if name not in GROUPS]
    if unknown:
        sys.exit(f"no such group: {', '.join(unknown)}; there are {', '.join(GROUPS)}")
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir(parents=True)
    for name in names:
        print(f"== {name}", flush=True)
        GROUPS[name]()
    for name in TALLY.bad:
        print(f"failed: {name}")
    print(f"{TALLY.passed} passed, {TALLY.failed} failed" + (f", {TALLY.skipped} skipped" if TALLY.skipped else ""))
    sys.exit(1 if TALLY.failed or not TALLY.passed else 0)


if __name__ == "__main__":
    main()
