// SPDX-License-Identifier: Apache-2.0
// Two questions part by part, in the words of the query strip: what one has and the other has not.
import type { QuerySpec } from "../api/types";
import { calculationsOf, filterText, keyOf, orderText } from "./spec";
import { stepText } from "./units";

export interface Change {
  part: string;
  /** Empty where there was nothing. */
  before: string;
  after: string;
}

function timeText(query: QuerySpec): string {
  const { time_range: last, start_time: from, end_time: to } = query;
  if (from === undefined && to === undefined)
    return last === undefined ? "" : `last ${stepText(last)}`;
  const at = (seconds: number | undefined): string =>
    seconds === undefined
      ? "…"
      : new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
  return `${at(from)} – ${at(to)} UTC`;
}

const rows = (all: QuerySpec["formulas"]): string =>
  (all ?? []).map(({ name, expression }) => `${name} = ${expression}`).join(", ");

function calculationTexts(query: QuerySpec): string {
  return calculationsOf(query)
    .map((own) => {
      const call = own.column === undefined ? own.op : `${own.op}(${own.column})`;
      const name = own.name === undefined || own.name === "" ? "" : ` as ${keyOf(own)}`;
      const joint = own.filter_combination === "OR" ? " or " : " and ";
      const where = (own.filters ?? []).map(filterText).join(joint);
      return call + name + (where === "" ? "" : ` where ${where}`);
    })
    .join(", ");
}

const parts: [name: string, text: (query: QuerySpec) => string][] = [
  ["Visualize", calculationTexts],
  ["Fields", (query) => rows(query.calculated_fields)],
  ["Formulas", (query) => rows(query.formulas)],
  [
    "Where",
    (query) =>
      (query.filters ?? [])
        .map(filterText)
        .join(query.filter_combination === "OR" ? " or " : " and "),
  ],
  ["Group by", (query) => (query.breakdowns ?? []).join(", ")],
  ["Order", (query) => ((query.orders ?? []).length === 0 ? "" : orderText(query))],
  [
    "Having",
    (query) =>
      (query.havings ?? [])
        .map(({ calculate_op: op, column, op: sign, value }) => {
          const what = keyOf(column === undefined ? { op } : { op, column });
          return `${what} ${sign} ${value}`;
        })
        .join(", "),
  ],
  ["Limit", (query) => String(query.limit || 100)],
  ["Steps", (query) => (query.granularity ? stepText(query.granularity) : "")],
  [
    "Compared with",
    (query) =>
      query.compare_time_offset_seconds
        ? `${stepText(query.compare_time_offset_seconds)} before`
        : "",
  ],
];

/** What was changed from `before` to `after`, without times. */
export function changesOf(before: QuerySpec, after: QuerySpec): Change[] {
  return parts
    .map(([part, text]) => ({ part, before: text(before), after: text(after) }))
    .filter((change) => change.before !== change.after);
}

/** The time, where it differs; null: it does not. Boards have a time of their own, so it counts for less. */
export function timeChange(before: QuerySpec, after: QuerySpec): Change | null {
  const change = { part: "Time", before: timeText(before), after: timeText(after) };
  return change.before === change.after ? null : change;
}
