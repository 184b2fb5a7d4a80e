// SPDX-License-Identifier: Apache-2.0
// The list of requests as it is shown: pages put one under the other, the newest page replaced while live, and new
// rows held back while someone looks at a row, so that nothing moves under the pointer.
import type { Request, RequestList } from "../../api/types";

export interface Feed {
  rows: readonly Request[];
  /** Cursor of what comes after the last row; undefined at the end. */
  next: string | undefined;
}

const isOlder = (row: Request, than: Request): boolean =>
  BigInt(row.time_ns) < BigInt(than.time_ns);

/** Takes in a new first page. Older rows stay under it as long as the two overlap, else there would be a silent gap. */
export function withLatest(old: Feed, latest: RequestList): Feed {
  const last = latest.requests.at(-1);
  if (last === undefined || latest.next === undefined)
    return { rows: latest.requests, next: latest.next };
  const ids = new Set(latest.requests.map((row) => row.trace_id));
  const older = old.rows.filter((row) => !ids.has(row.trace_id) && isOlder(row, last));
  const overlap = old.rows.some((row) => ids.has(row.trace_id));
  if (older.length === 0 || !overlap) return { rows: latest.requests, next: latest.next };
  return { rows: [...latest.requests, ...older], next: old.next };
}

export function withPage(old: Feed, page: RequestList): Feed {
  const ids = new Set(old.rows.map((row) => row.trace_id));
  return {
    rows: [...old.rows, ...page.requests.filter((row) => !ids.has(row.trace_id))],
    next: page.next,
  };
}

export interface Held {
  feed: Feed;
  /** Rows that `latest` has and the shown list does not. */
  waiting: number;
}

/** While held, rows stay where they are and take on new values (a join found later, an end); none comes or goes. */
export function whileHeld(shown: Feed, latest: RequestList): Held {
  const byId = new Map(latest.requests.map((row) => [row.trace_id, row]));
  const known = new Set(shown.rows.map((row) => row.trace_id));
  const newest = shown.rows[0];
  const waiting = latest.requests.filter(
    (row) => !known.has(row.trace_id) && (newest === undefined || !isOlder(row, newest)),
  ).length;
  const rows = shown.rows.map((row) => byId.get(row.trace_id) ?? row);
  return { feed: { rows, next: shown.next }, waiting };
}
