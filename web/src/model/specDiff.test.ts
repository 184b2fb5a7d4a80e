// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { QuerySpec } from "../api/types";
import { changesOf, timeChange } from "./specDiff";

const saved: QuerySpec = {
  calculations: [{ op: "P95", column: "duration_ms" }],
  filters: [{ column: "a", op: "=", value: 1 }],
  breakdowns: ["user"],
  limit: 100,
  time_range: 7200,
};

test("a question differs from itself in nothing, however it is written", () => {
  expect(changesOf(saved, saved)).toEqual([]);
  const { limit, ...rest } = saved;
  expect(limit).toBe(100);
  expect(changesOf(saved, { ...rest, orders: [], havings: [], granularity: 0 })).toEqual([]);
  expect(timeChange(saved, saved)).toBeNull();
});

test("each part that differs is named with both texts", () => {
  const now: QuerySpec = {
    ...saved,
    calculations: [{ op: "P95", column: "duration_ms", filters: [{ column: "b", op: "exists" }] }],
    filters: [...(saved.filters ?? []), { column: "c", op: ">", value: 2 }],
    filter_combination: "OR",
    breakdowns: [],
    formulas: [{ name: "f", expression: "$x / 2" }],
    compare_time_offset_seconds: 86_400,
    havings: [{ calculate_op: "P95", column: "duration_ms", op: ">", value: 5 }],
  };
  expect(changesOf(saved, now)).toEqual([
    { part: "Visualize", before: "P95(duration_ms)", after: "P95(duration_ms) where b exists" },
    { part: "Formulas", before: "", after: "f = $x / 2" },
    { part: "Where", before: "a = 1", after: "a = 1 or c > 2" },
    { part: "Group by", before: "user", after: "" },
    { part: "Having", before: "", after: "P95(duration_ms) > 5" },
    { part: "Compared with", before: "", after: "1 day before" },
  ]);
});

test("the time is told apart from the rest", () => {
  const now: QuerySpec = { ...saved, time_range: 1800 };
  expect(changesOf(saved, now)).toEqual([]);
  expect(timeChange(saved, now)).toEqual({
    part: "Time",
    before: "last 2 h",
    after: "last 30 min",
  });
  const fixed: QuerySpec = { start_time: 1_795_530_000, end_time: 1_795_530_060 };
  expect(timeChange(saved, fixed)?.after).toBe("2026-11-24 14:20:00 – 2026-11-24 14:21:00 UTC");
});
