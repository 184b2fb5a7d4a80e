// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { LogLine } from "../../api/types";
import { mergeLines } from "./lines";

const lines = (...ns: number[]): LogLine[] =>
  ns.map((n) => ({
    id: `l${n}`,
    time_ns: String(n),
    severity: 9,
    source: "s",
    door: "otlp",
    text: String(n),
  }));
const ids = (rows: readonly LogLine[]): string => rows.map(({ text }) => text).join(" ");

test("new lines go on top of what they overlap", () => {
  const merged = mergeLines(lines(5, 4, 3, 2), lines(7, 6, 5, 4));
  expect(ids(merged.rows)).toBe("7 6 5 4 3 2");
});

test("lines of the same moment are kept apart by their ids", () => {
  const twins = [...lines(4), ...lines(4).map((line) => ({ ...line, id: "other" }))];
  expect(mergeLines(twins, lines(5, 4)).rows.map(({ id }) => id)).toEqual(["l5", "l4", "other"]);
});

test("without overlap nothing old stays", () => {
  expect(mergeLines(lines(2, 1), lines(9, 8))).toMatchObject({ overlap: false });
  expect(ids(mergeLines(lines(2, 1), lines(9, 8)).rows)).toBe("9 8");
});
