// SPDX-License-Identifier: Apache-2.0
// The whole request small: spans as lines, log lines and errors as ticks at the foot, the part in sight framed.
// Dragging zooms, a double press shows all.
import { createSignal, type JSX } from "solid-js";
import { lineInk } from "../model/doors";
import type { TraceMinimap } from "../api/types";
import type { Point } from "../model/points";
import type { Line } from "../model/waterfall";
import { createCanvas, type Paper } from "./canvas";

const edge = 16;

export interface Window {
  from: number;
  to: number;
}

function marks(paper: Paper, points: readonly Point[], x: (at: number) => number): void {
  const { g, height, ink } = paper;
  for (const { at, error, severity, door } of points) {
    if (!error) {
      g.fillStyle = ink(lineInk(door, severity));
      g.fillRect(x(at), height - 7, 2, 5);
    } else {
      g.fillStyle = ink("rollbar");
      g.beginPath();
      g.moveTo(x(at), height - 9);
      g.lineTo(x(at) + 5, height - 1);
      g.lineTo(x(at) - 5, height - 1);
      g.fill();
    }
  }
}

function lanes(paper: Paper, map: TraceMinimap): void {
  const { g, width, height, ink } = paper;
  const tall = (height - 14) / Math.max(1, map.lanes.length);
  const wide = (width - 2 * edge) / map.columns;
  for (const [index, { door, levels }] of map.lanes.entries()) {
    g.fillStyle = ink(door === "xray" ? "xray" : "otlp");
    for (let column = 0; column < levels.length; column++) {
      const level = Number(levels[column]);
      if (level === 0) continue;
      g.globalAlpha = 0.25 + (0.75 * level) / 9;
      g.fillRect(edge + column * wide, 5 + index * tall, wide + 0.5, Math.max(1, tall - 0.6));
    }
  }
  g.globalAlpha = 1;
}

function spans(
  paper: Paper,
  lines: readonly Line[],
  selected: string,
  x: (at: number) => number,
): void {
  const { g, height, ink } = paper;
  const drawn = lines.filter(({ row }) => row.kind === "span");
  const step = Math.min(3.4, (height - 16) / Math.max(1, drawn.length));
  for (const [index, { id, row, start, end }] of drawn.entries()) {
    g.fillStyle = ink(row.door === "xray" ? "xray" : "otlp");
    g.globalAlpha = id === selected ? 1 : 0.75;
    g.fillRect(x(start), 6 + index * step, Math.max(2, x(end) - x(start)), Math.min(2, step));
  }
  g.globalAlpha = 1;
}

export function Minimap(props: {
  lines: readonly Line[];
  /** Of a long trace. */
  map: TraceMinimap | undefined;
  points: readonly Point[];
  length: number;
  window: Window;
  selected: string;
  label: string;
  onZoom: (window: Window | null) => void;
}): JSX.Element {
  const [brush, setBrush] = createSignal<Window | null>(null);
  let canvas: HTMLCanvasElement | undefined;
  const draw = createCanvas((paper) => {
    const { g, width, height, ink } = paper;
    g.clearRect(0, 0, width, height);
    const x = (at: number): number => edge + ((width - 2 * edge) * at) / props.length;
    if (props.map === undefined) spans(paper, props.lines, props.selected, x);
    else lanes(paper, props.map);
    marks(paper, props.points, x);
    const shown = brush() ?? props.window;
    const [left, right] = [x(Math.min(shown.from, shown.to)), x(Math.max(shown.from, shown.to))];
    g.fillStyle = ink("bg");
    g.globalAlpha = 0.6;
    g.fillRect(0, 0, left - 4, height);
    g.fillRect(right + 4, 0, width - right - 4, height);
    g.globalAlpha = 1;
    g.strokeStyle = ink("accent");
    g.lineWidth = 1;
    g.strokeRect(left - 3.5, 1.5, right - left + 7, height - 3);
    g.fillStyle = ink("accent");
    g.fillRect(left - 5, height / 2 - 7, 3, 14);
    g.fillRect(right + 2, height / 2 - 7, 3, 14);
  });
  const at = (clientX: number): number => {
    const box = canvas?.getBoundingClientRect();
    if (box === undefined) return 0;
    const part = (clientX - box.left - edge) / (box.width - 2 * edge);
    return Math.min(1, Math.max(0, part)) * props.length;
  };
  const finish = (): void => {
    const chosen = brush();
    setBrush(null);
    if (chosen === null) return;
    const [from, to] = [Math.min(chosen.from, chosen.to), Math.max(chosen.from, chosen.to)];
    if (to - from > props.length / 200) props.onZoom({ from, to });
  };
  return (
    <div class="mini">
      <canvas
        ref={(element) => {
          canvas = element;
          draw(element);
        }}
        role="img"
        aria-label={props.label}
        onPointerDown={(event) => {
          if (event.pointerType === "touch") return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setBrush({ from: at(event.clientX), to: at(event.clientX) });
        }}
        onPointerMove={(event) =>
          setBrush((old) => old && { from: old.from, to: at(event.clientX) })
        }
        onPointerUp={finish}
        onPointerCancel={() => setBrush(null)}
        onDblClick={() => props.onZoom(null)}
      />
    </div>
  );
}
