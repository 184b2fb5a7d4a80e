// SPDX-License-Identifier: Apache-2.0
// What a question defines itself: fields calculated for each event, and formulas over the calculations. A row each, under
// the strip; what the server finds wrong stands under the row, at its place.
import { createSignal, createUniqueId, Index, Show, type Accessor, type JSX } from "solid-js";
import { ask } from "../../api/client";
import { createQuery } from "../../api/query";
import type { FunctionList, QuerySpec } from "../../api/types";
import { useKeys } from "../../app/keys";
import { faultOf, faultParts, type Fault, type Named } from "../../model/expression";
import { calculationsOf, keyOf } from "../../model/spec";
import { createCheck } from "./check";
import type { Columns } from "./columns";
import { ExpressionInput } from "./ExpressionInput";
import type { Explore } from "./state";

export type DefinedList = "calculated_fields" | "formulas";
type Row = NonNullable<QuerySpec["formulas"]>[number];

const words: Record<DefinedList, { label: string; name: string; example: string }> = {
  calculated_fields: {
    label: "Field",
    name: "Name of the field",
    example: 'of each event: IF(GTE($duration_ms, 500), "slow", "fast")',
  },
  formulas: {
    label: "Formula",
    name: "Name of the formula",
    example: "of the calculations: $errors / $COUNT * 100",
  },
};

export function rowsOf(query: QuerySpec, list: DefinedList): Row[] {
  return query[list] ?? [];
}

function FaultLine(props: {
  id: string;
  fault: Fault;
  expression: string;
  onGo: (index: number) => void;
}): JSX.Element {
  return (
    <p class="fault" id={props.id}>
      <Show when={props.fault.index !== null}>
        <button
          type="button"
          class="mono"
          title="To its place"
          onClick={() => props.onGo(props.fault.index ?? 0)}
        >
          {faultParts(props.expression, props.fault.index ?? 0)[0]}
          <u>{faultParts(props.expression, props.fault.index ?? 0)[1] || "\u00a0"}</u>
          {faultParts(props.expression, props.fault.index ?? 0)[2]}
        </button>
      </Show>
      {props.fault.message}
    </p>
  );
}

function DefinedRow(props: {
  list: DefinedList;
  row: Row;
  fields: readonly Named[];
  functions: readonly { name: string; usage: string }[];
  fault: Fault | null;
  focus: boolean;
  onChange: (row: Row) => void;
  onRemove: () => void;
}): JSX.Element {
  const id = createUniqueId();
  let expression: HTMLTextAreaElement | undefined;
  const go = (index: number): void => {
    expression?.focus();
    expression?.setSelectionRange(index, index);
  };
  return (
    <li class="def" classList={{ bad: props.fault !== null }}>
      <span class="lb">{words[props.list].label}</span>
      <input
        ref={(element) => props.focus && queueMicrotask(() => element.focus())}
        class="in mono"
        aria-label={words[props.list].name}
        placeholder="name"
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        value={props.row.name}
        onInput={(event) => props.onChange({ ...props.row, name: event.currentTarget.value })}
        onKeyDown={(event) => {
          const { name, expression: text } = props.row;
          if (event.key !== "Backspace" || name !== "" || text !== "") return;
          event.preventDefault();
          props.onRemove();
        }}
      />
      <span class="eq" aria-hidden="true">
        =
      </span>
      <ExpressionInput
        ref={(element) => (expression = element)}
        label={`Expression of ${props.row.name === "" ? words[props.list].label.toLowerCase() : props.row.name}`}
        placeholder={words[props.list].example}
        value={props.row.expression}
        fields={props.fields}
        functions={props.functions}
        bad={props.fault !== null}
        describedBy={props.fault === null ? undefined : id}
        onInput={(text) => props.onChange({ ...props.row, expression: text })}
        onEmptyBack={() => props.row.name === "" && props.onRemove()}
      />
      <button
        type="button"
        class="rm"
        aria-label={`Take out ${props.row.name === "" ? `this ${words[props.list].label.toLowerCase()}` : props.row.name}`}
        onClick={() => props.onRemove()}
      >
        ×
      </button>
      <Show when={props.fault}>
        {(fault) => (
          <FaultLine id={id} fault={fault()} expression={props.row.expression} onGo={go} />
        )}
      </Show>
    </li>
  );
}

export interface Defined {
  rows: Accessor<number>;
  add: (list: DefinedList) => void;
  View: () => JSX.Element;
}

export function createDefined(explore: Explore, columns: Columns): Defined {
  const [fresh, setFresh] = createSignal<string | null>(null);
  let place: HTMLUListElement | undefined;
  const rows = (): number =>
    rowsOf(explore.draft(), "calculated_fields").length +
    rowsOf(explore.draft(), "formulas").length;
  const set = (list: DefinedList, change: (rows: Row[]) => Row[]): void =>
    explore.edit((draft) => ({ ...draft, [list]: change(rowsOf(draft, list)) }));
  const add = (list: DefinedList): void => {
    setFresh(`${list}${rowsOf(explore.draft(), list).length}`);
    set(list, (old) => [...old, { name: "", expression: "" }]);
  };
  const remove = (list: DefinedList, at: number): void => {
    // The keys stay in the strip: at the row that is next, else on the button that makes one.
    const inputs = [...(place?.querySelectorAll<HTMLElement>(".def > input") ?? [])];
    const own =
      at + (list === "formulas" ? rowsOf(explore.draft(), "calculated_fields").length : 0);
    const next = inputs[own + 1] ?? inputs[own - 1];
    set(list, (old) => old.filter((_, index) => index !== at));
    queueMicrotask(() => {
      const rest = [next, place?.querySelector<HTMLElement>(".def > input")];
      const there = rest.find((input) => input?.isConnected === true);
      (there ?? document.getElementById(`add-${list}`))?.focus();
    });
  };
  const functions = createQuery<FunctionList>({
    key: () => (rows() > 0 ? "functions" : null),
    ask: (signal) => ask("FunctionList", "explore/functions", {}, signal),
  });
  const errors = createCheck(explore);
  const fieldsOf = (list: DefinedList, at: number): Named[] => {
    if (list === "calculated_fields") {
      // One may use those above it.
      const above = rowsOf(explore.draft(), list)
        .slice(0, at)
        .map(({ name }) => name);
      const later = new Set(rowsOf(explore.draft(), list).map(({ name }) => name));
      return [
        ...above.filter((name) => name !== "").map((text) => ({ text, note: "calculated" })),
        ...columns.names().filter(({ text }) => !later.has(text)),
      ];
    }
    return calculationsOf(explore.draft())
      .filter(({ op }) => op !== "HEATMAP")
      .map((own) => ({ text: keyOf(own), note: "calculation" }));
  };
  useKeys({ d: () => add("calculated_fields"), f: () => add("formulas") });
  const List = (own: { list: DefinedList }): JSX.Element => (
    <Index each={rowsOf(explore.draft(), own.list)}>
      {(row, at) => (
        <DefinedRow
          list={own.list}
          row={row()}
          fields={fieldsOf(own.list, at)}
          functions={functions.data()?.functions ?? []}
          fault={faultOf(errors(), own.list, at, row().expression)}
          focus={fresh() === `${own.list}${at}`}
          onChange={(next) =>
            set(own.list, (old) => old.map((each, index) => (index === at ? next : each)))
          }
          onRemove={() => remove(own.list, at)}
        />
      )}
    </Index>
  );
  const View = (): JSX.Element => (
    <Show when={rows() > 0}>
      <ul class="defs" aria-label="Defined here" ref={(element) => (place = element)}>
        <List list="calculated_fields" />
        <List list="formulas" />
      </ul>
    </Show>
  );
  return { rows, add, View };
}
