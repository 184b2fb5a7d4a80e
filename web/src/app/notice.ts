// SPDX-License-Identifier: Apache-2.0
// A short word at the foot of the page, such as "copied"; read out by screen readers, gone after two seconds.
import { createSignal } from "solid-js";

const [notice, setNotice] = createSignal("");
export { notice };
let timer: ReturnType<typeof setTimeout> | undefined;

export function say(text: string): void {
  clearTimeout(timer);
  setNotice(text);
  timer = setTimeout(() => setNotice(""), 2000);
}

export function copy(text: string, what: string): void {
  navigator.clipboard.writeText(text).then(
    () => say(`${what} copied`),
    () => say("The browser does not let this page copy."),
  );
}
