// SPDX-License-Identifier: Apache-2.0
// Go to: one line that finds pages, traces by the beginning of their id, routes, users and error items.
import { useLocation, useNavigate } from "@solidjs/router";
import { createEffect, createMemo, createSignal, For, on, onMount, Show, type JSX } from "solid-js";
import { ask } from "../api/client";
import { createQuery } from "../api/query";
import type { GoTo as Places } from "../api/types";
import { ErrorNote } from "../parts/Notes";
import { SearchIcon } from "../parts/Icons";
import { Key } from "../parts/Text";
import { travelling } from "./view";

interface Place {
  kind: string;
  text: string;
  detail?: string | undefined;
  path: string;
}

const pages: Place[] = [
  { kind: "page", text: "Requests", path: "/requests" },
  { kind: "page", text: "Explore", path: "/explore" },
  { kind: "page", text: "Errors", path: "/errors" },
  { kind: "page", text: "Logs", path: "/logs" },
  { kind: "page", text: "Boards", path: "/boards" },
  { kind: "page", text: "Set-up", path: "/setup" },
];

export function GoTo(props: { onClose: () => void }): JSX.Element {
  const navigate = useNavigate();
  const location = useLocation();
  const [text, setText] = createSignal("");
  const [asked, setAsked] = createSignal("");
  const [chosen, setChosen] = createSignal(0);
  let dialog: HTMLDialogElement | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  createEffect(
    on(text, (now) => {
      clearTimeout(timer);
      timer = setTimeout(() => setAsked(now.trim()), 120);
      setChosen(0);
    }),
  );
  const query = createQuery<Places>({
    key: () => (asked() === "" ? null : `goto|${asked()}`),
    ask: (signal) => ask("GoTo", "goto", { text: asked() }, signal),
  });
  const places = createMemo<Place[]>(() => {
    const wanted = text().trim().toLowerCase();
    const own = pages.filter((page) => page.text.toLowerCase().includes(wanted));
    return [...(wanted === "" ? [] : (query.data()?.places ?? [])), ...own];
  });
  const go = (place: Place | undefined): void => {
    if (place === undefined) return;
    props.onClose();
    navigate(place.kind === "page" ? place.path + travelling(location.search) : place.path);
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const length = Math.max(1, places().length);
      setChosen((at) => (at + step + length) % length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      go(places()[chosen()]);
    }
  };
  onMount(() => dialog?.showModal());
  return (
    <dialog
      class="goto"
      aria-label="Go to"
      ref={(element) => (dialog = element)}
      onClose={() => props.onClose()}
      onClick={(event) => event.target === dialog && dialog.close()}
    >
      <label class="box">
        <SearchIcon />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls="places"
          aria-activedescendant={`place-${chosen()}`}
          aria-label="Trace id, route, user, item number or page"
          placeholder="Trace id (6 digits or more), route, user, item number, page"
          autocomplete="off"
          spellcheck={false}
          value={text()}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKey}
        />
        <Key>Esc</Key>
      </label>
      <ErrorNote error={query.error()} />
      <ul id="places" role="listbox" aria-label="Places">
        <For each={places()}>
          {(place, index) => (
            <li
              id={`place-${index()}`}
              role="option"
              aria-selected={chosen() === index()}
              onPointerMove={() => setChosen(index())}
              onClick={() => go(place)}
            >
              <span class="kind">{place.kind}</span>
              <span class="cut">{place.text}</span>
              <span class="detail cut">{place.detail ?? ""}</span>
            </li>
          )}
        </For>
      </ul>
      <Show when={places().length === 0}>
        <p class="none mut">Nothing here has that name.</p>
      </Show>
    </dialog>
  );
}
