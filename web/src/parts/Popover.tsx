// SPDX-License-Identifier: Apache-2.0
// Something that opens under a control and closes by Escape or by a press elsewhere.
import { onCleanup, onMount, type JSX } from "solid-js";
import { useKeys } from "../app/keys";

export function Popover(props: {
  label: string;
  class?: string;
  onClose: () => void;
  children: JSX.Element;
}): JSX.Element {
  let element: HTMLDivElement | undefined;
  useKeys({ Escape: () => props.onClose() });
  onMount(() => {
    const elsewhere = (event: PointerEvent): void => {
      // What was pressed may be gone by now, as an offer that was taken is; its path still says where it was.
      const own = element?.parentElement;
      if (own !== undefined && own !== null && !event.composedPath().includes(own)) props.onClose();
    };
    document.addEventListener("pointerdown", elsewhere);
    onCleanup(() => document.removeEventListener("pointerdown", elsewhere));
  });
  return (
    <div
      class={`pop ${props.class ?? ""}`}
      role="dialog"
      aria-label={props.label}
      ref={(own) => (element = own)}
    >
      {props.children}
    </div>
  );
}
