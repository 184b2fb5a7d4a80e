// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { DataRow, RunResult } from "../api/types";
import { groupsOf, linesOf, measuresOf, shapeText, timesOf, valueIn } from "./answer";

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
const result: RunResult = {
  breakdowns: ["user"],
  measures: [
    { key: "COUNT", op: "COUNT" },
    { key: "P95(duration_ms)", op: "P95", column: "duration_ms" },
    { key: "skep.count", op: "COUNT" },
  ],
  start_time: 95,
  end_time: 130,
  granularity: 10,
  data: {
    results: [
      {
        data: { "user": "worf", "COUNT": 5, "P95(duration_ms)": 20 },
        standard_error: { COUNT: 1.5 },
      },
      { data: { "COUNT": 2, "P95(duration_ms)": null } },
    ],
    series: [
      { time: iso(90), data: { "user": "worf", "COUNT": 2, "P95(duration_ms)": 10 } },
      {
        time: iso(110),
        data: { "user": "worf", "COUNT": 3, "P95(duration_ms)": 30 },
        standard_error: { COUNT: 1 },
      },
      { time: iso(120), data: { COUNT: 2 } },
    ],
    other_by_aggregate: { data: { COUNT: 1 } },
    compare: { results: [], series: [{ time: iso(50), data: { user: "worf", COUNT: 9 } }] },
  },
};

test("what the page asked for itself is no measure of the question", () => {
  expect(measuresOf(result).map(({ key, unit }) => [key, unit])).toEqual([
    ["COUNT", "count"],
    ["P95(duration_ms)", "ms"],
  ]);
});

test("groups have names, also one without the field", () => {
  expect(groupsOf(result).map(({ label }) => label)).toEqual(["worf", "absent"]);
});

test("buckets begin at whole steps, the first one maybe before the range", () => {
  expect(timesOf(result).starts).toEqual([90, 100, 110, 120]);
});

test("no events are a count of nothing, but no percentile", () => {
  const [counts, p95] = measuresOf(result);
  if (counts === undefined || p95 === undefined) throw new Error("no measures");
  expect(linesOf(result, counts).map(({ values }) => values)).toEqual([
    [2, 0, 3, 0],
    [0, 0, 0, 2],
  ]);
  expect(linesOf(result, counts)[0]?.errors).toEqual([null, null, 1, null]);
  expect(linesOf(result, p95)[0]?.values).toEqual([10, null, 30, null]);
  expect(linesOf(result, p95)[1]?.errors).toBeNull();
});

test("an earlier period is moved onto these times", () => {
  const [counts] = measuresOf(result);
  if (counts === undefined) throw new Error("no measures");
  expect(linesOf(result, counts, result.data.compare, 60)[0]?.values).toEqual([0, 0, 9, 0]);
});

test("says how many groups were cut, and that it is weighted", () => {
  expect(shapeText(result)).toBe(
    "4 steps · the first 2 groups · weighted by sample rate, ± standard error",
  );
});

test("a field called like what every object has is absent where it is not", () => {
  expect(valueIn({ data: {} }, "constructor")).toBeNull();
  expect(valueIn({ data: {} }, "__proto__")).toBeNull();
  expect(
    valueIn(JSON.parse('{"data": {"__proto__": "x", "constructor": "y"}}') as DataRow, "__proto__"),
  ).toBe("x");
});
