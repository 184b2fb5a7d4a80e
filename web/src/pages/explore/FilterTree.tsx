// SPDX-License-Identifier: Apache-2.0
// Conditions as a tree that can be edited: all of, any of, none of, nested freely.
import { Index, Show, type JSX } from "solid-js";
import type { Filter } from "../../api/types";
import {
  filterOps,
  groupKinds,
  groupOf,
  makeGroup,
  parseOperand,
  takesValue,
  valueText,
  type FilterOp,
  type GroupKind,
} from "../../model/spec";
import { Suggest } from "../../parts/Suggest";
import type { Columns } from "./columns";

function Condition(props: {
  filter: Filter;
  columns: Columns;
  focus: boolean;
  onChange: (filter: Filter) => void;
  onDone: () => void;
}): JSX.Element {
  const op = (): string => props.filter.op ?? "=";
  return (
    <>
      <Suggest
        label="Field"
        placeholder="field"
        value={props.filter.column ?? ""}
        options={props.columns.names()}
        focus={props.focus}
        onInput={(column) => props.onChange({ ...props.filter, column: column.trim() })}
      />
      <select
        aria-label="Comparison"
        value={op()}
        onChange={(event) => {
          const next = event.currentTarget.value as FilterOp;
          const value = takesValue(next)
            ? parseOperand(next, valueText(props.filter.value))
            : undefined;
          const column = props.filter.column ?? "";
          props.onChange(value === undefined ? { column, op: next } : { column, op: next, value });
        }}
      >
        <Index each={filterOps}>
          {(own) => <option value={own()}>{own().replaceAll("-", " ")}</option>}
        </Index>
      </select>
      <Show when={takesValue(op())} fallback={<span />}>
        <Suggest
          label="Value"
          placeholder={op() === "in" || op() === "not-in" ? "one, two, three" : "value"}
          value={valueText(props.filter.value)}
          options={props.columns.valuesOf(props.filter.column ?? "")}
          onInput={(text) => props.onChange({ ...props.filter, value: parseOperand(op(), text) })}
          onDone={() => props.onDone()}
        />
      </Show>
    </>
  );
}

export function FilterTree(props: {
  kind: GroupKind;
  /** Which ways of putting together are offered. */
  kinds?: readonly GroupKind[];
  filters: readonly Filter[];
  columns: Columns;
  /** The condition whose field has the focus at first. */
  focus?: number;
  onChange: (kind: GroupKind, filters: Filter[]) => void;
  onDone: () => void;
}): JSX.Element {
  const put = (at: number, filter: Filter): void =>
    props.onChange(
      props.kind,
      props.filters.map((own, index) => (index === at ? filter : own)),
    );
  const remove = (at: number): void =>
    props.onChange(
      props.kind,
      props.filters.filter((_, index) => index !== at),
    );
  const add = (filter: Filter): void => props.onChange(props.kind, [...props.filters, filter]);
  return (
    <div class="ft" role="group" aria-label={props.kind}>
      <select
        aria-label="How these are put together"
        value={props.kind}
        onChange={(event) =>
          props.onChange(event.currentTarget.value as GroupKind, [...props.filters])
        }
      >
        <Index each={props.kinds ?? groupKinds}>
          {(own) => <option value={own()}>{own()}</option>}
        </Index>
      </select>
      <ul>
        <Index each={props.filters}>
          {(filter, at) => {
            const isGroup = (): boolean => groupOf(filter()) !== null;
            return (
              <li classList={{ nest: isGroup() }}>
                <Show
                  when={isGroup()}
                  fallback={
                    <Condition
                      filter={filter()}
                      columns={props.columns}
                      focus={props.focus === at}
                      onChange={(next) => put(at, next)}
                      onDone={props.onDone}
                    />
                  }
                >
                  <FilterTree
                    kind={groupOf(filter())?.kind ?? "all of"}
                    filters={groupOf(filter())?.parts ?? []}
                    columns={props.columns}
                    onChange={(kind, parts) => put(at, makeGroup(kind, parts))}
                    onDone={props.onDone}
                  />
                </Show>
                <button
                  type="button"
                  class="rm"
                  aria-label="Take this out"
                  onClick={() => remove(at)}
                >
                  ×
                </button>
              </li>
            );
          }}
        </Index>
      </ul>
      <p class="row">
        <button type="button" class="link" onClick={() => add({ column: "", op: "=" })}>
          + condition
        </button>
        <button type="button" class="link" onClick={() => add({ or: [{ column: "", op: "=" }] })}>
          + group
        </button>
      </p>
    </div>
  );
}
