// SPDX-License-Identifier: Apache-2.0
// The charts of one answer: a heat map for each HEATMAP, lines for every other calculation, over the same times. Explore
// and the panels of a board show the same.
import { createMemo, For, Show, type JSX } from "solid-js";
import "../styles/charts.css";
import type { RunResult } from "../api/types";
import {
  groupsOf,
  linesOf,
  measuresOf,
  timesOf,
  type Line,
  type MeasureInfo,
} from "../model/answer";
import { heatGrid, type HeatBox } from "../model/heat";
import { HeatLegend, Heatmap } from "./Heatmap";
import { LineChart } from "./LineChart";
import { createHoverTime, type HoverTime } from "./plot";

export interface ChartsState {
  log: boolean;
  /** Seconds back of the earlier period in the answer. */
  earlierS: number;
  held: string | null;
  /** Drawn as strong as the held one, which is compared with it. */
  against: string | null;
  selection: { key: string; box: HeatBox } | null;
  onLog: ((log: boolean) => void) | null;
  onHold: (key: string | null) => void;
  /** Of a second line, while one is held. */
  onCompare: ((key: string) => void) | null;
  onRange: (from: number, to: number) => void;
  onSelect: (selection: { key: string; box: HeatBox } | null) => void;
  /** The cell under the pointer or the keys. */
  onPlace: (key: string, box: HeatBox | null) => void;
}

const rowPixels = 5.5;
const quietRowPixels = 4;

function HeatChart(props: {
  result: RunResult;
  measure: MeasureInfo;
  state: ChartsState;
  hover: HoverTime;
  height: number;
  /** A board's panel has its name above it. */
  quiet: boolean;
}): JSX.Element {
  const grid = createMemo(() =>
    heatGrid(
      props.result,
      props.measure.key,
      props.state.held,
      Math.max(12, Math.floor((props.height - 26) / (props.quiet ? quietRowPixels : rowPixels))),
    ),
  );
  const heldLabel = (): string =>
    groupsOf(props.result).find(({ key }) => key === props.state.held)?.label ?? "";
  const box = (): HeatBox | null =>
    props.state.selection?.key === props.measure.key ? props.state.selection.box : null;
  return (
    <section
      class="chart"
      aria-label={props.measure.key}
      style={{ "--chart": `${props.height}px` }}
    >
      <div class="ct">
        <h2 class="cut">{props.measure.key}</h2>
        <Show when={props.state.held !== null}>
          <span class="cut">{heldLabel()} alone</span>
        </Show>
        <span class="grow" />
        <HeatLegend max={grid().max} short={props.quiet} />
      </div>
      <Show
        when={grid().rows.length > 0}
        fallback={<p class="none mut">No event has a number here.</p>}
      >
        <Heatmap
          grid={grid()}
          name={props.measure.key}
          unit={props.measure.unit}
          box={box()}
          hover={props.hover}
          onBox={(next) =>
            props.state.onSelect(next === null ? null : { key: props.measure.key, box: next })
          }
          onPlace={(next) => props.state.onPlace(props.measure.key, next)}
        />
      </Show>
    </section>
  );
}

function LinesChart(props: {
  result: RunResult;
  measure: MeasureInfo;
  state: ChartsState;
  hover: HoverTime;
  height: number;
}): JSX.Element {
  const lines = createMemo(() => linesOf(props.result, props.measure));
  const earlier = createMemo((): Line[] | undefined => {
    const data = props.result.data.compare;
    return data === undefined
      ? undefined
      : linesOf(props.result, props.measure, data, props.state.earlierS);
  });
  const times = createMemo(() => timesOf(props.result));
  const shaded = createMemo(() => {
    const selection = props.state.selection;
    return selection === null || selection.key === "" ? null : selection.box;
  });
  return (
    <section
      class="chart"
      aria-label={props.measure.key}
      style={{ "--chart": `${props.height}px` }}
    >
      <div class="ct">
        <h2 class="cut">{props.measure.key}</h2>
        <Show when={props.result.breakdowns.length > 0}>
          <span class="not-s cut">by {props.result.breakdowns.join(", ")}</span>
        </Show>
        <Show when={earlier()}>
          <span class="not-s cut">dotted: the time before</span>
        </Show>
        <span class="grow" />
        <Show when={props.state.onLog}>
          {(onLog) => (
            <button class="link" onClick={() => onLog()(!props.state.log)}>
              {props.state.log ? "Linear scale" : "Log scale"}
            </button>
          )}
        </Show>
      </div>
      <LineChart
        name={props.measure.key}
        lines={lines()}
        earlier={earlier()}
        times={times()}
        unit={props.measure.unit}
        log={props.state.log}
        held={props.state.held}
        against={props.state.against}
        hover={props.hover}
        shaded={shaded()}
        onHold={props.state.onHold}
        onCompare={props.state.onCompare}
        onRange={props.state.onRange}
      />
    </section>
  );
}

export function ResultCharts(props: {
  result: RunResult;
  state: ChartsState;
  heatHeight: number;
  lineHeight: number;
  quiet?: boolean;
}): JSX.Element {
  const hover = createHoverTime();
  // By name, so that a new answer to the same question repaints its charts instead of making them anew.
  const names = createMemo(
    () => measuresOf(props.result).map(({ key, op }) => `${op ?? ""}|${key}`),
    undefined,
    {
      equals: (a, b) => a.join("\n") === b.join("\n"),
    },
  );
  return (
    <For each={names()}>
      {(name) => {
        const measure = createMemo(() =>
          measuresOf(props.result).find(({ key, op }) => `${op ?? ""}|${key}` === name),
        );
        return (
          <Show when={measure()}>
            {(own) => (
              <Show
                when={own().op === "HEATMAP"}
                fallback={
                  <LinesChart
                    result={props.result}
                    measure={own()}
                    state={props.state}
                    hover={hover}
                    height={props.lineHeight}
                  />
                }
              >
                <HeatChart
                  result={props.result}
                  measure={own()}
                  state={props.state}
                  hover={hover}
                  height={props.heatHeight}
                  quiet={props.quiet === true}
                />
              </Show>
            )}
          </Show>
        );
      }}
    </For>
  );
}
