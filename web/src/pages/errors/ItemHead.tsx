// SPDX-License-Identifier: Apache-2.0
// What an item is: its level and title, how often, when and where it was seen.
import { For, Show, type JSX } from "solid-js";
import type { Item } from "../../api/types";
import { useServerState } from "../../app/status";
import { ago, clockText, cutMiddle, day, fullTime, plural } from "../../model/format";
import { DoorMark } from "../../parts/DoorMark";
import { ItemActions } from "./ItemActions";

/** Letters of an environment, a framework, a language; the whole stands in the title. */
const wordMax = 40;

export function ItemLevel(props: { level: Item["level"] }): JSX.Element {
  const look = (): [letter: string, mark: string] => {
    if (props.level === "critical") return ["E", "!"];
    if (props.level === "error") return ["E", "E"];
    if (props.level === "warning") return ["W", "W"];
    return ["I", props.level === "info" ? "I" : "D"];
  };
  return (
    <span class={`lv ${look()[0]}`} title={props.level}>
      {look()[1]}
    </span>
  );
}

export function ItemHead(props: { item: Item; onChanged: () => void }): JSX.Element {
  const server = useServerState();
  return (
    <div class="hd">
      <div class="row">
        <ItemLevel level={props.item.level} />
        <h2 class="title">{props.item.title}</h2>
        <Show when={props.item.status !== "active"}>
          <span class="state">{props.item.status}</span>
        </Show>
        <span class="grow" />
        <ItemActions item={props.item} onChanged={() => props.onChanged()} />
      </div>
      <div class="meta">
        <span class="doorname">
          <DoorMark door="rollbar" />
          item <b>{props.item.counter}</b>
        </span>
        <span>
          <b>{plural(props.item.occurrences, "occurrence")}</b>
        </span>
        <Show when={props.item.people}>
          {(people) => (
            <span>
              <b>{plural(people(), "person", "people")}</b>
            </span>
          )}
        </Show>
        <span title={fullTime(BigInt(props.item.first_seen_ns))}>
          first{" "}
          <b>
            {day(BigInt(props.item.first_seen_ns))}{" "}
            {clockText(BigInt(props.item.first_seen_ns)).slice(0, 5)}
          </b>
        </span>
        <span title={fullTime(BigInt(props.item.last_seen_ns))}>
          last <b>{ago(BigInt(props.item.last_seen_ns), server.now())}</b>
        </span>
        <For each={[props.item.environment, props.item.framework, props.item.language]}>
          {(word) => (
            <Show when={word}>
              {(text) => <span title={text()}>{cutMiddle(text(), wordMax)}</span>}
            </Show>
          )}
        </For>
      </div>
    </div>
  );
}
