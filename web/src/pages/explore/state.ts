// SPDX-License-Identifier: Apache-2.0
// What Explore shows: the query in the URL, the draft that is being edited, the answer and what is chosen in it. A step
// (run, filter, choose, hold) is an entry of the browser's history; a draft is not.
import { createEffect, createMemo, createSignal, on, type Accessor } from "solid-js";
import { mismatch } from "../../api/check";
import { createQuery, type Query } from "../../api/query";
import { runQuery, type Answer } from "../../api/run";
import type { QuerySpec, Run } from "../../api/types";
import type { View } from "../../app/view";
import { groupsOf, type Group } from "../../model/answer";
import { filtersOfTerms } from "../../model/carriedFilter";
import { parseFilter } from "../../model/filter";
import type { HeatBox } from "../../model/heat";
import type { Range } from "../../model/range";
import {
  allDatasets,
  compact,
  sameQuery,
  startQuery,
  tidy,
  withFilter,
  withoutTimes,
} from "../../model/spec";
import { alsoFor } from "./also";

/** A box in the heat map of one calculation, or the held series whole. */
export interface Selection {
  /** Empty: the held series. */
  key: string;
  box: HeatBox;
}

export interface Explore {
  dataset: Accessor<string>;
  query: Accessor<QuerySpec>;
  /** What the strip shows: the query, or what it is being changed to. */
  draft: Accessor<QuerySpec>;
  edit: (change: (draft: QuerySpec) => QuerySpec) => void;
  dirty: Accessor<boolean>;
  /** Asks the draft, anew if it is what was asked already. */
  run: () => void;
  /** One step from the query in the URL, asked at once. */
  step: (change: (query: QuerySpec) => QuerySpec) => void;
  setDataset: (dataset: string) => void;
  answer: Query<Answer>;
  progress: Accessor<Run | null>;
  groups: Accessor<Group[]>;
  selection: Accessor<Selection | null>;
  select: (selection: Selection | null) => void;
  held: Accessor<string | null>;
  hold: (key: string | null) => void;
  /** The group that the held one is compared with, where it is not the rest. */
  against: Accessor<string | null>;
  /** Two groups, over the whole time of the answer. */
  compare: (key: string, against: string) => void;
}

export function timesOfRange(
  range: Range,
): Pick<QuerySpec, "time_range" | "start_time" | "end_time"> {
  if (range.kind === "last") return { time_range: range.minutes * 60 };
  const [from, to] = [range.from / 1_000_000_000n, (range.to + 999_999_999n) / 1_000_000_000n];
  return { start_time: Number(from), end_time: Number(to) };
}

/** The query of a URL; one that cannot be read is the start's. */
export function queryOf(text: string, filterLine: string): QuerySpec {
  if (text !== "") {
    try {
      const parsed: unknown = JSON.parse(text);
      if (mismatch("Query", parsed) === null) return withoutTimes(parsed as QuerySpec);
    } catch {
      // as if there were none
    }
  }
  return withFilter(startQuery, ...filtersOfTerms(parseFilter(filterLine)));
}

export function selectionOf(text: string): Selection | null {
  const [from, to, low, high, ...key] = text.split("~");
  const box = { from: Number(from), to: Number(to), low: Number(low), high: Number(high) };
  const whole = key.length > 0 && Object.values(box).every(Number.isFinite) && box.from < box.to;
  return whole ? { key: key.join("~"), box } : null;
}

export function selectionText({ key, box }: Selection): string {
  return [box.from, box.to, box.low, box.high, key].join("~");
}

export function createExplore(view: View): Explore {
  const query = createMemo(() => queryOf(view.param("q"), view.filter()), undefined, {
    equals: sameQuery,
  });
  const dataset = (): string => view.param("dataset") || allDatasets;
  const [draft, setDraft] = createSignal<QuerySpec>(query());
  const [progress, setProgress] = createSignal<Run | null>(null);
  createEffect(on(query, (next) => setDraft(next)));

  const key = createMemo(() =>
    JSON.stringify([dataset(), compact(query()), timesOfRange(view.range())]),
  );
  const answer = createQuery<Answer>({
    key,
    ask: (signal) =>
      runQuery(
        {
          dataset: dataset(),
          query: { ...compact(query()), ...timesOfRange(view.range()) },
          also: alsoFor(query()),
        },
        signal,
        setProgress,
      ).finally(() => setProgress(null)),
  });

  // Everything that belongs to an answer goes when another is asked.
  const forgotten = { sel: null, hold: null, vs: null, sort: null };
  const commit = (next: QuerySpec): void => {
    const own = tidy(next);
    if (sameQuery(own, query())) {
      setDraft(query());
      answer.refresh();
    } else view.set({ q: JSON.stringify(own), filter: null, ...forgotten });
  };
  const groups = createMemo(() => {
    const data = answer.data();
    return data === undefined ? [] : groupsOf(data.result);
  });
  const selection = createMemo(() => selectionOf(view.param("sel")));
  return {
    dataset,
    query,
    draft,
    edit: (change) => {
      const next = change(draft());
      setDraft(next);
    },
    dirty: () => !sameQuery(draft(), query()),
    run: () => commit(draft()),
    step: (change) => {
      const next = change(query());
      commit(next);
    },
    setDataset: (next) => view.set({ dataset: next === allDatasets ? null : next, ...forgotten }),
    answer,
    progress,
    groups,
    selection,
    select: (selection) =>
      view.set({ sel: selection === null ? null : selectionText(selection), vs: null }),
    held: () => view.param("hold") || null,
    hold: (next) =>
      view.set({ hold: next, ...(selection()?.key === "" ? { sel: null, vs: null } : {}) }),
    against: () => (selection()?.key === "" && view.param("vs")) || null,
    compare: (key, against) => {
      const result = answer.data()?.result;
      if (result === undefined || key === against) return;
      const box = { from: result.start_time, to: result.end_time, low: 0, high: 0 };
      view.set({ hold: key, vs: against, sel: selectionText({ key: "", box }) });
    },
  };
}
