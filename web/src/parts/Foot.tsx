// SPDX-License-Identifier: Apache-2.0
// The status line: what is shown on the left, the keys of this screen on the right; a notice takes the place of the keys.
import { For, Show, type JSX } from "solid-js";
import { notice } from "../app/notice";
import { Key } from "./Text";

export type KeyHint = [keys: string[], what: string];

export function Foot(props: { children: JSX.Element; hints: KeyHint[] }): JSX.Element {
  return (
    <footer class="foot">
      <span class="cut">{props.children}</span>
      <span class="keys">
        <Show
          when={notice() === ""}
          fallback={
            <span role="status">
              <b>{notice()}</b>
            </span>
          }
        >
          <For each={props.hints}>
            {([keys, what]) => (
              <span>
                <For each={keys}>{(key) => <Key>{key}</Key>}</For> {what}
              </span>
            )}
          </For>
        </Show>
      </span>
    </footer>
  );
}
