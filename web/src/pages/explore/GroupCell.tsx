// SPDX-License-Identifier: Apache-2.0
// By what the events are split.
import { createSignal, For, type JSX } from "solid-js";
import { Suggest } from "../../parts/Suggest";
import { Cell, Chip } from "./Cell";
import type { Columns } from "./columns";
import type { Explore } from "./state";

export function GroupCell(props: {
  explore: Explore;
  columns: Columns;
  badAt: (at: number) => boolean;
}): JSX.Element {
  const [editing, setEditing] = createSignal<number | null>(null);
  const [text, setText] = createSignal("");
  const fields = (): string[] => props.explore.draft().breakdowns ?? [];
  const setFields = (breakdowns: string[]): void =>
    props.explore.edit((draft) => ({ ...draft, breakdowns }));
  const open = (at: number): void => {
    setText(fields()[at] ?? "");
    setEditing(at);
  };
  const done = (given: string): void => {
    const at = editing();
    const field = given.trim();
    setEditing(null);
    if (at === null || field === "" || fields().some((own, index) => own === field && index !== at))
      return;
    setFields(
      at < fields().length
        ? fields().map((own, index) => (index === at ? field : own))
        : [...fields(), field],
    );
  };
  return (
    <Cell
      label="Group by"
      addLabel="Add a group"
      onAdd={() => open(fields().length)}
      open={editing() !== null}
      editorLabel="Group by"
      onClose={() => done(text())}
      editor={
        <div class="one">
          <Suggest
            label="Field to group by"
            placeholder="field"
            value={text()}
            options={props.columns.names()}
            focus
            onInput={setText}
            onDone={done}
          />
        </div>
      }
    >
      <For each={fields()}>
        {(field, at) => (
          <Chip
            title={field}
            bad={props.badAt(at())}
            onOpen={() => open(at())}
            onRemove={() => {
              setEditing(null);
              setFields(fields().filter((own) => own !== field));
            }}
          >
            {field}
          </Chip>
        )}
      </For>
    </Cell>
  );
}
