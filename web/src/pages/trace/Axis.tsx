// SPDX-License-Identifier: Apache-2.0
// The head of the waterfall: round times, and under them a lane with every log line and error.
import { For, Show, type JSX } from "solid-js";
import { narrow } from "../../app/narrow";
import type { Window } from "../../charts/Minimap";
import { lineInk, severityLetter } from "../../model/doors";
import { durationText } from "../../model/format";
import type { Point } from "../../model/points";
import { axisTicks } from "../../model/waterfall";

/** 100 ms, not 100.00 ms. */
function tickName(ns: number, step: number): string {
  if (ns === 0) return "0";
  if (step >= 3600e9) return durationText(BigInt(Math.round(ns)));
  const unit = step >= 1e9 ? "s" : step >= 1e6 ? "ms" : "µs";
  const size = { s: 1e9, ms: 1e6, µs: 1e3 }[unit];
  return `${Number((ns / size).toFixed(3)).toLocaleString("en-US")} ${unit}`;
}

export function gridSteps(window: Window): { ticks: number[]; step: number } {
  const ticks = axisTicks(window.from, window.to, narrow() ? 4 : 7);
  const [first = 0, second = window.to] = ticks;
  return { ticks, step: ticks.length > 1 ? second - first : window.to - window.from };
}

export function Axis(props: { points: readonly Point[]; window: Window }): JSX.Element {
  const x = (at: number): number =>
    ((at - props.window.from) / (props.window.to - props.window.from)) * 100;
  const grid = (): { ticks: number[]; step: number } => gridSteps(props.window);
  const points = (): Point[] =>
    props.points.filter(({ at }) => at >= props.window.from && at <= props.window.to);
  return (
    <div class="ax" role="row" aria-rowindex={1}>
      <div role="columnheader">Name</div>
      <div
        class="tl"
        role="columnheader"
        aria-label={`Time from ${durationText(BigInt(Math.round(props.window.from)))} to ${durationText(BigInt(Math.round(props.window.to)))}`}
      >
        <For each={grid().ticks}>
          {(tick) => (
            <Show when={x(tick) < 97}>
              <span style={{ left: `${x(tick)}%` }}>{tickName(tick, grid().step)}</span>
            </Show>
          )}
        </For>
        <For each={points()}>
          {({ at, error, severity, door, text }) => (
            <Show when={!error} fallback={<b class="d r tri" style={{ left: `${x(at)}%` }} />}>
              <i
                class={severityLetter(severity)}
                style={{ "left": `${x(at)}%`, "--dc": `var(--${lineInk(door, severity)})` }}
                title={text}
              />
            </Show>
          )}
        </For>
      </div>
    </div>
  );
}
