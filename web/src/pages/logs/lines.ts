// SPDX-License-Identifier: Apache-2.0
// The live list of log lines: newest page on top, older pages under it, new lines held back while one is looked at.
import { createEffect, createSignal, on, onCleanup, untrack, type Accessor } from "solid-js";
import { ApiError, ask } from "../../api/client";
import { createQuery, type Query } from "../../api/query";
import type { LogLine, LogList } from "../../api/types";
import { useServerState } from "../../app/status";
import type { View } from "../../app/view";
import { bounds, rangeParams } from "../../model/range";

const pageLines = 200;

export interface Lines {
  query: Query<LogList>;
  rows: Accessor<readonly LogLine[]>;
  waiting: Accessor<number>;
  release: () => void;
  more: () => void;
}

/** The newest page over what was shown; without overlap the old lines go, as something may be missing between. */
export function mergeLines(
  old: readonly LogLine[],
  latest: readonly LogLine[],
): { rows: readonly LogLine[]; overlap: boolean } {
  const ids = new Set(latest.map((line) => line.id));
  const overlap = old.some((line) => ids.has(line.id));
  const last = latest.at(-1);
  if (!overlap || last === undefined) return { rows: latest, overlap };
  const older = old.filter(
    (line) => !ids.has(line.id) && BigInt(line.time_ns) <= BigInt(last.time_ns),
  );
  return { rows: [...latest, ...older], overlap };
}

export function createLines(view: View, hold: Accessor<boolean>): Lines {
  const server = useServerState();
  const key = (): string =>
    [
      "logs",
      view.param("text"),
      view.param("severity"),
      view.param("source"),
      JSON.stringify(rangeParams(view.range())),
    ].join("|");
  const params = (): Record<string, string | number> => {
    const { from, to } = bounds(view.range(), server.now());
    return {
      from: String(from),
      ...(view.range().kind === "between" ? { to: String(to) } : {}),
      text: view.param("text"),
      severity: view.param("severity"),
      source: view.param("source"),
      limit: pageLines,
    };
  };
  const query = createQuery<LogList>({
    key,
    ask: (signal) => ask("LogList", "logs", { ...params(), fresh: view.live() ? 0 : 1 }, signal),
    every: () => (view.live() ? 2000 : null),
  });
  const [rows, setRows] = createSignal<readonly LogLine[]>([]);
  const [waiting, setWaiting] = createSignal(0);
  let shown: string | null = null;
  let latest: LogList | undefined;
  let next: string | undefined;

  const release = (): void => {
    setWaiting(0);
    if (latest === undefined) return;
    const merged = mergeLines(untrack(rows), latest.lines);
    if (!merged.overlap) next = latest.next;
    setRows(merged.rows);
  };
  createEffect(
    on(query.data, (data) => {
      const answered = query.answered();
      if (data === undefined || answered === null) return;
      latest = data;
      if (answered !== shown) {
        shown = answered;
        next = data.next;
        setWaiting(0);
        setRows(data.lines);
      } else if (untrack(hold) && untrack(rows).length > 0) {
        const known = new Set(untrack(rows).map((line) => line.id));
        setWaiting(data.lines.filter((line) => !known.has(line.id)).length);
      } else {
        release();
      }
    }),
  );
  createEffect(on(hold, (held) => !held && shown === untrack(key) && release(), { defer: true }));

  let loading: AbortController | null = null;
  const more = (): void => {
    if (next === undefined || loading !== null || shown !== untrack(key)) return;
    const mine = new AbortController();
    const wanted = shown;
    loading = mine;
    ask("LogList", "logs", { ...params(), before: next, fresh: 0 }, mine.signal)
      // eslint-disable-next-line solid/reactivity -- the list as it is when the answer comes
      .then((page) => {
        if (wanted !== shown) return;
        const known = new Set(rows().map((line) => line.id));
        next = page.next;
        setRows([...rows(), ...page.lines.filter((line) => !known.has(line.id))]);
      })
      .catch((error: unknown) => {
        // Asked for again by the next scroll; the live query shows a lost connection.
        if (!(error instanceof ApiError) && !mine.signal.aborted) throw error;
      })
      .finally(() => (loading = null));
  };
  onCleanup(() => loading?.abort());
  return { query, rows, waiting, release, more };
}
