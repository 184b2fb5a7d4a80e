// SPDX-License-Identifier: Apache-2.0
// What the Trace screen shows of its trace: the lines in sight, the chosen row, the part of time in sight, the matches
// of a search. All but the folds lives in the URL.
import { createEffect, createMemo, createSignal, on, type Accessor } from "solid-js";
import type { Row, Trace } from "../../api/types";
import type { View } from "../../app/view";
import type { Window } from "../../charts/Minimap";
import { linesOf, matches, type Line } from "../../model/waterfall";

export interface TraceState {
  view: View;
  trace: Accessor<Trace>;
  lines: Accessor<Line[]>;
  length: Accessor<number>;
  window: Accessor<Window>;
  zoom: (window: Window | null) => void;
  selected: Accessor<Row | undefined>;
  select: (id: string, step?: boolean) => void;
  find: Accessor<string>;
  found: Accessor<Line[]>;
  fold: (id: string, folded: boolean) => void;
  isFolded: (id: string) => boolean;
  shows: (what: "logs" | "xray" | "slow") => boolean;
  toggle: (what: "logs" | "xray" | "slow") => void;
}

function parseZoom(text: string, length: number): Window {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text);
  const [from, to] = [Number(match?.[1] ?? 0), Number(match?.[2] ?? length)];
  return from < to && from < length ? { from, to: Math.min(to, length) } : { from: 0, to: length };
}

export function createTraceState(view: View, trace: Accessor<Trace>): TraceState {
  const [folded, setFolded] = createSignal<ReadonlySet<string>>(new Set());
  createEffect(
    on(
      () => trace().trace_id,
      () => setFolded(new Set<string>()),
      { defer: true },
    ),
  );
  const shows = (what: "logs" | "xray" | "slow"): boolean =>
    what === "slow" ? view.param("slow") === "1" : view.param(what) !== "0";
  const lines = createMemo(() =>
    linesOf(trace(), {
      logs: shows("logs"),
      xray: shows("xray"),
      slow: shows("slow"),
      folded: folded(),
    }),
  );
  const length = createMemo(() =>
    Math.max(1, Number(trace().duration_ns), ...lines().map((line) => line.end)),
  );
  const window = createMemo(() => parseZoom(view.param("zoom"), length()));
  const selected = createMemo(() => {
    const id = view.param("row");
    return trace().rows.find((row) => row.id === id) ?? trace().rows[0];
  });
  const find = (): string => view.param("find");
  const found = createMemo(() => lines().filter((line) => matches(line.row, find())));
  return {
    view,
    trace,
    lines,
    length,
    window,
    zoom: (next) =>
      view.set({ zoom: next === null ? null : `${Math.floor(next.from)}-${Math.ceil(next.to)}` }),
    selected,
    select: (id, step = false) => view.set({ row: id }, !step),
    find,
    found,
    fold: (id, fold) =>
      setFolded((old) => {
        const next = new Set(old);
        if (fold) next.add(id);
        else next.delete(id);
        return next;
      }),
    isFolded: (id) => folded().has(id),
    shows,
    toggle: (what) => {
      const on = what === "slow" ? "1" : null;
      const off = what === "slow" ? null : "0";
      view.set({ [what]: shows(what) ? off : on }, true);
    },
  };
}
