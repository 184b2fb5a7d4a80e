// SPDX-License-Identifier: Apache-2.0
// The time range of a list: a step back from now, or two moments.
import { createSignal, Show, type JSX } from "solid-js";
import { useKeys } from "../app/keys";
import { useServerState } from "../app/status";
import type { View } from "../app/view";
import { bounds, boundsText, lastText, type Range } from "../model/range";
import { Popover } from "./Popover";
import { TimeMenu } from "./TimeMenu";

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
  const range = (): Range => props.view.range();
  const choose = (next: Range): void => {
    props.view.setRange(next);
    setOpen(false);
  };
  useKeys({ t: () => (props.keyTaken?.() === true ? false : setOpen(true)) });
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
          <TimeMenu range={range()} now={now()} onChoose={choose} />
        </Popover>
      </Show>
    </div>
  );
}
