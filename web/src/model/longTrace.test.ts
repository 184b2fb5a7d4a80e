// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { Row, Trace, TracePage } from "../api/types";
import { awaited, pagesAwaited, withPage } from "./longTrace";

const trace = { start_ns: "1000" } as Trace;
const row = (id: string, more: Partial<Row> = {}): Row => ({
  kind: "span",
  door: "otlp",
  id,
  depth: 3,
  level: 2,
  name: id,
  start_ns: "1010",
  duration_ns: "20",
  error: false,
  attributes: {},
  join: "same_id",
  parent_of: 4,
  open_in_view: true,
  own: [[0, 0.5]],
  critical: [[10, 20]],
  ...more,
});
const page = (offset: number, total: number, rows: Row[]): TracePage => ({
  version: "1",
  offset,
  total,
  rows,
  elapsed_ms: 1,
});

test("a page takes its place among lines that are still awaited", () => {
  const lines = withPage([], trace, page(400, 1000, [row("a"), row("b")]));
  expect(lines).toHaveLength(1000);
  expect(lines[399]).toBe(awaited);
  expect(lines[400]).toMatchObject({
    id: "a",
    depth: 2,
    start: 10,
    end: 30,
    parent: true,
    open: true,
  });
  expect(lines[400]?.own).toEqual([[0, 0.5]]);
  const more = withPage(lines, trace, page(0, 1000, [row("first")]));
  expect([more[0]?.id, more[401]?.id]).toEqual(["first", "b"]);
});

test("lines of another length are awaited anew", () => {
  const lines = withPage([], trace, page(0, 2, [row("a"), row("b")]));
  expect(withPage(lines, trace, page(1, 3, [row("c")])).map(({ id }) => id)).toEqual(["", "c", ""]);
});

test("a folded group is a bar from its first to its last", () => {
  const folded = {
    id: "a",
    count: 9,
    start_ns: "1005",
    duration_ns: "90",
    total_ns: "90",
    shortest_ns: "1",
    median_ns: "2",
    longest_ns: "3",
    buckets: [9],
  };
  const [line] = withPage([], trace, page(0, 1, [row("a", { folded, open_in_view: false })]));
  expect(line).toMatchObject({ id: "group-a", start: 5, end: 95, parent: true, open: false });
});

test("each page is asked for once", () => {
  const lines = withPage([], trace, page(0, 1000, [row("a")]));
  expect(pagesAwaited(lines, [0, 1, 199, 200, 201, 999])).toEqual([0, 200, 800]);
  expect(pagesAwaited(lines, [0])).toEqual([]);
});
