# SPDX-License-Identifier: Apache-2.0
"""Jobs of tools/run_tests.py: commands that run side by side and are told of one by one, in the order of the plan.

A build has the cores to itself among builds, at low priority, so that tests which run meanwhile hardly feel it. Tests take
a lane each. What a job prints is kept in a file under build/results; the report has only what is skipped and what fails.
"""
import dataclasses
import os
import pathlib
import queue
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
RESULTS = ROOT / "build/results"
OWN_NETWORK = [sys.executable, str(ROOT / "tools/own_network.py")]
GIB_PER_LANE = 3  # the engine under sanitizers, a browser, or two servers


def lanes_of_this_machine():
    memory_gib = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 30
    return max(1, min(len(os.sched_getaffinity(0)), memory_gib // GIB_PER_LANE))


def network_refusal():
    """Why this machine gives no test a network of its own; None if it does."""
    tried = subprocess.run([*OWN_NETWORK, "true"], capture_output=True, text=True, check=False)
    return None if tried.returncode == 0 else tried.stderr.strip()


@dataclasses.dataclass(eq=False)
class Job:
    """One command. Its cases come from `junit`, else the command is one case."""
    name: str
    command: list
    junit: pathlib.Path | None = None
    cwd: pathlib.Path = ROOT
    env: dict = dataclasses.field(default_factory=dict)
    timeout_s: int = 1800
    needs: tuple = ()  # jobs that must have passed
    build: bool = False
    own_network: bool = False  # listens and connects on loopback alone
    group: str = ""
    # (group, function): gives the jobs that can be known only once this one has passed
    then: list = dataclasses.field(default_factory=list)
    state: str = "waiting"  # running, passed, failed
    seconds: float = 0
    cpu_seconds: float = 0
    report: list = dataclasses.field(default_factory=list)

    @property
    def log(self):
        return RESULTS / (self.name.replace("/", "_").replace(" ", "_") + ".log")

    def execute(self, processes, own_networks):
        """Runs the command to its end; its exit status, -1 past its time."""
        started = time.monotonic()
        command = ["nice", "-n", "10", *self.command] if self.build else self.command
        if self.own_network and own_networks:
            command = [*OWN_NETWORK, *command]
        with open(self.log, "wb") as out:
            process = subprocess.Popen(command, cwd=self.cwd, env={**os.environ, **self.env}, stdin=subprocess.DEVNULL,
                                       stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
            processes.add(process.pid)
            late = threading.Event()
            timer = threading.Timer(self.timeout_s, lambda: (late.set(), kill_all({process.pid})))
            timer.start()
            _, status, usage = os.wait4(process.pid, 0)
            timer.cancel()
            processes.discard(process.pid)
            process.returncode = os.waitstatus_to_exitcode(status)
            if late.is_set():
                out.write(f"\nstopped after {self.timeout_s} s\n".encode())
        self.seconds = time.monotonic() - started
        self.cpu_seconds = usage.ru_utime + usage.ru_stime
        return -1 if late.is_set() else process.returncode


def kill_all(processes):
    for pid in list(processes):
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


class Tally:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.bad = []

    def add_junit(self, job):
        """Adds the cases of a job's file; returns how many failed."""
        failed = 0
        for case in ElementTree.parse(job.junit).getroot().iter("testcase"):
            name = f'{case.get("classname") or job.junit.stem}.{case.get("name")}'
            skipped = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                failed += 1
                self.bad.append(name)
            elif skipped is not None or case.get("status") == "notrun":
                self.skipped += 1
                job.report.append(f"skipped: {name}: {(skipped.get('message') if skipped is not None else '') or 'disabled'}")
            else:
                self.passed += 1
        self.failed += failed
        return failed

    def add(self, name, ok):
        self.passed += ok
        self.failed += not ok
        if not ok:
            self.bad.append(name)

    def add_job(self, job, code):
        """Adds what a job that ended did; true if all of it passed."""
        failed_cases = 0
        if job.junit is not None and job.junit.exists() and job.junit.stat().st_size:
            try:
                failed_cases = self.add_junit(job)
            except ElementTree.ParseError as error:  # it died while writing it
                job.report.append(f"{job.junit.name}: {error}")
                code = code or -1
            if code != 0 and failed_cases == 0:
                self.add(f"{job.name} (exit {code})", False)
        else:
            if job.junit is not None:
                code = code or -1
                job.report.append(f"it left no {job.junit.name}")
            self.add(job.name, code == 0)
        if code != 0 or failed_cases:
            zone = f", TZ={job.env['TZ']}" if "TZ" in job.env else ""
            job.report.append(f"FAILED {job.name} (exit {code}{zone}); the end of its output:")
            job.report += job.log.read_text(errors="replace").splitlines()[-60:]
        return code == 0 and failed_cases == 0


class Runner:
    """Runs a plan: a job starts when what it needs has passed and a lane is free, the first of the plan first."""

    def __init__(self, plan, lanes, own_networks):
        self.plan, self.lanes, self.own_networks = plan, lanes, own_networks
        self.tally = Tally()
        self.ended = queue.SimpleQueue()
        self.processes = set()
        self.printed = 0
        self.group = None

    def run(self):
        try:
            self.start_what_can()
            while any(job.state == "running" for job in self.plan):
                self.end(*self.ended.get())
                self.start_what_can()
        except BaseException:
            kill_all(self.processes)
            raise
        return self.tally

    def start_what_can(self):
        free = self.lanes - sum(job.state == "running" and not job.build for job in self.plan)
        building = any(job.state == "running" and job.build for job in self.plan)
        for job in self.plan:
            if job.state != "waiting":
                continue
            lost = next((need for need in job.needs if need.state == "failed"), None)
            if lost is not None:
                job.state = "failed"
                job.report.append(f"not run: {lost.name} failed")
            elif all(need.state == "passed" for need in job.needs) and (not building if job.build else free > 0):
                building |= job.build
                free -= not job.build
                job.state = "running"
                threading.Thread(target=lambda job=job: self.ended.put((job, self.execute(job))), daemon=True).start()
        self.print_what_is_next()

    def execute(self, job):
        try:
            return job.execute(self.processes, self.own_networks)
        except OSError as error:
            job.log.write_text(str(error))
            return 127

    def end(self, job, code):
        passed = self.tally.add_job(job, code)
        job.state = "passed" if passed else "failed"
        if passed:
            made = [(group, more) for group, then in job.then for more in then()]
            for group, more in made:
                more.group = group
            at = self.plan.index(job) + 1
            self.plan[at:at] = [more for _, more in made]

    def print_what_is_next(self):
        """Prints the jobs that have ended, up to the first that has not."""
        while self.printed < len(self.plan) and self.plan[self.printed].state in ("passed", "failed"):
            job = self.plan[self.printed]
            self.printed += 1
            if job.group != self.group:
                self.group = job.group
                print(f"== {job.group}")
            print("\n".join([f"-- {job.name}", *job.report, f"   {job.seconds:.1f} s, {job.cpu_seconds:.1f} s of CPU"]), flush=True)

    def print_longest(self, count=10):
        print(f"the longest {count}:")
        for job in sorted(self.plan, key=lambda job: job.seconds, reverse=True)[:count]:
            print(f"{job.seconds:8.1f} s {job.cpu_seconds:8.1f} s of CPU  {job.name}")
        print(f"{sum(job.seconds for job in self.plan):8.1f} s {sum(job.cpu_seconds for job in self.plan):8.1f} s of CPU  in all")
