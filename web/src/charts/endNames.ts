// SPDX-License-Identifier: Apache-2.0
// The names at the ends of lines: moved apart until none covers another, each led to by a thin line in its colour.
import type { Line } from "../model/answer";
import type { Paper } from "./canvas";
import { lookOf, plotFoot, plotRight } from "./plot";

const step = 14;

interface End {
  line: Line;
  y: number;
}

/** Places `step` apart, as near to `wanted` (ascending) as they go, between `top` and `bottom`. */
export function spread(wanted: readonly number[], top: number, bottom: number): number[] {
  const places = wanted.map((y) => Math.max(top, y));
  for (let i = 1; i < places.length; i++)
    places[i] = Math.max(places[i] ?? 0, (places[i - 1] ?? 0) + step);
  let limit = bottom;
  for (let i = places.length - 1; i >= 0; i--) {
    places[i] = Math.min(places[i] ?? 0, limit);
    limit = (places[i] ?? 0) - step;
  }
  return places;
}

function cut(g: CanvasRenderingContext2D, text: string, width: number): string {
  // No letter is narrower than a pixel; a value of 100 kB is not measured letter by letter.
  const begin = text.slice(0, Math.max(1, Math.floor(width)));
  if (begin === text && g.measureText(text).width <= width) return text;
  let length = begin.length - 1;
  while (length > 1 && g.measureText(`${text.slice(0, length)}…`).width > width) length -= 1;
  return `${text.slice(0, length)}…`;
}

export function drawEndNames(paper: Paper, all: readonly End[], chosen: readonly string[]): void {
  const { g, width, height, ink } = paper;
  const left = width - plotRight(width);
  const room = Math.floor((height - plotFoot) / step);
  const isChosen = (line: Line): boolean => chosen.includes(line.key);
  // Where there is no room for all, the first of the answer have it, and those that are chosen.
  const ends = all
    .filter(({ line }, at) => at < room || isChosen(line))
    .slice(-room)
    .sort((a, b) => a.y - b.y);
  const places = spread(
    ends.map(({ y }) => y),
    step / 2,
    height - plotFoot - step / 2,
  );
  g.setLineDash([]);
  g.lineWidth = 1;
  g.textAlign = "left";
  g.textBaseline = "middle";
  for (const [at, { line, y }] of ends.entries()) {
    const colour = ink(lookOf(line.index).token);
    const place = places[at] ?? y;
    g.globalAlpha = chosen.length === 0 || isChosen(line) ? 1 : 0.4;
    g.strokeStyle = colour;
    g.beginPath();
    g.moveTo(left + 1, y);
    g.lineTo(left + 12, place);
    g.stroke();
    g.fillStyle = colour;
    g.fillRect(left + 12, place - 1, 8, 2.5);
    g.fillStyle = ink(isChosen(line) ? "text" : "text-2");
    g.fillText(cut(g, line.label, width - left - 30), left + 24, place);
  }
  g.globalAlpha = 1;
}
