// SPDX-License-Identifier: Apache-2.0
// What all charts over time share, so that a moment stands at the same place in each: margins, the time axis, the look
// of series, and the moment under the pointer.
import { createSignal, type Accessor, type Setter } from "solid-js";
import { timeTicks, timeTickText } from "../model/units";
import type { Paper } from "./canvas";

export const plotLeft = 60;
export const plotFoot = 18;
export const plotTop = 8;
/** Room for the names at the lines' ends; none on a phone. */
export const plotRight = (width: number): number => (width < 500 ? 12 : 124);

export interface TimeSpan {
  from: number;
  to: number;
}

/** The moment under the pointer, seconds; shared by the charts of one answer. */
export interface HoverTime {
  at: Accessor<number | null>;
  set: Setter<number | null>;
}

export function createHoverTime(): HoverTime {
  const [at, set] = createSignal<number | null>(null);
  return { at, set };
}

export function xOfTime(at: number, span: TimeSpan, width: number): number {
  const inner = width - plotLeft - plotRight(width);
  return plotLeft + ((at - span.from) / Math.max(1, span.to - span.from)) * inner;
}

/** Likewise, kept within the plot: the first bucket begins before what was asked for. */
export function xWithin(at: number, span: TimeSpan, width: number): number {
  return Math.min(width - plotRight(width), Math.max(plotLeft, xOfTime(at, span, width)));
}

export function timeOfX(x: number, span: TimeSpan, width: number): number {
  const inner = width - plotLeft - plotRight(width);
  const share = Math.min(1, Math.max(0, (x - plotLeft) / inner));
  return span.from + share * (span.to - span.from);
}

export function drawTimeAxis(paper: Paper, span: TimeSpan): void {
  const { g, width, height, ink } = paper;
  g.textBaseline = "alphabetic";
  g.textAlign = "center";
  const length = span.to - span.from;
  for (const at of timeTicks(span.from, span.to, width < 500 ? 4 : 8)) {
    const x = xOfTime(at, span, width);
    const text = timeTickText(at, length);
    const half = g.measureText(text).width / 2;
    g.fillStyle = ink("border");
    g.fillRect(Math.round(x), height - plotFoot, 1, 3);
    g.fillStyle = ink("muted");
    // Not under what stands beside the plot.
    const end = width - Math.max(4, plotRight(width) - 8);
    if (x - half >= 4 && x + half <= end) g.fillText(text, x, height - 4);
  }
}

const dashes: readonly number[][] = [[], [], [5, 3], [], [2, 2], [7, 2, 2, 2]];
const laterDashes: readonly number[][] = [
  [4, 2],
  [8, 3],
  [1, 2],
  [10, 2, 2, 2],
  [3, 3],
  [6, 2],
];

/** Colour and dash of the n-th series; eight hues, and dashes that differ where hues come again. */
export function lookOf(index: number): { token: string; dash: number[] } {
  if (index < 0) return { token: "text-2", dash: [] };
  const round = Math.floor(index / 8);
  const list = round === 0 ? dashes : laterDashes;
  return { token: `c${(index % 8) + 1}`, dash: list[(index + round) % list.length] ?? [] };
}
