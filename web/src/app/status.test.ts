// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { Status } from "../api/types";
import { ratesOf, refusalsOf, withSample } from "./status";

function status(seconds: number, records: number, refused = 0): Status {
  const door = { door: "otlp" as const, requests: 0, records, bytes: 0, refused, throttled: 0 };
  return {
    now_ns: String(BigInt(seconds) * 1_000_000_000n),
    version: "0",
    addresses: [],
    doors: [{ ...door, dropped: 0, duplicates: 0, last_event_ns: "0" }],
    sink: {
      acknowledged: 0,
      committed: 0,
      pending_rows: 0,
      journal_bytes: 0,
      recovered_requests: 0,
      torn_bytes: 0,
      corrupt_entries: 0,
    },
    store: { rows: 0, bytes_on_disk: 0, parts: 0, merges_running: 0, queries: 0, query_ms: 0 },
  };
}

test("a rate is a difference of counters over ten seconds", () => {
  let samples = withSample([], status(0, 0));
  expect(ratesOf(samples).size).toBe(0);
  for (let s = 2; s <= 20; s += 2) samples = withSample(samples, status(s, s * 50));
  expect(samples[0]?.at).toBe(10_000_000_000n);
  expect(ratesOf(samples).get("otlp")).toBe(50);
});

test("a counter that fell begins anew instead of giving a rate below zero", () => {
  let samples = withSample([], status(100, 5000));
  samples = withSample(samples, status(102, 10));
  expect(samples).toHaveLength(1);
  samples = withSample(samples, status(104, 30));
  expect(ratesOf(samples).get("otlp")).toBe(10);
});

test("a refusal is shown for ten seconds, not for ever", () => {
  let samples = withSample([], status(0, 0, 0));
  samples = withSample(samples, status(2, 0, 1));
  expect(refusalsOf(samples).get("otlp")).toBe(1);
  for (let s = 4; s <= 14; s += 2) samples = withSample(samples, status(s, 0, 1));
  expect(refusalsOf(samples).get("otlp")).toBe(0);
});
