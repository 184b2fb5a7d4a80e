// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { examplesText } from "./columns";

test("examples are a short line, a field without any has none", () => {
  expect(examplesText([])).toBeUndefined();
  expect(examplesText(["", " "])).toBeUndefined();
  expect(examplesText(["200", "", "500"])).toBe("200, 500");
  expect(examplesText(["a", "b", "c", "d", "e"])).toBe("a, b, c, d");
  expect(examplesText(["x".repeat(40)])).toBe(`${"x".repeat(23)}…`);
});
