// SPDX-License-Identifier: Apache-2.0
// Where the services of a map stand: callers left of whom they call, a column for each step from the first caller,
// neighbours near each other. A ring of calls is broken at one of its calls, which then goes back to the left.
export interface Call {
  from: string;
  to: string;
}

export interface Spot {
  name: string;
  column: number;
  /** From 0, within its column. */
  row: number;
}

/** Calls that lead back to somebody who is still being followed. */
function backCalls(names: readonly string[], next: ReadonlyMap<string, string[]>): Set<string> {
  const back = new Set<string>();
  const state = new Map<string, "open" | "done">();
  for (const first of names) {
    if (state.has(first)) continue;
    const path: { name: string; at: number }[] = [{ name: first, at: 0 }];
    state.set(first, "open");
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const to = next.get(top.name)?.[top.at++];
      if (to === undefined) {
        state.set(top.name, "done");
        path.pop();
      } else if (state.get(to) === "open") back.add(`${top.name}\0${to}`);
      else if (!state.has(to)) {
        state.set(to, "open");
        path.push({ name: to, at: 0 });
      }
    }
  }
  return back;
}

function columnsOf(names: readonly string[], calls: readonly Call[]): Map<string, number> {
  const columns = new Map(names.map((name) => [name, 0]));
  const waits = new Map(names.map((name) => [name, 0]));
  for (const { to } of calls) waits.set(to, (waits.get(to) ?? 0) + 1);
  const ready = names.filter((name) => waits.get(name) === 0);
  for (const name of ready) {
    for (const { to } of calls.filter(({ from }) => from === name)) {
      columns.set(to, Math.max(columns.get(to) ?? 0, (columns.get(name) ?? 0) + 1));
      const left = (waits.get(to) ?? 0) - 1;
      waits.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  return columns;
}

export function layOut(names: readonly string[], calls: readonly Call[]): Spot[] {
  const next = new Map<string, string[]>();
  const called = new Set<string>();
  for (const { from, to } of calls) {
    if (from === to) continue;
    next.set(from, [...(next.get(from) ?? []), to]);
    called.add(to);
  }
  // Whom nobody calls comes first, so that rings are entered from outside.
  const order = [
    ...names.filter((name) => !called.has(name)),
    ...names.filter((name) => called.has(name)),
  ];
  const back = backCalls(order, next);
  const ahead = calls.filter(({ from, to }) => from !== to && !back.has(`${from}\0${to}`));
  const columns = columnsOf(order, ahead);
  const lists: string[][] = [];
  for (const name of order) (lists[columns.get(name) ?? 0] ??= []).push(name);
  const rows = new Map<string, number>();
  for (const list of lists) for (const [row, name] of list.entries()) rows.set(name, row);
  // Each stands as near as may be to the middle of its neighbours.
  for (let round = 0; round < 4; round++) {
    for (const list of lists.slice(1)) {
      const middle = (name: string): number => {
        const near = ahead
          .filter(({ from, to }) => from === name || to === name)
          .map(({ from, to }) => rows.get(from === name ? to : from) ?? 0);
        if (near.length === 0) return rows.get(name) ?? 0;
        return near.reduce((sum, row) => sum + row, 0) / near.length;
      };
      const sorted = list
        .map((name) => ({ name, middle: middle(name) }))
        .toSorted((a, b) => a.middle - b.middle || a.name.localeCompare(b.name));
      for (const [row, { name }] of sorted.entries()) rows.set(name, row);
    }
  }
  return order.map((name) => ({
    name,
    column: columns.get(name) ?? 0,
    row: rows.get(name) ?? 0,
  }));
}

/** One after the other, each after its first caller and one step in: a map for where there is room for one column. */
export function inRows(
  names: readonly string[],
  calls: readonly Call[],
): { name: string; depth: number }[] {
  const spots = layOut(names, calls).toSorted((a, b) => a.column - b.column || a.row - b.row);
  const rows: { name: string; depth: number }[] = [];
  const seen = new Set<string>();
  for (const { name: first } of spots) {
    const open = [{ name: first, depth: 0 }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { name, depth } = next;
      if (seen.has(name)) continue;
      seen.add(name);
      rows.push(next);
      const called = spots.filter((spot) =>
        calls.some(({ from, to }) => from === name && to === spot.name),
      );
      open.push(...called.toReversed().map((spot) => ({ name: spot.name, depth: depth + 1 })));
    }
  }
  return rows;
}
