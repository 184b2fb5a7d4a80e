// SPDX-License-Identifier: Apache-2.0
// The time range of a list: the last so many minutes, which moves on, or two fixed moments. In the URL it is
// `range=30m` or `from=...&to=...` in nanoseconds; without either the last 30 minutes.
import { day, minutes } from "./format";

export type Range =
  { kind: "last"; minutes: number } | { kind: "between"; from: bigint; to: bigint };

export const steps = [5, 15, 30, 60, 180, 720, 1440, 10_080];
export const defaultMinutes = 30;

export interface RangeParams {
  range?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

const digits = /^\d{1,19}$/;

export function parseRange(params: RangeParams): Range {
  const { range = "", from = "", to = "" } = params;
  if (digits.test(from) && digits.test(to) && BigInt(from) < BigInt(to))
    return { kind: "between", from: BigInt(from), to: BigInt(to) };
  const match = /^(\d{1,6})m$/.exec(range);
  const last = match === null ? defaultMinutes : Number(match[1]);
  return { kind: "last", minutes: last > 0 ? last : defaultMinutes };
}

/** What to put into the URL: every name is there, so that the other form is taken out. */
export function rangeParams(range: Range): Record<keyof RangeParams, string | null> {
  if (range.kind === "between")
    return { range: null, from: String(range.from), to: String(range.to) };
  const text = range.minutes === defaultMinutes ? null : `${range.minutes}m`;
  return { range: text, from: null, to: null };
}

export interface Bounds {
  from: bigint;
  to: bigint;
}

export function bounds(range: Range, nowNs: bigint): Bounds {
  if (range.kind === "between") return { from: range.from, to: range.to };
  return { from: nowNs - BigInt(range.minutes) * 60_000_000_000n, to: nowNs };
}

export function lastText(last: number): string {
  if (last < 60) return `Last ${last} min`;
  if (last < 1440) return `Last ${last / 60} h`;
  return last === 1440 ? "Last 24 h" : `Last ${last / 1440} days`;
}

export function boundsText({ from, to }: Bounds, nowNs: bigint): string {
  const today = day(from) === day(nowNs) && day(to) === day(nowNs);
  const at = (ns: bigint): string => (today ? minutes(ns) : `${day(ns)} ${minutes(ns)}`);
  const fine = to - from < 120_000_000_000n;
  return fine
    ? `${at(from)}, ${Number((to - from) / 1_000_000n) / 1000} s`
    : `${at(from)} – ${at(to)}`;
}

/** The next longer step, for "nothing here, look further". */
export function longer(range: Range): number | null {
  const now = range.kind === "last" ? range.minutes : 0;
  return steps.find((step) => step > now && step >= 1440) ?? null;
}
