// SPDX-License-Identifier: Apache-2.0
// How long the spans of a group are: a bar for each part of a log scale from the shortest to the longest.
import { For, type JSX } from "solid-js";
import type { SiblingGroup } from "../../api/types";
import { durationText } from "../../model/format";

export function Spread(props: { group: SiblingGroup; tall?: boolean }): JSX.Element {
  const most = (): number => Math.max(1, ...props.group.buckets);
  const label = (): string =>
    `${durationText(BigInt(props.group.shortest_ns))} to ${durationText(BigInt(props.group.longest_ns))}, median ${durationText(BigInt(props.group.median_ns))}`;
  return (
    <span
      class="spread"
      classList={{ tall: props.tall ?? false }}
      role="img"
      aria-label={label()}
      title={label()}
    >
      <For each={props.group.buckets}>
        {(n) => <i style={{ height: n === 0 ? "0" : `max(1px, ${(n / most()) * 100}%)` }} />}
      </For>
    </span>
  );
}
