// SPDX-License-Identifier: Apache-2.0
// Which columns the events themselves are shown with, behind those that every event has.
import type { Filter, QuerySpec } from "../../api/types";
import { calculationsOf, partsOf } from "../../model/spec";

const columnsMax = 8;
/** Names with these mean other spans of the trace; a row has no value of its own for them. */
const related = /^(root|parent|child|any|any2|any3|none)\./;
const own = new Set([
  "duration_ms",
  "name",
  "service.name",
  "dataset",
  "error",
  "timestamp",
  "door",
]);

function fieldsOf(filter: Filter): string[] {
  const parts = partsOf(filter);
  return parts === null ? [filter.column ?? ""].filter(Boolean) : parts.flatMap(fieldsOf);
}

/** Fields that the question defines or names, each as a column. */
export function columnsOf(query: QuerySpec): string[] {
  const named = [
    ...(query.calculated_fields ?? []).map(({ name }) => name),
    ...(query.breakdowns ?? []),
    ...calculationsOf(query).flatMap(({ column }) => column ?? []),
    ...(query.filters ?? []).flatMap(fieldsOf),
  ];
  return [...new Set(named)]
    .filter((name) => !own.has(name) && !related.test(name))
    .slice(0, columnsMax);
}
