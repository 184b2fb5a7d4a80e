// SPDX-License-Identifier: Apache-2.0
// What the page asks beside a query, for its table: how many events, how many of them failed, and the slowest. The server
// adds these to the run and leaves them out of the history.
import type { Calculation, QuerySpec } from "../../api/types";
import { alsoPrefix } from "../../model/answer";
import { calculationsOf } from "../../model/spec";

export const countKey = `${alsoPrefix}count`;
export const errorsKey = `${alsoPrefix}errors`;
export const slowestKey = `${alsoPrefix}slowest`;

/** The field whose greatest value is worth a look: that of the heat map, else of a percentile. */
export function slowField(query: QuerySpec): string | null {
  const calculations = calculationsOf(query);
  const heat = calculations.find(({ op }) => op === "HEATMAP");
  const own =
    heat ??
    calculations.find(({ op, column }) => /^(P\d+|MAX|AVG)$/.test(op) && column !== undefined);
  return own?.column ?? null;
}

export function alsoFor(query: QuerySpec): Calculation[] {
  const also: Calculation[] = [
    { op: "COUNT", name: countKey },
    { op: "COUNT", name: errorsKey, filters: [{ column: "error", op: "=", value: true }] },
  ];
  const field = slowField(query);
  if (field !== null) also.push({ op: "MAX", column: field, name: slowestKey });
  return also;
}
