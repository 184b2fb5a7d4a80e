// SPDX-License-Identifier: Apache-2.0
// Live or paused; how many new rows are held back; since when the connection is lost.
import { Show, type JSX } from "solid-js";
import { lostSince } from "../api/client";
import { useKeys } from "../app/keys";
import type { View } from "../app/view";
import { count } from "../model/format";
import { Key } from "./Text";

export function LiveSwitch(props: {
  view: View;
  /** New rows that are not shown yet, because a row is looked at. */
  held: number;
  onRelease: () => void;
}): JSX.Element {
  const toggle = (): void => {
    const live = props.view.live();
    if (!live && props.view.range().kind === "between")
      props.view.set({ from: null, to: null, live: null });
    else props.view.set({ live: live ? "0" : null });
  };
  useKeys({ " ": toggle });
  return (
    <>
      <Show when={props.held > 0}>
        <button class="ctl held" onClick={() => props.onRelease()}>
          {count(props.held)} new
        </button>
      </Show>
      <button
        class="ctl"
        aria-pressed={props.view.live()}
        title="Live lists take in what arrives every two seconds"
        onClick={toggle}
      >
        <Show
          when={lostSince()}
          fallback={
            <>
              <i class="live" classList={{ off: !props.view.live() }} />
              {props.view.live() ? "Live" : "Paused"}
            </>
          }
        >
          {(since) => (
            <>
              <i class="live off" />
              Lost {new Date(since()).toLocaleTimeString("en-GB")}
            </>
          )}
        </Show>
        <Key>Space</Key>
      </button>
    </>
  );
}
