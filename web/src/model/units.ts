// SPDX-License-Identifier: Apache-2.0
// How a measured number is written: lengths by the unit in their field's name, counts with separators, the rest short.
import { bytes, count, duration, type Measure } from "./format";

export type Unit = "ns" | "us" | "ms" | "s" | "bytes" | "count" | "plain";

const countOps = new Set(["COUNT", "COUNT_DISTINCT"]);

/** Of what a calculation gives; a formula has no op, and no unit. */
export function unitOf(op: string | undefined, column: string | undefined): Unit {
  if (op === undefined || op === "CONCURRENCY") return "plain";
  if (countOps.has(op)) return "count";
  return unitOfField(column ?? "");
}

export function unitOfField(field: string): Unit {
  const suffix = /[._](ns|us|ms|s|seconds|bytes)$/.exec(field)?.[1];
  if (suffix === "seconds") return "s";
  if (suffix !== undefined) return suffix as Unit;
  return /(^|[._])(body\.size|content_length|payload_size)$/.test(field) ? "bytes" : "plain";
}

const nsIn: Partial<Record<Unit, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 };

function plain(n: number): string {
  if (n === 0) return "0";
  const size = Math.abs(n);
  if (size >= 1e15 || size < 1e-4) return n.toExponential(2);
  if (size >= 1e7) return (n < 0 ? "-" : "") + count(size);
  if (Number.isInteger(n)) return n.toLocaleString("en-US");
  const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 4;
  return String(Number(n.toFixed(digits))).replace(/^(-?\d+)/, (whole) =>
    Number(whole).toLocaleString("en-US"),
  );
}

export function measure(n: number, unit: Unit): Measure {
  const ns = nsIn[unit];
  // What has no end in nanoseconds is written as the number it is.
  if (ns !== undefined && Number.isFinite(n * ns)) {
    const { value, unit: short } = duration(BigInt(Math.round(Math.abs(n) * ns)));
    return { value: n < 0 ? `-${value}` : value, unit: short };
  }
  if (unit === "bytes" && n >= 0) {
    const [value = "", short = ""] = bytes(Math.round(n)).split(" ");
    return { value, unit: short };
  }
  return {
    value: unit === "count" && n >= 0 && Number.isInteger(n) ? count(n) : plain(n),
    unit: "",
  };
}

export function measureText(n: number, unit: Unit): string {
  const { value, unit: short } = measure(n, unit);
  return short === "" ? value : `${value} ${short}`;
}

/** For an axis: no more decimals than its steps need. */
export function tickText(n: number, unit: Unit): string {
  if (n === 0) return "0";
  const { value, unit: short } = measure(n, unit);
  const trimmed = value.includes(".") ? value.replace(/\.?0+$/, "") : value;
  return short === "" ? trimmed : `${trimmed} ${short}`;
}

/** About `wanted` round steps over a linear axis from 0 or `min` to `max`. */
export function linearTicks(min: number, max: number, wanted: number): number[] {
  const span = max - min;
  if (!(span > 0)) return [min];
  const rough = span / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? 10 * power;
  const ticks: number[] = [];
  const first = Math.ceil(min / step - 1e-9);
  // By place, not by adding: beside a very large number a step may be nothing.
  for (let at = 0; at <= wanted * 2 && (first + at) * step <= max + step * 1e-9; at++)
    ticks.push(Number(((first + at) * step).toPrecision(12)));
  return ticks;
}

/** 1, 2 and 5 in each power of ten where there is room, else powers alone. */
export function logTicks(min: number, max: number, wanted: number): number[] {
  if (!(min > 0) || !(max > min)) return [];
  const decades = Math.log10(max / min);
  const each = decades * 3 <= wanted * 1.5 ? [1, 2, 5] : decades <= wanted ? [1] : [1];
  const skip = each.length === 1 ? Math.max(1, Math.ceil(decades / wanted)) : 1;
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
    if (((power % skip) + skip) % skip !== 0) continue;
    for (const n of each) {
      const tick = Number(`${n}e${power}`);
      if (tick >= min && tick <= max) ticks.push(tick);
    }
  }
  return ticks;
}

const timeSteps = [
  1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
  172_800, 604_800, 2_592_000,
];

/** Round moments (in the reader's zone) between two, in seconds. */
export function timeTicks(from: number, to: number, wanted: number): number[] {
  const step = timeSteps.find((own) => (to - from) / own <= wanted) ?? 31_536_000;
  const zone = new Date(from * 1000).getTimezoneOffset() * 60;
  const ticks: number[] = [];
  for (let at = Math.ceil((from - zone) / step) * step + zone; at <= to; at += step) ticks.push(at);
  return ticks;
}

const two = (n: number): string => String(n).padStart(2, "0");
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A moment on an axis whose steps are as long as `span` says. */
export function timeTickText(at: number, span: number): string {
  const date = new Date(at * 1000);
  const hours = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const dayText = `${date.getDate()} ${months[date.getMonth()] ?? ""}`;
  if (span <= 600) return `${hours}:${two(date.getSeconds())}`;
  if (span <= 86_400 * 1.5) return hours;
  return hours === "00:00" || span > 86_400 * 8 ? dayText : `${dayText} ${hours}`;
}

/** "30 s", "5 min", "2 h", "1 day". */
export function stepText(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Number((seconds / 60).toFixed(1))} min`;
  if (seconds < 86_400) return `${Number((seconds / 3600).toFixed(1))} h`;
  const days = Number((seconds / 86_400).toFixed(1));
  return days === 1 ? "1 day" : `${days} days`;
}
