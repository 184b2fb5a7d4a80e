// SPDX-License-Identifier: Apache-2.0
// What can be completed at the filter line's cursor: a field's name first, then, after an operator, one of its values.
import type { ColumnList } from "../api/types";
import { count } from "../model/format";

export interface Value {
  value: string;
  count: number | null;
}

export interface Field {
  name: string;
  /** Every request has it. */
  own: boolean;
  /** Its types, and how many records have it. */
  note: string;
  /** What is offered until values are counted. */
  values: Value[];
}

export type Stage =
  { kind: "field"; text: string } | { kind: "value"; field: string; op: string; text: string };

const plain = (values: string[]): Value[] => values.map((value) => ({ value, count: null }));

const own = (name: string, values: string[] = []): Field => ({
  name,
  own: true,
  note: "",
  values: plain(values),
});

export const ownFields: Field[] = [
  own("service"),
  own("route"),
  own("method", ["GET", "POST", "PUT", "PATCH", "DELETE"]),
  own("status", ["200", "404", "422", "500"]),
  own("duration_ms"),
  own("error", ["true", "false"]),
  own("user"),
  own("door", ["otlp", "xray", "cloudwatch", "rollbar", "honeycomb"]),
];

export function stageOf(text: string): Stage {
  const match = /^\s*("(?:[^"\\]|\\.)*"|[^\s=!<>"]+)\s*(!=|>=|<=|=|>|<|contains\s)\s*(.*)$/s.exec(
    text,
  );
  if (match === null) return { kind: "field", text: text.trim() };
  const [, field = "", op = "", rest = ""] = match;
  return { kind: "value", field, op: op.trim(), text: rest.replace(/^"/, "") };
}

const known = new Set(ownFields.map(({ name }) => name));

/** Fields whose name contains the text; those that begin with it, and those of every request, first. */
export function fieldsFor(text: string, listed: ColumnList | undefined): Field[] {
  const wanted = text.toLowerCase();
  // A name without a number of records is no attribute, so that a filter of requests cannot have it.
  const attributes = (listed?.fields ?? []).flatMap(({ name, types, rows, examples }): Field[] =>
    rows === undefined || known.has(name)
      ? []
      : [
          {
            name,
            own: false,
            note: `${types.join(", ")} · ${count(rows)}`,
            values: plain(examples),
          },
        ],
  );
  const rank = (field: Field): number =>
    (field.name.toLowerCase().startsWith(wanted) ? 0 : 2) + (field.own ? 0 : 1);
  return [...ownFields, ...attributes]
    .filter((field) => field.name.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
    .slice(0, 12);
}

export function valuesFor(values: readonly Value[], text: string): Value[] {
  const wanted = text.toLowerCase();
  return values.filter(({ value }) => value.toLowerCase().includes(wanted)).slice(0, 12);
}

/** A field that is counted is compared by default by more, others by equality. */
export function defaultOp(field: string): string {
  return field === "duration_ms" ? ">" : "=";
}
