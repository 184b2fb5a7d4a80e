// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { fieldsFor, stageOf, valuesFor } from "./completion";

const listed = {
  fields: [
    { name: "app.user_handle", door: "otlp" as const, values: [{ value: "worf", count: 318 }] },
    { name: "annotation.user_handle", door: "xray" as const, values: [] },
    { name: "service", door: "otlp" as const, values: [{ value: "backend-flask", count: 9 }] },
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

test("a field of every request keeps its place and takes the values that were counted", () => {
  const service = fieldsFor("service", listed)[0];
  expect(service).toMatchObject({ door: null, values: [{ value: "backend-flask", count: 9 }] });
  expect(valuesFor(service, "FLASK").map(({ value }) => value)).toEqual(["backend-flask"]);
});
