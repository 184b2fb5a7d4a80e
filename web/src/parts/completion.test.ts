// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { fieldsFor, stageOf, valuesFor } from "./completion";

const field = (name: string, rows?: number) => ({
  name,
  types: ["string" as const],
  examples: ["worf"],
  ...(rows === undefined ? {} : { rows }),
});
const listed = {
  datasets: [],
  fields: [
    field("trace.trace_id"),
    field("user", 4),
    field("app.user_handle", 1318),
    field("annotation.user_handle", 2),
  ],
};

test("a name is completed until an operator stands there", () => {
  expect(stageOf("app.us")).toEqual({ kind: "field", text: "app.us" });
  expect(stageOf("user = wo")).toEqual({ kind: "value", field: "user", op: "=", text: "wo" });
  expect(stageOf("duration_ms>=")).toEqual({
    kind: "value",
    field: "duration_ms",
    op: ">=",
    text: "",
  });
  expect(stageOf('user = "two wo')).toMatchObject({ text: "two wo" });
  expect(stageOf("route contains /ap")).toMatchObject({ op: "contains", text: "/ap" });
});

test("names that begin with the text come first, then those of every request", () => {
  expect(fieldsFor("us", listed).map((field) => field.name)).toEqual([
    "user",
    "status",
    "annotation.user_handle",
    "app.user_handle",
  ]);
  expect(fieldsFor("app", listed).map((field) => field.name)).toEqual(["app.user_handle"]);
});

test("a field of every request keeps its place, others say how often they are there", () => {
  expect(fieldsFor("user", listed)[0]).toMatchObject({ name: "user", own: true, values: [] });
  expect(fieldsFor("app", listed)).toEqual([
    {
      name: "app.user_handle",
      own: false,
      note: "string · 1,318",
      values: [{ value: "worf", count: null }],
    },
  ]);
  expect(fieldsFor("trace", listed)).toEqual([]);
});

test("values that contain the text are offered", () => {
  const values = [
    { value: "backend-flask", count: 9 },
    { value: "worker", count: 1 },
  ];
  expect(valuesFor(values, "FLASK").map(({ value }) => value)).toEqual(["backend-flask"]);
  expect(valuesFor(values, "")).toHaveLength(2);
});
