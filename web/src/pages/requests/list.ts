// SPDX-License-Identifier: Apache-2.0
// The live list behind the Requests screen, and what is left of it for others: a trace walks it by `[` and `]`, and
// coming back finds the same rows at the same place.
import { createEffect, createSignal, on, onCleanup, untrack, type Accessor } from "solid-js";
import { ApiError, ask } from "../../api/client";
import { createQuery, type Query } from "../../api/query";
import type { Request, RequestList } from "../../api/types";
import { useServerState } from "../../app/status";
import type { View } from "../../app/view";
import { rangeParams } from "../../model/range";
import { whileHeld, withLatest, withPage, type Feed } from "./feed";

const pageRows = 100;

interface Kept {
  key: string;
  feed: Feed;
  scroll: number;
}
let kept: Kept | null = null;

/** The ids of the list shown last, newest first. */
export function lastList(): readonly string[] {
  return kept?.feed.rows.map((row) => row.trace_id) ?? [];
}

export interface RequestsList {
  query: Query<RequestList>;
  rows: Accessor<readonly Request[]>;
  /** New rows that wait, because `hold` says so. */
  waiting: Accessor<number>;
  release: () => void;
  /** Whether the rows belong to an earlier question. */
  stale: Accessor<boolean>;
  more: () => void;
  complete: Accessor<boolean>;
  keyOfList: Accessor<string>;
  keptScroll: () => number;
}

export function createRequestsList(
  view: View,
  hold: Accessor<boolean>,
  scrollTop: () => number,
): RequestsList {
  const server = useServerState();
  const keyOfList = (): string =>
    `requests|${view.filter()}|${JSON.stringify(rangeParams(view.range()))}|${view.param("joins")}`;
  const params = (): Record<string, string | number | null> => {
    const range = view.range();
    const from =
      range.kind === "between"
        ? range.from
        : server.now() - BigInt(range.minutes) * 60_000_000_000n;
    return {
      from: String(from),
      to: range.kind === "between" ? String(range.to) : null,
      filter: view.filter(),
      joins: view.param("joins"),
      limit: pageRows,
    };
  };
  const query = createQuery<RequestList>({
    key: keyOfList,
    ask: (signal) =>
      ask("RequestList", "requests", { ...params(), fresh: view.live() ? 0 : 1 }, signal),
    every: () => (view.live() ? 2000 : null),
  });

  const first = untrack(keyOfList);
  const [feed, setFeed] = createSignal<Feed>(
    kept?.key === first ? kept.feed : { rows: [], next: undefined },
  );
  const [waiting, setWaiting] = createSignal(0);
  let shownKey = kept?.key === first ? first : null;
  const keptScroll = kept?.key === first ? kept.scroll : 0;
  let latest: RequestList | undefined;

  const show = (next: Feed): void => {
    setFeed(next);
    if (shownKey !== null) kept = { key: shownKey, feed: next, scroll: untrack(scrollTop) };
  };
  const release = (): void => {
    setWaiting(0);
    if (latest !== undefined) show(withLatest(untrack(feed), latest));
  };
  createEffect(
    on(query.data, (data) => {
      const key = query.answered();
      if (data === undefined || key === null) return;
      latest = data;
      if (key !== shownKey) {
        shownKey = key;
        setWaiting(0);
        show({ rows: data.requests, next: data.next });
      } else if (untrack(hold) && untrack(feed).rows.length > 0) {
        const held = whileHeld(untrack(feed), data);
        setWaiting(held.waiting);
        show(held.feed);
      } else {
        release();
      }
    }),
  );
  createEffect(
    on(hold, (held) => !held && shownKey === untrack(keyOfList) && release(), { defer: true }),
  );

  let loading: AbortController | null = null;
  const more = (): void => {
    const cursor = feed().next;
    const key = shownKey;
    if (cursor === undefined || loading !== null || key !== untrack(keyOfList)) return;
    const mine = new AbortController();
    loading = mine;
    ask("RequestList", "requests", { ...params(), before: cursor, fresh: 0 }, mine.signal)
      // eslint-disable-next-line solid/reactivity -- the list as it is when the answer comes
      .then((page) => key === shownKey && show(withPage(feed(), page)))
      .catch((error: unknown) => {
        // The end of the list is asked for again by the next scroll; the live query shows a lost connection.
        if (!(error instanceof ApiError) && !mine.signal.aborted) throw error;
      })
      .finally(() => (loading = null));
  };
  onCleanup(() => {
    loading?.abort();
    if (kept !== null) kept.scroll = scrollTop();
  });
  return {
    query,
    rows: () => feed().rows,
    waiting,
    release,
    stale: () => query.waiting(),
    more,
    complete: () => feed().next === undefined,
    keyOfList,
    keptScroll: () => keptScroll,
  };
}
