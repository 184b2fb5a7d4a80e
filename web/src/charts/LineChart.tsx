// SPDX-License-Identifier: Apache-2.0
// Lines over time, painted by uPlot: one a group, told apart by hue, dash and the name at its end; the band of the
// standard error where the data is sampled; an earlier period behind. Pointing shows all values at one time, a press
// holds the nearest line, dragging chooses a time range.
import { createEffect, createSignal, on, onCleanup, onMount, type JSX } from "solid-js";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { paintCount } from "../app/theme";
import type { Line, Times } from "../model/answer";
import { linearTicks, logTicks, type Unit } from "../model/units";
import { tokenColour, type Paper } from "./canvas";
import { drawEndNames } from "./endNames";
import { drawShade, drawValueTicks, extent, isSparse } from "./linePaint";
import {
  drawTimeAxis,
  lookOf,
  plotFoot,
  plotLeft,
  plotRight,
  plotTop,
  timeOfX,
  type HoverTime,
} from "./plot";
import { ValuesTip } from "./ValuesTip";

/** More lines than this are drawn faint and without a name. */
const namedMax = 24;

export interface LineChartProps {
  name: string;
  lines: Line[];
  /** The same groups in an earlier period, on these times. */
  earlier?: Line[] | undefined;
  times: Times;
  unit: Unit;
  log: boolean;
  held: string | null;
  against: string | null;
  hover: HoverTime;
  /** Shaded: what is chosen elsewhere. */
  shaded: { from: number; to: number } | null;
  onHold: (key: string | null) => void;
  /** A press with Shift while another line is held. */
  onCompare: ((key: string) => void) | null;
  onRange: (from: number, to: number) => void;
}

interface Drawn {
  line: Line;
  earlier: boolean;
}

export function LineChart(props: LineChartProps): JSX.Element {
  const [size, setSize] = createSignal(
    { width: 0, height: 0 },
    { equals: (a, b) => a.width === b.width && a.height === b.height },
  );
  let host: HTMLDivElement | undefined;
  let probe: HTMLElement | undefined;
  let plot: uPlot | undefined;
  let dragged = false;

  const seriesOf = ({ line, earlier }: Drawn): uPlot.Series => {
    const { token, dash } = lookOf(line.index);
    const chosen = props.held === line.key || props.against === line.key;
    const other = props.held !== null && !chosen;
    return {
      stroke: ink(token),
      width: (chosen ? 2.25 : 1.4) / (earlier ? 1.4 : 1),
      dash: earlier ? [2, 3] : dash,
      alpha: other ? 0.28 : earlier ? 0.6 : line.index >= namedMax ? 0.45 : 1,
      spanGaps: true,
      points: { show: isSparse(line) && !earlier, size: 4, fill: ink(token), width: 0 },
    };
  };
  const ink = (token: string): string => (probe === undefined ? "" : tokenColour(probe, token));

  /** uPlot paints in the screen's pixels, the rest of the page in CSS's. */
  const begin = ({ ctx }: uPlot): Paper => {
    ctx.save();
    ctx.scale(devicePixelRatio, devicePixelRatio);
    ctx.font = `11px ${getComputedStyle(document.body).fontFamily}`;
    return { g: ctx, ...size(), ink };
  };
  const under = (low: number, high: number, own: uPlot): void => {
    const paper = begin(own);
    if (props.shaded !== null) drawShade(paper, props.shaded, props.times);
    const ticks = props.log
      ? logTicks(low, high, paper.height / 34)
      : linearTicks(low, high, Math.max(2, paper.height / 46));
    drawValueTicks(paper, ticks, props.unit, (tick) => own.valToPos(tick, "y") + plotTop);
    drawTimeAxis(paper, props.times);
    own.ctx.restore();
  };
  const over = (own: uPlot): void => {
    const paper = begin(own);
    const named = plotRight(paper.width) < 60 || props.lines.length < 2 ? 0 : namedMax;
    const ends = props.lines.slice(0, named).flatMap((line) => {
      const last = line.values.findLast((value) => value !== null) ?? null;
      if (last === null || (props.log && last <= 0)) return [];
      return [{ line, y: own.valToPos(last, "y") + plotTop }];
    });
    const chosen = [props.held, props.against].filter((key) => key !== null);
    drawEndNames(paper, ends, chosen);
    own.ctx.restore();
  };
  const choose = ({ select }: uPlot): void => {
    if (select.width < 4) return;
    dragged = true;
    const time = (x: number): number => timeOfX(x + plotLeft, props.times, size().width);
    props.onRange(Math.floor(time(select.left)), Math.ceil(time(select.left + select.width)));
  };

  const build = (): void => {
    plot?.destroy();
    plot = undefined;
    const { width, height } = size();
    if (host === undefined || width === 0 || height === 0) return;
    const drawn: Drawn[] = [
      ...(props.earlier ?? []).map((line) => ({ line, earlier: true })),
      ...props.lines.toReversed().map((line) => ({ line, earlier: false })),
    ];
    const [low, high] = extent([...props.lines, ...(props.earlier ?? [])], props.log);
    // At a bucket's middle, where the heat map has its cell.
    const data: uPlot.AlignedData = [props.times.starts.map((at) => at + props.times.step / 2)];
    const series: uPlot.Series[] = [{}];
    const bands: uPlot.Band[] = [];
    const usable = (value: number | null): number | null =>
      value === null || (props.log && value <= 0) ? null : value;
    for (const { line, earlier } of drawn) {
      data.push(line.values.map(usable));
      series.push(seriesOf({ line, earlier }));
      const { errors } = line;
      if (errors === null || earlier) continue;
      const edge = { stroke: "transparent", width: 0, points: { show: false }, spanGaps: true };
      for (const side of [1, -1])
        data.push(
          line.values.map((value, at) =>
            usable(value === null ? null : value + side * (errors[at] ?? 0)),
          ),
        );
      series.push(edge, edge);
      const { token } = lookOf(line.index);
      bands.push({
        series: [series.length - 2, series.length - 1],
        fill: `color-mix(in srgb, ${ink(token)} 16%, transparent)`,
      });
    }
    plot = new uPlot(
      {
        width,
        height,
        padding: [plotTop, plotRight(width), plotFoot, plotLeft],
        legend: { show: false },
        cursor: {
          y: false,
          x: false,
          points: { show: false },
          drag: { x: true, y: false, setScale: false },
        },
        scales: {
          x: { time: false, range: [props.times.from, props.times.to] },
          // uPlot's enum exists in its types alone.
          // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
          y: { distr: props.log ? 3 : 1, range: [low, high] },
        },
        axes: [{ show: false }, { show: false }],
        series,
        bands,
        hooks: { drawClear: [under.bind(null, low, high)], draw: [over], setSelect: [choose] },
      },
      data,
      host,
    );
  };
  onMount(() => {
    if (host === undefined) return;
    const observer = new ResizeObserver(() =>
      setSize({ width: host?.clientWidth ?? 0, height: host?.clientHeight ?? 0 }),
    );
    observer.observe(host);
    onCleanup(() => {
      observer.disconnect();
      plot?.destroy();
    });
  });
  createEffect(
    on(
      () => [
        size(),
        paintCount(),
        props.lines,
        props.earlier,
        props.times,
        props.log,
        props.held,
        props.against,
        props.shaded,
        props.unit,
      ],
      build,
    ),
  );

  const atPointer = (): number | null => {
    const at = props.hover.at();
    if (at === null) return null;
    const index = Math.floor((at - (props.times.starts[0] ?? 0)) / props.times.step);
    return index >= 0 && index < props.times.starts.length ? index : null;
  };
  const nearest = (event: MouseEvent): string | null => {
    const index = atPointer();
    const box = host?.getBoundingClientRect();
    if (index === null || box === undefined || plot === undefined) return null;
    const y = event.clientY - box.top - plotTop;
    let best: { key: string; far: number } | null = null;
    for (const line of props.lines) {
      const value = line.values[index];
      if (value === null || value === undefined) continue;
      const far = Math.abs(plot.valToPos(value, "y") - y);
      if (best === null || far < best.far) best = { key: line.key, far };
    }
    return best !== null && best.far < 24 ? best.key : null;
  };
  return (
    <div class="cv">
      <i hidden ref={(element) => (probe = element)} />
      <div
        class="lines"
        role="img"
        aria-label={`${props.name}: ${props.lines.map(({ label }) => label).join(", ")}`}
        ref={(element) => (host = element)}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          props.hover.set(timeOfX(event.clientX - box.left, props.times, box.width));
        }}
        onPointerLeave={() => props.hover.set(null)}
        onPointerDown={() => (dragged = false)}
        onClick={(event) => {
          if (dragged) return;
          const key = nearest(event);
          const { held, onCompare } = props;
          // With Shift a press beside all lines does not let go of the held one.
          if (event.shiftKey && held !== null && onCompare !== null) {
            if (key !== null && key !== held) onCompare(key);
          } else props.onHold(key === props.held ? null : key);
        }}
      />
      <ValuesTip
        at={atPointer()}
        lines={props.lines}
        times={props.times}
        unit={props.unit}
        width={size().width}
      />
    </div>
  );
}
