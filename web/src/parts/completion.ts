// SPDX-License-Identifier: Apache-2.0
// What can be completed at the filter line's cursor: a field's name first, then, after an operator, one of its values.
import type { DoorName, FieldList } from "../api/types";

export interface Value {
  value: string;
  count: number | null;
}

export interface Field {
  name: string;
  /** Null for the fields every request has. */
  door: DoorName | null;
  values: Value[];
}

export type Stage =
  { kind: "field"; text: string } | { kind: "value"; field: string; op: string; text: string };

const plain = (values: string[]): Value[] => values.map((value) => ({ value, count: null }));

export const ownFields: Field[] = [
  { name: "service", door: null, values: [] },
  { name: "route", door: null, values: [] },
  { name: "method", door: null, values: plain(["GET", "POST", "PUT", "PATCH", "DELETE"]) },
  { name: "status", door: null, values: plain(["200", "404", "422", "500"]) },
  { name: "duration_ms", door: null, values: [] },
  { name: "error", door: null, values: plain(["true", "false"]) },
  { name: "user", door: null, values: [] },
  {
    name: "door",
    door: null,
    values: plain(["otlp", "xray", "cloudwatch", "rollbar", "honeycomb"]),
  },
];

export function stageOf(text: string): Stage {
  const match = /^\s*("(?:[^"\\]|\\.)*"|[^\s=!<>"]+)\s*(!=|>=|<=|=|>|<|contains\s)\s*(.*)$/s.exec(
    text,
  );
  if (match === null) return { kind: "field", text: text.trim() };
  const [, field = "", op = "", rest = ""] = match;
  return { kind: "value", field, op: op.trim(), text: rest.replace(/^"/, "") };
}

/** Fields whose name contains the text; those that begin with it, and those of every request, first. */
export function fieldsFor(text: string, listed: FieldList | undefined): Field[] {
  const wanted = text.toLowerCase();
  const known = new Map<string, Field>();
  for (const field of listed?.fields ?? []) known.set(field.name, field);
  for (const own of ownFields) {
    const found = known.get(own.name);
    known.delete(own.name);
    known.set(own.name, { ...own, values: found?.values ?? own.values });
  }
  const rank = (field: Field): number =>
    (field.name.toLowerCase().startsWith(wanted) ? 0 : 2) + (field.door === null ? 0 : 1);
  return [...known.values()]
    .filter((field) => field.name.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
    .slice(0, 12);
}

export function valuesFor(field: Field | undefined, text: string): Value[] {
  const wanted = text.toLowerCase();
  return (field?.values ?? [])
    .filter(({ value }) => value.toLowerCase().includes(wanted))
    .slice(0, 12);
}

/** A field that is counted is compared by default by more, others by equality. */
export function defaultOp(field: string): string {
  return field === "duration_ms" ? ">" : "=";
}
