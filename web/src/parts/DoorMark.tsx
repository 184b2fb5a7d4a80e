// SPDX-License-Identifier: Apache-2.0
// The mark of a door: hue and shape. A name or a letter always stands near it.
import { For, Show, type JSX } from "solid-js";
import type { DoorCount, DoorName } from "../api/types";
import { countWords, fourDoors, joinWords, lookOf } from "../model/doors";

export function DoorMark(props: { door: DoorName; hollow?: boolean }): JSX.Element {
  return (
    <i
      class={`d ${lookOf(props.door).mark}`}
      classList={{ hollow: props.hollow ?? false }}
      aria-hidden="true"
    />
  );
}

export function doorsLabel(doors: readonly DoorCount[]): string {
  const words = doors.map(
    (count) => `${lookOf(count.door).name}: ${countWords(count)}, ${joinWords[count.how]}`,
  );
  return words.length === 0 ? "No doors" : words.join("; ");
}

/** Four fixed places; a door that took no part is a small dot. Honeycomb's traces stand where OTLP's would. */
export function DoorSlots(props: { doors: readonly DoorCount[] }): JSX.Element {
  const present = (door: DoorName): boolean => props.doors.some((count) => count.door === door);
  const inPlaceOf = (door: DoorName): DoorName =>
    door === "otlp" && !present(door) && present("honeycomb") ? "honeycomb" : door;
  return (
    <span
      class="doors"
      role="img"
      aria-label={doorsLabel(props.doors)}
      title={doorsLabel(props.doors)}
    >
      <For each={fourDoors}>
        {(look) => (
          <Show when={present(inPlaceOf(look.door))} fallback={<u />}>
            <DoorMark door={inPlaceOf(look.door)} />
          </Show>
        )}
      </For>
    </span>
  );
}
