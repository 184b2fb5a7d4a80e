#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plans the groups of tests, runs them and counts their cases from JUnit files. Called by script/test; see its --help.

A group is a list of jobs (tools/test_jobs.py): what it builds, and what it runs then, which leaves JUnit XML under
build/results. Jobs run side by side: builds one after another, beside them as many tests as there are cores. A command that
fails without a failed case in its file (a crash, a build error) counts as one failed case with the command's name.
"""
import os
import random
import shutil
import signal
import sys

from test_jobs import RESULTS, ROOT, Job, Runner, lanes_of_this_machine, network_refusal

BUILD = ROOT / "build"
E2E = ROOT / "tests/e2e"
BROWSER = ROOT / "tests/browser"
TSAN_TESTS = ("ingest_test", "net_test", "join_test")
ZONES = ("UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati", "Europe/Zurich")
# Files that take long start before their neighbours, and programs that do run in parts, so that none is left over at the end.
LONG_FILES = ("test_join.py", "test_rollbar.py", "test_cloudwatch.py", "test_durability.py", "test_honeycomb.py", "page.test.mjs")
PARTS = {"query_explore_test": 2}


class Plan:
    """The jobs of the groups asked for. A build that several groups need is in it once, where it is needed first."""

    def __init__(self):
        self.jobs = []
        self.group = ""

    def add(self, name, command, **options):
        self.jobs.append(Job(name, list(map(str, command)), group=self.group, **options))
        return self.jobs[-1]

    def build(self, preset, *targets, then=None):
        """script/build PRESET TARGET...; `then` makes the jobs that run what was built."""
        name = " ".join(["build", preset, *targets])
        built = next((job for job in self.jobs if job.name == name), None) or \
            self.add(name, [ROOT / "script/build", preset, *targets], timeout_s=3600, build=True)
        if then is not None:
            built.then.append((self.group, then))
        return built


def programs(folder, pattern="**/*_test"):
    return sorted(path for path in folder.glob(pattern) if path.is_file() and os.access(path, os.X_OK))


def long_ones_first(paths):
    order = {name: place for place, name in enumerate(LONG_FILES)}
    return sorted(paths, key=lambda path: (order.get(path.name, len(order)), path.name))


def gtest(label, binary, cases="*"):
    """The jobs of one test program: one, or one for each of its parts."""
    parts = PARTS.get(binary.name, 1)
    jobs = []
    for part in range(parts):
        name = f"{label} {binary.name}" + (f" {part + 1} of {parts}" if parts > 1 else "")
        junit = RESULTS / (name.replace(" ", "-") + ".xml")
        jobs.append(Job(name, [str(binary), f"--gtest_output=xml:{junit}", "--gtest_brief=1", f"--gtest_filter={cases}"], junit,
                        own_network=True, env={
                            "ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=0", "UBSAN_OPTIONS": "print_stacktrace=1",
                            "TZ": random.choice(ZONES), "GTEST_TOTAL_SHARDS": str(parts), "GTEST_SHARD_INDEX": str(part)}))
    return jobs


def gtests(label, binaries):
    return [job for binary in binaries for job in gtest(label, binary)]


def plan_check(plan):
    plan.add("check tidy", [sys.executable, "tools/tidy.py"])
    plan.add("check format", ["script/format", "--check"])
    plan.add("check lint", ["npm", "run", "--silent", "lint"], cwd=ROOT / "web")
    plan.add("check types", ["npm", "run", "--silent", "types"], cwd=ROOT / "web")


def plan_web(plan):
    junit = RESULTS / "web.xml"
    plan.add("web units", ["npx", "--no-install", "vitest", "run", "--reporter=junit", f"--outputFile={junit}"], junit=junit,
             cwd=ROOT / "web")


def plan_e2e(plan):
    needs = (plan.build("release"), plan.build("activities"), plan.build("sdk-dev", "programs"))
    needs_of = {"test_sdk_collector": (plan.build("collector"),)}
    sanitized = plan.build("activities-dev"), plan.build("activities-tsan")
    needs_of["test_activities_outages"] = sanitized
    stop = ["-x"] if os.environ.get("FAIL_FAST") else []
    for file in long_ones_first(E2E.glob("test_*.py")):
        junit = RESULTS / f"e2e-{file.stem}.xml"
        plan.add(f"e2e {file.stem}", [sys.executable, "-m", "pytest", "-q", *stop, "--durations=5", f"--junitxml={junit}", file],
                 junit=junit, needs=needs + needs_of.get(file.stem, ()), own_network=True)


def plan_containers(plan):
    """Images, compose file, registry, user data and package: on Docker's engine and in booted machines, in the machine's network."""
    ready = plan.add("set up containers", ["script/setup", "--containers"])
    junit = RESULTS / "containers.xml"
    plan.add("containers", [sys.executable, "-m", "pytest", "-q", "--durations=15", f"--junitxml={junit}", "tests/containers"],
             junit=junit, needs=(ready, plan.build("release"), plan.build("activities")), timeout_s=2400)


def plan_browser(plan):
    release = plan.build("release")
    needs_of = {"activities": (plan.build("activities"),)}
    for file in long_ones_first(BROWSER.glob("*.test.mjs")):
        name = file.name.removesuffix(".test.mjs")
        junit = RESULTS / f"browser-{name}.xml"
        plan.add(f"browser {name}", [sys.executable, BROWSER / "run.py", "--junit", junit, file], junit=junit,
                 needs=(release, *needs_of.get(name, ())), own_network=True)


def plan_unit(plan):
    plan.build("dev", then=lambda: gtests("unit", programs(BUILD / "dev")))


def plan_fuzz(plan):
    plan.build("dev", then=lambda: [
        Job(f"fuzz {binary.name}", [str(binary), str(ROOT / "fuzz/corpus" / binary.name.removesuffix("_fuzz_replay"))])
        for binary in programs(BUILD / "dev/fuzz", "*_fuzz_replay")])


def plan_tsan(plan):
    plan.build("tsan", *TSAN_TESTS, then=lambda: gtests(
        "tsan", (path for path in programs(BUILD / "tsan") if path.name in TSAN_TESTS)))


def plan_sdk(plan):
    """The instrumentation library by itself, as its users build it, under ASan + UBSan and under TSan; and with clang, without a
    warning, where its fuzz targets replay their corpora."""
    for preset in ("sdk-dev", "sdk-tsan"):
        plan.build(preset, then=lambda preset=preset: gtests(preset, programs(BUILD / preset, "*_test")))
    plan.build("sdk-fuzz", then=lambda: [
        Job(f"sdk-fuzz {binary.name}", [str(binary), "-runs=0", str(ROOT / "sdk/fuzz/corpus" / binary.name.removesuffix("_fuzz"))])
        for binary in programs(BUILD / "sdk-fuzz/fuzz", "*_fuzz")])


def plan_property(plan):
    program = BUILD / "release-tests/src/query/explore/query_explore_test"
    plan.build("release-tests", program.name, then=lambda: gtest("property", program, "QueryProperty*"))


# In this order: what waits more than it computes runs while the builds after it compute.
GROUPS = {"check": plan_check, "web": plan_web, "e2e": plan_e2e, "containers": plan_containers, "browser": plan_browser,
          "unit": plan_unit, "fuzz": plan_fuzz, "tsan": plan_tsan, "sdk": plan_sdk, "property": plan_property}
ON_DEMAND = {"property"}  # a quarter of an hour; every run has the first 400 of its queries, in `unit`


def main():
    names = sys.argv[1:] or [name for name in GROUPS if name not in ON_DEMAND]
    unknown = [name for name in names if name not in GROUPS]
    if unknown:
        sys.exit(f"no such group: {', '.join(unknown)}; there are {', '.join(GROUPS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    # A shell lets what it runs in the background ignore SIGINT, and all below it would: programs that tests stop by it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir(parents=True)
    plan = Plan()
    for plan.group in names:
        GROUPS[plan.group](plan)
    lanes, refusal = lanes_of_this_machine(), network_refusal()
    if refusal:  # they would take ports from each other
        print(f"one test at a time, as this machine gives it {refusal}")
        lanes = 1
    runner = Runner(plan.jobs, lanes, own_networks=refusal is None)
    tally = runner.run()
    runner.print_longest()
    for name in tally.bad:
        print(f"failed: {name}")
    print(f"{tally.passed} passed, {tally.failed} failed" + (f", {tally.skipped} skipped" if tally.skipped else ""))
    sys.exit(1 if tally.failed or not tally.passed else 0)


if __name__ == "__main__":
    main()
