// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { countWords } from "./doors";

test("what a door gave is said in its own words, long numbers in groups", () => {
  const of = (door: "otlp" | "xray" | "rollbar", spans: number, logs: number, errors: number) =>
    countWords({ door, spans, logs, errors, how: "same_id" });
  expect(of("otlp", 99_991, 1, 0)).toBe("99,991 spans, 1 line");
  expect(of("xray", 1, 0, 0)).toBe("1 segment");
  expect(of("rollbar", 0, 0, 2)).toBe("2 items");
});
