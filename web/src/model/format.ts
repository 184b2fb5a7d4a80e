// SPDX-License-Identifier: Apache-2.0
// How lengths, times, counts and ids are written. Nanoseconds come as decimal strings and stay bigint: 64 bits do not
// fit a JavaScript number.

export interface Measure {
  value: string;
  unit: string;
}

/** Under 10 ns in ns, under 1 ms in µs, under 10 ms two decimals, under 100 ms one, then whole ms, from 1 s two decimals in s; from 2 min whole. */
export function duration(ns: bigint): Measure {
  const us = Number(ns) / 1e3;
  if (ns > 0n && ns < 10n) return { value: String(ns), unit: "ns" };
  if (us < 1000) return { value: us < 1 && us > 0 ? us.toFixed(2) : us.toFixed(0), unit: "µs" };
  const ms = us / 1000;
  if (ms < 10) return { value: ms.toFixed(2), unit: "ms" };
  if (ms < 100) return { value: ms.toFixed(1), unit: "ms" };
  if (ms < 1000) return { value: ms.toFixed(0), unit: "ms" };
  const s = ms / 1000;
  if (s < 120) return { value: s.toFixed(2), unit: "s" };
  if (s < 18_000) return { value: count(s / 60), unit: "min" };
  if (s < 172_800) return { value: count(s / 3600), unit: "h" };
  if (s < 63_072_000) return { value: count(s / 86_400), unit: "days" };
  return { value: count(s / 31_536_000), unit: "years" };
}

export function durationText(ns: bigint): string {
  const { value, unit } = duration(ns);
  return `${value} ${unit}`;
}

export function toMs(ns: bigint): number {
  return Number(ns / 1000n) / 1000;
}

/** Thousands separators to 9,999,999, then 12.3 M. */
export function count(n: number): string {
  if (n < 1e7) return Math.round(n).toLocaleString("en-US");
  if (n < 1e9) return `${(n / 1e6).toFixed(1)} M`;
  return n < 1e15 ? `${(n / 1e9).toFixed(1)} G` : n.toExponential(2);
}

/** A rate per second, short: 412, 9.6, 0.2; – where it was not measured yet. */
export function rate(perSecond: number | null): string {
  if (perSecond === null) return "–";
  if (perSecond === 0) return "0";
  if (perSecond < 9.95) return perSecond < 0.05 ? "<0.1" : perSecond.toFixed(1);
  return count(perSecond);
}

export function percent(part: number, whole: number): string {
  if (whole === 0) return "0 %";
  const share = (part / whole) * 100;
  return share < 10 && share > 0 ? `${share.toFixed(1)} %` : `${share.toFixed(0)} %`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

const two = (n: number): string => String(n).padStart(2, "0");
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export function dateOf(ns: bigint): Date {
  return new Date(Number(ns / 1_000_000n));
}

export interface Clock {
  /** 14:32:06 */
  seconds: string;
  /** .279 */
  millis: string;
}

export function clock(ns: bigint): Clock {
  const date = dateOf(ns);
  return {
    seconds: `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`,
    millis: `.${String(date.getMilliseconds()).padStart(3, "0")}`,
  };
}

export function clockText(ns: bigint): string {
  const { seconds, millis } = clock(ns);
  return seconds + millis;
}

export function minutes(ns: bigint): string {
  return clock(ns).seconds.slice(0, 5);
}

export function day(ns: bigint): string {
  const date = dateOf(ns);
  return `${date.getDate()} ${months[date.getMonth()] ?? ""} ${date.getFullYear()}`;
}

/** Everything about a moment, for a title: date, nanoseconds, zone. */
export function fullTime(ns: bigint): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const fraction = String(ns % 1_000_000_000n).padStart(9, "0");
  return `${day(ns)} ${clock(ns).seconds}.${fraction} ${zone}`;
}

/** "now", "4 s ago", "12 min ago", "3 h ago", "9 days ago". */
export function ago(ns: bigint, nowNs: bigint): string {
  const s = Number((nowNs - ns) / 1_000_000_000n);
  if (s < 1) return "now";
  if (s < 60) return `${s} s ago`;
  if (s < 3600) return `${Math.floor(s / 60)} min ago`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ago`;
  return `${plural(Math.floor(s / 86_400), "day")} ago`;
}

/** The first 12 digits and the last 4; copying gives all. */
export function shortId(id: string): string {
  return id.length > 20 ? `${id.slice(0, 12)}…${id.slice(-4)}` : id;
}

/** Cut in the middle, where the telling parts of a route or a file path are its ends. */
export function cutMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = Math.ceil((max - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (max - 1 - head))}`;
}

export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  if (n < 1e6) return `${(n / 1e3).toFixed(1)} kB`;
  if (n < 1e9) return `${(n / 1e6).toFixed(1)} MB`;
  return `${(n / 1e9).toFixed(2)} GB`;
}
