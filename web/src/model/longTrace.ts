// SPDX-License-Identifier: Apache-2.0
// The lines of a long trace, which come from the server by pages: what is not there yet has its place already, so that
// the whole length scrolls at once.
import type { Row, Trace, TracePage } from "../api/types";
import { groupLine, offsetOf, pairsOf, type Line } from "./waterfall";

export const pageSize = 200;

const nothing: Row = {
  kind: "span",
  door: "otlp",
  id: "",
  depth: 0,
  name: "",
  start_ns: "0",
  duration_ns: "0",
  error: false,
  attributes: {},
  join: "same_id",
};

/** Stands where a line will be. */
export const awaited: Line = {
  id: "",
  row: nothing,
  group: null,
  depth: 0,
  start: 0,
  end: 0,
  parent: false,
  open: false,
  own: [],
  critical: [],
};

function lineOf(trace: Trace, row: Row): Line {
  const depth = row.level ?? row.depth;
  const open = row.open_in_view ?? false;
  if (row.folded !== undefined)
    return groupLine(row.folded, row, depth, open, offsetOf(trace, row.folded.start_ns));
  const start = offsetOf(trace, row.start_ns);
  return {
    id: row.id,
    row,
    group: null,
    depth,
    start,
    end: start + Number(row.duration_ns),
    parent: (row.parent_of ?? 0) > 0,
    open,
    own: pairsOf(row.own),
    critical: pairsOf(row.critical),
  };
}

/** `lines` with a page put in its place; of another length they are all awaited anew. */
export function withPage(lines: readonly Line[], trace: Trace, page: TracePage): Line[] {
  const next =
    lines.length === page.total
      ? [...lines]
      : Array.from({ length: page.total }, (): Line => awaited);
  for (const [index, row] of page.rows.entries()) next[page.offset + index] = lineOf(trace, row);
  return next;
}

/** The pages, by their first lines, that a stretch of lines still waits for. */
export function pagesAwaited(lines: readonly Line[], indices: Iterable<number>): number[] {
  const pages = new Set<number>();
  for (const index of indices) {
    if (lines[index] === awaited) pages.add(index - (index % pageSize));
  }
  return [...pages];
}
