// SPDX-License-Identifier: Apache-2.0
// The states of a list that has nothing to show, or whose asking failed: one sentence, and the one thing to do.
import { Show, type JSX } from "solid-js";
import type { ApiError } from "../api/client";

/** Above the last good result. Lost connections are shown by the live switch and the top bar instead. */
export function ErrorNote(props: { error: ApiError | null; action?: JSX.Element }): JSX.Element {
  return (
    <Show when={props.error?.kind === "lost" ? null : props.error}>
      {(error) => (
        <p class="note bad" role="alert">
          <b>{error().code === "INVALID_ARGUMENT" ? "Not understood" : "Refused"}</b>
          <span>{error().message}</span>
          <span class="grow" />
          {props.action}
        </p>
      )}
    </Show>
  );
}

export function Empty(props: { title: string; children?: JSX.Element }): JSX.Element {
  return (
    <div class="empty" role="status">
      <p class="str">{props.title}</p>
      <p class="mut">{props.children}</p>
    </div>
  );
}
