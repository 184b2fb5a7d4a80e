// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { RunResult } from "../api/types";
import {
  boxOfCells,
  cellsOfBox,
  countInBox,
  heatGrid,
  heatStep,
  shareOfValue,
  sideOf,
  type Cell,
} from "./heat";

const key = "HEATMAP(duration_ms)";
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

function resultOf(steps: Cell[][], total?: Cell[][]): RunResult {
  const series = steps.map((cells, at) => ({
    time: iso(at * 10),
    data: { [key]: { cells }, user: "worf" },
  }));
  return {
    breakdowns: ["user"],
    measures: [{ key, op: "HEATMAP", column: "duration_ms" }],
    start_time: 0,
    end_time: steps.length * 10,
    granularity: 10,
    data: {
      results: [],
      series,
      ...(total === undefined
        ? {}
        : {
            total_by_aggregate_series: total.map((cells, at) => ({
              time: iso(at * 10),
              data: { [key]: { cells } },
            })),
          }),
    },
  };
}

const doubling = (from: number): Cell[] =>
  Array.from({ length: 8 }, (_, at) => [from * (1 + at / 8), from * (1 + (at + 1) / 8), 1]);

test("the finest rows that there is room for, and no event is lost", () => {
  const result = resultOf([[...doubling(1), ...doubling(64), ...doubling(1024)], doubling(64)]);
  const grid = heatGrid(result, key, null, 1000);
  expect(grid.rows.length).toBe(88);
  expect(grid.total).toBe(32);
  const coarse = heatGrid(result, key, null, 40);
  expect(coarse.rows.length).toBe(22);
  expect(coarse.total).toBe(32);
  expect(coarse.max).toBe(4);
  for (const [at, row] of coarse.rows.entries())
    expect(row.low).toBeCloseTo(at === 0 ? 1 : (coarse.rows[at - 1]?.high ?? 0), 9);
});

test("zero has its own row beneath, what is below zero is mirrored under it", () => {
  const result = resultOf([
    [
      [-1.125, -1, 3],
      [0, 0, 5],
      [1, 1.125, 7],
    ],
  ]);
  const grid = heatGrid(result, key, null, 100);
  const zero = grid.rows.findIndex(({ low, high }) => low === 0 && high === 0);
  expect(grid.rows[zero - 1]?.low).toBeLessThan(0);
  expect(grid.counts[zero]).toBe(5);
  expect([...grid.counts].filter((n) => n > 0)).toEqual([3, 5, 7]);
});

test("the total's own steps are taken where there are some, a held group's else", () => {
  const result = resultOf([doubling(8)], [[...doubling(8), ...doubling(8)]]);
  expect(heatGrid(result, key, null, 100).total).toBe(16);
  expect(heatGrid(result, key, '["worf"]', 100).total).toBe(8);
  expect(heatGrid(result, key, '["kira"]', 100).total).toBe(0);
});

test("a box of cells says its seconds and values, and finds its cells again", () => {
  const grid = heatGrid(resultOf([doubling(8), doubling(8), doubling(8)]), key, null, 100);
  const low = grid.rows.findIndex((row) => row.low === 8);
  const box = boxOfCells(grid, 1, 3, low, low + 8);
  expect(box?.from).toBe(10);
  expect(box?.to).toBe(30);
  expect(box?.low).toBe(8);
  expect(box?.high).toBeCloseTo(16, 9);
  if (box === null) throw new Error("no box");
  expect(cellsOfBox(grid, box)).toEqual({ c0: 1, c1: 3, r0: low, r1: low + 8 });
  expect(countInBox(grid, box)).toBe(16);
  expect(sideOf(grid, 1, 3)[low]).toBe(2);
});

test("values stand on the axis by their logarithm within equal rows", () => {
  const rows = [
    { low: 1, high: 2 },
    { low: 2, high: 4 },
  ];
  expect(shareOfValue(rows, 2)).toBe(0.5);
  expect(shareOfValue(rows, Math.SQRT2)).toBeCloseTo(0.25, 9);
  expect(shareOfValue(rows, 9)).toBe(1);
  expect(shareOfValue(rows, 0.5)).toBe(0);
});

test("more is always hotter, one is seen, nothing is not", () => {
  expect(heatStep(0, 100)).toBe(-1);
  expect(heatStep(1, 2000)).toBe(0);
  expect(heatStep(100, 100)).toBe(8);
  expect(heatStep(50, 100)).toBeLessThan(heatStep(80, 100));
});

test("values that are all alike are a stripe, however little room there is", () => {
  const one: Cell[] = [[8, 9, 4]];
  expect(heatGrid(resultOf([one]), key, null, 100).rows.length).toBe(16);
  expect(heatGrid(resultOf([one]), key, null, 5).rows.length).toBe(5);
});
