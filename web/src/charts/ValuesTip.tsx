// SPDX-License-Identifier: Apache-2.0
// All values of a line chart at the moment under the pointer, greatest first.
import { createMemo, For, Show, type JSX } from "solid-js";
import type { Line, Times } from "../model/answer";
import { clock, day } from "../model/format";
import { measureText, type Unit } from "../model/units";
import { lookOf, xOfTime } from "./plot";

const shownMax = 12;

export function ValuesTip(props: {
  /** Which bucket. */
  at: number | null;
  lines: Line[];
  times: Times;
  unit: Unit;
  width: number;
}): JSX.Element {
  const tip = createMemo(() => {
    if (props.at === null || props.width === 0) return null;
    const at = props.at;
    const start = props.times.starts[at] ?? 0;
    const values = props.lines
      .flatMap((line) => {
        const value = line.values[at] ?? null;
        return value === null ? [] : [{ line, value, error: line.errors?.[at] ?? null }];
      })
      .sort((a, b) => b.value - a.value);
    const x = xOfTime(start + props.times.step / 2, props.times, props.width);
    const ns = BigInt(start) * 1_000_000_000n;
    return { x, flip: x > props.width * 0.6, when: `${day(ns)} ${clock(ns).seconds}`, values };
  });
  return (
    <Show when={tip()}>
      {(own) => (
        <>
          <i class="cross" style={{ left: `${own().x}px` }} />
          <div
            class="pop ctip vals"
            classList={{ flip: own().flip }}
            style={{ left: `${own().x}px`, top: "4px" }}
          >
            <b>{own().when}</b>
            <For each={own().values.slice(0, shownMax)}>
              {({ line, value, error }) => (
                <div>
                  <i class="sw" style={{ background: `var(--${lookOf(line.index).token})` }} />
                  <span class="cut">{line.label}</span>
                  <b>
                    {measureText(value, props.unit)}
                    {error === null ? "" : ` ± ${measureText(error, props.unit)}`}
                  </b>
                </div>
              )}
            </For>
            <Show when={own().values.length > shownMax}>
              <div class="mut">and {own().values.length - shownMax} more</div>
            </Show>
            <Show when={own().values.length === 0}>
              <div class="mut">nothing</div>
            </Show>
          </div>
        </>
      )}
    </Show>
  );
}
