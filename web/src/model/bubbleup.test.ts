// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { BubbleUpField, BubbleUpShares } from "../api/types";
import { binFilters, sentenceOf, shownValues } from "./bubbleup";

const shares = (
  selection: number,
  baseline: number,
  more: Partial<BubbleUpShares> = {},
): BubbleUpShares => ({
  selection,
  baseline,
  selection_rows: selection * 100,
  baseline_rows: baseline * 1000,
  ...more,
});
const user: BubbleUpField = {
  name: "user",
  kind: "category",
  score: 0.7,
  difference: 0.75,
  values: [
    shares(0.06, 0.27, { value: "worf" }),
    shares(0.82, 0.07, { value: "garek" }),
    shares(0.02, 0.3, { value: "404" }),
  ],
  others: shares(0, 0.16),
  absent: shares(0.1, 0.2),
};
const length: BubbleUpField = {
  name: "wait_ms",
  kind: "number",
  score: 0.7,
  difference: 0.73,
  bins: [
    shares(0.1, 0.5, { low: 0, high: 80 }),
    shares(0.11, 0.44, { low: 80, high: 240 }),
    shares(0.79, 0.06, { low: 240, high: 300 }),
  ],
  absent: shares(0, 0),
};

test("the value that differs most is what is said", () => {
  expect(sentenceOf(user)).toEqual({ what: "garek", selection: "82 %", baseline: "7.0 %" });
  expect(sentenceOf({ ...user, absent: shares(0.9, 0) })?.what).toBe("absent");
  expect(sentenceOf({ name: "x", kind: "category", score: 0, difference: 0 })).toBeNull();
});

test("of a number it is where the parts below differ most", () => {
  expect(sentenceOf(length)).toEqual({ what: "over 240 ms", selection: "79 %", baseline: "6.0 %" });
  const other = {
    ...length,
    bins: [shares(0.9, 0.2, { low: 0, high: 80 }), shares(0.1, 0.8, { low: 80, high: 99 })],
  };
  expect(sentenceOf(other)).toEqual({ what: "under 80 ms", selection: "90 %", baseline: "20 %" });
});

test("values stand by their part of the selection, then the absent, then the rest", () => {
  expect(shownValues(user).map(({ label, filter }) => [label, filter?.op, filter?.value])).toEqual([
    ["garek", "=", "garek"],
    ["worf", "=", "worf"],
    ["404", "=", 404],
    ["absent", "does-not-exist", undefined],
    ["others", undefined, undefined],
  ]);
});

test("a bin becomes its bounds", () => {
  expect(binFilters(length, shares(0, 0, { low: 80, high: 240 }))).toEqual([
    { column: "wait_ms", op: ">=", value: 80 },
    { column: "wait_ms", op: "<", value: 240 },
  ]);
});
