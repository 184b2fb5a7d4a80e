// SPDX-License-Identifier: Apache-2.0
// What was asked before, newest first, and what was saved by name; both found by any word in them.
import { createSignal, For, Show, type JSX } from "solid-js";
import { ask, tell } from "../../api/client";
import { createQuery } from "../../api/query";
import type { HistoryList, QuerySpec, SavedQueryList } from "../../api/types";
import { useServerState } from "../../app/status";
import { ago, count } from "../../model/format";
import { allDatasets, queryText } from "../../model/spec";
import { ErrorNote } from "../../parts/Notes";
import { SearchBox } from "../../parts/SearchBox";
import { Tabs } from "../../parts/Tabs";
import { Dialog } from "../../parts/Dialog";
import { createWork, Failure } from "./SaveForm";

type Tab = "history" | "saved";

export function HistoryDialog(props: {
  /** `saved`: the id of one that is saved by name. */
  onOpen: (dataset: string, query: QuerySpec, saved: string | null) => void;
  onClose: () => void;
}): JSX.Element {
  const server = useServerState();
  const [tab, setTab] = createSignal<Tab>("history");
  const [text, setText] = createSignal("");
  const work = createWork();
  /** The saved one that a second press deletes. */
  const [sure, setSure] = createSignal<string | null>(null);
  const history = createQuery<HistoryList>({
    key: () => `history|${text()}`,
    ask: (signal) => ask("HistoryList", "explore/history", { text: text(), limit: 200 }, signal),
  });
  const saved = createQuery<SavedQueryList>({
    key: () => `saved|${text()}`,
    ask: (signal) => ask("SavedQueryList", "queries", { text: text() }, signal),
  });
  const remove = (id: string): void => {
    work.start(
      tell("Done", "DELETE", `queries/${encodeURIComponent(id)}`, undefined).then(() =>
        saved.refresh(),
      ),
    );
  };
  const where = (dataset: string): string => (dataset === allDatasets ? "" : ` in ${dataset}`);
  return (
    <Dialog label="History" class="hist-d" onClose={props.onClose}>
      <Tabs
        label="Questions"
        tabs={[
          { name: "history", title: "History" },
          { name: "saved", title: "Saved" },
        ]}
        chosen={tab()}
        panel="questions"
        onChoose={setTab}
      />
      <SearchBox
        label="Search questions"
        placeholder="Any word of a question or its name"
        text={text()}
        search={setText}
        ref={() => undefined}
      />
      <Failure text={work.failed()} />
      <ErrorNote error={tab() === "history" ? history.error() : saved.error()} />
      <div id="questions" role="tabpanel" aria-labelledby={`tab-${tab()}`}>
        <ul>
          <Show
            when={tab() === "history"}
            fallback={
              <For
                each={saved.data()?.queries ?? []}
                fallback={
                  <li class="none mut">
                    Nothing is saved{text() === "" ? "" : " under such a name"}.
                  </li>
                }
              >
                {(own) => (
                  <li>
                    <button
                      class="q-open"
                      onClick={() => props.onOpen(own.dataset, own.query, own.id)}
                    >
                      <b class="cut">{own.name}</b>
                      <span class="cut mono">{queryText(own.query) + where(own.dataset)}</span>
                      <Show when={own.description !== ""}>
                        <span class="cut mut">{own.description}</span>
                      </Show>
                    </button>
                    <button
                      class="rm"
                      aria-label={
                        sure() === own.id ? `Really delete ${own.name}?` : `Delete ${own.name}`
                      }
                      onClick={() => (sure() === own.id ? remove(own.id) : setSure(own.id))}
                      onBlur={() => setSure(null)}
                    >
                      {sure() === own.id ? "Really delete?" : "×"}
                    </button>
                  </li>
                )}
              </For>
            }
          >
            <For
              each={history.data()?.entries ?? []}
              fallback={
                <li class="none mut">
                  Nothing was asked yet{text() === "" ? "" : " with such a word"}.
                </li>
              }
            >
              {(own) => (
                <li>
                  <button class="q-open" onClick={() => props.onOpen(own.dataset, own.query, null)}>
                    <Show when={own.name}>
                      <b class="cut">{own.name}</b>
                    </Show>
                    <span class="cut mono">{queryText(own.query) + where(own.dataset)}</span>
                    <span class="cut mut">
                      {ago(BigInt(own.ran_ns), server.now())}
                      {own.state === "failed"
                        ? " · failed"
                        : ` · ${own.elapsed_ms.toFixed(0)} ms · ${count(own.rows_read)} rows`}
                    </span>
                  </button>
                </li>
              )}
            </For>
          </Show>
        </ul>
      </div>
    </Dialog>
  );
}
