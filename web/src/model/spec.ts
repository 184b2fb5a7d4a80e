// SPDX-License-Identifier: Apache-2.0
// A question in Honeycomb's query JSON: how its parts are named and written, and how one step changes it. The server
// parses and judges the same JSON (src/query/explore/spec_json.h).
import type { Calculation, Filter, QuerySpec } from "../api/types";

export const allDatasets = "__all__";

export const comparisons = ["=", "!=", ">", ">=", "<", "<="] as const;
export const filterOps = [
  ...comparisons,
  "contains",
  "does-not-contain",
  "starts-with",
  "does-not-start-with",
  "ends-with",
  "does-not-end-with",
  "exists",
  "does-not-exist",
  "in",
  "not-in",
] as const;
export type FilterOp = (typeof filterOps)[number];

const percentiles = ["P50", "P75", "P90", "P95", "P99", "P999"];
const rarePercentiles = ["P001", "P01", "P05", "P10", "P20", "P25", "P80"];
/** In the order in which they are offered. */
export const calculationOps: readonly string[] = [
  "HEATMAP",
  ...percentiles,
  "COUNT",
  "AVG",
  "SUM",
  "MIN",
  "MAX",
  "COUNT_DISTINCT",
  "CONCURRENCY",
  "RATE_AVG",
  "RATE_SUM",
  "RATE_MAX",
  ...rarePercentiles,
];

/** Whether an op wants a field: always, never, or as one likes. */
export function columnOf(op: string): "must" | "none" | "may" {
  if (op === "CONCURRENCY") return "none";
  return op === "COUNT" ? "may" : "must";
}

export function takesValue(op: string): boolean {
  return op !== "exists" && op !== "does-not-exist";
}

/** What the answer calls a calculation. */
export function keyOf({ op, column, name }: Calculation): string {
  if (name !== undefined && name !== "") return name;
  return column === undefined ? op : `${op}(${column})`;
}

export function calculationsOf(query: QuerySpec): Calculation[] {
  const given = query.calculations ?? [];
  return given.length === 0 ? [{ op: "COUNT" }] : given;
}

export const startQuery: QuerySpec = {
  calculations: [
    { op: "HEATMAP", column: "duration_ms" },
    { op: "P95", column: "duration_ms" },
  ],
};

/** A typed word as JSON: numbers and truths are such, quotes keep text text. */
export function parseValue(text: string): string | number | boolean {
  const trimmed = text.trim();
  if (trimmed === "true" || trimmed === "false") return trimmed === "true";
  if (/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) && !/^-?0\d/.test(trimmed)) {
    const number = Number(trimmed);
    if (Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number)))
      return number;
  }
  const quoted = /^"(.*)"$/s.exec(trimmed);
  return quoted?.[1] ?? trimmed;
}

export function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(", ");
  if (typeof value === "string")
    return typeof parseValue(value) === "string" ? value : `"${value}"`;
  return value === null || value === undefined ? "" : JSON.stringify(value);
}

/** What was typed as the value of an op; `in` and `not-in` take words between commas. */
export function parseOperand(op: string, text: string): unknown {
  if (op === "in" || op === "not-in")
    return text
      .split(",")
      .filter((part) => part.trim() !== "")
      .map(parseValue);
  return parseValue(text);
}

export function partsOf(filter: Filter): Filter[] | null {
  return filter.and ?? filter.or ?? (filter.not === undefined ? null : [filter.not]);
}

/** In words: `a = 1`, `(a = 1 or b exists)`, `not (…)`. */
export function filterText(filter: Filter): string {
  if (filter.not !== undefined) {
    const inner = filterText(filter.not);
    return inner.startsWith("(") ? `not ${inner}` : `not (${inner})`;
  }
  const parts = partsOf(filter);
  if (parts !== null) {
    if (parts.length === 1 && parts[0] !== undefined) return filterText(parts[0]);
    return `(${parts.map(filterText).join(filter.or === undefined ? " and " : " or ")})`;
  }
  const op = (filter.op ?? "exists").replaceAll("-", " ");
  return `${filter.column ?? ""} ${op} ${takesValue(filter.op ?? "") ? valueText(filter.value) : ""}`.trim();
}

export type GroupKind = "all of" | "any of" | "none of" | "not all of";
export const groupKinds: readonly GroupKind[] = ["all of", "any of", "none of", "not all of"];

/** How the parts of a group are put together; null for a condition. */
export function groupOf(filter: Filter): { kind: GroupKind; parts: Filter[] } | null {
  if (filter.and !== undefined) return { kind: "all of", parts: filter.and };
  if (filter.or !== undefined) return { kind: "any of", parts: filter.or };
  const inner = filter.not;
  if (inner === undefined) return null;
  if (inner.and !== undefined) return { kind: "not all of", parts: inner.and };
  return { kind: "none of", parts: inner.or ?? [inner] };
}

export function makeGroup(kind: GroupKind, parts: Filter[]): Filter {
  if (kind === "all of") return { and: parts };
  if (kind === "any of") return { or: parts };
  return { not: kind === "none of" ? { or: parts } : { and: parts } };
}

/** Without conditions that were begun and left. */
export function finished(filters: readonly Filter[]): Filter[] {
  return filters.flatMap((filter) => {
    const group = groupOf(filter);
    if (group === null) {
      if ((filter.column ?? "").trim() === "") return [];
      if (takesValue(filter.op ?? "")) return [{ ...filter, value: filter.value ?? "" }];
      return [{ column: filter.column, op: filter.op } as Filter];
    }
    const parts = finished(group.parts);
    return parts.length === 0 ? [] : [makeGroup(group.kind, parts)];
  });
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined || value === "" || value === false || value === 0 || isEmptyList(value)
  );
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Without what says nothing, so that equal questions are equal texts. */
export function compact(query: QuerySpec): QuerySpec {
  const rest = { ...query };
  if (rest.filter_combination === "AND") delete rest.filter_combination;
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => !isNothing(value)));
}

export function sameQuery(a: QuerySpec, b: QuerySpec): boolean {
  const sorted = (query: QuerySpec): string =>
    JSON.stringify(Object.entries(compact(query)).sort(([x], [y]) => x.localeCompare(y)));
  return sorted(a) === sorted(b);
}

/** Times belong to the range of the page, not to the question as it stands in the URL. */
export function withoutTimes(query: QuerySpec): QuerySpec {
  const rest = { ...query };
  delete rest.time_range;
  delete rest.start_time;
  delete rest.end_time;
  return rest;
}

/** A condition added to all that hold already, once. */
export function withFilter(query: QuerySpec, ...added: Filter[]): QuerySpec {
  const old = query.filters ?? [];
  const all = query.filter_combination === "OR" && old.length > 1 ? [{ or: old }] : old;
  const texts = new Set(all.map(filterText));
  const filters = [...all, ...added.filter((filter) => !texts.has(filterText(filter)))];
  const rest = { ...query, filters };
  delete rest.filter_combination;
  return rest;
}

export function withBreakdown(query: QuerySpec, field: string): QuerySpec {
  const old = query.breakdowns ?? [];
  return old.includes(field) ? query : { ...query, breakdowns: [...old, field] };
}

/** One value of a group to filter to, or to leave out; what a group has not does not exist. */
export function valueFilter(column: string, value: unknown, without: boolean): Filter {
  const absent = value === null || value === undefined;
  if (absent) return { column, op: without ? "exists" : "does-not-exist" };
  return { column, op: without ? "!=" : "=", value };
}

/** The row of a result as conditions: what it has not does not exist. */
export function groupFilters(breakdowns: readonly string[], group: readonly unknown[]): Filter[] {
  return breakdowns.map((column, at) => {
    const value = group[at];
    return value === null || value === undefined
      ? { column, op: "does-not-exist" }
      : { column, op: "=", value };
  });
}

type Defined = NonNullable<QuerySpec["formulas"]>;

/** Without rows in which nothing was written. */
function writtenRows(rows: Defined | undefined): Defined {
  return (rows ?? [])
    .map(({ name, expression }) => ({ name: name.trim(), expression: expression.trim() }))
    .filter(({ name, expression }) => name !== "" || expression !== "");
}

/** Orders, havings and calculations hang together: what names something that is gone goes too. */
export function tidy(query: QuerySpec): QuerySpec {
  const calculations = calculationsOf(query)
    .filter(({ op, column }) => columnOf(op) !== "must" || (column ?? "") !== "")
    .map((own) => ({
      ...own,
      ...(own.filters === undefined ? {} : { filters: finished(own.filters) }),
    }))
    .map((own) => compact(own as QuerySpec) as Calculation);
  const keys = new Set([
    ...calculations.map(keyOf),
    ...(query.breakdowns ?? []),
    ...writtenRows(query.formulas).map(({ name }) => name),
  ]);
  const known = (op: string | undefined, column: string | undefined): boolean =>
    op === undefined
      ? keys.has(column ?? "")
      : calculations.some((own) => own.op === op && own.column === column);
  return compact({
    ...query,
    calculations,
    calculated_fields: writtenRows(query.calculated_fields),
    formulas: writtenRows(query.formulas),
    filters: finished(query.filters ?? []),
    orders: (query.orders ?? []).filter(({ op, column }) => known(op, column)),
    havings: (query.havings ?? []).filter((own) => known(own.calculate_op, own.column)),
  });
}

export function orderText(query: QuerySpec): string {
  const orders = query.orders ?? [];
  if (orders.length === 0) return "greatest first";
  return orders
    .map(({ op, column, order }) => {
      const what = op ?? column ?? "";
      return `${what} ${order === "descending" ? "desc" : "asc"}`;
    })
    .join(", ");
}

/** The whole question in one line. */
export function queryText(query: QuerySpec): string {
  const formulas = query.formulas ?? [];
  const parts = [
    // Formulas are shown in place of the calculations.
    formulas.length > 0
      ? formulas.map(({ name, expression }) => `${name} = ${expression}`).join(", ")
      : calculationsOf(query).map(keyOf).join(", "),
  ];
  const filters = query.filters ?? [];
  const joint = query.filter_combination === "OR" ? " or " : " and ";
  if (filters.length > 0) parts.push(`where ${filters.map(filterText).join(joint)}`);
  const by = query.breakdowns ?? [];
  if (by.length > 0) parts.push(`by ${by.join(", ")}`);
  return parts.join(" ");
}
