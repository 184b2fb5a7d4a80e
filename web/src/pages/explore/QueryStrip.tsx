// SPDX-License-Identifier: Apache-2.0
// The question as a strip of cells. What is wrong in it is marked at its place; what is not asked yet is told by the
// button.
import { Show, type JSX } from "solid-js";
import { useKeys, modKey } from "../../app/keys";
import type { View } from "../../app/view";
import { Key } from "../../parts/Text";
import type { Columns } from "./columns";
import type { Defined } from "./DefinedRows";
import { GroupCell } from "./GroupCell";
import { OrderCell } from "./OrderCell";
import type { Explore } from "./state";
import { TimeCell } from "./TimeCell";
import { VisualizeCell } from "./VisualizeCell";
import { WhereCell } from "./WhereCell";

export function QueryStrip(props: {
  explore: Explore;
  columns: Columns;
  view: View;
  defined: Defined;
}): JSX.Element {
  // A draft that was changed since is judged anew when it is run.
  const wrong = (): string =>
    props.explore.dirty() ? "" : (props.explore.answer.error()?.field ?? "");
  const badAt =
    (part: string) =>
    (at: number): boolean =>
      new RegExp(`^${part}\\[${at}\\]`).test(wrong());
  const badIn = (...parts: string[]): boolean => parts.some((part) => wrong().startsWith(part));
  const running = (): boolean => props.explore.answer.waiting();
  const run = (): void => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    props.explore.run();
  };
  useKeys({ "Mod+Enter": run });
  return (
    <form
      class="qs"
      aria-label="Query"
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <VisualizeCell
        explore={props.explore}
        columns={props.columns}
        badAt={badAt("calculations")}
      />
      <WhereCell explore={props.explore} columns={props.columns} badAt={badAt("filters")} />
      <GroupCell explore={props.explore} columns={props.columns} badAt={badAt("breakdowns")} />
      <OrderCell explore={props.explore} bad={badIn("orders", "havings")} />
      <div class="cell" classList={{ bad: badIn("limit") }}>
        <label class="lb" for="limit">
          Limit
        </label>
        <div class="v">
          <input
            id="limit"
            inputmode="numeric"
            value={props.explore.draft().limit ?? 100}
            onInput={(event) => {
              const limit = Number(event.currentTarget.value);
              if (Number.isInteger(limit) && limit > 0)
                props.explore.edit((draft) => ({ ...draft, limit }));
            }}
          />
        </div>
      </div>
      <TimeCell
        explore={props.explore}
        view={props.view}
        bad={badIn("time_range", "start_time", "end_time", "granularity", "compare")}
      />
      <div class="cell run">
        <Show
          when={running()}
          fallback={
            <button class="ctl main" classList={{ fresh: props.explore.dirty() }}>
              Run <Key>{modKey}⏎</Key>
            </button>
          }
        >
          <button type="button" class="ctl" onClick={() => props.explore.answer.cancel()}>
            Cancel <Key>Esc</Key>
          </button>
        </Show>
      </div>
      <props.defined.View />
      <i class="busy" classList={{ on: running() }} />
    </form>
  );
}
