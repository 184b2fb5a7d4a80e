// SPDX-License-Identifier: Apache-2.0
// The question as Honeycomb's query JSON: to read, to copy, and to change what the strip has no cell for.
import { createSignal, type JSX } from "solid-js";
import { mismatch } from "../../api/check";
import type { QuerySpec } from "../../api/types";
import { copy, reasonOf } from "../../app/notice";
import { withoutTimes } from "../../model/spec";
import { Dialog } from "../../parts/Dialog";
import { Failure } from "./SaveForm";

export function JsonDialog(props: {
  query: QuerySpec;
  onApply: (query: QuerySpec) => void;
  onClose: () => void;
}): JSX.Element {
  // eslint-disable-next-line solid/reactivity -- a snapshot: what is typed is not overwritten
  const [text, setText] = createSignal(JSON.stringify(props.query, null, 2));
  const [error, setError] = createSignal<string | null>(null);
  const apply = (event: SubmitEvent): void => {
    event.preventDefault();
    let parsed: unknown;
    try {
      parsed = JSON.parse(text());
    } catch (reason) {
      setError(reasonOf(reason));
      return;
    }
    const wrong = mismatch("Query", parsed);
    if (wrong !== null) {
      setError(`${wrong}.`);
      return;
    }
    props.onApply(withoutTimes(parsed as QuerySpec));
    props.onClose();
  };
  return (
    <Dialog label="Query JSON" class="json" onClose={props.onClose}>
      <form onSubmit={apply}>
        <h2>Query JSON</h2>
        <textarea
          class="in mono"
          aria-label="Query JSON"
          spellcheck={false}
          rows={18}
          value={text()}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <Failure text={error()} />
        <p class="row">
          <button class="ctl main">Ask this</button>
          <button type="button" class="ctl" onClick={() => copy(text(), "Query")}>
            Copy
          </button>
        </p>
      </form>
    </Dialog>
  );
}
