// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import {
  parseFilter,
  parseTerm,
  splitTerms,
  termAt,
  termText,
  unfilterable,
  withTerm,
  withoutTerm,
} from "./filter";

test("cuts a line into terms", () => {
  const line = "service = backend-flask AND duration_ms > 200 and app.user_handle = worf";
  expect(parseFilter(line)).toEqual([
    { field: "service", op: "=", value: "backend-flask" },
    { field: "duration_ms", op: ">", value: "200" },
    { field: "app.user_handle", op: "=", value: "worf" },
  ]);
});

test("AND inside quotes belongs to the value", () => {
  expect(splitTerms('user = "rock AND roll" AND "and"')).toEqual([
    'user = "rock AND roll"',
    '"and"',
  ]);
  expect(parseTerm('user = "say \\"hi\\" \\\\ now"')).toEqual({
    field: "user",
    op: "=",
    value: 'say "hi" \\ now',
  });
});

test("a term without operator is a search", () => {
  expect(parseTerm("boom row")).toEqual({ field: "", op: "contains", value: "boom row" });
  expect(parseTerm("http.route exists")).toEqual({ field: "http.route", op: "exists", value: "" });
  expect(parseTerm("route contains /api")).toEqual({
    field: "route",
    op: "contains",
    value: "/api",
  });
  expect(parseTerm("status>=500")).toEqual({ field: "status", op: ">=", value: "500" });
});

test("text and term are each other's inverse", () => {
  for (const text of ["a = b", 'a != "b c"', "x exists", '"two words"', 'a = ""', 'a = "q\\"q"'])
    expect(termText(parseTerm(text))).toBe(text);
});

test("adding twice changes nothing; removing takes one", () => {
  const one = withTerm("", { field: "user", op: "=", value: "worf" });
  expect(one).toBe("user = worf");
  expect(withTerm(one, { field: "user", op: "=", value: "worf" })).toBe(one);
  const two = withTerm(one, { field: "status", op: ">=", value: "500" });
  expect(withoutTerm(two, 0)).toBe("status >= 500");
  expect(withoutTerm(two, 1)).toBe("user = worf");
});

test("an error's byte finds its chip", () => {
  expect(termAt("a = b AND c = AND d = e", 2)).toBe(0);
  expect(termAt("a = b AND status >", 18)).toBe(1);
});

test("a value that no filter can hold says why", () => {
  expect(unfilterable("x".repeat(4000))).toBeNull();
  expect(unfilterable("x".repeat(100_000))).toContain("100,000");
});
