// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { Filter, QuerySpec } from "../api/types";
import { filtersOfTerms } from "./carriedFilter";
import { parseFilter } from "./filter";
import {
  compact,
  filterText,
  finished,
  groupFilters,
  groupOf,
  makeGroup,
  orderText,
  parseOperand,
  parseValue,
  queryText,
  sameQuery,
  tidy,
  valueFilter,
  valueText,
  withFilter,
} from "./spec";

const p95 = { op: "P95", column: "duration_ms" };

test("typed words become numbers, truths or text, and come back as they were typed", () => {
  expect(parseValue("500")).toBe(500);
  expect(parseValue("-1.5e3")).toBe(-1500);
  expect(parseValue("true")).toBe(true);
  expect(parseValue('"500"')).toBe("500");
  expect(parseValue("0123")).toBe("0123");
  expect(parseValue("12345678901234567890")).toBe("12345678901234567890");
  expect(parseValue("1.")).toBe(1);
  expect(parseOperand("in", "worf, 5,,kira")).toEqual(["worf", 5, "kira"]);
  for (const value of [500, true, "500", "true", "worf", "a, b"])
    expect(parseValue(valueText(value))).toBe(value);
});

test("a filter reads as a sentence, groups in brackets", () => {
  const filter: Filter = {
    or: [
      { column: "a", op: "=", value: 1 },
      { not: { column: "b", op: "exists" } },
      {
        and: [
          { column: "c", op: "in", value: ["x", 2] },
          { column: "d", op: "does-not-contain", value: "y" },
        ],
      },
    ],
  };
  expect(filterText(filter)).toBe(
    "(a = 1 or not (b exists) or (c in x, 2 and d does not contain y))",
  );
});

test("a group comes apart and together again the same", () => {
  const parts: Filter[] = [
    { column: "a", op: "exists" },
    { column: "b", op: "exists" },
  ];
  for (const kind of ["all of", "any of", "none of", "not all of"] as const)
    expect(groupOf(makeGroup(kind, parts))).toEqual({ kind, parts });
  expect(groupOf({ not: { column: "a", op: "exists" } })).toEqual({
    kind: "none of",
    parts: [{ column: "a", op: "exists" }],
  });
});

test("conditions that were begun and left are taken out, empty groups with them", () => {
  expect(
    finished([
      { column: " ", op: "=" },
      { or: [{ column: "", op: "=" }] },
      { column: "a", op: "=" },
      { column: "b", op: "exists", value: "left over" },
    ]),
  ).toEqual([
    { column: "a", op: "=", value: "" },
    { column: "b", op: "exists" },
  ]);
});

test("what names a calculation that is gone goes with it", () => {
  const query: QuerySpec = {
    calculations: [p95, { op: "AVG", column: "" }],
    breakdowns: ["user"],
    orders: [
      { ...p95, order: "descending" },
      { op: "COUNT" },
      { column: "user" },
      { column: "gone" },
    ],
    havings: [
      { calculate_op: "P95", column: "duration_ms", op: ">", value: 1 },
      { calculate_op: "P99", column: "duration_ms", op: ">", value: 1 },
    ],
  };
  const own = tidy(query);
  expect(own.calculations).toEqual([p95]);
  expect(own.orders).toEqual([{ ...p95, order: "descending" }, { column: "user" }]);
  expect(own.havings).toEqual([{ calculate_op: "P95", column: "duration_ms", op: ">", value: 1 }]);
});

test("equal questions are equal however they are written", () => {
  expect(compact({ filters: [], granularity: 0, filter_combination: "AND", limit: 5 })).toEqual({
    limit: 5,
  });
  expect(
    sameQuery({ limit: 5, breakdowns: ["a"] }, { breakdowns: ["a"], limit: 5, filters: [] }),
  ).toBe(true);
  expect(sameQuery({ limit: 5 }, { limit: 6 })).toBe(false);
});

test("a condition is added once, and to all of an any-of", () => {
  const a: Filter = { column: "a", op: "=", value: 1 };
  const b: Filter = { column: "b", op: "=", value: 1 };
  const c: Filter = { column: "c", op: "=", value: 1 };
  expect(withFilter({ filters: [a] }, a).filters).toEqual([a]);
  const both = withFilter({ filters: [a, b], filter_combination: "OR" }, c);
  expect(both).toEqual({ filters: [{ or: [a, b] }, c] });
});

test("a value of a group is filtered to or left out, also where there is none", () => {
  expect(valueFilter("user", "worf", false)).toEqual({ column: "user", op: "=", value: "worf" });
  expect(valueFilter("user", 0, true)).toEqual({ column: "user", op: "!=", value: 0 });
  expect(valueFilter("user", null, false)).toEqual({ column: "user", op: "does-not-exist" });
  expect(valueFilter("user", undefined, true)).toEqual({ column: "user", op: "exists" });
});

test("a result's row as conditions: what it has not does not exist", () => {
  expect(groupFilters(["user", "team"], ["worf", null])).toEqual([
    { column: "user", op: "=", value: "worf" },
    { column: "team", op: "does-not-exist" },
  ]);
});

test("the whole question in a line", () => {
  const query: QuerySpec = {
    calculations: [
      { op: "HEATMAP", column: "duration_ms" },
      { op: "COUNT", name: "n" },
    ],
    filters: [{ column: "a", op: ">", value: 1 }],
    breakdowns: ["user"],
  };
  expect(queryText(query)).toBe("HEATMAP(duration_ms), n where a > 1 by user");
  expect(orderText({ orders: [{ ...p95, order: "descending" }] })).toBe("P95 desc");
});

test("a filter line of the request list asks what events call it", () => {
  const [status, text, other] = filtersOfTerms(
    parseFilter('status = 500 AND "row has" AND duration_ms > 20'),
  );
  expect(status?.or?.map(({ column }) => column)).toEqual([
    "http.status_code",
    "http.response.status_code",
  ]);
  expect(status?.or?.[0]?.value).toBe(500);
  expect(text?.or).toEqual([
    { column: "name", op: "contains", value: "row has" },
    { column: "body", op: "contains", value: "row has" },
  ]);
  expect(other).toEqual({ column: "duration_ms", op: ">", value: 20 });
});
