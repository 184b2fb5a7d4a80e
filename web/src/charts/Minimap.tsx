// SPDX-License-Identifier: Apache-2.0
// The whole request small: spans as lines, log lines and errors as ticks at the foot, the part in sight framed.
// Dragging zooms, a double press shows all.
import { createSignal, type JSX } from "solid-js";
import { lineInk } from "../model/doors";
import type { Line } from "../model/waterfall";
import { createCanvas, type Paper } from "./canvas";

const edge = 16;

export interface Window {
  from: number;
  to: number;
}

function marks(paper: Paper, lines: readonly Line[], x: (at: number) => number): void {
  const { g, height, ink } = paper;
  for (const { row, start } of lines) {
    if (row.kind === "log") {
      g.fillStyle = ink(lineInk(row.door, row.severity ?? 0));
      g.fillRect(x(start), height - 7, 2, 5);
    } else if (row.kind === "error") {
      g.fillStyle = ink("rollbar");
      g.beginPath();
      g.moveTo(x(start), height - 9);
      g.lineTo(x(start) + 5, height - 1);
      g.lineTo(x(start) - 5, height - 1);
      g.fill();
    }
  }
}

export function Minimap(props: {
  lines: readonly Line[];
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
    const spans = props.lines.filter(({ row }) => row.kind === "span");
    const step = Math.min(3.4, (height - 16) / Math.max(1, spans.length));
    for (const [index, { row, start, end }] of spans.entries()) {
      g.fillStyle = ink(row.door === "xray" ? "xray" : "otlp");
      g.globalAlpha = row.id === props.selected ? 1 : 0.75;
      g.fillRect(x(start), 6 + index * step, Math.max(2, x(end) - x(start)), Math.min(2, step));
    }
    g.globalAlpha = 1;
    marks(paper, props.lines, x);
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
