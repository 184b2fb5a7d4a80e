// SPDX-License-Identifier: Apache-2.0
// In which order the groups stand, and which of them stand at all (having).
import { createSignal, For, Index, Show, type JSX } from "solid-js";
import type { QuerySpec } from "../../api/types";
import { calculationsOf, comparisons, keyOf, orderText } from "../../model/spec";
import { Cell } from "./Cell";
import type { Explore } from "./state";

type Order = NonNullable<QuerySpec["orders"]>[number];
type Having = NonNullable<QuerySpec["havings"]>[number];

interface Choice {
  text: string;
  order: Order;
}

function choicesOf(draft: QuerySpec): Choice[] {
  const calculations = calculationsOf(draft)
    .filter(({ op }) => op !== "HEATMAP")
    .map((own): Choice => {
      const named = own.name !== undefined && own.name !== "";
      const column = own.column === undefined ? {} : { column: own.column };
      return {
        text: keyOf(own),
        order: named ? { column: own.name ?? "" } : { op: own.op, ...column },
      };
    });
  const formulas = (draft.formulas ?? []).map(({ name }) => ({
    text: name,
    order: { column: name },
  }));
  const fields = (draft.breakdowns ?? []).map((column) => ({ text: column, order: { column } }));
  return [...calculations, ...formulas, ...fields];
}

const sameOrder = (a: Order | undefined, b: Order): boolean =>
  a?.op === b.op && a?.column === b.column;

export function OrderCell(props: { explore: Explore; bad: boolean }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const draft = (): QuerySpec => props.explore.draft();
  const first = (): Order | undefined => draft().orders?.[0];
  const choose = (order: Order, down: boolean): void => {
    const chosen: Order = { ...order, order: down ? "descending" : "ascending" };
    props.explore.edit((own) => ({ ...own, orders: [chosen] }));
  };
  const numbers = (): { text: string; op: string; column: string | undefined }[] =>
    calculationsOf(draft())
      .filter(({ op }) => op !== "HEATMAP")
      .map(({ op, column }) => ({
        text: keyOf(column === undefined ? { op } : { op, column }),
        op,
        column,
      }));
  const setHavings = (havings: Having[]): void =>
    props.explore.edit((own) => ({ ...own, havings }));
  const havings = (): Having[] => draft().havings ?? [];
  const put = (at: number, next: Having): void =>
    setHavings(havings().map((own, index) => (index === at ? next : own)));
  const textOf = ({ calculate_op: op, column }: Having): string =>
    keyOf(column === undefined ? { op } : { op, column });
  const Editor = (): JSX.Element => (
    <div class="oe">
      <ul aria-label="Order">
        <For each={choicesOf(draft())}>
          {({ text, order }) => (
            <li>
              <span class="cut mono">{text}</span>
              <span class="seg sm">
                <For each={[true, false]}>
                  {(down) => (
                    <button
                      type="button"
                      aria-pressed={
                        sameOrder(first(), order) && (first()?.order === "descending") === down
                      }
                      onClick={() => choose(order, down)}
                    >
                      {down ? "desc" : "asc"}
                    </button>
                  )}
                </For>
              </span>
            </li>
          )}
        </For>
      </ul>
      <Show when={numbers().length > 0}>
        <p class="lb">Having</p>
        <Index each={havings()}>
          {(own, at) => (
            <div class="hv">
              <select
                aria-label="Calculation"
                value={textOf(own())}
                onChange={(event) => {
                  const found = numbers().find(({ text }) => text === event.currentTarget.value);
                  if (found === undefined) return;
                  const column = found.column === undefined ? {} : { column: found.column };
                  put(at, { op: own().op, value: own().value, calculate_op: found.op, ...column });
                }}
              >
                <Index each={numbers()}>{(choice) => <option>{choice().text}</option>}</Index>
              </select>
              <select
                aria-label="Comparison"
                value={own().op}
                onChange={(event) =>
                  put(at, { ...own(), op: event.currentTarget.value as Having["op"] })
                }
              >
                <Index each={comparisons}>{(op) => <option>{op()}</option>}</Index>
              </select>
              <input
                class="in"
                aria-label="Number"
                inputmode="decimal"
                value={own().value}
                onChange={(event) => {
                  const value = Number(event.currentTarget.value);
                  if (Number.isFinite(value)) put(at, { ...own(), value });
                }}
              />
              <button
                type="button"
                class="rm"
                aria-label="Take this out"
                onClick={() => setHavings(havings().filter((_, index) => index !== at))}
              >
                ×
              </button>
            </div>
          )}
        </Index>
        <button
          type="button"
          class="link"
          onClick={() => {
            const found = numbers()[0];
            if (found === undefined) return;
            const column = found.column === undefined ? {} : { column: found.column };
            setHavings([...havings(), { calculate_op: found.op, ...column, op: ">", value: 0 }]);
          }}
        >
          + condition on a calculation
        </button>
      </Show>
    </div>
  );
  return (
    <Cell
      label="Order"
      bad={props.bad}
      open={open()}
      editorLabel="Order and having"
      onClose={() => setOpen(false)}
      editor={<Editor />}
    >
      <button
        type="button"
        class="plain cut"
        aria-label={`Order: ${orderText(draft())}`}
        onClick={() => setOpen(true)}
      >
        {orderText(draft())}
        <Show when={havings().length > 0}>
          <em>
            {" "}
            having{" "}
            {havings()
              .map((own) => `${textOf(own)} ${own.op} ${own.value}`)
              .join(", ")}
          </em>
        </Show>
      </button>
    </Cell>
  );
}
