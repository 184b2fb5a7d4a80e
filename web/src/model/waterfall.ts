// SPDX-License-Identifier: Apache-2.0
// What the waterfall draws of a trace's rows: which are in sight after folding and leaving out, how deep each hangs, and
// where a span worked itself instead of waiting for its children. Times are ns from the trace's start, small enough for
// a number. A long trace is folded by the server and comes as such lines already (longTrace.ts).
import type { Row, SiblingGroup, Trace } from "../api/types";

export interface Line {
  /** Of its row, or of the group that it stands for. */
  id: string;
  /** Of a group: its first row. */
  row: Row;
  group: SiblingGroup | null;
  /** Under how many rows in sight it hangs. */
  depth: number;
  start: number;
  end: number;
  /** Has rows under it, in sight or folded away. */
  parent: boolean;
  /** What is under it is in sight. */
  open: boolean;
  /** Parts of the span, 0 to 1, in which none of its children ran. */
  own: [from: number, to: number][];
  /** Its parts of the critical path, ns from the trace's start. */
  critical: [from: number, to: number][];
}

export interface Look {
  logs: boolean;
  xray: boolean;
  slow: boolean;
  groups: boolean;
  folded: ReadonlySet<string>;
  /** Groups that are open, by their ids. */
  opened: ReadonlySet<string>;
}

export function offsetOf(trace: Trace, ns: string): number {
  return Number(BigInt(ns) - BigInt(trace.start_ns));
}

/** A group's line has an id of its own: its first row is a line too, once the group is open. */
export function groupLineId(id: string): string {
  return `group-${id}`;
}

interface Node {
  row: Row;
  start: number;
  end: number;
  parent: Node | null;
  children: Node[];
}

function nodesOf(trace: Trace): Node[] {
  const byId = new Map<string, Node>();
  const nodes = trace.rows.map((row): Node => {
    const start = offsetOf(trace, row.start_ns);
    return { row, start, end: start + Number(row.duration_ns), parent: null, children: [] };
  });
  for (const node of nodes) byId.set(node.row.id, node);
  for (const node of nodes) {
    const parent = node.row.parent === undefined ? undefined : byId.get(node.row.parent);
    if (parent === undefined || parent === node) continue;
    node.parent = parent;
    parent.children.push(node);
  }
  return nodes;
}

const isSpan = (node: Node): boolean => node.row.kind === "span" || node.row.kind === "missing";

/** Pairs of numbers, as the API has them. */
export function pairsOf(pairs: readonly (readonly number[])[] | undefined): [number, number][] {
  return (pairs ?? []).map(([from = 0, to = 0]) => [from, to]);
}

/** The gaps that children leave in a span, as shares of its length. */
export function ownTime(
  start: number,
  end: number,
  children: readonly (readonly [number, number])[],
): [number, number][] {
  const length = end - start;
  if (length <= 0) return [[0, 1]];
  const gaps: [number, number][] = [];
  let cursor = start;
  for (const [from, to] of children.toSorted((a, b) => a[0] - b[0])) {
    if (from > cursor) gaps.push([cursor, Math.min(from, end)]);
    cursor = Math.max(cursor, to);
  }
  if (cursor < end) gaps.push([cursor, end]);
  return gaps.map(([from, to]) => [(from - start) / length, (to - start) / length]);
}

export function isWanted(row: Row, look: Look): boolean {
  if (row.kind === "log") return look.logs && !look.slow;
  if (row.door === "xray" && !look.xray) return false;
  return !look.slow || row.kind === "error" || (row.critical?.length ?? 0) > 0;
}

function rowLine(node: Node, depth: number, open: boolean): Line {
  const waits = node.children
    .filter((child) => isSpan(child) && child.row.door === node.row.door)
    .map((child) => [child.start, child.end] as const);
  return {
    id: node.row.id,
    row: node.row,
    group: null,
    depth,
    start: node.start,
    end: node.end,
    parent: node.children.length > 0,
    open: open && node.children.length > 0,
    own: isSpan(node) ? ownTime(node.start, node.end, waits) : [],
    critical: pairsOf(node.row.critical),
  };
}

export function groupLine(
  group: SiblingGroup,
  row: Row,
  depth: number,
  open: boolean,
  start: number,
): Line {
  return {
    id: groupLineId(group.id),
    row,
    group,
    depth,
    start,
    end: start + Number(group.duration_ns),
    parent: true,
    open,
    own: [],
    critical: [],
  };
}

interface Place {
  node: Node;
  depth: number;
  group: SiblingGroup | null;
}

export function linesOf(trace: Trace, look: Look): Line[] {
  const nodes = nodesOf(trace);
  const groups = new Map((trace.groups ?? []).map((group) => [group.id, group]));
  const members = new Map<string, Node[]>();
  for (const node of nodes) {
    const { group } = node.row;
    if (group === undefined) continue;
    const others = members.get(group);
    if (others === undefined) members.set(group, [node]);
    else others.push(node);
  }
  const placed = new Set<string>();
  const lines: Line[] = [];
  const open: Place[] = [];
  const push = (batch: readonly Place[]): void => void open.push(...batch.toReversed());
  const place = (siblings: readonly Node[], depth: number): void => {
    const batch: Place[] = [];
    for (const node of siblings) {
      const group = look.groups && !look.slow ? groups.get(node.row.group ?? "") : undefined;
      if (group === undefined) batch.push({ node, depth, group: null });
      else if (!placed.has(group.id)) {
        placed.add(group.id);
        if (isWanted(node.row, look)) batch.push({ node, depth, group });
      }
    }
    push(batch);
  };
  place(
    nodes.filter((node) => node.parent === null),
    0,
  );
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth, group } = next;
    if (group !== null) {
      const isOpen = look.opened.has(group.id);
      lines.push(groupLine(group, node.row, depth, isOpen, offsetOf(trace, group.start_ns)));
      const inside = isOpen ? (members.get(group.id) ?? []) : [];
      push(inside.map((one) => ({ node: one, depth: depth + 1, group: null })));
      continue;
    }
    const folded = look.folded.has(node.row.id);
    // A row that is left out lends its children its own place; one that is folded hides them.
    const wanted = isWanted(node.row, look);
    if (wanted) lines.push(rowLine(node, depth, !folded));
    if (!folded) place(node.children, wanted ? depth + 1 : depth);
  }
  return lines;
}

/** What has to be unfolded and opened so that a row is in sight. */
export function hiding(trace: Trace, id: string): { folded: string[]; groups: string[] } {
  const byId = new Map(trace.rows.map((row) => [row.id, row]));
  const folded: string[] = [];
  const groups: string[] = [];
  const seen = new Set<string>();
  for (let row = byId.get(id); row !== undefined && !seen.has(row.id);) {
    seen.add(row.id);
    if (row.id !== id) folded.push(row.id);
    if (row.group !== undefined) groups.push(row.group);
    row = row.parent === undefined ? undefined : byId.get(row.parent);
  }
  return { folded, groups };
}

/** A row's id and those of everything under it. */
export function under(trace: Trace, id: string): Row[] {
  const inside = new Set([id]);
  return trace.rows.filter((row) => {
    if (row.id === id || (row.parent !== undefined && inside.has(row.parent))) {
      inside.add(row.id);
      return true;
    }
    return false;
  });
}

/** Round steps, about `wanted` of them between two offsets in ns. */
export function axisTicks(from: number, to: number, wanted: number): number[] {
  const rough = (to - from) / Math.max(1, wanted);
  if (!(rough > 0)) return [from];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((size) => size >= rough) ?? rough;
  const ticks: number[] = [];
  const first = Math.ceil(from / step);
  // By place, not by adding: a century after the start a step of some ns is nothing.
  for (let n = 0; n <= wanted * 2 && (first + n) * step <= to; n++) ticks.push((first + n) * step);
  return ticks;
}

export function matches(row: Row, find: string): boolean {
  const wanted = find.trim().toLowerCase();
  if (wanted === "") return false;
  const has = (text: string | undefined): boolean => text?.toLowerCase().includes(wanted) ?? false;
  return (
    has(row.name) ||
    has(row.service) ||
    Object.entries(row.attributes).some(
      ([name, value]) => has(name) || (typeof value === "string" && has(value)),
    )
  );
}
