// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { inRows, layOut } from "./mapLayout";

const draw = (names: string[], calls: [string, string][]): string =>
  layOut(
    names,
    calls.map(([from, to]) => ({ from, to })),
  )
    .toSorted((a, b) => a.column - b.column || a.row - b.row)
    .map(({ name, column, row }) => `${name}${column}.${row}`)
    .join(" ");

test("callers stand left of whom they call", () => {
  expect(
    draw(
      ["db", "api", "web"],
      [
        ["web", "api"],
        ["api", "db"],
        ["web", "db"],
      ],
    ),
  ).toBe("web0.0 api1.0 db2.0");
});

test("a ring is entered from outside and broken where it closes", () => {
  expect(
    draw(
      ["a", "b", "in"],
      [
        ["in", "a"],
        ["a", "b"],
        ["b", "a"],
        ["b", "b"],
      ],
    ),
  ).toBe("in0.0 a1.0 b2.0");
  expect(
    draw(
      ["a", "b"],
      [
        ["a", "b"],
        ["b", "a"],
      ],
    ),
  ).toBe("a0.0 b1.0");
});

test("neighbours stand near each other", () => {
  expect(
    draw(
      ["x", "y", "b", "a"],
      [
        ["x", "a"],
        ["y", "b"],
      ],
    ),
  ).toBe("x0.0 y0.1 a1.0 b1.1");
});

test("nobody, and nobody calling", () => {
  expect(draw([], [])).toBe("");
  expect(draw(["a", "b"], [])).toBe("a0.0 b0.1");
});

test("in one column each stands under its first caller, once", () => {
  const calls = [
    { from: "edge", to: "web" },
    { from: "web", to: "cart" },
    { from: "cart", to: "db" },
    { from: "web", to: "login" },
    { from: "login", to: "db" },
    { from: "login", to: "web" },
  ];
  const rows = inRows(["db", "login", "web", "cart", "alone", "edge"], calls);
  expect(new Set(rows.map(({ name }) => name)).size).toBe(6);
  const at = (name: string): number => rows.findIndex((row) => row.name === name);
  const depth = (name: string): number => rows[at(name)]?.depth ?? -1;
  expect([depth("cart"), depth("login")]).toEqual([2, 2]);
  expect(at("cart")).toBeGreaterThan(at("web"));
  expect(depth("db")).toBe(3);
  expect(depth("alone")).toBe(0);
});
