// SPDX-License-Identifier: Apache-2.0
// What lies under the lines of a chart: the scale of its values, what is chosen elsewhere, and how far the scale goes.
import type { Line } from "../model/answer";
import { tickText, type Unit } from "../model/units";
import type { Paper } from "./canvas";
import { plotFoot, plotLeft, plotRight, xWithin, type TimeSpan } from "./plot";

/** The least and the greatest that is drawn, with some air. */
export function extent(lines: readonly Line[], log: boolean): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const { values, errors } of lines)
    for (const [at, value] of values.entries()) {
      if (value === null || (log && value <= 0)) continue;
      low = Math.min(low, value - (log ? 0 : (errors?.[at] ?? 0)));
      high = Math.max(high, value + (errors?.[at] ?? 0));
    }
  if (low === Infinity) return log ? [1, 10] : [0, 1];
  if (log) return [low * 0.85, high * 1.18];
  const floor = low >= 0 ? 0 : low - (high - low) * 0.06;
  return [floor, high === floor ? floor + 1 : high + (high - floor) * 0.06];
}

/** Sparse lines also show where their values are. */
export function isSparse({ values }: Line): boolean {
  return values.filter((value) => value !== null).length < values.length * 0.6;
}

export function drawShade(paper: Paper, shaded: TimeSpan, span: TimeSpan): void {
  const { g, width, height, ink } = paper;
  const [a, b] = [xWithin(shaded.from, span, width), xWithin(shaded.to, span, width)];
  g.fillStyle = ink("accent");
  g.globalAlpha = 0.09;
  g.fillRect(a, 0, b - a, height - plotFoot);
  g.globalAlpha = 1;
}

export function drawValueTicks(
  paper: Paper,
  ticks: readonly number[],
  unit: Unit,
  yOf: (tick: number) => number,
): void {
  const { g, width, height, ink } = paper;
  const base = height - plotFoot;
  g.textAlign = "right";
  g.textBaseline = "middle";
  for (const tick of ticks) {
    const y = yOf(tick);
    g.fillStyle = ink("grid");
    g.fillRect(plotLeft, Math.round(y), width - plotRight(width) - plotLeft, 1);
    g.fillStyle = ink("muted");
    g.fillText(tickText(tick, unit), plotLeft - 8, Math.min(y, base - 4));
  }
}
