// SPDX-License-Identifier: Apache-2.0
// The lines of a long trace: as many as there are, filled page by page with what comes into sight.
import {
  batch,
  createEffect,
  createMemo,
  createSignal,
  on,
  onCleanup,
  untrack,
  type Accessor,
} from "solid-js";
import { ApiError, ask, type Params } from "../../api/client";
import { createQuery } from "../../api/query";
import type { Trace, TraceHit, TraceRowDetail } from "../../api/types";
import type { View } from "../../app/view";
import { pagesAwaited, pageSize, withPage } from "../../model/longTrace";
import type { Line } from "../../model/waterfall";
import {
  rowIdOf,
  type Detail,
  type Hits,
  type LookState,
  type Place,
  type RowSource,
  type Target,
} from "./rows";

/** Pages that are asked for at one time; of more, the latest that came into sight. */
const atOnce = 4;

export function createLongRows(trace: Accessor<Trace>, view: View, state: LookState): RowSource {
  const [lines, setLines] = createSignal<Line[]>([]);
  const [nth, setNth] = createSignal<number | null>(null);
  const [error, setError] = createSignal<ApiError | null>(null);
  const wanted = new Set<number>();
  const running = new Map<string, Promise<void>>();
  let anchor = 0; // a line that is in sight
  let timer: ReturnType<typeof setTimeout> | undefined;
  const gone = new AbortController();

  const version = (): string => trace().page?.version ?? "0";
  const look = createMemo((): Params => {
    const { logs, xray, slow, groups, folded, opened } = state.look();
    return {
      joins: view.param("joins"),
      skew: view.param("skew"),
      logs: logs ? null : 0,
      xray: xray ? null : 0,
      slow: slow ? 1 : null,
      groups: groups ? null : 0,
      fold: [...folded].join(","),
      open: [...opened].join(","),
    };
  });
  const key = createMemo(() => `${trace().trace_id}|${version()}|${JSON.stringify(look())}`);
  const path = (part: string): string => `traces/${trace().trace_id}/${part}`;

  function load(offset: number): Promise<void> {
    const mine = untrack(key);
    const name = `${mine}|${offset}`;
    const before = running.get(name);
    if (before !== undefined) return before;
    const params = { ...untrack(look), version: version(), offset, limit: pageSize };
    const asked = ask(
      "TracePage",
      untrack(() => path("rows")),
      params,
      gone.signal,
    ).then(
      (page) => {
        setError(null);
        if (untrack(key) === mine) setLines((old) => withPage(old, trace(), page));
      },
      // What is awaited is asked for when it comes into sight again.
      (reason: unknown) => {
        if (!gone.signal.aborted) setError(reason instanceof ApiError ? reason : null);
      },
    );
    running.set(name, asked);
    void asked.finally(() => running.delete(name));
    return asked;
  }

  const flush = (): void => {
    timer = undefined;
    for (const page of pagesAwaited(untrack(lines), wanted).slice(-atOnce)) void load(page);
    wanted.clear();
  };
  createEffect(
    on(key, (_, before) => {
      const { page } = trace();
      if (before === undefined && page !== undefined) setLines(withPage([], trace(), page));
      else void load(anchor - (anchor % pageSize));
    }),
  );
  onCleanup(() => {
    gone.abort();
    clearTimeout(timer);
  });

  const params = (target: Target, after: string): Params => ({
    ...look(),
    version: version(),
    text: "text" in target ? target.text : null,
    error: "error" in target ? 1 : null,
    row: "row" in target ? target.row : null,
    after: "row" in target ? null : rowIdOf(after),
  });
  const counted = createQuery<TraceHit>({
    key: () =>
      state.text().trim() === "" ? null : `${trace().trace_id}|${version()}|${state.text()}`,
    ask: (signal) => ask("TraceHit", path("find"), params({ text: state.text() }, ""), signal),
  });
  createEffect(on(state.text, () => setNth(null), { defer: true }));
  const chosen = createMemo(() => {
    const id = rowIdOf(state.chosen());
    return id === "" ? (lines()[0]?.row.id ?? "") : id;
  });
  const detail = createQuery<TraceRowDetail>({
    key: () => (chosen() === "" ? null : `row|${trace().trace_id}|${version()}|${chosen()}`),
    ask: (signal) =>
      ask(
        "TraceRowDetail",
        path("row"),
        { row: chosen(), version: version(), joins: view.param("joins"), skew: view.param("skew") },
        signal,
      ),
  });

  async function find(target: Target, after: string): Promise<Place | null> {
    const hit = await ask("TraceHit", path("find"), params(target, after), gone.signal).catch(
      () => null,
    );
    if (hit?.row === undefined || hit.index === undefined) return null;
    anchor = hit.index;
    batch(() => {
      state.setFolds(hit.fold, hit.open);
      setNth("text" in target ? (hit.nth ?? null) : null);
    });
    await load(anchor - (anchor % pageSize));
    return { id: hit.row, index: hit.index };
  }
  const hits = createMemo((): Hits | null => {
    const count = counted.data()?.count;
    return state.text().trim() === "" || count === undefined ? null : { nth: nth(), count };
  });
  return {
    lines,
    want: (index) => {
      anchor = index;
      wanted.add(index);
      timer ??= setTimeout(flush, 30);
    },
    find,
    hits,
    error,
    detail: (): Detail | undefined => detail.data(),
  };
}
