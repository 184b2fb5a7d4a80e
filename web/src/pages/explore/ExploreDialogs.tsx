// SPDX-License-Identifier: Apache-2.0
// The dialogs over Explore: saving, what is saved, what was asked before, the query as JSON.
import { Show, type JSX } from "solid-js";
import type { QuerySpec } from "../../api/types";
import type { Changes, View } from "../../app/view";
import { allDatasets, compact, withoutTimes } from "../../model/spec";
import { HistoryDialog } from "./HistoryDialog";
import { JsonDialog } from "./JsonDialog";
import { SaveDialog } from "./SaveDialog";
import type { Saved } from "./saved";
import { SavedDialog } from "./SavedDialog";
import type { Explore } from "./state";

export type ExploreDialog = "save" | "saved" | "history" | "json";

/** A question that was asked before, as the URL has it. */
function opened(dataset: string, query: QuerySpec, saved: string | null): Changes {
  const { time_range: last, start_time: from, end_time: to } = query;
  const between = from !== undefined && to !== undefined;
  return {
    q: JSON.stringify(withoutTimes(query)),
    dataset: dataset === allDatasets ? null : dataset,
    saved,
    filter: null,
    sel: null,
    hold: null,
    vs: null,
    range: between || last === undefined ? null : `${Math.max(1, Math.round(last / 60))}m`,
    from: between ? `${from}000000000` : null,
    to: between ? `${to}000000000` : null,
  };
}

export function ExploreDialogs(props: {
  shown: ExploreDialog | null;
  explore: Explore;
  saved: Saved;
  /** The question with its time. */
  asked: QuerySpec;
  view: View;
  onClose: () => void;
}): JSX.Element {
  return (
    <>
      <Show when={props.shown === "save"}>
        <SaveDialog
          dataset={props.explore.dataset()}
          query={props.asked}
          onSaved={(id) => props.view.set({ saved: id }, true)}
          onClose={props.onClose}
        />
      </Show>
      <Show when={props.shown === "saved" && props.saved.open()} keyed>
        {(own) => (
          <SavedDialog
            saved={own}
            dataset={props.explore.dataset()}
            query={props.asked}
            onSaved={() => {
              props.onClose();
              props.saved.refresh();
            }}
            onDeleted={() => {
              props.onClose();
              props.view.set({ saved: null });
            }}
            onClose={props.onClose}
          />
        )}
      </Show>
      <Show when={props.shown === "history"}>
        <HistoryDialog
          onClose={props.onClose}
          onOpen={(...question) => {
            props.onClose();
            props.view.set(opened(...question));
          }}
        />
      </Show>
      <Show when={props.shown === "json"}>
        <JsonDialog
          query={compact(props.explore.draft())}
          onClose={props.onClose}
          onApply={(query) => props.explore.step(() => query)}
        />
      </Show>
    </>
  );
}
