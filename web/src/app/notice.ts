// SPDX-License-Identifier: Apache-2.0
// A short word at the foot of the page, such as "copied"; read out by screen readers. It goes after two seconds, what went
// wrong stays long enough to be read and told to somebody.
import { createSignal } from "solid-js";

export interface Notice {
  text: string;
  failed: boolean;
}

const [notice, setNotice] = createSignal<Notice>({ text: "", failed: false });
export { notice };
let timer: ReturnType<typeof setTimeout> | undefined;

function show(text: string, failed: boolean): void {
  clearTimeout(timer);
  setNotice({ text, failed });
  timer = setTimeout(() => setNotice({ text: "", failed: false }), failed ? 10_000 : 2000);
}

export function say(text: string): void {
  show(text, false);
}

export function reasonOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

/** What was tried, and why it did not come about. */
export function sayFailed(what: string, reason: unknown): void {
  show(`${what}: ${reasonOf(reason)}`, true);
}

export function copy(text: string, what: string): void {
  const refused = (reason: unknown): void => sayFailed(`${what} not copied`, reason);
  // Where the page did not come over HTTPS or from this machine, browsers have no clipboard for it.
  if (!("clipboard" in navigator)) refused("browsers allow it over HTTPS and on this machine only");
  else navigator.clipboard.writeText(text).then(() => say(`${what} copied`), refused);
}
