// SPDX-License-Identifier: Apache-2.0
// The view's state lives in the URL: filter, time and live travel between screens, the rest belongs to one screen.
import { useLocation, useNavigate } from "@solidjs/router";
import { createMemo, type Accessor } from "solid-js";
import { parseRange, rangeParams, type Range } from "../model/range";

export type Changes = Record<string, string | number | null>;

export interface View {
  param: (name: string) => string;
  /** Changes parameters; null takes one out. A step that Back undoes, unless `replace`. */
  set: (changes: Changes, replace?: boolean) => void;
  range: Accessor<Range>;
  setRange: (range: Range) => void;
  filter: Accessor<string>;
  setFilter: (filter: string) => void;
  live: Accessor<boolean>;
}

/** `search` with changes; an empty result is an empty string. */
export function changed(search: string, changes: Changes): string {
  const params = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") params.delete(name);
    else params.set(name, String(value));
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

/** Of a URL's parameters those that travel between screens. */
export function travelling(search: string): string {
  const params = new URLSearchParams(search);
  const kept = new URLSearchParams();
  for (const name of ["filter", "range", "from", "to", "live", "joins"]) {
    const value = params.get(name);
    if (value !== null) kept.set(name, value);
  }
  const text = kept.toString();
  return text === "" ? "" : `?${text}`;
}

export function useView(): View {
  const location = useLocation();
  const navigate = useNavigate();
  const params = createMemo(() => new URLSearchParams(location.search));
  const param = (name: string): string => params().get(name) ?? "";
  const set = (changes: Changes, replace = false): void => {
    const search = changed(location.search, changes);
    if (search === location.search) return;
    navigate(location.pathname + search, { replace, scroll: false, resolve: false });
  };
  const range = createMemo(
    () => parseRange({ range: param("range"), from: param("from"), to: param("to") }),
    undefined,
    { equals: (a, b) => JSON.stringify(rangeParams(a)) === JSON.stringify(rangeParams(b)) },
  );
  return {
    param,
    set,
    range,
    setRange: (next) => set(rangeParams(next)),
    filter: () => param("filter"),
    setFilter: (filter) => set({ filter, sel: null }),
    live: () => param("live") !== "0" && range().kind === "last",
  };
}
