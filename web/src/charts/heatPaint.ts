// SPDX-License-Identifier: Apache-2.0
// How a heat map is painted: cells, axes, the distribution at its side, the chosen box with its corners.
import {
  cellsOfBox,
  heatStep,
  shareOfValue,
  sideOf,
  type HeatBox,
  type HeatGrid,
} from "../model/heat";
import { linearTicks, logTicks, tickText, type Unit } from "../model/units";
import type { Paper } from "./canvas";
import { plotFoot, plotLeft, plotRight, plotTop, xOfTime, xWithin } from "./plot";

export interface Frame {
  width: number;
  base: number;
  y: (value: number) => number;
}

export function frameOf(grid: HeatGrid, width: number, height: number): Frame {
  const base = height - plotFoot;
  const y = (value: number): number => base - shareOfValue(grid.rows, value) * (base - plotTop);
  return { width, base, y };
}

export function drawValueAxis(paper: Paper, grid: HeatGrid, { base, y }: Frame, unit: Unit): void {
  const { g, width, ink } = paper;
  const [low, high] = [grid.rows.find((row) => row.low > 0)?.low, grid.rows.at(-1)?.high];
  const ticks = low !== undefined && high !== undefined ? logTicks(low, high, base / 34) : [];
  if (ticks.length < 2 && low !== undefined && high !== undefined)
    ticks.push(...linearTicks(low, high, 4));
  let last = base + 40;
  g.textAlign = "right";
  g.textBaseline = "middle";
  for (const tick of ticks) {
    const at = y(tick);
    g.fillStyle = ink("grid");
    g.fillRect(plotLeft, Math.round(at), width - plotLeft - plotRight(width), 1);
    if (last - at < 16) continue;
    g.fillStyle = ink("muted");
    g.fillText(tickText(tick, unit), plotLeft - 8, at);
    last = at;
  }
}

export function drawCells(paper: Paper, grid: HeatGrid, { base }: Frame): void {
  const { g, width, ink } = paper;
  const heats = Array.from({ length: 9 }, (_, step) => ink(`h${step}`));
  const { times, rows, counts, max } = grid;
  const tall = (base - plotTop) / rows.length;
  for (const [c, start] of times.starts.entries()) {
    const x0 = Math.round(Math.max(plotLeft, xOfTime(start, times, width)));
    const x1 = Math.round(
      Math.min(width - plotRight(width), xOfTime(start + times.step, times, width)),
    );
    for (let r = 0; r < rows.length; r++) {
      const step = heatStep(counts[c * rows.length + r] ?? 0, max);
      if (step < 0) continue;
      const y0 = Math.round(base - (r + 1) * tall);
      g.fillStyle = heats[step] ?? "";
      g.fillRect(x0, y0, Math.max(1, x1 - x0), Math.max(1, Math.round(base - r * tall) - y0));
    }
  }
}

export function drawSide(paper: Paper, grid: HeatGrid, { base }: Frame, box: HeatBox | null): void {
  const { g, width, height, ink } = paper;
  if (plotRight(width) < 60) return;
  const left = width - plotRight(width) + 12;
  const all = sideOf(grid, 0, grid.times.starts.length);
  const most = Math.max(1, ...all);
  const chosen = box === null ? null : cellsOfBox(grid, box);
  const inBox = chosen === null ? [] : sideOf(grid, chosen.c0, chosen.c1);
  const tall = (base - plotTop) / grid.rows.length;
  const long = (n: number): number =>
    n === 0 ? 0 : Math.max(1, (n / most) * (plotRight(width) - 28));
  for (const [r, n] of all.entries()) {
    const y = Math.round(base - (r + 1) * tall);
    const high = Math.max(1, Math.round(base - r * tall) - y - 1);
    g.fillStyle = ink("quiet");
    g.fillRect(left, y, long(n), high);
    if (chosen === null || r < chosen.r0 || r >= chosen.r1) continue;
    g.fillStyle = ink("accent");
    g.fillRect(left, y, long(inBox[r] ?? 0), high);
  }
  g.textAlign = "left";
  g.textBaseline = "alphabetic";
  g.fillStyle = ink("muted");
  g.fillText("all", left, height - 4);
  if (chosen === null) return;
  g.fillStyle = ink("accent");
  g.fillText("selected", left + 22, height - 4);
}

interface Rect {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export function rectOf(grid: HeatGrid, box: HeatBox, { width, base }: Frame): Rect {
  const { r0, r1 } = cellsOfBox(grid, box);
  const tall = (base - plotTop) / grid.rows.length;
  return {
    left: xWithin(box.from, grid.times, width),
    right: xWithin(box.to, grid.times, width),
    top: base - r1 * tall,
    bottom: base - r0 * tall,
  };
}

export const corners = ({ left, right, top, bottom }: Rect): [x: number, y: number][] => [
  [left, top],
  [right, top],
  [left, bottom],
  [right, bottom],
];

export function drawBox(paper: Paper, rect: Rect, { base }: Frame): void {
  const { g, width, ink } = paper;
  const { left, right, top, bottom } = rect;
  const end = width - plotRight(width);
  g.fillStyle = ink("panel");
  g.globalAlpha = 0.18;
  g.fillRect(plotLeft, 0, left - plotLeft, base);
  g.fillRect(right, 0, end - right, base);
  g.fillRect(left, 0, right - left, top);
  g.fillRect(left, bottom, right - left, base - bottom);
  g.globalAlpha = 1;
  for (const [line, colour] of [
    [4, "panel"],
    [2, "accent"],
  ] as const) {
    g.lineWidth = line;
    g.strokeStyle = ink(colour);
    g.strokeRect(left, top, right - left, bottom - top);
  }
  for (const [x, y] of corners(rect)) {
    g.fillStyle = ink("panel");
    g.fillRect(x - 3.5, y - 3.5, 7, 7);
    g.fillStyle = ink("accent");
    g.fillRect(x - 2.5, y - 2.5, 5, 5);
  }
}
