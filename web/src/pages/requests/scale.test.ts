// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { decadesFor, percentOf, ticks } from "./scale";

test("the scale is 1 ms to 3 s unless something took longer", () => {
  expect(10 ** decadesFor(2900)).toBeCloseTo(3000);
  expect(10 ** decadesFor(3100)).toBeCloseTo(30_000);
});

test("a decade is always as wide", () => {
  const decades = decadesFor(0);
  expect(percentOf(0.2, decades)).toBe(0);
  expect(percentOf(100, decades)).toBeCloseTo(2 * percentOf(10, decades));
  expect(percentOf(90_000, decades)).toBe(100);
  expect(ticks(decades).map(({ name }) => name)).toEqual(["1 ms", "10", "100", "1 s"]);
  // Names do not touch one another on a longer one.
  const names = (ms: number): string[] => ticks(decadesFor(ms)).map(({ name }) => name);
  expect(names(60_000)).toEqual(["1 ms", "100 ms", "10 s"]);
  expect(names(1e12)).toEqual(["1 ms", "1 s", "10³ s"]);
});
