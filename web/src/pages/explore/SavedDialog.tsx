// SPDX-License-Identifier: Apache-2.0
// The saved question that is open: its name, what would change in it, and its end. What somebody else saved in the
// meantime is shown before anything is written over.
import { createSignal, For, Show, type JSX } from "solid-js";
import { ApiError, ask, tell } from "../../api/client";
import type { QuerySpec, SavedQuery } from "../../api/types";
import { say } from "../../app/notice";
import { useServerState } from "../../app/status";
import { ago } from "../../model/format";
import { changesOf, timeChange, type Change } from "../../model/specDiff";
import { Dialog } from "../../parts/Dialog";
import { savedPath } from "./saved";
import { createWork, Failure, NameFields } from "./SaveForm";

function Changes(props: { changes: readonly Change[] }): JSX.Element {
  return (
    <dl class="changes">
      <For each={props.changes}>
        {({ part, before, after }) => (
          <div>
            <dt>{part}</dt>
            <dd>
              <Show when={before !== ""}>
                <del>{before}</del>
              </Show>
              <Show when={after !== ""} fallback={<span class="mut">taken out</span>}>
                <ins>{after}</ins>
              </Show>
            </dd>
          </div>
        )}
      </For>
    </dl>
  );
}

function nameChange(before: SavedQuery, after: SavedQuery): Change[] {
  return before.name === after.name
    ? []
    : [{ part: "Name", before: before.name, after: after.name }];
}

export function SavedDialog(props: {
  saved: SavedQuery;
  dataset: string;
  /** As it would be saved, with its time. */
  query: QuerySpec;
  onSaved: () => void;
  onDeleted: () => void;
  onClose: () => void;
}): JSX.Element {
  const server = useServerState();
  // eslint-disable-next-line solid/reactivity -- a snapshot: what is typed is not overwritten
  const [name, setName] = createSignal(props.saved.name);
  // eslint-disable-next-line solid/reactivity -- likewise
  const [description, setDescription] = createSignal(props.saved.description);
  const [theirs, setTheirs] = createSignal<SavedQuery | null>(null);
  const work = createWork();
  const [sure, setSure] = createSignal(false);

  const asked = (): Change[] => changesOf(props.saved.query, props.query);
  /** Of a question that is the same otherwise, another time alone is no change to be saved by the way. */
  const changes = (): Change[] => {
    const time = timeChange(props.saved.query, props.query);
    return asked().length === 0 || time === null ? asked() : [...asked(), time];
  };
  const dataset = (): Change[] =>
    props.saved.dataset === props.dataset
      ? []
      : [{ part: "Dataset", before: props.saved.dataset, after: props.dataset }];
  const all = (): Change[] => [...changes(), ...dataset()];

  const update = async (seen: SavedQuery): Promise<void> => {
    const path = savedPath(props.saved.id);
    const own = all().length > 0;
    try {
      await tell("SavedQuery", "PUT", path, {
        dataset: own ? props.dataset : seen.dataset,
        name: name().trim() === "" ? seen.name : name().trim(),
        description: description().trim(),
        query: own ? props.query : seen.query,
        seen_ns: seen.updated_ns,
      });
    } catch (reason) {
      if (!(reason instanceof ApiError) || reason.code !== "ABORTED") throw reason;
      setTheirs(await ask("SavedQuery", path, {}, new AbortController().signal));
      return;
    }
    say("Saved");
    props.onSaved();
  };
  const remove = async (): Promise<void> => {
    await tell("Done", "DELETE", savedPath(props.saved.id), undefined);
    say(`Deleted: ${props.saved.name}`);
    props.onDeleted();
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const seen = theirs() ?? props.saved;
    work.start(update(seen));
  };
  return (
    <Dialog label="Saved question" class="save" onClose={props.onClose}>
      <form onSubmit={submit}>
        <h2>Saved question</h2>
        <NameFields
          name={name()}
          description={description()}
          onName={setName}
          onDescription={setDescription}
        />
        <Show
          when={all().length > 0}
          fallback={<p class="mut">The question is as it was saved.</p>}
        >
          <section aria-label="What changes">
            <p class="mut">Changed since it was saved</p>
            <Changes changes={all()} />
          </section>
        </Show>
        <Show when={theirs()}>
          {(other) => (
            <section class="other" role="alert" aria-label="What somebody else changed">
              <p>
                Somebody else saved it {ago(BigInt(other().updated_ns), server.now())}. Nothing was
                written over. What they changed:
              </p>
              <Changes
                changes={[
                  ...nameChange(props.saved, other()),
                  ...changesOf(props.saved.query, other().query),
                ]}
              />
            </section>
          )}
        </Show>
        <Failure text={work.failed()} />
        <p class="row">
          <button class="ctl main" disabled={work.busy()}>
            {theirs() === null ? "Update" : "Write over theirs"}
          </button>
          <Show
            when={theirs()}
            fallback={
              <button type="button" class="ctl" onClick={() => props.onClose()}>
                Leave it
              </button>
            }
          >
            <button type="button" class="ctl" onClick={() => props.onSaved()}>
              Keep theirs
            </button>
          </Show>
          <span class="grow" />
          <button
            type="button"
            class="ctl quiet"
            disabled={work.busy()}
            onClick={() => (sure() ? work.start(remove()) : setSure(true))}
            onBlur={() => setSure(false)}
          >
            {sure() ? "Really delete?" : "Delete"}
          </button>
        </p>
      </form>
    </Dialog>
  );
}
