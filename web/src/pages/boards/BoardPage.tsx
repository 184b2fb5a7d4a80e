// SPDX-License-Identifier: Apache-2.0
// One board: saved questions as charts on a grid, all over one time that the URL holds. Edited as a draft that is saved
// or left.
import { A, useNavigate, useParams } from "@solidjs/router";
import { createEffect, createMemo, createSignal, Index, on, Show, type JSX } from "solid-js";
import "../../styles/boards.css";
import { ask, tell } from "../../api/client";
import { createQuery } from "../../api/query";
import type { BoardPanel, BoardQuery, BoardView, SavedQuery } from "../../api/types";
import { useKeys } from "../../app/keys";
import { narrow } from "../../app/narrow";
import { say, sayFailed } from "../../app/notice";
import { useView } from "../../app/view";
import { laidOut, withPanel } from "../../model/board";
import { plural } from "../../model/format";
import { calculationsOf } from "../../model/spec";
import { Foot, type KeyHint } from "../../parts/Foot";
import { Empty, ErrorNote } from "../../parts/Notes";
import { AddPanelDialog } from "./AddPanelDialog";
import { BoardBar, type BoardDraft } from "./BoardBar";
import { gapPixels, PanelCard, rowPixels } from "./PanelCard";

const lookHints: KeyHint[] = [
  [["T"], "time"],
  [["E"], "edit"],
  [["A"], "add a panel"],
  [["?"], "all keys"],
];
const editHints: KeyHint[] = [
  [["←", "↑", "↓", "→"], "move the panel"],
  [["Shift"], "with them: resize"],
  [["Del"], "remove"],
  [["Esc"], "leave as it was"],
];

const leaveAgainMs = 3000;

export function BoardPage(): JSX.Element {
  const view = useView();
  const params = useParams();
  const navigate = useNavigate();
  const path = (): string => `boards/${encodeURIComponent(params["id"] ?? "")}`;
  const query = createQuery<BoardView>({
    key: path,
    ask: (signal) => ask("BoardView", path(), {}, signal),
  });
  const [draft, setDraft] = createSignal<BoardDraft | null>(null);
  const [preview, setPreview] = createSignal<BoardPanel[] | null>(null);
  const [added, setAdded] = createSignal<SavedQuery[]>([]);
  const [adding, setAdding] = createSignal(false);

  const stored = createMemo((): BoardDraft => {
    const board = query.data()?.board;
    return {
      name: board?.name ?? "",
      description: board?.description ?? "",
      panels: laidOut(board?.panels ?? []),
    };
  });
  createEffect(
    on(query.data, (own) => own !== undefined && (document.title = `${own.board.name} · Skep`)),
  );
  const shown = (): BoardDraft => draft() ?? stored();
  const panels = (): BoardPanel[] => preview() ?? shown().panels;
  const queryOf = (panel: BoardPanel): BoardQuery | undefined => {
    const own = panel.query_panel;
    const all: BoardQuery[] = [...(query.data()?.queries ?? []), ...added()];
    const same = all.filter(({ query_id }) => query_id === own?.query_id);
    return same.find(({ id }) => id === own?.query_annotation_id) ?? same[0];
  };
  const change = (part: Partial<BoardDraft>): void => {
    const next = { ...shown(), ...part };
    setDraft(next);
  };
  const fail = (reason: unknown): void => sayFailed("The board is not saved", reason);
  const save = (): void => {
    const own = draft();
    if (own === null) return;
    tell("BoardView", "PUT", path(), own).then(() => {
      query.refresh();
      setDraft(null);
      say("Saved");
    }, fail);
  };
  const changed = createMemo(
    () => draft() !== null && JSON.stringify(draft()) !== JSON.stringify(stored()),
  );
  /** Esc alone drops nothing that was worked on: it asks first. */
  let asked = 0;
  const leaveByKey = (): void => {
    if (!changed() || Date.now() - asked < leaveAgainMs) {
      leave();
      return;
    }
    asked = Date.now();
    say("Not saved. Press Esc again to leave it as it was.");
  };
  const leave = (): void => {
    asked = 0;
    setDraft(null);
    setAdded([]);
  };
  const remove = (): void => {
    tell("Done", "DELETE", path(), undefined).then(() => navigate("/boards"), fail);
  };
  const add = (panel: BoardPanel, saved: SavedQuery | null): void => {
    setAdding(false);
    if (saved !== null) setAdded((old) => [...old, saved]);
    const charts = saved === null ? 1 : calculationsOf(saved.query).length;
    change({ panels: withPanel(shown().panels, panel, charts) });
  };
  const edit = (): void => {
    const own = stored();
    setDraft(own);
  };
  useKeys({
    "e": () => (draft() === null ? edit() : false),
    "a": () => setAdding(true),
    "Mod+Enter": save,
    "Escape": () => {
      if (draft() !== null) leaveByKey();
      else if (view.param("hold") !== "") view.set({ hold: null });
      else return false;
      return true;
    },
  });
  return (
    <>
      <main class="board" aria-label="Board">
        <BoardBar
          view={view}
          tick={query.data}
          shown={shown()}
          editing={draft() !== null}
          known={query.data() !== undefined}
          waiting={query.waiting()}
          onChange={change}
          onEdit={edit}
          onAdd={() => setAdding(true)}
          onDelete={remove}
          onLeave={leave}
          onSave={save}
        />
        <ErrorNote
          error={query.error()}
          action={
            <A class="ctl sm" href="/boards">
              All boards
            </A>
          }
        />
        <div class="scroll" tabindex={-1}>
          <Show
            when={panels().length > 0}
            fallback={
              <Show when={query.data()}>
                <Empty title="This board is empty.">
                  <button class="link" onClick={() => setAdding(true)}>
                    Add a saved question or text
                  </button>
                  , or ask in{" "}
                  <A class="link" href="/explore">
                    Explore
                  </A>{" "}
                  and save to this board.
                </Empty>
              </Show>
            }
          >
            <div
              class="bg"
              classList={{ editing: draft() !== null }}
              style={{ "--row-px": `${rowPixels}px`, "--gap-px": `${gapPixels}px` }}
            >
              <Index each={panels()}>
                {(panel, at) => (
                  <PanelCard
                    panel={panel()}
                    index={at}
                    panels={shown().panels}
                    query={queryOf(panel())}
                    view={view}
                    editing={draft() !== null}
                    stacked={narrow()}
                    onChange={(next) => change({ panels: next })}
                    onPreview={setPreview}
                  />
                )}
              </Index>
            </div>
          </Show>
        </div>
      </main>
      <Show when={adding()}>
        <AddPanelDialog onAdd={add} onClose={() => setAdding(false)} />
      </Show>
      <Foot hints={draft() === null ? lookHints : editHints}>
        {plural(shown().panels.length, "panel")}
        {draft() === null ? "" : changed() ? " · not saved yet" : " · nothing changed yet"}
      </Foot>
    </>
  );
}
