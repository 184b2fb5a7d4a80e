// SPDX-License-Identifier: Apache-2.0
// The time range, which belongs to the page, and how long the steps of the charts are.
import { createSignal, For, type JSX } from "solid-js";
import { useKeys } from "../../app/keys";
import { useServerState } from "../../app/status";
import type { View } from "../../app/view";
import { bounds, boundsText, lastText } from "../../model/range";
import { stepText } from "../../model/units";
import { TimeMenu } from "../../parts/TimeMenu";
import { Cell } from "./Cell";
import type { Explore } from "./state";

const ladder = [
  1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200,
  86_400,
];
const stepsMax = 1000;

export function TimeCell(props: { explore: Explore; view: View; bad: boolean }): JSX.Element {
  const server = useServerState();
  const [open, setOpen] = createSignal(false);
  useKeys({ t: () => setOpen(true) });
  const seconds = (): number => {
    const { from, to } = bounds(props.view.range(), server.now());
    return Number((to - from) / 1_000_000_000n);
  };
  const step = (): number => props.explore.answer.data()?.result.granularity ?? 0;
  const text = (): string => {
    const range = props.view.range();
    return range.kind === "last" ? lastText(range.minutes) : boundsText(range, server.now());
  };
  return (
    <Cell
      label="Time"
      more={step() > 0 ? `${stepText(step())} steps` : ""}
      bad={props.bad}
      open={open()}
      editorLabel="Time range"
      onClose={() => setOpen(false)}
      editor={
        <div class="times in-cell">
          <TimeMenu
            range={props.view.range()}
            now={server.now()}
            onChoose={(range) => {
              props.view.setRange(range);
              setOpen(false);
            }}
          />
          <label class="lb">
            Steps of the charts
            <select
              value={String(props.explore.query().granularity ?? 0)}
              onChange={(event) => {
                const granularity = Number(event.currentTarget.value);
                setOpen(false);
                props.explore.step((query) => ({ ...query, granularity }));
              }}
            >
              <option value="0">as the range asks</option>
              <For each={ladder.filter((own) => own <= seconds() && seconds() / own <= stepsMax)}>
                {(own) => <option value={String(own)}>{stepText(own)}</option>}
              </For>
            </select>
          </label>
        </div>
      }
    >
      <button type="button" class="plain car" onClick={() => setOpen(true)}>
        {text()}
      </button>
    </Cell>
  );
}
