// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { parseFilter } from "./filter";
import { lengthsOf, lengthsText, spansOf } from "./mapSpans";

const web = { service: "web", caller: null };

test("lengths go into the URL and come back; what is none is nothing", () => {
  expect(lengthsOf(lengthsText({ from: "0", to: "1500000" }))).toEqual({
    from: "0",
    to: "1500000",
  });
  for (const text of ["", "5", "5~5", "9~5", "a~b", "1~2~3", "-1~5"])
    expect(lengthsOf(text)).toBeNull();
});

test("what a service served, and the calls of another to it", () => {
  expect(spansOf(web, null, [])).toEqual([
    { column: "service.name", op: "=", value: "web" },
    {
      or: [
        { column: "span.kind", op: "in", value: ["server", "consumer"] },
        { column: "trace.parent_id", op: "does-not-exist" },
      ],
    },
  ]);
  const lengths = { from: "1500000", to: "20000000" };
  expect(spansOf({ service: "db", caller: "web" }, lengths, [])).toEqual([
    { column: "service.name", op: "=", value: "web" },
    { column: "span.kind", op: "in", value: ["client", "producer"] },
    { column: "child.service.name", op: "=", value: "db" },
    { column: "duration_ms", op: ">=", value: 1.5 },
    { column: "duration_ms", op: "<", value: 20 },
  ]);
});

test("the filter of requests is asked of the root, where Explore has a name for it", () => {
  const filters = spansOf(web, null, parseFilter("service = web AND error = true"));
  expect(filters?.slice(2)).toEqual([
    { column: "root.service.name", op: "=", value: "web" },
    { column: "root.error", op: "=", value: true },
  ]);
  expect(spansOf(web, null, parseFilter("user = worf"))).toBeNull();
  expect(spansOf(web, null, parseFilter("some text"))).toBeNull();
  expect(spansOf(web, null, parseFilter("door = xray"))).toBeNull();
});
