// SPDX-License-Identifier: Apache-2.0
// The way from a value on any screen to Explore: the same time, the filter that travels along, and one step more.
import type { QuerySpec } from "../api/types";
import { filtersOfTerms } from "./carriedFilter";
import { parseFilter } from "./filter";
import { startQuery, tidy, withFilter } from "./spec";

/** `search` is that of the screen one comes from. `events`: its rows rather than its groups. */
export function exploreFrom(
  search: string,
  change: (query: QuerySpec) => QuerySpec,
  events = false,
): string {
  const from = new URLSearchParams(search);
  const query = withFilter(startQuery, ...filtersOfTerms(parseFilter(from.get("filter") ?? "")));
  const params = new URLSearchParams({ q: JSON.stringify(tidy(change(query))) });
  for (const name of ["range", "from", "to"]) {
    const value = from.get(name);
    if (value !== null) params.set(name, value);
  }
  if (events) params.set("view", "events");
  return `/explore?${params.toString()}`;
}
