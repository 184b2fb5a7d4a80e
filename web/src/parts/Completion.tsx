// SPDX-License-Identifier: Apache-2.0
// The popover under the filter line: fields on the left and the chosen one's values beside it, or values alone.
import { For, Show, type JSX } from "solid-js";
import { count, plural } from "../model/format";
import type { Field, Stage, Value } from "./completion";
import { Found, Key } from "./Text";

function Bars(props: { values: readonly Value[] }): JSX.Element {
  const most = (): number => Math.max(1, ...props.values.map((value) => value.count ?? 0));
  return (
    <For each={props.values.slice(0, 7)}>
      {(value) => (
        <div class="v">
          <span class="cut">{value.value}</span>
          <i class="ib" style={{ width: `${((value.count ?? 0) / most()) * 100}%` }} />
          <span class="num">{value.count === null ? "" : count(value.count)}</span>
        </div>
      )}
    </For>
  );
}

export function Completion(props: {
  stage: Stage;
  fields: readonly Field[];
  field: Field | undefined;
  values: readonly Value[];
  /** Of the field, once they are counted. */
  total: { distinct: number; requests: number } | null;
  chosen: number;
  onChoose: (index: number) => void;
  onHover: (index: number) => void;
}): JSX.Element {
  // On pointerdown, not click: the line would lose its focus first, and the popover with it.
  const press = (event: PointerEvent, index: number): void => {
    event.preventDefault();
    props.onChoose(index);
  };
  return (
    <div class="pop completion" classList={{ values: props.stage.kind === "value" }}>
      <ul
        id="completion"
        role="listbox"
        aria-label={props.stage.kind === "field" ? "Fields" : "Values"}
      >
        <Show
          when={props.stage.kind === "field"}
          fallback={
            <For each={props.values}>
              {(value, index) => (
                <li
                  id={`option-${index()}`}
                  role="option"
                  aria-selected={props.chosen === index()}
                  onPointerDown={(event) => press(event, index())}
                  onPointerMove={() => props.onHover(index())}
                >
                  <span class="cut">{value.value}</span>
                  <span class="n">{value.count === null ? "" : count(value.count)}</span>
                </li>
              )}
            </For>
          }
        >
          <For each={props.fields}>
            {(field, index) => (
              <li
                id={`option-${index()}`}
                role="option"
                aria-selected={props.chosen === index()}
                onPointerDown={(event) => press(event, index())}
                onPointerMove={() => props.onHover(index())}
              >
                <i class="d any" classList={{ own: field.own }} aria-hidden="true" />
                <span class="cut">
                  <Found text={field.name} find={props.stage.text} />
                </span>
                <span class="n">{field.note}</span>
              </li>
            )}
          </For>
        </Show>
      </ul>
      <Show when={props.stage.kind === "field"}>
        <div class="vals">
          <Show
            when={props.values.length > 0}
            fallback={
              <p class="mut">
                {props.total === null ? "" : "No request in this range has a value to choose."}
              </p>
            }
          >
            <p class="vh">
              <Show when={props.total} fallback="Seen lately">
                {(total) => (
                  <>
                    {plural(total().distinct, "value")} in {plural(total().requests, "request")}
                  </>
                )}
              </Show>
            </p>
            <Bars values={props.values} />
          </Show>
        </div>
      </Show>
      <footer>
        <span>
          <Key>↑</Key>
          <Key>↓</Key> choose
        </span>
        <span>
          <Key>Tab</Key> complete
        </span>
        <span>
          <Key>⏎</Key> add
        </span>
        <span>
          <Key>Esc</Key> close
        </span>
        <span class="end">or type any text to search inside</span>
      </footer>
    </div>
  );
}
