// SPDX-License-Identifier: Apache-2.0
// A panel for a board: a saved question, or text.
import { createSignal, For, type JSX } from "solid-js";
import { ask } from "../../api/client";
import { createQuery } from "../../api/query";
import type { BoardPanel, SavedQuery, SavedQueryList } from "../../api/types";
import { queryText } from "../../model/spec";
import { Dialog } from "../../parts/Dialog";
import { ErrorNote } from "../../parts/Notes";
import { SearchBox } from "../../parts/SearchBox";

const words: BoardPanel = {
  type: "text",
  text_panel: { content: "# Title\nWhat this board is for." },
};

export function AddPanelDialog(props: {
  onAdd: (panel: BoardPanel, saved: SavedQuery | null) => void;
  onClose: () => void;
}): JSX.Element {
  const [text, setText] = createSignal("");
  const saved = createQuery<SavedQueryList>({
    key: () => `saved|${text()}`,
    ask: (signal) => ask("SavedQueryList", "queries", { text: text() }, signal),
  });
  const panelOf = ({ query_id, id }: SavedQuery): BoardPanel => ({
    type: "query",
    query_panel: { query_id, query_annotation_id: id, query_style: "graph" },
  });
  return (
    <Dialog label="Add a panel" class="hist-d" onClose={props.onClose}>
      <SearchBox
        label="Search saved questions"
        placeholder="A saved question's name, or any word in it"
        text={text()}
        search={setText}
        ref={() => undefined}
      />
      <ErrorNote error={saved.error()} />
      <ul>
        <li>
          <button class="q-open" onClick={() => props.onAdd(words, null)}>
            <b>Text</b>
            <span class="mut">A title, a few words, where to look next</span>
          </button>
        </li>
        <For
          each={saved.data()?.queries ?? []}
          fallback={
            <li class="none mut">
              {text() === "" ? "Nothing is saved yet." : "Nothing is saved under such a name."} Ask
              in Explore, and save what is worth keeping.
            </li>
          }
        >
          {(own) => (
            <li>
              <button class="q-open" onClick={() => props.onAdd(panelOf(own), own)}>
                <b class="cut">{own.name}</b>
                <span class="cut mono">{queryText(own.query)}</span>
              </button>
            </li>
          )}
        </For>
      </ul>
    </Dialog>
  );
}
