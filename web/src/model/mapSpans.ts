// SPDX-License-Identifier: Apache-2.0
// The spans behind a part of the map as conditions of Explore: those that a service served, or the calls from one
// service to another, of the lengths that are brushed.
import type { Filter } from "../api/types";
import type { Term } from "./filter";
import { filtersOfTerms } from "./carriedFilter";

/** Lengths in ns; the upper one is exclusive. In the URL `from~to`. */
export interface Lengths {
  from: string;
  to: string;
}

const digits = /^\d{1,19}$/;

export function lengthsOf(text: string): Lengths | null {
  const [from = "", to = "", ...more] = text.split("~");
  const whole = more.length === 0 && digits.test(from) && digits.test(to);
  return whole && BigInt(from) < BigInt(to) ? { from, to } : null;
}

export function lengthsText({ from, to }: Lengths): string {
  return `${from}~${to}`;
}

export interface OnMap {
  service: string;
  /** Of a call: who called the service. */
  caller: string | null;
}

const served: Filter = {
  or: [
    { column: "span.kind", op: "in", value: ["server", "consumer"] },
    { column: "trace.parent_id", op: "does-not-exist" },
  ],
};

/** The terms of the requests' filter as conditions on the root of the trace; null where one has no such form. */
function ofRoots(terms: readonly Term[]): Filter[] | null {
  const all: Filter[] = [];
  for (const term of terms) {
    const [filter] = filtersOfTerms([term]);
    if (filter?.column === undefined || filter.column === "door") return null;
    all.push({ ...filter, column: `root.${filter.column}` });
  }
  return all;
}

/** Null where Explore has no words for it: a filter on what a request has under several names. */
export function spansOf(
  { service, caller }: OnMap,
  lengths: Lengths | null,
  terms: readonly Term[],
): Filter[] | null {
  const roots = ofRoots(terms);
  if (roots === null) return null;
  const own: Filter[] =
    caller === null
      ? [{ column: "service.name", op: "=", value: service }, served]
      : [
          { column: "service.name", op: "=", value: caller },
          { column: "span.kind", op: "in", value: ["client", "producer"] },
          { column: "child.service.name", op: "=", value: service },
        ];
  const ms = (ns: string): number => Number(BigInt(ns)) / 1e6;
  const long: Filter[] =
    lengths === null
      ? []
      : [
          { column: "duration_ms", op: ">=", value: ms(lengths.from) },
          { column: "duration_ms", op: "<", value: ms(lengths.to) },
        ];
  return [...own, ...long, ...roots];
}
