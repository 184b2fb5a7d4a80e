// SPDX-License-Identifier: Apache-2.0
// The box over a list that searches as one types, a moment after the last key; Escape leaves it.
import type { JSX } from "solid-js";
import { SearchIcon } from "./Icons";
import { Key } from "./Text";

const PAUSE_MS = 200;

export function SearchBox(props: {
  label: string;
  placeholder: string;
  text: string;
  search: (text: string) => void;
  ref: (input: HTMLInputElement) => void;
}): JSX.Element {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (
    <label class="box grow">
      <SearchIcon />
      <input
        ref={(element) => props.ref(element)}
        aria-label={props.label}
        placeholder={props.placeholder}
        spellcheck={false}
        value={props.text}
        onInput={(event) => {
          const text = event.currentTarget.value;
          clearTimeout(timer);
          timer = setTimeout(() => props.search(text), PAUSE_MS);
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
      <Key>/</Key>
    </label>
  );
}
