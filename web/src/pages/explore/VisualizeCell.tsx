// SPDX-License-Identifier: Apache-2.0
// What is calculated: an op, its field, and conditions for this calculation alone.
import { createSignal, For, Index, Show, type JSX } from "solid-js";
import type { Calculation } from "../../api/types";
import { calculationOps, calculationsOf, columnOf, filterText, keyOf } from "../../model/spec";
import { Suggest } from "../../parts/Suggest";
import { Cell, Chip } from "./Cell";
import type { Columns } from "./columns";
import { FilterTree } from "./FilterTree";
import type { Explore } from "./state";

function CalculationText(props: { of: Calculation }): JSX.Element {
  return (
    <>
      <Show when={props.of.name} fallback={<CallText op={props.of.op} column={props.of.column} />}>
        {props.of.name}
      </Show>
      <Show when={props.of.filters?.length}>
        <em> where {props.of.filters?.map(filterText).join(" and ")}</em>
      </Show>
    </>
  );
}

export function CallText(props: { op: string; column: string | undefined }): JSX.Element {
  return (
    <Show when={props.column} fallback={props.op}>
      <em>{props.op}(</em>
      {props.column}
      <em>)</em>
    </Show>
  );
}

function CalculationEditor(props: {
  of: Calculation;
  columns: Columns;
  onChange: (next: Calculation) => void;
  onDone: () => void;
}): JSX.Element {
  const setOp = (op: string): void => {
    const kept = columnOf(op) === "none" ? {} : { column: props.of.column ?? "" };
    props.onChange({
      ...withoutColumn(props.of),
      op,
      ...(kept.column === "" && op === "COUNT" ? {} : kept),
    });
  };
  const setColumn = (column: string): void =>
    props.onChange(
      column === "" && props.of.op === "COUNT" ? withoutColumn(props.of) : { ...props.of, column },
    );
  const options = () =>
    props.of.op === "COUNT" || props.of.op === "COUNT_DISTINCT"
      ? props.columns.names()
      : props.columns.numbers();
  return (
    <div class="ce">
      <div class="ops" role="group" aria-label="Calculation">
        <For each={calculationOps}>
          {(op) => (
            <button type="button" aria-pressed={props.of.op === op} onClick={() => setOp(op)}>
              {op}
            </button>
          )}
        </For>
      </div>
      <div class="of">
        <Show
          when={columnOf(props.of.op) !== "none"}
          fallback={<p class="mut">Counts what runs at once; takes no field.</p>}
        >
          <label class="lb">
            {columnOf(props.of.op) === "may"
              ? "Only rows that have (may be empty)"
              : "Of the field"}
            <Suggest
              label="Field to calculate on"
              placeholder={props.of.op === "COUNT" ? "every row" : "field"}
              value={props.of.column ?? ""}
              options={options()}
              focus
              onInput={(text) => setColumn(text.trim())}
              onDone={() => props.onDone()}
            />
          </label>
        </Show>
        <label class="lb">
          Name (may be empty)
          <input
            class="in"
            value={props.of.name ?? ""}
            spellcheck={false}
            placeholder={keyOf({ ...props.of, name: "" })}
            onInput={(event) => {
              const name = event.currentTarget.value;
              const rest = { ...props.of };
              delete rest.name;
              props.onChange(name === "" ? rest : { ...rest, name });
            }}
          />
        </label>
        <span class="lb">Only where</span>
        <FilterTree
          kind={props.of.filter_combination === "OR" ? "any of" : "all of"}
          kinds={["all of", "any of"]}
          filters={props.of.filters ?? []}
          columns={props.columns}
          onDone={() => props.onDone()}
          onChange={(kind, filters) =>
            props.onChange({
              ...props.of,
              filters,
              filter_combination: kind === "any of" ? "OR" : "AND",
            })
          }
        />
      </div>
    </div>
  );
}

function withoutColumn(of: Calculation): Calculation {
  const rest = { ...of };
  delete rest.column;
  return rest;
}

export function VisualizeCell(props: {
  explore: Explore;
  columns: Columns;
  badAt: (at: number) => boolean;
}): JSX.Element {
  const [editing, setEditing] = createSignal<number | null>(null);
  const all = (): Calculation[] => calculationsOf(props.explore.draft());
  const setAll = (calculations: Calculation[]): void =>
    props.explore.edit((draft) => ({ ...draft, calculations }));
  const add = (): void => {
    const next = all().length;
    setAll([...all(), { op: "P95", column: "duration_ms" }]);
    setEditing(next);
  };
  const close = (): unknown => setEditing(null);
  return (
    <Cell
      label="Visualize"
      addLabel="Add a calculation"
      onAdd={add}
      open={editing() !== null}
      editorLabel="Calculation"
      onClose={close}
      editor={
        <CalculationEditor
          of={all()[editing() ?? 0] ?? { op: "COUNT" }}
          columns={props.columns}
          onChange={(next) => setAll(all().map((own, at) => (at === editing() ? next : own)))}
          onDone={close}
        />
      }
    >
      <Index each={all()}>
        {(own, at) => (
          <Chip
            title={keyOf(own())}
            bad={props.badAt(at)}
            onOpen={() => setEditing(at)}
            onRemove={() => {
              close();
              setAll(all().filter((_, index) => index !== at));
            }}
          >
            <CalculationText of={own()} />
          </Chip>
        )}
      </Index>
    </Cell>
  );
}
