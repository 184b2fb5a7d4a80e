// SPDX-License-Identifier: Apache-2.0
// A line of text that offers what could be meant. What is typed counts as it is; arrows and Tab take what is offered.
import {
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  on,
  onMount,
  type JSX,
} from "solid-js";
import { offerId, Offers, stepped, type Offered } from "./Offers";

export type Option = Offered;

const shownMax = 60;

/** Options that contain a text, those that begin with it first. */
export function matching(options: readonly Option[], text: string): Option[] {
  const wanted = text.trim().toLowerCase();
  const at = (option: Option): number => option.text.toLowerCase().indexOf(wanted);
  const found = options.filter((option) => at(option) >= 0);
  return found.toSorted((a, b) => Math.min(1, at(a)) - Math.min(1, at(b)));
}

export function Suggest(props: {
  label: string;
  placeholder?: string;
  value: string;
  options: readonly Option[];
  focus?: boolean;
  /** Everything typed. */
  onInput: (text: string) => void;
  /** An option taken, or Enter on what was typed. */
  onDone?: (text: string) => void;
}): JSX.Element {
  const id = createUniqueId();
  const [text, setText] = createSignal("");
  const [focused, setFocused] = createSignal(false);
  const [open, setOpen] = createSignal(false);
  const [chosen, setChosen] = createSignal(-1);
  let input: HTMLInputElement | undefined;
  createEffect(on([() => props.value, focused], ([value, now]) => !now && setText(value)));
  const found = createMemo(() => {
    const all = matching(props.options, text()).slice(0, shownMax);
    // What stands there already is no offer.
    return all.length === 1 && all[0]?.text === text() ? [] : all;
  });
  const write = (next: string): void => {
    setText(next);
    props.onInput(next);
  };
  const take = (option: Option | undefined): void => {
    if (option !== undefined) write(option.text);
    setOpen(false);
    setChosen(-1);
    props.onDone?.(text());
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setOpen(true);
      setChosen((at) => stepped(at, step, found().length));
      document.getElementById(offerId(id, chosen()))?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      take(found()[chosen()]);
    } else if (event.key === "Tab" && !event.shiftKey && open() && chosen() >= 0) {
      take(found()[chosen()]);
    } else if (event.key === "Escape" && open()) {
      event.preventDefault();
      setOpen(false);
    }
  };
  onMount(() => props.focus === true && input?.focus());
  return (
    <span class="anchor sg">
      <input
        ref={(element) => (input = element)}
        role="combobox"
        aria-label={props.label}
        aria-expanded={open() && found().length > 0}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={chosen() >= 0 ? offerId(id, chosen()) : undefined}
        placeholder={props.placeholder}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        value={text()}
        onInput={(event) => {
          setOpen(true);
          setChosen(-1);
          write(event.currentTarget.value);
        }}
        onFocus={() => {
          setFocused(true);
          setOpen(true);
        }}
        onBlur={() => {
          setFocused(false);
          setOpen(false);
        }}
        onKeyDown={onKey}
      />
      <Offers
        id={id}
        label={props.label}
        offers={open() ? found() : []}
        chosen={chosen()}
        find={text()}
        onTake={take}
      />
    </span>
  );
}
