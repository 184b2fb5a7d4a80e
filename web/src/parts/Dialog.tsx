// SPDX-License-Identifier: Apache-2.0
// A dialog over the page, closed by Escape or by a press beside it.
import { onMount, type JSX } from "solid-js";
import "../styles/dialogs.css";

export function Dialog(props: {
  label: string;
  class: string;
  onClose: () => void;
  children: JSX.Element;
}): JSX.Element {
  let dialog: HTMLDialogElement | undefined;
  onMount(() => dialog?.showModal());
  return (
    <dialog
      class={`ask ${props.class}`}
      aria-label={props.label}
      ref={(element) => (dialog = element)}
      onClose={() => props.onClose()}
      onPointerDown={(event) => event.target === dialog && dialog.close()}
    >
      {props.children}
    </dialog>
  );
}
