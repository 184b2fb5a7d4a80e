// SPDX-License-Identifier: Apache-2.0
// What one makes of an item: resolved, muted, open again. The buttons stay where they are, so that a second press takes the
// first back.
import { createSignal, type JSX } from "solid-js";
import { tell } from "../../api/client";
import type { Item } from "../../api/types";
import { useKeys } from "../../app/keys";
import { say, sayFailed } from "../../app/notice";
import { Key } from "../../parts/Text";

type State = Item["status"];

const done: Record<State, string> = {
  active: "is open again",
  resolved: "is resolved; the next occurrence opens it again",
  muted: "is muted; occurrences are counted and do not open it",
};

export function ItemActions(props: { item: Item; onChanged: () => void }): JSX.Element {
  const [busy, setBusy] = createSignal(false);
  const change = async (wanted: State): Promise<void> => {
    if (busy()) return;
    const { counter, status } = props.item;
    const next = wanted === status ? "active" : wanted;
    setBusy(true);
    const failed = await tell("ItemDetail", "PUT", `items/${counter}`, { status: next }).then(
      () => {
        say(`Item ${counter} ${done[next]}.`);
        return false;
      },
      (reason: unknown) => {
        sayFailed(`Item ${counter} is as it was`, reason);
        return true;
      },
    );
    setBusy(false);
    if (!failed) props.onChanged();
  };
  useKeys({ e: () => void change("resolved"), m: () => void change("muted") });
  const word = (own: State, name: string): string =>
    props.item.status === own ? "Open again" : name;
  return (
    <span class="row">
      <button class="ctl sm" aria-disabled={busy()} onClick={() => void change("muted")}>
        {word("muted", "Mute")} <Key>M</Key>
      </button>
      <button
        class="ctl sm"
        classList={{ main: props.item.status === "active" }}
        aria-disabled={busy()}
        onClick={() => void change("resolved")}
      >
        {word("resolved", "Resolve")} <Key>E</Key>
      </button>
    </span>
  );
}
