// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { Request } from "../../api/types";
import { whileHeld, withLatest, withPage } from "./feed";

function row(n: number, more: Partial<Request> = {}): Request {
  return {
    trace_id: `t${n}`,
    time_ns: String(n),
    duration_ns: "1",
    name: "GET /",
    service: "s",
    door: "otlp",
    doors: [],
    error: false,
    ...more,
  };
}
const rows = (...ns: number[]): Request[] => ns.map((n) => row(n));
const ids = (feed: { rows: readonly Request[] }): string =>
  feed.rows.map((r) => r.trace_id).join(" ");

test("a new first page goes on top and older pages stay", () => {
  const old = { rows: rows(9, 8, 7, 6, 5, 4), next: "c4" };
  const latest = { requests: rows(11, 10, 9, 8), next: "c8", elapsed_ms: 1 };
  const feed = withLatest(old, latest);
  expect(ids(feed)).toBe("t11 t10 t9 t8 t7 t6 t5 t4");
  expect(feed.next).toBe("c4");
});

test("without overlap the older rows go, because something may be missing between", () => {
  const old = { rows: rows(3, 2, 1), next: "c1" };
  const feed = withLatest(old, { requests: rows(11, 10), next: "c10", elapsed_ms: 1 });
  expect(ids(feed)).toBe("t11 t10");
  expect(feed.next).toBe("c10");
});

test("a last page is all there is: what left the range or was joined elsewhere is gone", () => {
  const old = { rows: rows(3, 2, 1), next: undefined };
  expect(ids(withLatest(old, { requests: rows(4, 3), elapsed_ms: 1 }))).toBe("t4 t3");
});

test("a page below is added once", () => {
  const feed = withPage({ rows: rows(5, 4), next: "c4" }, { requests: rows(4, 3), elapsed_ms: 1 });
  expect(ids(feed)).toBe("t5 t4 t3");
  expect(feed.next).toBeUndefined();
});

test("held rows stay in place and take on what became known", () => {
  const shown = { rows: rows(5, 4, 3), next: undefined };
  const latest = { requests: [row(7), row(6), row(5, { error: true }), row(3)], elapsed_ms: 1 };
  const { feed, waiting } = whileHeld(shown, latest);
  expect(ids(feed)).toBe("t5 t4 t3");
  expect(feed.rows[0]?.error).toBe(true);
  expect(waiting).toBe(2);
});
