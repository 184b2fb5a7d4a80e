// SPDX-License-Identifier: Apache-2.0
// All boards by name, and a new one.
import { A, useLocation, useNavigate } from "@solidjs/router";
import { createMemo, createSignal, For, onMount, Show, type JSX } from "solid-js";
import "../../styles/boards.css";
import { ask, tell } from "../../api/client";
import { createQuery } from "../../api/query";
import type { BoardList } from "../../api/types";
import { useKeys } from "../../app/keys";
import { sayFailed } from "../../app/notice";
import { useServerState } from "../../app/status";
import { travelling } from "../../app/view";
import { ago, plural } from "../../model/format";
import { Foot } from "../../parts/Foot";
import { Empty, ErrorNote } from "../../parts/Notes";

export function BoardsPage(): JSX.Element {
  const navigate = useNavigate();
  const location = useLocation();
  const server = useServerState();
  const [name, setName] = createSignal("");
  let input: HTMLInputElement | undefined;
  const query = createQuery<BoardList>({
    key: () => "boards",
    ask: (signal) => ask("BoardList", "boards", {}, signal),
  });
  const boards = createMemo(() =>
    (query.data()?.boards ?? []).toSorted((a, b) => a.name.localeCompare(b.name)),
  );
  const make = (event: SubmitEvent): void => {
    event.preventDefault();
    const wanted = name().trim();
    if (wanted === "") {
      input?.focus();
      return;
    }
    tell("BoardView", "POST", "boards", { name: wanted }).then(
      ({ board }) => navigate(`/boards/${board.id}${travelling(location.search)}`),
      (reason: unknown) => sayFailed("The board is not made", reason),
    );
  };
  useKeys({ "/": () => input?.focus() });
  onMount(() => (document.title = "Boards · Skep"));
  return (
    <>
      <main class="boards" aria-label="Boards">
        <h1 class="sr">Boards</h1>
        <form class="q" onSubmit={make}>
          <label class="box grow">
            <input
              ref={(element) => (input = element)}
              aria-label="Name of a new board"
              placeholder="Name of a new board"
              maxlength={255}
              value={name()}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </label>
          <button class="ctl main">Make a board</button>
        </form>
        <ErrorNote error={query.error()} />
        <div class="scroll" tabindex={-1} classList={{ dim: query.waiting() }}>
          <ul class="bl">
            <For each={boards()}>
              {(board) => (
                <li>
                  <A href={`/boards/${board.id}${travelling(location.search)}`}>
                    <b class="cut">{board.name}</b>
                    <span class="cut mut">{board.description}</span>
                    <span class="num mut">{plural(board.panels.length, "panel")}</span>
                    <span class="num mut">{ago(BigInt(board.updated_ns), server.now())}</span>
                  </A>
                </li>
              )}
            </For>
          </ul>
          <Show when={query.data() !== undefined && boards().length === 0}>
            <Empty title="No boards yet.">
              A board shows saved questions side by side over one time. Name one above, or ask in{" "}
              <A class="link" href={`/explore${travelling(location.search)}`}>
                Explore
              </A>{" "}
              and save to a new board.
            </Empty>
          </Show>
        </div>
      </main>
      <Foot
        hints={[
          [["/"], "new board"],
          [["?"], "all keys"],
        ]}
      >
        {plural(boards().length, "board")}
      </Foot>
    </>
  );
}
