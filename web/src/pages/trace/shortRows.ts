// SPDX-License-Identifier: Apache-2.0
// The lines of a trace that is here whole.
import { createMemo, type Accessor } from "solid-js";
import type { Row, Trace } from "../../api/types";
import { hiding, isWanted, linesOf, matches, under } from "../../model/waterfall";
import {
  rowIdOf,
  type Detail,
  type Hits,
  type LookState,
  type Place,
  type RowSource,
  type Target,
} from "./rows";

/** The chosen one first, then those with frames of their own, then what spans say of the same. */
function errorsOf(rows: readonly Row[], chosen: string): Row[] {
  const rank = (one: Row): number =>
    one.id === chosen ? 0 : one.kind === "error" ? 1 : one.kind === "span" ? 2 : 3;
  return rows
    .filter(
      ({ kind, attributes }) => kind === "error" || attributes["exception.type"] !== undefined,
    )
    .sort((a, b) => rank(a) - rank(b));
}

export function createShortRows(trace: Accessor<Trace>, state: LookState): RowSource {
  const lines = createMemo(() => linesOf(trace(), state.look()));
  const found = createMemo(() =>
    trace().rows.filter((row) => matches(row, state.text()) && isWanted(row, state.look())),
  );
  const detail = createMemo((): Detail | undefined => {
    const id = rowIdOf(state.chosen());
    const row = trace().rows.find((one) => one.id === id) ?? trace().rows[0];
    if (row === undefined) return undefined;
    const inside = under(trace(), row.kind === "span" ? row.id : (row.parent ?? row.id));
    return {
      row,
      logs: inside.filter(({ kind }) => kind === "log"),
      errors: errorsOf(inside, row.id),
    };
  });
  const targets = (target: Target): Row[] => {
    if ("text" in target) return found();
    const { rows } = trace();
    if ("row" in target) return rows.filter(({ id }) => id === target.row);
    const errors = rows.filter((row) => row.kind === "error");
    return errors.length > 0 ? errors : rows.filter((row) => row.error);
  };
  const find = (target: Target, after: string): Promise<Place | null> => {
    const order = new Map(trace().rows.map((row, index) => [row.id, index]));
    const from = order.get(rowIdOf(after)) ?? -1;
    const all = targets(target);
    const next = all.find(({ id }) => (order.get(id) ?? 0) > from) ?? all[0];
    if (next === undefined) return Promise.resolve(null);
    const hidden = hiding(trace(), next.id);
    const { folded, opened } = state.look();
    state.setFolds(
      [...folded].filter((id) => !hidden.folded.includes(id)),
      [...opened, ...hidden.groups],
    );
    const index = lines().findIndex((line) => line.id === next.id);
    return Promise.resolve(index < 0 ? null : { id: next.id, index });
  };
  const hits = createMemo((): Hits | null => {
    if (state.text() === "") return null;
    const at = found().findIndex(({ id }) => id === state.chosen());
    return { nth: at < 0 ? null : at + 1, count: found().length };
  });
  return {
    lines,
    want: () => undefined,
    find,
    hits,
    error: () => null,
    detail,
  };
}
