// SPDX-License-Identifier: Apache-2.0
// The answer of a query as charts and tables want it: its groups in order, each measure as lines over the same times.
// The server's shape is Honeycomb's: rows whose data holds breakdowns and measures side by side.
import type { DataRow, RunData, RunResult } from "../api/types";
import { plural } from "./format";
import { unitOf, type Unit } from "./units";

export interface MeasureInfo {
  key: string;
  op: string | undefined;
  column: string | undefined;
  unit: Unit;
}

export interface Group {
  /** Stays the same from answer to answer. */
  key: string;
  values: unknown[];
  label: string;
  row: DataRow;
}

export interface Line {
  key: string;
  label: string;
  /** Place in the answer's order, which chooses colour and dash. -1: the total. */
  index: number;
  values: (number | null)[];
  errors: (number | null)[] | null;
}

/** A name that the page gave to what it asks beside the query; never shown as a column of its own. */
export const alsoPrefix = "skep.";

export function measuresOf(result: RunResult): MeasureInfo[] {
  return result.measures
    .filter(({ key }) => !key.startsWith(alsoPrefix))
    .map(({ key, op, column }) => ({ key, op, column, unit: unitOf(op, column) }));
}

export function valueLabel(value: unknown): string {
  if (value === null || value === undefined) return "absent";
  if (value === "") return "empty";
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function keyOfGroup(values: readonly unknown[]): string {
  return JSON.stringify(values.map((value) => value ?? null));
}

/** What a row has under a name; of a field called `constructor` that is not what every object has. */
export function valueIn(row: DataRow | undefined, name: string): unknown {
  return row !== undefined && Object.hasOwn(row.data, name) ? row.data[name] : null;
}

export function valuesIn(result: RunResult, row: DataRow): unknown[] {
  return result.breakdowns.map((name) => valueIn(row, name));
}

export function groupsOf(result: RunResult): Group[] {
  return result.data.results.map((row) => {
    const values = valuesIn(result, row);
    return {
      key: keyOfGroup(values),
      values,
      label: values.length === 0 ? "all" : values.map(valueLabel).join(" · "),
      row,
    };
  });
}

export function numberIn(row: DataRow | undefined, key: string): number | null {
  const value = valueIn(row, key);
  return typeof value === "number" ? value : null;
}

export function errorIn(row: DataRow | undefined, key: string): number | null {
  const value = row?.standard_error?.[key];
  return typeof value === "number" && value > 0 ? value : null;
}

export interface Times {
  /** Starts of the buckets, seconds. */
  starts: number[];
  from: number;
  to: number;
  step: number;
}

export function timesOf(result: RunResult): Times {
  const step = Math.max(1, result.granularity);
  const first = Math.floor(result.start_time / step) * step;
  const starts: number[] = [];
  for (let at = first; at < result.end_time; at += step) starts.push(at);
  return { starts, from: result.start_time, to: result.end_time, step };
}

export function indexOfTime(times: Times, row: DataRow): number {
  const at = Date.parse(row.time ?? "") / 1000;
  const first = times.starts[0] ?? 0;
  return Math.floor((at - first) / times.step);
}

/** Where nothing happened a count is 0; other measures have no value there. */
const isZeroWithout = (measure: MeasureInfo): boolean =>
  measure.op === "COUNT" || measure.op === "SUM" || measure.op === "CONCURRENCY";

function emptyLine(
  group: { key: string; label: string; index: number },
  times: Times,
  zero: boolean,
): Line {
  const values = new Array<number | null>(times.starts.length).fill(zero ? 0 : null);
  return { ...group, values, errors: null };
}

function put(line: Line, at: number, row: DataRow, key: string): void {
  line.values[at] = numberIn(row, key);
  const error = errorIn(row, key);
  if (error === null) return;
  line.errors ??= new Array<number | null>(line.values.length).fill(null);
  line.errors[at] = error;
}

/** One line a group; a query without breakdowns has one. `shiftS` moves an earlier period onto these times. */
export function linesOf(
  result: RunResult,
  measure: MeasureInfo,
  data: RunData = result.data,
  shiftS = 0,
): Line[] {
  const times = timesOf(result);
  const lines = new Map<string, Line>();
  for (const [index, group] of groupsOf(result).entries())
    lines.set(
      group.key,
      emptyLine({ key: group.key, label: group.label, index }, times, isZeroWithout(measure)),
    );
  for (const row of data.series ?? []) {
    const line = lines.get(keyOfGroup(valuesIn(result, row)));
    const at = indexOfTime(times, row) + Math.round(shiftS / times.step);
    if (line !== undefined && at >= 0 && at < times.starts.length) put(line, at, row, measure.key);
  }
  return [...lines.values()];
}

/** What an answer is made of: "240 steps · 6 groups · exact, not sampled". */
export function shapeText(result: RunResult): string {
  const shown = result.data.results.length;
  const parts = [plural(timesOf(result).starts.length, "step")];
  if (result.breakdowns.length > 0) {
    const cut = result.data.other_by_aggregate !== undefined;
    parts.push(cut ? `the first ${plural(shown, "group")}` : plural(shown, "group"));
  }
  const sampled = result.data.results.some(
    (row) => Object.keys(row.standard_error ?? {}).length > 0,
  );
  parts.push(sampled ? "weighted by sample rate, ± standard error" : "exact, not sampled");
  return parts.join(" · ");
}
