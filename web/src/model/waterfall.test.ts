// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { Row, Trace } from "../api/types";
import { axisTicks, hiding, linesOf, matches, ownTime, under, type Look } from "./waterfall";

const start = 1_795_530_726_279_000_000n;

function row(
  id: string,
  parent: string | null,
  from: number,
  to: number,
  more: Partial<Row> = {},
): Row {
  return {
    kind: "span",
    door: "otlp",
    id,
    ...(parent === null ? {} : { parent }),
    depth: 0,
    name: id,
    start_ns: String(start + BigInt(from)),
    duration_ns: String(to - from),
    error: false,
    attributes: {},
    join: "same_id",
    ...more,
  };
}

const trace: Trace = {
  trace_id: "a3f19c07e4d24b0c9d6f0e7712cc51b8",
  start_ns: String(start),
  duration_ns: "1000",
  rows: [
    row("root", null, 0, 1000, { critical: [[0, 20]] }),
    row("line", "root", 1, 1, { kind: "log", door: "cloudwatch" }),
    row("seg", "root", 5, 995, { door: "xray" }),
    row("sub", "seg", 10, 900, { door: "xray" }),
    row("work", "root", 20, 980, { critical: [[20, 40]] }),
    row("quick", "work", 30, 33),
    row("slow", "work", 40, 970, { critical: [[40, 970]] }),
    row("boom", "slow", 960, 960, { kind: "error", door: "rollbar" }),
  ],
  joins: [],
  around: [],
  doors: [],
  elapsed_ms: 1,
  request: {
    trace_id: "a3f19c07e4d24b0c9d6f0e7712cc51b8",
    time_ns: String(start),
    duration_ns: "1000",
    name: "root",
    service: "s",
    door: "otlp",
    doors: [],
    error: false,
  },
};
const all: Look = {
  logs: true,
  xray: true,
  slow: false,
  groups: true,
  folded: new Set(),
  opened: new Set(),
};
const shape = (look: Partial<Look>): string =>
  linesOf(trace, { ...all, ...look })
    .map((line) => `${line.id}${line.depth}`)
    .join(" ");

test("every row hangs under its parent", () => {
  expect(shape({})).toBe("root0 line1 seg1 sub2 work1 quick2 slow2 boom3");
});

test("folding hides what is under a row, leaving out hides the row alone", () => {
  expect(shape({ folded: new Set(["work"]) })).toBe("root0 line1 seg1 sub2 work1");
  expect(shape({ logs: false, xray: false })).toBe("root0 work1 quick2 slow2 boom3");
});

test("the critical path keeps what was waited for, and errors", () => {
  expect(shape({ slow: true })).toBe("root0 work1 slow2 boom3");
});

const loop: Trace = {
  ...trace,
  rows: [
    row("root", null, 0, 1000),
    row("a", "root", 10, 20, { group: "a" }),
    row("in-a", "a", 11, 12),
    row("other", "root", 30, 40),
    row("b", "root", 50, 60, { group: "a" }),
  ],
  groups: [
    {
      id: "a",
      count: 2,
      start_ns: String(start + 10n),
      duration_ns: "50",
      total_ns: "20",
      shortest_ns: "10",
      median_ns: "10",
      longest_ns: "10",
      buckets: [2],
    },
  ],
};
const loopShape = (look: Partial<Look>): string =>
  linesOf(loop, { ...all, ...look })
    .map((line) => `${line.id}${line.depth}`)
    .join(" ");

test("siblings of one shape are one line until they are opened", () => {
  expect(loopShape({})).toBe("root0 group-a1 other1");
  expect(loopShape({ opened: new Set(["a"]) })).toBe("root0 group-a1 a2 in-a3 b2 other1");
  expect(loopShape({ groups: false })).toBe("root0 a1 in-a2 other1 b1");
  const bar = linesOf(loop, all)[1];
  expect([bar?.start, bar?.end, bar?.parent, bar?.open]).toEqual([10, 60, true, false]);
});

test("what hides a row are its parents and its groups", () => {
  expect(hiding(loop, "in-a")).toEqual({ folded: ["a", "root"], groups: ["a"] });
  expect(hiding(loop, "nobody")).toEqual({ folded: [], groups: [] });
});

test("own time is what children of the same door leave", () => {
  expect(ownTime(0, 100, [])).toEqual([[0, 1]]);
  expect(
    ownTime(0, 100, [
      [10, 40],
      [30, 60],
      [90, 120],
    ]),
  ).toEqual([
    [0, 0.1],
    [0.6, 0.9],
  ]);
  const root = linesOf(trace, all)[0];
  expect(root?.own).toEqual([
    [0, 0.02],
    [0.98, 1],
  ]);
});

test("a span without length is all own", () => {
  expect(ownTime(5, 5, [])).toEqual([[0, 1]]);
});

test("a row whose parent is not there stands at the top", () => {
  const orphan = { ...trace, rows: [row("lost", "nobody", 3, 5)] };
  expect(linesOf(orphan, all)[0]?.depth).toBe(0);
});

test("under a row", () => {
  expect(under(trace, "work").map((r) => r.id)).toEqual(["work", "quick", "slow", "boom"]);
});

test("ticks are round", () => {
  expect(axisTicks(0, 612e6, 6)).toEqual([0, 200e6, 400e6, 600e6]);
  expect(axisTicks(0, 612e6, 10)).toHaveLength(7);
  expect(axisTicks(5, 5, 6)).toEqual([5]);
});

test("search looks at names, services and fields", () => {
  const one = row("insert", null, 0, 1, { service: "backend", attributes: { "app.user": "Worf" } });
  expect(["INS", "back", "worf", "app.us"].every((find) => matches(one, find))).toBe(true);
  expect(matches(one, "")).toBe(false);
  expect(matches(one, "kira")).toBe(false);
});
