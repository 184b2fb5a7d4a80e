// SPDX-License-Identifier: Apache-2.0
// Fields as a list in which each value is a handle: filter by it, leave it out, group by its field, copy it. A long value unfolds.
import { createSignal, For, Show, type JSX } from "solid-js";
import { copy } from "../app/notice";
import { unfilterable } from "../model/filter";
import type { FieldGroup } from "./fields";

interface Handles {
  onFilter?: ((name: string, value: string, op: "=" | "!=") => void) | undefined;
  onGroup?: ((name: string) => void) | undefined;
}

function Field(props: Handles & { name: string; value: string }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const tooLong = (): string | null => unfilterable(props.value);
  return (
    <div class="f" classList={{ open: open() }}>
      <dt class="cut" title={props.name}>
        {props.name}
      </dt>
      <dd classList={{ cut: !open() }} title={open() ? undefined : props.value}>
        <span onClick={() => setOpen(!open())}>{props.value}</span>
        <span class="act">
          <Show when={props.onFilter}>
            {(filter) => (
              <>
                <button
                  disabled={tooLong() !== null}
                  title={tooLong() ?? undefined}
                  onClick={() => filter()(props.name, props.value, "=")}
                >
                  filter
                </button>
                <button
                  disabled={tooLong() !== null}
                  title={tooLong() ?? undefined}
                  onClick={() => filter()(props.name, props.value, "!=")}
                >
                  leave out
                </button>
              </>
            )}
          </Show>
          <Show when={props.onGroup}>
            {(group) => <button onClick={() => group()(props.name)}>group by</button>}
          </Show>
          <Show when={props.value.length > 34}>
            <button onClick={() => setOpen(!open())}>{open() ? "fold" : "unfold"}</button>
          </Show>
          <button onClick={() => copy(props.value, props.name)}>copy</button>
        </span>
      </dd>
    </div>
  );
}

export function FieldGroups(props: Handles & { groups: readonly FieldGroup[] }): JSX.Element {
  return (
    <For each={props.groups}>
      {(group) => (
        <>
          <h3>{group.name}</h3>
          <dl>
            <For each={group.fields}>
              {([name, value]) => (
                <Field
                  name={name}
                  value={value}
                  onFilter={props.onFilter}
                  onGroup={props.onGroup}
                />
              )}
            </For>
          </dl>
        </>
      )}
    </For>
  );
}
