// SPDX-License-Identifier: Apache-2.0
// What could be meant, under a line of text that is being written: offers one below the other, one of them chosen.
import { For, Show, type JSX } from "solid-js";
import { Found } from "./Text";

export interface Offered {
  text: string;
  /** Small, beside it: a type, how often. */
  note?: string | undefined;
  /** Smaller still, between both: some of its values. */
  examples?: string | undefined;
}

/** The place after a step up or down, around the ends; up from nowhere is the last. */
export function stepped(at: number, step: number, length: number): number {
  const all = Math.max(1, length);
  return at < 0 && step < 0 ? all - 1 : (at + step + all) % all;
}

export function offerId(list: string, index: number): string {
  return `${list}-${index}`;
}

export function Offers<T extends Offered>(props: {
  id: string;
  label: string;
  offers: readonly T[];
  chosen: number;
  /** What is marked in them. */
  find: string;
  onTake: (offer: T) => void;
}): JSX.Element {
  return (
    <Show when={props.offers.length > 0}>
      <ul class="pop offers" id={props.id} role="listbox" aria-label={props.label}>
        <For each={props.offers}>
          {(offer, index) => (
            <li
              id={offerId(props.id, index())}
              role="option"
              aria-selected={props.chosen === index()}
              onPointerDown={(event) => {
                event.preventDefault();
                props.onTake(offer);
              }}
            >
              <span class="cut">
                <Found text={offer.text} find={props.find} />
              </span>
              <Show when={offer.examples}>
                {(examples) => <span class="eg cut">{examples()}</span>}
              </Show>
              <span class="n">{offer.note ?? ""}</span>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
