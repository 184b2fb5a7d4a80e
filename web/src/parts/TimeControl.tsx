// SPDX-License-Identifier: Apache-2.0
// The time range of a list: a step back from now, or two moments.
import { createSignal, For, Show, type JSX } from "solid-js";
import { useKeys } from "../app/keys";
import { useServerState } from "../app/status";
import type { View } from "../app/view";
import { dateOf } from "../model/format";
import { bounds, boundsText, lastText, steps } from "../model/range";
import { Popover } from "./Popover";

const localInput = (ns: bigint): string => {
  const date = dateOf(ns);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
};
const toNs = (input: string): bigint | null => {
  const ms = new Date(input).getTime();
  return Number.isNaN(ms) ? null : BigInt(ms) * 1_000_000n;
};

export function TimeControl(props: {
  view: View;
  /** Read before the clock, so that the words of the range move on with the data. */
  tick: () => unknown;
  onOpen?: (open: boolean) => void;
  /** Whether T means something else just now. */
  keyTaken?: () => boolean;
}): JSX.Element {
  const server = useServerState();
  const [open, setOpenSignal] = createSignal(false);
  const setOpen = (next: boolean): void => {
    setOpenSignal(next);
    props.onOpen?.(next);
  };
  const now = (): bigint => {
    props.tick();
    return server.now();
  };
  const range = (): ReturnType<View["range"]> => props.view.range();
  const choose = (minutes: number): void => {
    props.view.setRange({ kind: "last", minutes });
    setOpen(false);
  };
  useKeys({ t: () => (props.keyTaken?.() === true ? false : setOpen(true)) });
  let fromInput: HTMLInputElement | undefined;
  let toInput: HTMLInputElement | undefined;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const [from, to] = [toNs(fromInput?.value ?? ""), toNs(toInput?.value ?? "")];
    if (from === null || to === null || from >= to) return;
    props.view.setRange({ kind: "between", from, to });
    setOpen(false);
  };
  return (
    <div class="anchor tr">
      <button
        class="ctl car"
        aria-haspopup="dialog"
        aria-expanded={open()}
        onClick={() => setOpen(!open())}
      >
        {range().kind === "last"
          ? lastText((range() as { minutes: number }).minutes)
          : "Chosen time"}
        <span class="mut">{boundsText(bounds(range(), now()), now())}</span>
      </button>
      <Show when={open()}>
        <Popover label="Time range" class="times" onClose={() => setOpen(false)}>
          <ul>
            <For each={steps}>
              {(minutes) => (
                <li>
                  <button
                    aria-pressed={
                      range().kind === "last" &&
                      (range() as { minutes: number }).minutes === minutes
                    }
                    onClick={() => choose(minutes)}
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
                value={localInput(bounds(range(), now()).from)}
              />
            </label>
            <label>
              To
              <input
                type="datetime-local"
                ref={(element) => (toInput = element)}
                step="1"
                required
                value={localInput(bounds(range(), now()).to)}
              />
            </label>
            <button class="ctl sm">Show these</button>
          </form>
        </Popover>
      </Show>
    </div>
  );
}
