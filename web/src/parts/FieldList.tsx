// SPDX-License-Identifier: Apache-2.0
// Fields as a list in which each value is a handle: filter by it, leave it out, copy it. A long value unfolds.
import { createSignal, For, Show, type JSX } from "solid-js";
import { copy } from "../app/notice";
import type { FieldGroup } from "./fields";

function Field(props: {
  name: string;
  value: string;
  onFilter?: ((name: string, value: string, op: "=" | "!=") => void) | undefined;
}): JSX.Element {
  const [open, setOpen] = createSignal(false);
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
                <button onClick={() => filter()(props.name, props.value, "=")}>filter</button>
                <button onClick={() => filter()(props.name, props.value, "!=")}>leave out</button>
              </>
            )}
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

export function FieldGroups(props: {
  groups: readonly FieldGroup[];
  onFilter?: ((name: string, value: string, op: "=" | "!=") => void) | undefined;
}): JSX.Element {
  return (
    <For each={props.groups}>
      {(group) => (
        <>
          <h3>{group.name}</h3>
          <dl>
            <For each={group.fields}>
              {([name, value]) => <Field name={name} value={value} onFilter={props.onFilter} />}
            </For>
          </dl>
        </>
      )}
    </For>
  );
}
