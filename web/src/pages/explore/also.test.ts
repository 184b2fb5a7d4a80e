// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { alsoFor, countKey, errorsKey, slowestKey } from "./also";

test("events, errors and the slowest are asked beside formulas too", () => {
  const calculations = [{ op: "P95", column: "duration_ms" }];
  const formulas = [{ name: "s", expression: '$"P95(duration_ms)" / 1000' }];
  for (const query of [{ calculations }, { calculations, formulas }])
    expect(alsoFor(query).map(({ name }) => name)).toEqual([countKey, errorsKey, slowestKey]);
});
