// SPDX-License-Identifier: Apache-2.0
// The keyboard. Each part that is on screen lays down a layer of keys; the newest layer that knows a key has it.
// Single keys are off while typing and while a dialog is open.
import { onCleanup } from "solid-js";

/** What a key does; `false` leaves it to the layer beneath. */
export type KeyMap = Record<string, (event: KeyboardEvent) => unknown>;

const layers: KeyMap[] = [];
let pendingGo = 0;

/** The name of a key as layers write it: "j", "G", "Escape", "Mod+k", "g r" after g. */
function nameOf(event: KeyboardEvent): string {
  const name = event.key.length === 1 && event.ctrlKey ? event.key.toLowerCase() : event.key;
  if (event.metaKey || event.ctrlKey) return `Mod+${name}`;
  return event.altKey ? `Alt+${name}` : name;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Enter and Space on a button or a link are that button's own. */
function isPressed(target: EventTarget | null, name: string): boolean {
  if (name !== "Enter" && name !== " ") return false;
  return target instanceof HTMLElement && target.closest("button, a, summary, label") !== null;
}

function dispatch(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  if (document.querySelector("dialog[open]") !== null) return;
  let name = nameOf(event);
  if (isTyping(event.target) && name !== "Escape" && !name.startsWith("Mod+")) return;
  if (isPressed(event.target, name)) return;
  if (Date.now() - pendingGo < 1500) name = `g ${name}`;
  pendingGo = 0;
  if (name === "g") {
    pendingGo = Date.now();
    return;
  }
  for (const layer of layers.toReversed()) {
    const act = layer[name];
    if (act !== undefined && act(event) !== false) {
      event.preventDefault();
      return;
    }
  }
}

document.addEventListener("keydown", dispatch);

export function useKeys(keys: KeyMap): void {
  layers.push(keys);
  onCleanup(() => layers.splice(layers.indexOf(keys), 1));
}

const apple = /Mac|iPhone|iPad/.test(navigator.userAgent);
export const modKey = apple ? "⌘" : "Ctrl ";
