// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { groupsOf, valueText } from "./fields";

const attributes = {
  "http.route": "/api",
  "url.full": "http://x/api",
  "app.user_handle": "worf",
  "level": "error",
  "process.pid": 7,
  "metadata.request": { ttl: "P7D" },
};

test("fields stand in groups, the app's own first", () => {
  expect(groupsOf(attributes, "").map(({ name, fields }) => `${name}:${fields.length}`)).toEqual([
    "app:1",
    "http:2",
    "metadata:1",
    "fields:1",
    "process:1",
  ]);
});

test("names and values are searched", () => {
  expect(groupsOf(attributes, "WORF").map(({ name }) => name)).toEqual(["app"]);
  expect(groupsOf(attributes, "p7d").map(({ name }) => name)).toEqual(["metadata"]);
  expect(groupsOf(attributes, "none")).toEqual([]);
});

test("values that are no text are written as JSON", () => {
  expect([7, true, null, { a: 1 }, "x"].map(valueText)).toEqual([
    "7",
    "true",
    "null",
    '{"a":1}',
    "x",
  ]);
});

test("fields called like what every object has are fields", () => {
  const groups = groupsOf(
    JSON.parse('{"constructor.x": 1, "__proto__": 2, "__proto__.y": 3, "toString.z": 4}') as Record<
      string,
      unknown
    >,
    "",
  );
  expect(groups.map(({ name }) => name).toSorted()).toEqual([
    "__proto__",
    "constructor",
    "fields",
    "toString",
  ]);
});
