// SPDX-License-Identifier: Apache-2.0
// What the Trace screen shows of its trace: the lines in sight, the chosen row, the part of time in sight, the matches
// of a search. All but the folds lives in the URL.
import { batch, createEffect, createMemo, createSignal, on, type Accessor } from "solid-js";
import type { ApiError } from "../../api/client";
import type { Trace } from "../../api/types";
import type { View } from "../../app/view";
import type { Window } from "../../charts/Minimap";
import type { Line, Look } from "../../model/waterfall";
import { createLongRows } from "./longRows";
import type { Detail, Hits, LookState, Place, RowSource, Target } from "./rows";
import { createShortRows } from "./shortRows";

export type Shown = "logs" | "xray" | "slow" | "groups";

export interface TraceState {
  view: View;
  trace: Accessor<Trace>;
  lines: Accessor<Line[]>;
  length: Accessor<number>;
  window: Accessor<Window>;
  zoom: (window: Window | null) => void;
  /** The chosen line, where it is in sight. */
  selected: Accessor<Line | undefined>;
  detail: Accessor<Detail | undefined>;
  select: (id: string, step?: boolean) => void;
  text: Accessor<string>;
  hits: Accessor<Hits | null>;
  error: Accessor<ApiError | null>;
  /** Chooses the next of the targets and says where it is. */
  goTo: (target: Target) => Promise<Place | null>;
  want: (index: number) => void;
  fold: (line: Line, folded: boolean) => void;
  shows: (what: Shown) => boolean;
  toggle: (what: Shown) => void;
}

function parseZoom(text: string, length: number): Window {
  const match = /^(\d{1,19})-(\d{1,19})$/.exec(text);
  const [from, to] = [Number(match?.[1] ?? 0), Number(match?.[2] ?? length)];
  return from < to && from < length ? { from, to: Math.min(to, length) } : { from: 0, to: length };
}

function zoomText({ from, to }: Window): string {
  const start = Math.floor(from);
  // Centuries after the start a number tells no two ns apart; what is zoomed to is never nothing.
  const end = Math.max(Math.ceil(to), start + Math.max(1, start * 1e-15));
  return `${start}-${Math.ceil(end)}`;
}

function changedSet(old: ReadonlySet<string>, id: string, holds: boolean): ReadonlySet<string> {
  const next = new Set(old);
  if (holds) next.add(id);
  else next.delete(id);
  return next;
}

const none: ReadonlySet<string> = new Set();

export function createTraceState(view: View, trace: Accessor<Trace>): TraceState {
  const [folded, setFolded] = createSignal(none);
  const [opened, setOpened] = createSignal(none);
  createEffect(
    on(
      () => trace().trace_id,
      () => {
        setFolded(none);
        setOpened(none);
      },
      { defer: true },
    ),
  );
  const shows = (what: Shown): boolean =>
    what === "slow" ? view.param("slow") === "1" : view.param(what) !== "0";
  const look = createMemo((): Look => ({
    logs: shows("logs"),
    xray: shows("xray"),
    slow: shows("slow"),
    groups: shows("groups"),
    folded: folded(),
    opened: opened(),
  }));
  const text = createMemo(() => view.param("find"));
  const chosen = createMemo(() => view.param("row"));
  const lookState: LookState = {
    look,
    setFolds: (nextFolded, nextOpened) =>
      batch(() => {
        setFolded(new Set(nextFolded));
        setOpened(new Set(nextOpened));
      }),
    chosen,
    text,
  };
  const isLong = createMemo(() => trace().page !== undefined);
  const source = createMemo((): RowSource =>
    isLong() ? createLongRows(trace, view, lookState) : createShortRows(trace, lookState),
  );
  const lines = (): Line[] => source().lines();
  const length = createMemo(() =>
    isLong()
      ? Math.max(1, Number(trace().duration_ns))
      : Math.max(1, Number(trace().duration_ns), ...lines().map((line) => line.end)),
  );
  const window = createMemo(() => parseZoom(view.param("zoom"), length()));
  const selected = createMemo(() => {
    const id = chosen();
    return id === "" ? lines()[0] : lines().find((line) => line.id === id);
  });
  const select = (id: string, step = false): void => view.set({ row: id }, !step);
  return {
    view,
    trace,
    lines,
    length,
    window,
    zoom: (next) => view.set({ zoom: next === null ? null : zoomText(next) }),
    selected,
    detail: () => source().detail(),
    select,
    text,
    hits: () => source().hits(),
    error: () => source().error(),
    goTo: async (target) => {
      const place = await source().find(target, selected()?.id ?? chosen());
      if (place !== null) select(place.id);
      return place;
    },
    want: (index) => source().want(index),
    fold: (line, fold) => {
      if (line.group === null) setFolded((old) => changedSet(old, line.row.id, fold));
      else setOpened((old) => changedSet(old, line.group?.id ?? "", !fold));
    },
    shows,
    toggle: (what) => {
      const on = what === "slow" ? "1" : null;
      const off = what === "slow" ? null : "0";
      view.set({ [what]: shows(what) ? off : on }, true);
    },
  };
}
