// SPDX-License-Identifier: Apache-2.0
// Words on a board: lines as they are, those that begin with # as headings.
import { For, Show, type JSX } from "solid-js";

export function TextPanel(props: {
  text: string;
  editing: boolean;
  onChange: (text: string) => void;
}): JSX.Element {
  return (
    <Show
      when={props.editing}
      fallback={
        <div class="words" tabindex={0} role="region" aria-label="Text">
          <For each={props.text.split("\n")}>
            {(line) => (
              <Show when={/^#+ /.test(line)} fallback={<p>{line}</p>}>
                <h2>{line.replace(/^#+ /, "")}</h2>
              </Show>
            )}
          </For>
        </div>
      }
    >
      <textarea
        class="in"
        aria-label="Text of the panel; a line that begins with # is a heading"
        value={props.text}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      />
    </Show>
  );
}
