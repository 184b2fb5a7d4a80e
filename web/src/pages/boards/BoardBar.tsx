// SPDX-License-Identifier: Apache-2.0
// Above a board: its name, its time, and what can be done with it.
import { A } from "@solidjs/router";
import { createEffect, createSignal, on, Show, type JSX } from "solid-js";
import type { BoardPanel } from "../../api/types";
import type { View } from "../../app/view";
import { TimeControl } from "../../parts/TimeControl";

export interface BoardDraft {
  name: string;
  description: string;
  panels: BoardPanel[];
}

export function BoardBar(props: {
  view: View;
  tick: () => unknown;
  shown: BoardDraft;
  editing: boolean;
  /** It was read, so it can be edited. */
  known: boolean;
  waiting: boolean;
  onChange: (part: Partial<BoardDraft>) => void;
  onEdit: () => void;
  onAdd: () => void;
  onDelete: () => void;
  onLeave: () => void;
  onSave: () => void;
}): JSX.Element {
  const [sure, setSure] = createSignal(false);
  createEffect(
    on(
      () => props.editing,
      () => setSure(false),
    ),
  );
  return (
    <div class="q">
      <Show
        when={props.editing}
        fallback={
          <div class="bn grow">
            <A class="mut" href="/boards">
              Boards
            </A>
            <span class="mut">/</span>
            <h1 class="cut">{props.shown.name}</h1>
            <span class="mut cut not-s">{props.shown.description}</span>
          </div>
        }
      >
        <div class="bn grow">
          <input
            class="in"
            aria-label="Name of the board"
            maxlength={255}
            value={props.shown.name}
            onInput={(event) => props.onChange({ name: event.currentTarget.value })}
          />
          <input
            class="in"
            aria-label="What it is for"
            placeholder="What it is for"
            maxlength={1024}
            value={props.shown.description}
            onInput={(event) => props.onChange({ description: event.currentTarget.value })}
          />
        </div>
      </Show>
      <Show
        when={props.editing}
        fallback={
          <>
            <TimeControl view={props.view} tick={props.tick} />
            <button class="ctl" onClick={() => props.onEdit()} disabled={!props.known}>
              Edit
            </button>
          </>
        }
      >
        <button class="ctl" onClick={() => props.onAdd()}>
          Add a panel
        </button>
        <button
          class="ctl quiet"
          onClick={() => (sure() ? props.onDelete() : setSure(true))}
          onBlur={() => setSure(false)}
        >
          {sure() ? "Really delete?" : "Delete"}
        </button>
        <button class="ctl quiet" onClick={() => props.onLeave()}>
          Leave as it was
        </button>
        <button class="ctl main" onClick={() => props.onSave()}>
          Save
        </button>
      </Show>
      <i class="busy" classList={{ on: props.waiting }} />
    </div>
  );
}
