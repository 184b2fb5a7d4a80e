// SPDX-License-Identifier: Apache-2.0
// A heat map over time with its legend of heat and the distribution at its side. Dragging chooses a box, its corners
// can be dragged on; arrow keys move a cell and with Shift draw the box.
import { createMemo, createSignal, Show, type JSX } from "solid-js";
import { clock, count, percent } from "../model/format";
import { boxOfCells, cellsOfBox, countInBox, type HeatBox, type HeatGrid } from "../model/heat";
import { measureText, type Unit } from "../model/units";
import { createCanvas } from "./canvas";
import { corners, drawBox, drawCells, drawSide, drawValueAxis, frameOf, rectOf } from "./heatPaint";
import { drawTimeAxis, plotFoot, plotTop, timeOfX, xOfTime, type HoverTime } from "./plot";

const handle = 9;

const secondsText = (at: number): string => clock(BigInt(Math.round(at * 1e9))).seconds;
export const spanText = (from: number, to: number): string => {
  const cut = from % 60 === 0 && to % 60 === 0 ? 5 : 8;
  return `${secondsText(from).slice(0, cut)} – ${secondsText(to).slice(0, cut)}`;
};
export const valuesText = (low: number, high: number, unit: Unit): string =>
  low === 0 && high === 0 ? "0" : `${measureText(low, unit)} – ${measureText(high, unit)}`;

export interface HeatPlace {
  column: number;
  row: number;
}

export function Heatmap(props: {
  grid: HeatGrid;
  name: string;
  unit: Unit;
  box: HeatBox | null;
  hover: HoverTime;
  onBox: (box: HeatBox | null) => void;
  onPlace: (place: HeatBox | null) => void;
}): JSX.Element {
  const [place, setPlace] = createSignal<HeatPlace | null>(null);
  const [anchor, setAnchor] = createSignal<HeatPlace | null>(null);
  const [size, setSize] = createSignal({ width: 0, height: 0 });
  let canvas: HTMLCanvasElement | undefined;

  const between = (a: HeatPlace, b: HeatPlace): HeatBox | null =>
    boxOfCells(
      props.grid,
      Math.min(a.column, b.column),
      Math.max(a.column, b.column) + 1,
      Math.min(a.row, b.row),
      Math.max(a.row, b.row) + 1,
    );
  const drawn = (): HeatBox | null => {
    const [from, to] = [anchor(), place()];
    return from === null || to === null ? props.box : between(from, to);
  };
  const move = (next: HeatPlace | null): void => {
    setPlace(next);
    props.onPlace(next === null ? null : between(next, next));
    const start = next === null ? undefined : props.grid.times.starts[next.column];
    props.hover.set(start === undefined ? null : start + props.grid.times.step / 2);
  };
  const draw = createCanvas((paper) => {
    const { g, width, height, ink } = paper;
    setSize({ width, height });
    g.clearRect(0, 0, width, height);
    const { grid } = props;
    const frame = frameOf(grid, width, height);
    if (grid.rows.length > 0) {
      drawValueAxis(paper, grid, frame, props.unit);
      drawCells(paper, grid, frame);
    }
    drawTimeAxis(paper, grid.times);
    const box = drawn();
    drawSide(paper, grid, frame, box);
    const at = props.hover.at();
    if (at !== null) {
      g.fillStyle = ink("control-line");
      g.fillRect(Math.round(xOfTime(at, grid.times, width)), plotTop, 1, frame.base - plotTop);
    }
    if (box !== null) drawBox(paper, rectOf(grid, box, frame), frame);
  });

  const placeAt = (event: PointerEvent): HeatPlace | null => {
    const own = canvas?.getBoundingClientRect();
    const { grid } = props;
    if (own === undefined || grid.rows.length === 0) return null;
    const at = timeOfX(event.clientX - own.left, grid.times, own.width);
    const { starts, step } = grid.times;
    const column = Math.floor((at - (starts[0] ?? 0)) / step);
    const base = own.height - plotFoot;
    const row = Math.floor(
      ((base - (event.clientY - own.top)) / (base - plotTop)) * grid.rows.length,
    );
    return {
      column: Math.min(starts.length - 1, Math.max(0, column)),
      row: Math.min(grid.rows.length - 1, Math.max(0, row)),
    };
  };
  /** The corner opposite to the one under the pointer, if there is one. */
  const grabbed = (event: PointerEvent): HeatPlace | null => {
    const own = canvas?.getBoundingClientRect();
    if (own === undefined || props.box === null) return null;
    const rect = rectOf(props.grid, props.box, frameOf(props.grid, own.width, own.height));
    const [x, y] = [event.clientX - own.left, event.clientY - own.top];
    const hit = corners(rect).findIndex(([cx, cy]) => Math.hypot(cx - x, cy - y) <= handle);
    if (hit < 0) return null;
    const { c0, c1, r0, r1 } = cellsOfBox(props.grid, props.box);
    return { column: hit % 2 === 0 ? c1 - 1 : c0, row: hit < 2 ? r0 : r1 - 1 };
  };
  const finish = (): void => {
    const [from, to] = [anchor(), place()];
    setAnchor(null);
    if (from === null || to === null) return;
    const still = from.column === to.column && from.row === to.row;
    if (!still) props.onBox(between(from, to));
    else if (props.box !== null) props.onBox(null);
  };
  const steps: Record<string, [column: number, row: number]> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, 1],
    ArrowDown: [0, -1],
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    const { grid } = props;
    if (step !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      const old = place() ?? { column: grid.times.starts.length >> 1, row: grid.rows.length >> 1 };
      if (event.shiftKey) setAnchor((own) => own ?? old);
      else setAnchor(null);
      move({
        column: Math.min(grid.times.starts.length - 1, Math.max(0, old.column + step[0])),
        row: Math.min(grid.rows.length - 1, Math.max(0, old.row + step[1])),
      });
    } else if (event.key === "Enter" && anchor() !== null) {
      event.preventDefault();
      event.stopPropagation();
      finish();
    }
  };
  const tip = createMemo(() => {
    const { width, height } = size();
    if (width === 0 || props.grid.rows.length === 0) return null;
    const box = drawn();
    const at = place();
    const shown = at !== null && anchor() === null ? between(at, at) : box;
    if (shown === null) return null;
    const rect = rectOf(props.grid, shown, frameOf(props.grid, width, height));
    const inside = countInBox(props.grid, shown);
    const flip = rect.right + 190 > width;
    return {
      shown,
      inside,
      flip,
      x: flip && rect.left > 200 ? rect.left : rect.right,
      y: Math.max(0, rect.top - 4),
    };
  });
  return (
    <div class="cv">
      <canvas
        class="heat"
        ref={(element) => {
          canvas = element;
          draw(element);
        }}
        tabindex="0"
        role="application"
        aria-roledescription="heat map"
        aria-label={`${props.name} over time, ${count(props.grid.total)} events. Arrow keys move, with Shift they select, Enter compares.`}
        onPointerDown={(event) => {
          if (event.pointerType === "touch" || event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setAnchor(grabbed(event) ?? placeAt(event));
          move(placeAt(event));
        }}
        onPointerMove={(event) => move(placeAt(event))}
        onPointerUp={finish}
        onPointerCancel={() => setAnchor(null)}
        onPointerLeave={() => anchor() === null && move(null)}
        onKeyDown={onKey}
        onBlur={() => move(null)}
      />
      <Show when={tip()}>
        {(own) => (
          <div
            class="pop ctip"
            classList={{ flip: own().flip }}
            style={{ left: `${own().x}px`, top: `${own().y}px` }}
          >
            <b>{spanText(own().shown.from, own().shown.to)}</b> ·{" "}
            {valuesText(own().shown.low, own().shown.high, props.unit)}
            <br />
            {count(own().inside)} events · <b>{percent(own().inside, props.grid.total)}</b>
          </div>
        )}
      </Show>
    </div>
  );
}

/** The nine steps of heat, from one event to the most in a cell. */
export function HeatLegend(props: { max: number; short?: boolean }): JSX.Element {
  const draw = createCanvas(({ g, width, height, ink }) => {
    for (let step = 0; step < 9; step++) {
      g.fillStyle = ink(`h${step}`);
      g.fillRect((step * width) / 9, 0, width / 9 + 0.5, height);
    }
  });
  return (
    <span class="lg">
      1{" "}
      <canvas
        ref={draw}
        role="img"
        aria-label={`Heat from 1 to ${count(props.max)} events in a cell`}
      />{" "}
      {count(props.max)}
      <Show when={props.short !== true}>
        <span class="not-s"> events in a cell</span>
      </Show>
    </span>
  );
}
