// SPDX-License-Identifier: Apache-2.0
// A cell of the query strip: its name, chips, a plus, and the editor that opens under it.
import { Show, type JSX } from "solid-js";
import { Popover } from "../../parts/Popover";

export function Cell(props: {
  label: string;
  /** Beside the name, muted. */
  more?: string;
  bad?: boolean;
  addLabel?: string;
  onAdd?: () => void;
  open: boolean;
  editorLabel: string;
  /** Made when it opens. */
  editor: JSX.Element;
  onClose: () => void;
  children: JSX.Element;
}): JSX.Element {
  return (
    <div class="anchor cell" classList={{ bad: props.bad === true }}>
      <span class="lb">
        {props.label}
        <Show when={props.more}>
          <span class="not-s"> · {props.more}</span>
        </Show>
      </span>
      <div class="v">
        {props.children}
        <Show when={props.onAdd}>
          {(onAdd) => (
            <button type="button" class="add" aria-label={props.addLabel} onClick={() => onAdd()()}>
              +
            </button>
          )}
        </Show>
      </div>
      <Show when={props.open}>
        <Popover label={props.editorLabel} class="edit" onClose={() => props.onClose()}>
          {props.editor}
        </Popover>
      </Show>
    </div>
  );
}

export function Chip(props: {
  children: JSX.Element;
  bad?: boolean;
  title: string;
  onOpen: () => void;
  onRemove: () => void;
}): JSX.Element {
  return (
    <span class="chip" classList={{ bad: props.bad === true }} title={props.title}>
      <button type="button" class="open cut" onClick={() => props.onOpen()}>
        {props.children}
      </button>
      <button type="button" aria-label={`Remove ${props.title}`} onClick={() => props.onRemove()}>
        ×
      </button>
    </span>
  );
}
