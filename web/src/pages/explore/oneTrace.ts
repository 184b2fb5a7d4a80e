// SPDX-License-Identifier: Apache-2.0
// One trace out of many events: the slowest that matches.
import { ask } from "../../api/client";
import type { Filter, QuerySpec } from "../../api/types";
import type { HeatBox } from "../../model/heat";
import { withFilter } from "../../model/spec";
import { traceHref } from "./EventsTable";

/** The question narrowed to a box of a heat map over `column`. */
export function inBox(query: QuerySpec, column: string, box: HeatBox): QuerySpec {
  const filters: Filter[] =
    box.low === box.high
      ? [{ column, op: "=", value: box.low }]
      : [
          { column, op: ">=", value: box.low },
          { column, op: "<", value: box.high },
        ];
  const narrowed = { ...withFilter(query, ...filters), start_time: box.from, end_time: box.to };
  delete narrowed.time_range;
  return narrowed;
}

/** Its path; null where no event that matches has a trace. */
export async function slowestTrace(
  dataset: string,
  query: QuerySpec,
  order: string | null,
): Promise<string | null> {
  const withTrace = withFilter(query, { column: "trace.trace_id", op: "exists" });
  const { events } = await ask(
    "EventList",
    "explore/rows",
    { dataset, query: JSON.stringify(withTrace), order, limit: 1 },
    new AbortController().signal,
  );
  const event = events[0];
  return event === undefined ? null : traceHref(event);
}
