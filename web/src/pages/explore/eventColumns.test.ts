// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { columnsOf } from "./eventColumns";

test("calculated fields come first, then what the question names, once", () => {
  expect(
    columnsOf({
      calculations: [{ op: "P95", column: "cart.items" }],
      calculated_fields: [{ name: "speed", expression: "$a / $b" }],
      breakdowns: ["speed", "app.user_handle"],
      filters: [
        { or: [{ column: "http.route", op: "exists" }, { not: { column: "x", op: "exists" } }] },
      ],
    }),
  ).toEqual(["speed", "app.user_handle", "cart.items", "http.route", "x"]);
});

test("what every event shows, and what other spans have, is no column", () => {
  expect(columnsOf({ breakdowns: ["name", "root.http.route", "duration_ms"] })).toEqual([]);
  expect(columnsOf({ breakdowns: Array.from({ length: 12 }, (_, i) => `f${i}`) })).toHaveLength(8);
});
