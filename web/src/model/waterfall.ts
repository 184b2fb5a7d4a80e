// SPDX-License-Identifier: Apache-2.0
// What the waterfall draws of a trace's rows: which are in sight after folding and leaving out, how deep each hangs, and
// where a span worked itself instead of waiting for its children. Times are ns from the trace's start, small enough for
// a number.
import type { Row, Trace } from "../api/types";

export interface Line {
  row: Row;
  /** Under how many rows in sight it hangs. */
  depth: number;
  start: number;
  end: number;
  /** Has rows under it, in sight or folded away. */
  parent: boolean;
  /** Parts of the span, 0 to 1, in which none of its children ran. */
  own: [from: number, to: number][];
}

export interface Look {
  logs: boolean;
  xray: boolean;
  slow: boolean;
  folded: ReadonlySet<string>;
}

export function offsetOf(trace: Trace, ns: string): number {
  return Number(BigInt(ns) - BigInt(trace.start_ns));
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

/** From the end backwards: always the child that was waited for last. */
function slowPath(nodes: readonly Node[]): Set<Node> {
  const path = new Set<Node>();
  const walk = (node: Node, until: number): void => {
    path.add(node);
    let cursor = until;
    const children = node.children
      .filter((child) => isSpan(child) && child.row.door === node.row.door)
      .sort((a, b) => b.end - a.end);
    for (const child of children) {
      if (child.end > cursor && child.start >= cursor) continue;
      if (child.end - child.start <= (node.end - node.start) / 100) continue;
      walk(child, Math.min(cursor, child.end));
      cursor = child.start;
    }
  };
  for (const node of nodes) {
    if (node.parent === null && isSpan(node)) walk(node, node.end);
    if (node.row.kind === "error") path.add(node);
  }
  return path;
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

export function linesOf(trace: Trace, look: Look): Line[] {
  const nodes = nodesOf(trace);
  const slow = look.slow ? slowPath(nodes) : null;
  const wanted = (node: Node): boolean => {
    if (node.row.kind === "log" && !look.logs) return false;
    if (node.row.door === "xray" && node.row.kind !== "log" && !look.xray) return false;
    return slow === null || slow.has(node);
  };
  const depths = new Map<Node, number>();
  const hidden = new Set<Node>();
  const lines: Line[] = [];
  for (const node of nodes) {
    const { parent } = node;
    // A row that is left out lends its children its own place; one that is folded hides them.
    const above = parent === null ? 0 : (depths.get(parent) ?? 0);
    const folded = parent !== null && (hidden.has(parent) || look.folded.has(parent.row.id));
    if (folded) hidden.add(node);
    if (!wanted(node)) {
      depths.set(node, above);
      continue;
    }
    depths.set(node, above + 1);
    if (folded) continue;
    const waits = node.children
      .filter((child) => isSpan(child) && child.row.door === node.row.door)
      .map((child) => [child.start, child.end] as const);
    lines.push({
      row: node.row,
      depth: above,
      start: node.start,
      end: node.end,
      parent: node.children.some(wanted),
      own: isSpan(node) ? ownTime(node.start, node.end, waits) : [],
    });
  }
  return lines;
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
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
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
