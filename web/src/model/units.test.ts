// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { linearTicks, logTicks, measureText, stepText, tickText, timeTicks, unitOf } from "./units";

test("a unit is told by the calculation and the field's name", () => {
  expect(unitOf("P95", "duration_ms")).toBe("ms");
  expect(unitOf("COUNT_DISTINCT", "duration_ms")).toBe("count");
  expect(unitOf("SUM", "http.response.body.size")).toBe("bytes");
  expect(unitOf("AVG", "app.items")).toBe("plain");
  expect(unitOf(undefined, "duration_ms")).toBe("plain");
});

test("numbers are short and keep what matters", () => {
  expect(measureText(0.4, "ms")).toBe("400 µs");
  expect(measureText(-3.456, "ms")).toBe("-3.46 ms");
  expect(measureText(1234567, "count")).toBe("1,234,567");
  expect(measureText(2.5, "count")).toBe("2.5");
  expect(measureText(1234.567, "plain")).toBe("1,235");
  expect(measureText(0.12345, "plain")).toBe("0.1235");
  expect(tickText(200, "ms")).toBe("200 ms");
  expect(tickText(1000, "ms")).toBe("1 s");
  expect(tickText(5, "ms")).toBe("5 ms");
});

test("ticks are round and few", () => {
  expect(linearTicks(0, 700, 4)).toEqual([0, 200, 400, 600]);
  expect(linearTicks(0, 0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
  expect(logTicks(4, 1200, 8)).toEqual([5, 10, 20, 50, 100, 200, 500, 1000]);
  expect(logTicks(1, 1e12, 6)).toEqual([1, 100, 1e4, 1e6, 1e8, 1e10, 1e12]);
  const hour = timeTicks(1000, 4600, 8);
  expect(new Set(hour.slice(1).map((at, index) => at - (hour[index] ?? 0)))).toEqual(
    new Set([600]),
  );
});

test("steps in words", () => {
  expect([30, 300, 5400, 86_400].map(stepText)).toEqual(["30 s", "5 min", "1.5 h", "1 day"]);
});

test("numbers beyond all measure neither throw nor go on for ever", () => {
  expect(measureText(1.7e308, "ms")).toBe("1.70e+308");
  expect(linearTicks(1e300, 1e300 * (1 + 1e-15), 5).length).toBeLessThan(12);
});
