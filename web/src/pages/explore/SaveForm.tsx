// SPDX-License-Identifier: Apache-2.0
// What the forms for saved questions have in common: a name and a description, work that may fail, and why it did.
import { createSignal, Show, type Accessor, type JSX } from "solid-js";
import { reasonOf } from "../../app/notice";

export interface Work {
  busy: Accessor<boolean>;
  /** Why it failed; null: it did not. */
  failed: Accessor<string | null>;
  start: (work: Promise<void>) => void;
}

export function createWork(): Work {
  const [busy, setBusy] = createSignal(false);
  const [failed, setFailed] = createSignal<string | null>(null);
  const start = (work: Promise<void>): void => {
    setBusy(true);
    setFailed(null);
    work.catch((reason: unknown) => setFailed(reasonOf(reason))).finally(() => setBusy(false));
  };
  return { busy, failed, start };
}

export function Failure(props: { text: string | null }): JSX.Element {
  return (
    <Show when={props.text}>
      {(text) => (
        <p class="err" role="alert">
          {text()}
        </p>
      )}
    </Show>
  );
}

export function NameFields(props: {
  name: string;
  placeholder?: string;
  description: string;
  onName: (text: string) => void;
  onDescription: (text: string) => void;
}): JSX.Element {
  return (
    <>
      <label>
        Name
        <input
          class="in"
          maxlength={320}
          placeholder={props.placeholder}
          value={props.name}
          onInput={(event) => props.onName(event.currentTarget.value)}
        />
      </label>
      <label>
        Description
        <input
          class="in"
          maxlength={1023}
          value={props.description}
          onInput={(event) => props.onDescription(event.currentTarget.value)}
        />
      </label>
    </>
  );
}
