// SPDX-License-Identifier: Apache-2.0
// What a time control opens: steps back from now, and two moments.
import { For, type JSX } from "solid-js";
import { dateOf } from "../model/format";
import { bounds, lastText, steps, type Range } from "../model/range";

const localInput = (ns: bigint): string => {
  const date = dateOf(ns);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
};
const toNs = (input: string): bigint | null => {
  const ms = new Date(input).getTime();
  return Number.isNaN(ms) ? null : BigInt(ms) * 1_000_000n;
};

export function TimeMenu(props: {
  range: Range;
  now: bigint;
  onChoose: (range: Range) => void;
}): JSX.Element {
  let fromInput: HTMLInputElement | undefined;
  let toInput: HTMLInputElement | undefined;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const [from, to] = [toNs(fromInput?.value ?? ""), toNs(toInput?.value ?? "")];
    if (from === null || to === null || from >= to) return;
    props.onChoose({ kind: "between", from, to });
  };
  return (
    <>
      <ul>
        <For each={steps}>
          {(minutes) => (
            <li>
              <button
                aria-pressed={props.range.kind === "last" && props.range.minutes === minutes}
                onClick={() => props.onChoose({ kind: "last", minutes })}
              >
                {lastText(minutes)}
              </button>
            </li>
          )}
        </For>
      </ul>
      <form onSubmit={submit}>
        <label>
          From
          <input
            type="datetime-local"
            ref={(element) => (fromInput = element)}
            step="1"
            required
            value={localInput(bounds(props.range, props.now).from)}
          />
        </label>
        <label>
          To
          <input
            type="datetime-local"
            ref={(element) => (toInput = element)}
            step="1"
            required
            value={localInput(bounds(props.range, props.now).to)}
          />
        </label>
        <button class="ctl sm">Show these</button>
      </form>
    </>
  );
}
