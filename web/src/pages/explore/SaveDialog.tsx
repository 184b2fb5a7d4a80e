// SPDX-License-Identifier: Apache-2.0
// Saves the question under a name, and puts it on a board, an old or a new one.
import { useNavigate } from "@solidjs/router";
import { createSignal, For, type JSX } from "solid-js";
import { ask, tell } from "../../api/client";
import { createQuery } from "../../api/query";
import type { BoardList, QuerySpec, SavedQuery } from "../../api/types";
import { say } from "../../app/notice";
import { withPanel } from "../../model/board";
import { calculationsOf, keyOf } from "../../model/spec";
import { Dialog } from "../../parts/Dialog";
import { createWork, Failure, NameFields } from "./SaveForm";

const none = "";
const fresh = "+";

export function defaultName(query: QuerySpec): string {
  const what = calculationsOf(query).map(keyOf).join(", ");
  const by = query.breakdowns ?? [];
  return by.length === 0 ? what : `${what} by ${by.join(", ")}`;
}

async function putOnBoard(board: string, saved: SavedQuery): Promise<string> {
  const charts =
    calculationsOf(saved.query).length + (saved.query.breakdowns === undefined ? 0 : 1);
  const panel = {
    type: "query",
    query_panel: {
      query_id: saved.query_id,
      query_annotation_id: saved.id,
      query_style: "combo" as const,
    },
  };
  if (board === fresh) {
    const made = await tell("BoardView", "POST", "boards", {
      name: saved.name,
      panels: withPanel([], panel, charts),
    });
    return made.board.id;
  }
  const path = `boards/${encodeURIComponent(board)}`;
  const old = (await ask("BoardView", path, {}, new AbortController().signal)).board;
  const { name, description, panels } = old;
  await tell("BoardView", "PUT", path, {
    name,
    description,
    panels: withPanel(panels, panel, charts),
  });
  return board;
}

export function SaveDialog(props: {
  dataset: string;
  query: QuerySpec;
  /** With the id under which it is found again. */
  onSaved: (id: string) => void;
  onClose: () => void;
}): JSX.Element {
  const navigate = useNavigate();
  const [name, setName] = createSignal("");
  const [description, setDescription] = createSignal("");
  const [board, setBoard] = createSignal(none);
  const work = createWork();
  const boards = createQuery<BoardList>({
    key: () => "boards",
    ask: (signal) => ask("BoardList", "boards", {}, signal),
  });
  const save = async (): Promise<void> => {
    const saved = await tell("SavedQuery", "POST", "queries", {
      dataset: props.dataset,
      name: name().trim() === "" ? defaultName(props.query) : name().trim(),
      description: description().trim(),
      query: props.query,
    });
    props.onSaved(saved.id);
    if (board() === none) {
      say("Saved");
      props.onClose();
      return;
    }
    const id = await putOnBoard(board(), saved);
    props.onClose();
    navigate(`/boards/${id}`);
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    work.start(save());
  };
  return (
    <Dialog label="Save" class="save" onClose={props.onClose}>
      <form onSubmit={submit}>
        <h2>Save this question</h2>
        <NameFields
          name={name()}
          placeholder={defaultName(props.query)}
          description={description()}
          onName={setName}
          onDescription={setDescription}
        />
        <label>
          Board
          <select value={board()} onChange={(event) => setBoard(event.currentTarget.value)}>
            <option value={none}>none</option>
            <For each={boards.data()?.boards ?? []}>
              {(own) => <option value={own.id}>{own.name}</option>}
            </For>
            <option value={fresh}>a new one</option>
          </select>
        </label>
        <Failure text={work.failed()} />
        <p class="row">
          <button class="ctl main" disabled={work.busy()}>
            Save
          </button>
          <button type="button" class="ctl" onClick={() => props.onClose()}>
            Leave it
          </button>
        </p>
      </form>
    </Dialog>
  );
}
