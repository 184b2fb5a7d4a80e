// SPDX-License-Identifier: Apache-2.0
// A heat map as a grid: columns are buckets of time, rows are steps of value on a log scale. The server's cells are eight
// to a doubling (src/query/explore/query_result.h), the same in every answer; neighbours are put together until a row is
// tall enough to be seen. Zero has a row of its own at the bottom, what is below zero lies under it, mirrored.
import type { DataRow, RunData, RunResult } from "../api/types";
import { indexOfTime, keyOfGroup, timesOf, valueIn, valuesIn, type Times } from "./answer";

export type Cell = readonly [low: number, high: number, count: number];

export interface HeatRow {
  low: number;
  high: number;
}

export interface HeatGrid {
  times: Times;
  /** From the smallest value up. */
  rows: HeatRow[];
  /** `rows.length` counts for each column, one column after the other. */
  counts: Float64Array;
  max: number;
  total: number;
}

/** What is chosen in a heat map: seconds, and values from `low` up to but not with `high`. */
export interface HeatBox {
  from: number;
  to: number;
  low: number;
  high: number;
}

const perDoubling = 8;
/** Room around values that are all alike, so that they are a stripe and no wall. */
const rowsWanted = 16;

export function cellsIn(row: DataRow | undefined, key: string): Cell[] {
  const value = valueIn(row, key);
  if (typeof value !== "object" || value === null || !("cells" in value)) return [];
  return Array.isArray(value.cells) ? (value.cells as Cell[]) : [];
}

/** Order of a value's cell: zero is 0, above it 1 and up by the ladder, below it mirrored. */
const offset = 1_000_000;
function ladderStep(low: number): number {
  const doubling = Math.floor(Math.log2(low) + 1e-9);
  return doubling * perDoubling + Math.round((low / 2 ** doubling - 1) * perDoubling);
}
function ladderIndex(low: number, high: number): number {
  if (low > 0) return offset + ladderStep(low);
  if (high < 0) return -offset - ladderStep(-high);
  return 0;
}

/** The lower bound of the ladder's step: eight equal ones in each doubling. */
function ladderLow(index: number): number {
  const doubling = Math.floor(index / perDoubling);
  return 2 ** doubling * (1 + (index - doubling * perDoubling) / perDoubling);
}

/** A row's number: `k` neighbours of the ladder together. */
function rowNumber([low, high]: Cell, k: number): number {
  const index = ladderIndex(low, high);
  if (index === 0) return 0;
  const sign = index > 0 ? 1 : -1;
  return sign * (offset + Math.floor((Math.abs(index) - offset) / k));
}

interface Point {
  column: number;
  cells: Cell[];
}

function pointsOf(result: RunResult, data: RunData, key: string, group: string | null): Point[] {
  const times = timesOf(result);
  const own = group === null ? data.total_by_aggregate_series : undefined;
  const rows = own ?? data.series ?? [];
  return rows
    .filter(
      (row) => own !== undefined || group === null || keyOfGroup(valuesIn(result, row)) === group,
    )
    .map((row) => ({ column: indexOfTime(times, row), cells: cellsIn(row, key) }))
    .filter(({ column }) => column >= 0 && column < times.starts.length);
}

/** Rows for every number between the least and the greatest, so that gaps are seen as gaps. */
function rowsBetween(
  numbers: Map<number, HeatRow>,
  k: number,
  rowsMin: number,
): { numbers: number[]; rows: HeatRow[] } {
  const sorted = [...numbers.keys()].sort((a, b) => a - b);
  const all: number[] = [];
  for (const sign of [-1, 0, 1]) {
    const own = sorted.filter((n) => Math.sign(n) === sign);
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined) continue;
    const missing = sign > 0 ? Math.max(0, rowsMin - (last - first + 1)) : 0;
    const below = Math.floor(missing / 2);
    for (let n = first - below; n <= last + missing - below; n++) all.push(n);
  }
  const bound = (n: number): HeatRow => {
    const step = (Math.abs(n) - offset) * k;
    const [near, far] = [ladderLow(step), ladderLow(step + k)];
    return n > 0 ? { low: near, high: far } : { low: -far, high: -near };
  };
  return { numbers: all, rows: all.map((n) => numbers.get(n) ?? bound(n)) };
}

/** `group` null: every group together. `rowsMax`: how many rows there is room for. */
export function heatGrid(
  result: RunResult,
  key: string,
  group: string | null,
  rowsMax: number,
  data: RunData = result.data,
): HeatGrid {
  const times = timesOf(result);
  const points = pointsOf(result, data, key, group);
  for (const k of [1, 2, 4, 8, 16, 32, 64, 128, 256]) {
    const bounds = new Map<number, HeatRow>();
    for (const { cells } of points)
      for (const cell of cells) {
        const n = rowNumber(cell, k);
        const old = bounds.get(n);
        bounds.set(n, {
          low: Math.min(old?.low ?? cell[0], cell[0]),
          high: Math.max(old?.high ?? cell[1], cell[1]),
        });
      }
    const { numbers, rows } = rowsBetween(bounds, k, Math.min(rowsWanted, rowsMax));
    if (rows.length > rowsMax && k < 256) continue;
    const place = new Map(numbers.map((n, at) => [n, at]));
    const counts = new Float64Array(times.starts.length * rows.length);
    for (const { column, cells } of points)
      for (const cell of cells) {
        const at = column * rows.length + (place.get(rowNumber(cell, k)) ?? 0);
        counts[at] = (counts[at] ?? 0) + cell[2];
      }
    const total = counts.reduce((sum, n) => sum + n, 0);
    return { times, rows, counts, max: counts.reduce((a, b) => Math.max(a, b), 0), total };
  }
  throw new Error("no step is coarse enough");
}

/** How far up the axis a value stands, from 0 to 1; rows are equally tall. */
export function shareOfValue(rows: readonly HeatRow[], value: number): number {
  const at = rows.findIndex(({ high }) => value < high);
  if (at < 0) return 1;
  const row = rows[at];
  if (row === undefined || value <= row.low) return at / rows.length;
  const within =
    row.low > 0
      ? Math.log(value / row.low) / Math.log(row.high / row.low)
      : (value - row.low) / (row.high - row.low);
  return (at + within) / rows.length;
}

/** Cells that a box covers, as indexes; the end is not with it. */
export function cellsOfBox(
  grid: HeatGrid,
  box: HeatBox,
): { c0: number; c1: number; r0: number; r1: number } {
  const { starts, step } = grid.times;
  const c0 = Math.max(0, Math.round((box.from - (starts[0] ?? 0)) / step));
  const c1 = Math.min(starts.length, Math.round((box.to - (starts[0] ?? 0)) / step));
  const rowAt = (value: number): number =>
    Math.round(shareOfValue(grid.rows, value) * grid.rows.length);
  return { c0, c1, r0: rowAt(box.low), r1: rowAt(box.high) };
}

export function boxOfCells(
  grid: HeatGrid,
  c0: number,
  c1: number,
  r0: number,
  r1: number,
): HeatBox | null {
  const { starts, step } = grid.times;
  const [first, low, high] = [starts[c0], grid.rows[r0], grid.rows[r1 - 1]];
  if (first === undefined || low === undefined || high === undefined) return null;
  return { from: first, to: first + (c1 - c0) * step, low: low.low, high: high.high };
}

export function countInBox(grid: HeatGrid, box: HeatBox): number {
  const { c0, c1, r0, r1 } = cellsOfBox(grid, box);
  let sum = 0;
  for (let c = c0; c < c1; c++)
    for (let r = r0; r < r1; r++) sum += grid.counts[c * grid.rows.length + r] ?? 0;
  return sum;
}

/** For each row how much is in the columns from `c0` to `c1`. */
export function sideOf(grid: HeatGrid, c0: number, c1: number): number[] {
  return grid.rows.map((_, r) => {
    let sum = 0;
    for (let c = c0; c < c1; c++) sum += grid.counts[c * grid.rows.length + r] ?? 0;
    return sum;
  });
}

/** Which of the nine steps of heat a count has: 0 is the faintest, -1 is nothing. */
export function heatStep(n: number, max: number): number {
  if (n <= 0) return -1;
  if (max <= 1) return 4;
  return Math.min(8, Math.floor((Math.max(0, n - 1) / (max - 1)) ** 0.7 * 9));
}
