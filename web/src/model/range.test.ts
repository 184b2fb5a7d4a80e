// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { bounds, lastText, longer, parseRange, rangeParams } from "./range";

test("reads the URL's three forms and takes nonsense for the default", () => {
  expect(parseRange({})).toEqual({ kind: "last", minutes: 30 });
  expect(parseRange({ range: "180m" })).toEqual({ kind: "last", minutes: 180 });
  expect(parseRange({ range: "0m" })).toEqual({ kind: "last", minutes: 30 });
  expect(parseRange({ range: "soon" })).toEqual({ kind: "last", minutes: 30 });
  expect(parseRange({ from: "5", to: "9" })).toEqual({ kind: "between", from: 5n, to: 9n });
  expect(parseRange({ from: "9", to: "5" })).toEqual({ kind: "last", minutes: 30 });
});

test("what is written reads back", () => {
  for (const range of [
    { kind: "last" as const, minutes: 30 },
    { kind: "last" as const, minutes: 1440 },
    { kind: "between" as const, from: 1_795_530_726_279_123_456n, to: 1_795_530_726_279_123_457n },
  ]) {
    const params = rangeParams(range);
    const defined = Object.fromEntries(
      Object.entries(params).filter(([, value]) => value !== null),
    );
    expect(parseRange(defined)).toEqual(range);
  }
});

test("the last minutes end now, to the nanosecond", () => {
  expect(bounds({ kind: "last", minutes: 1 }, 1_795_530_726_279_123_456n)).toEqual({
    from: 1_795_530_666_279_123_456n,
    to: 1_795_530_726_279_123_456n,
  });
});

test("words", () => {
  expect([5, 60, 1440, 10_080].map(lastText)).toEqual([
    "Last 5 min",
    "Last 1 h",
    "Last 24 h",
    "Last 7 days",
  ]);
  expect(longer({ kind: "last", minutes: 30 })).toBe(1440);
  expect(longer({ kind: "last", minutes: 10_080 })).toBeNull();
});
