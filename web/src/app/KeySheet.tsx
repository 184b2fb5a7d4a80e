// SPDX-License-Identifier: Apache-2.0
// All keys on one sheet, opened by `?`.
import { For, onMount, type JSX } from "solid-js";
import { Key } from "../parts/Text";
import { modKey } from "./keys";

const sheet: [title: string, keys: [keys: string[], what: string][]][] = [
  [
    "Everywhere",
    [
      [["/"], "search or filter here"],
      [[`${modKey}K`], "go to"],
      [["T"], "time; the trace, where a row is chosen"],
      [["Space"], "live, pause"],
      [["J", "K"], "move"],
      [["⏎"], "open"],
      [["Esc"], "close, back"],
      [["G", "R"], "requests"],
      [["G", "E"], "explore"],
      [["G", "I"], "errors"],
      [["G", "L"], "logs"],
      [["G", "B"], "boards"],
      [["G", "M"], "map"],
      [["G", "S"], "set-up"],
      [["?"], "all keys"],
    ],
  ],
  [
    "Requests",
    [
      [["F"], "filter"],
      [["E"], "explore these"],
    ],
  ],
  [
    "Trace",
    [
      [["H", "L"], "fold, unfold"],
      [["N"], "next match"],
      [["!"], "to the error"],
      [["Z"], "zoom to the row, and back"],
      [["1", "–", "4"], "tabs"],
      [["C"], "copy link"],
      [["[", "]"], "newer, older request"],
    ],
  ],
  [
    "Explore",
    [
      [[`${modKey}⏎`], "run"],
      [["drag"], "select in a heat map; times in a line chart"],
      [["←", "↑", "→", "↓"], "move in a heat map, with Shift select"],
      [["B"], "compare selection"],
      [["C"], "compare the group in focus with the one that is held"],
      [["X"], "one trace from here, the slowest"],
      [["D"], "define a field"],
      [["F"], "add a formula"],
      [["S"], "save"],
      [["U"], "what is saved: update, rename, delete"],
      [["[", "]"], "back, forward"],
    ],
  ],
  [
    "Errors",
    [
      [["[", "]"], "newer, older occurrence"],
      [["E"], "resolve, or open again"],
      [["M"], "mute, or open again"],
    ],
  ],
  [
    "Logs",
    [
      [["W"], "wrap long lines"],
      [["C"], "lines around"],
    ],
  ],
  [
    "Boards",
    [
      [["E"], "edit"],
      [["A"], "add a panel"],
      [["←", "↑", "→", "↓"], "move the chosen panel, with Shift resize it"],
    ],
  ],
  [
    "Set-up",
    [
      [["1", "–", "5"], "language"],
      [["C"], "copy all"],
    ],
  ],
];

export function KeySheet(props: { onClose: () => void }): JSX.Element {
  let dialog: HTMLDialogElement | undefined;
  onMount(() => dialog?.showModal());
  return (
    <dialog
      class="sheet"
      aria-label="Keys"
      ref={(element) => (dialog = element)}
      onClose={() => props.onClose()}
      onClick={(event) => event.target === dialog && dialog.close()}
    >
      <For each={sheet}>
        {([title, keys]) => (
          <section>
            <h2>{title}</h2>
            <dl>
              <For each={keys}>
                {([names, what]) => (
                  <div>
                    <dt>
                      <For each={names}>{(name) => <kbd>{name}</kbd>}</For>
                    </dt>
                    <dd>{what}</dd>
                  </div>
                )}
              </For>
            </dl>
          </section>
        )}
      </For>
      <form method="dialog">
        <button class="ctl sm">
          Close <Key>Esc</Key>
        </button>
      </form>
    </dialog>
  );
}
