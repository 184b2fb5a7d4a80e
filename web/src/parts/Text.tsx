// SPDX-License-Identifier: Apache-2.0
// Small pieces of text with one way of writing each: lengths, moments, levels, found words.
import { createEffect, createSignal, For, on, Show, type JSX } from "solid-js";
import { severityLetter, severityNames } from "../model/doors";
import { clock, count, duration, fullTime } from "../model/format";

export function Duration(props: { ns: bigint }): JSX.Element {
  const text = (): { value: string; unit: string } => duration(props.ns);
  return (
    <>
      {text().value}
      <span class="unit">{text().unit}</span>
    </>
  );
}

export function Moment(props: { ns: bigint }): JSX.Element {
  const text = (): { seconds: string; millis: string } => clock(props.ns);
  return (
    <time title={fullTime(props.ns)}>
      {text().seconds}
      <span class="mut">{text().millis}</span>
    </time>
  );
}

export function Level(props: { severity: number }): JSX.Element {
  const letter = (): keyof typeof severityNames => severityLetter(props.severity);
  return (
    <span class={`lv ${letter()}`} title={severityNames[letter()]}>
      {letter()}
    </span>
  );
}

export function Key(props: { children: JSX.Element }): JSX.Element {
  return <kbd aria-hidden="true">{props.children}</kbd>;
}

/** `text` with every place where `find` stands marked, case aside. */
export function Found(props: { text: string; find: string }): JSX.Element {
  const parts = (): string[] => {
    const find = props.find.trim().toLowerCase();
    if (find === "") return [props.text];
    const lower = props.text.toLowerCase();
    const pieces: string[] = [];
    let from = 0;
    // Lower-casing may change a text's length; then nothing is marked rather than the wrong letters.
    if (lower.length !== props.text.length) return [props.text];
    for (let at = lower.indexOf(find); at >= 0; at = lower.indexOf(find, from)) {
      pieces.push(props.text.slice(from, at), props.text.slice(at, at + find.length));
      from = at + find.length;
    }
    return [...pieces, props.text.slice(from)];
  };
  return (
    <For each={parts()}>
      {(piece, index) => (
        <Show when={index() % 2 === 1} fallback={piece}>
          <mark>{piece}</mark>
        </Show>
      )}
    </For>
  );
}

const longText = 1000;

/** A text that may be pages long: its first letters, and the rest when it is asked for. */
export function LongText(props: { text: string }): JSX.Element {
  const [whole, setWhole] = createSignal(false);
  createEffect(
    on(
      () => props.text,
      () => setWhole(false),
    ),
  );
  return (
    <Show when={props.text.length > longText && !whole()} fallback={props.text}>
      {props.text.slice(0, longText)}…{" "}
      <button class="link" onClick={() => setWhole(true)}>
        Show all {count(props.text.length)} letters
      </button>
    </Show>
  );
}
