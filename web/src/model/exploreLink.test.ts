// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { exploreFrom } from "./exploreLink";
import { valueFilter, withBreakdown, withFilter } from "./spec";

const paramsOf = (href: string): URLSearchParams => new URLSearchParams(href.split("?")[1]);

test("the time and the filter come along, the step is added", () => {
  const href = exploreFrom("?range=3h&filter=status+%3D+500&sel=x", (query) =>
    withBreakdown(query, "__proto__"),
  );
  const params = paramsOf(href);
  expect(params.get("range")).toBe("3h");
  expect(params.has("filter")).toBe(false);
  const query = JSON.parse(params.get("q") ?? "") as { breakdowns: string[]; filters: unknown[] };
  expect(query.breakdowns).toEqual(["__proto__"]);
  expect(query.filters).toHaveLength(1);
});

test("a value is asked for as the rows that have it", () => {
  const href = exploreFrom(
    "",
    (query) => withFilter(query, valueFilter("constructor", "<b>", false)),
    true,
  );
  const params = paramsOf(href);
  expect(params.get("view")).toBe("events");
  expect(JSON.parse(params.get("q") ?? "")).toMatchObject({
    filters: [{ column: "constructor", op: "=", value: "<b>" }],
  });
});
