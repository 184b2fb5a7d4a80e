#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""script/bench: the load of each door against the whole server, questions over stored spans, the sample app's joins, and the micro
benchmarks. The server runs on one core, the load on the other."""
import argparse
import subprocess
import tempfile

import bench_join
import bench_query
from bench_server import ROOT, AnonymousPeak, MeasuredServer, keep, send_load, table

# name: (protocol, records, count, address, more options)
LOADS = {
    "spans-http": ("otlp-http", "spans", 1_000_000, "otlp_http", ()),
    "spans-grpc": ("otlp-grpc", "spans", 1_000_000, "otlp_grpc", ()),
    "spans-http-10m": ("otlp-http", "spans", 10_000_000, "otlp_http", ()),
    "lines-http": ("otlp-http", "lines", 1_000_000, "otlp_http", ()),
    "lines-grpc": ("otlp-grpc", "lines", 1_000_000, "otlp_grpc", ()),
    "xray-put": ("xray", "spans", 200_000, "http", ("--per-request", 50)),
    "xray-udp": ("xray-udp", "spans", 200_000, "xray_udp", ("--per-second", 20_000)),
    "cloudwatch": ("cloudwatch", "lines", 1_000_000, "http", ()),
    "rollbar": ("rollbar", "spans", 100_000, "http", ()),
    "honeycomb": ("honeycomb", "spans", 500_000, "http", ()),
    "honeycomb-msgpack": ("honeycomb-msgpack", "spans", 500_000, "http", ()),
}
DEFAULT = [name for name in LOADS if not name.endswith("10m")]


def make_log_group(server):
    for operation, body in (("CreateLogGroup", b'{"logGroupName":"bench"}'),
                            ("CreateLogStream", b'{"logGroupName":"bench","logStreamName":"load"}')):
        status, _, answer = server.request("POST", "/", body, {"Content-Type": "application/x-amz-json-1.1",
                                                              "X-Amz-Target": "Logs_20140328." + operation})
        if status != 200:
            raise SystemExit(f"{operation}: {status} {answer!r}")


def ingest_one(name, count, folder):
    protocol, records, default_count, address, more = LOADS[name]
    server = MeasuredServer(folder).start()
    try:
        server.settle()
        idle = server.memory_mb()
        if protocol == "cloudwatch":
            make_log_group(server)
        rows_before, cpu_before = server.rows(), server.cpu_s()
        with AnonymousPeak(server) as peak:
            load = send_load("--protocol", protocol, "--records", records, "--count", count or default_count, "--port",
                             server.port(address), *more)
            cpu_ack = server.cpu_s()
            cpu_settled = server.settle()
        rows = server.rows() - rows_before
        memory, store = server.memory_mb(), server.store()
    finally:
        server.stop()
    sent = load["accepted"]
    return {"name": name, "load": load, "cpu_ack_s": cpu_ack - cpu_before, "cpu_settled_s": cpu_settled - cpu_before,
            "per_cpu_s_ack": sent / max(cpu_ack - cpu_before, 0.01),
            "per_cpu_s_settled": sent / max(cpu_settled - cpu_before, 0.01), "rows": rows, "store": store,
            "bytes_per_record": store["bytes_on_disk"] / max(sent, 1), "memory_idle_mb": idle, "memory_after_mb": memory,
            "anonymous_peak_mb": peak.mb}


def ingest(options):
    names = options.only.split(",") if options.only else DEFAULT
    results = []
    for name in names:
        if name not in LOADS:
            raise SystemExit(f"no load is called {name}; there are {', '.join(LOADS)}")
        with tempfile.TemporaryDirectory(prefix="skep-bench-", dir=options.folder) as folder:
            results.append(ingest_one(name, options.count, folder))
        print(f"{name} done", flush=True)
    table(("load", "records", "per CPU-s at ack", "settled", "p50 ms", "p99 ms", "bytes each", "rows", "peak MB", "(anon)",
           "idle MB", "after MB", "(anon)"),
          [(r["name"], r["load"]["accepted"], f"{r['per_cpu_s_ack']:,.0f}", f"{r['per_cpu_s_settled']:,.0f}",
            f"{r['load']['latency_ms']['p50']:.1f}", f"{r['load']['latency_ms']['p99']:.1f}",
            f"{r['bytes_per_record']:.1f}", r["rows"], f"{r['memory_after_mb']['peak']:.0f}",
            f"{r['anonymous_peak_mb']:.0f}", f"{r['memory_idle_mb']['now']:.0f}", f"{r['memory_after_mb']['now']:.0f}",
            f"{r['memory_after_mb']['anonymous']:.0f}") for r in results])
    keep("ingest", results)
    lost = [r["name"] for r in results if r["load"]["failed"] != 0]
    if lost:
        raise SystemExit(f"requests were given up: {', '.join(lost)}")


def decode(options):
    for program in sorted((ROOT / "build/bench/bench").glob("*_bench")):
        if options.filter in program.name:
            subprocess.run([str(program), *options.rest], check=True)


def main():
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("--folder", help="where the data folders are made (the system's)")
    what = parser.add_subparsers(required=True, metavar="WHAT")

    command = what.add_parser("ingest", help="every door's load", description="Sends each load to a fresh server: "
                              + ", ".join(LOADS))
    command.add_argument("--only", help="names of loads, with commas between (all but the 10M one)")
    command.add_argument("--count", type=int, help="records of each load")
    command.set_defaults(run=ingest)

    command = what.add_parser("query", help="questions over stored spans")
    command.add_argument("--count", type=int, default=1_000_000, help="spans to send before (1000000)")
    command.add_argument("--data", help="a folder to keep: filled if it is empty, else asked as it is")
    command.set_defaults(run=bench_query.run)

    command = what.add_parser("join", help="the sample app, judged")
    command.add_argument("--requests", type=int, default=10_000, help="for each number of clients (10000)")
    command.add_argument("--clients", default="1,4,16", help="numbers of clients (1,4,16)")
    command.set_defaults(run=bench_join.run)

    command = what.add_parser("decode", help="micro benchmarks; options after -- go to each")
    command.add_argument("--filter", default="", help="only programs whose names contain this")
    command.add_argument("rest", nargs="*", help="e.g. -- --benchmark_filter=Spans")
    command.set_defaults(run=decode)

    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
