// SPDX-License-Identifier: Apache-2.0
// Which events count: conditions as chips, groups in words; the whole tree opens for editing.
import { createSignal, Index, Show, type JSX } from "solid-js";
import type { Filter } from "../../api/types";
import { filterText, groupOf, takesValue, valueText } from "../../model/spec";
import { Cell, Chip } from "./Cell";
import type { Columns } from "./columns";
import { FilterTree } from "./FilterTree";
import type { Explore } from "./state";

function ConditionText(props: { of: Filter }): JSX.Element {
  const op = (): string => props.of.op ?? "";
  return (
    <Show when={groupOf(props.of) === null} fallback={filterText(props.of)}>
      <em>
        {props.of.column} {op().replaceAll("-", " ")}
      </em>
      <Show when={takesValue(op())}> {valueText(props.of.value)}</Show>
    </Show>
  );
}

export function WhereCell(props: {
  explore: Explore;
  columns: Columns;
  badAt: (at: number) => boolean;
}): JSX.Element {
  const [editing, setEditing] = createSignal<number | null>(null);
  const filters = (): Filter[] => props.explore.draft().filters ?? [];
  const any = (): boolean => props.explore.draft().filter_combination === "OR";
  const setFilters = (next: Filter[], or = any()): void =>
    props.explore.edit((draft) => ({
      ...draft,
      filters: next,
      filter_combination: or ? "OR" : "AND",
    }));
  const close = (): unknown => setEditing(null);
  return (
    <Cell
      label="Where"
      more={any() ? "any of" : "all of"}
      addLabel="Add a condition"
      onAdd={() => {
        setFilters([...filters(), { column: "", op: "=" }]);
        setEditing(filters().length - 1);
      }}
      open={editing() !== null}
      editorLabel="Where"
      onClose={close}
      editor={
        <FilterTree
          kind={any() ? "any of" : "all of"}
          kinds={["all of", "any of"]}
          filters={filters()}
          columns={props.columns}
          focus={editing() ?? 0}
          onChange={(kind, next) => setFilters(next, kind === "any of")}
          onDone={close}
        />
      }
    >
      <Index each={filters()}>
        {(filter, at) => (
          <Show when={groupOf(filter()) !== null || filter().column !== ""}>
            <Chip
              title={filterText(filter())}
              bad={props.badAt(at)}
              onOpen={() => setEditing(at)}
              onRemove={() => {
                close();
                setFilters(filters().filter((_, index) => index !== at));
              }}
            >
              <ConditionText of={filter()} />
            </Chip>
          </Show>
        )}
      </Index>
    </Cell>
  );
}
