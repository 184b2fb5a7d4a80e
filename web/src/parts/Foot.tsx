// SPDX-License-Identifier: Apache-2.0
// The status line: what is shown on the left, the keys of this screen on the right.
import { For, type JSX } from "solid-js";
import { Key } from "./Text";

export type KeyHint = [keys: string[], what: string];

export function Foot(props: { children: JSX.Element; hints: KeyHint[] }): JSX.Element {
  return (
    <footer class="foot">
      <span class="cut">{props.children}</span>
      <span class="keys">
        <For each={props.hints}>
          {([keys, what]) => (
            <span>
              <For each={keys}>{(key) => <Key>{key}</Key>}</For> {what}
            </span>
          )}
        </For>
      </span>
    </footer>
  );
}
