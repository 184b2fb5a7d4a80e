// SPDX-License-Identifier: Apache-2.0
// Error items, last seen first, and beside them the chosen one. On a phone the item is a page of its own.
import { useLocation, useNavigate, useParams } from "@solidjs/router";
import { createEffect, createMemo, For, Show, type JSX } from "solid-js";
import { ask } from "../../api/client";
import { createQuery } from "../../api/query";
import type { Item, ItemList } from "../../api/types";
import { useKeys } from "../../app/keys";
import { narrow } from "../../app/narrow";
import { useServerState } from "../../app/status";
import { useView } from "../../app/view";
import { ago, count, fullTime, plural } from "../../model/format";
import { Foot } from "../../parts/Foot";
import { Empty, ErrorNote } from "../../parts/Notes";
import { SearchBox } from "../../parts/SearchBox";
import { Tabs, type Tab } from "../../parts/Tabs";
import { ItemLevel } from "./ItemHead";
import { ItemPanel } from "./ItemPanel";

const tabs: Tab<"active" | "resolved" | "muted">[] = [
  { name: "active", title: "Open" },
  { name: "resolved", title: "Resolved" },
  { name: "muted", title: "Muted" },
];

export function ErrorsPage(): JSX.Element {
  const view = useView();
  const params = useParams<{ counter?: string }>();
  const location = useLocation();
  const navigate = useNavigate();
  const server = useServerState();
  let search: HTMLInputElement | undefined;
  const status = (): "active" | "resolved" | "muted" =>
    tabs.find(({ name }) => name === view.param("status"))?.name ?? "active";
  const query = createQuery<ItemList>({
    key: () => `items|${status()}|${view.param("text")}`,
    ask: (signal) =>
      ask("ItemList", "items", { status: status(), text: view.param("text"), limit: 200 }, signal),
    every: () => 3000,
    ignored: [],
  });
  const items = createMemo<readonly Item[]>(() => query.data()?.items ?? []);
  const chosen = (): number | null => {
    const own = Number(params.counter ?? "");
    if (Number.isInteger(own) && own > 0) return own;
    return narrow() ? null : (items()[0]?.counter ?? null);
  };
  const to = (counter: number): string => {
    const search = new URLSearchParams(location.search);
    search.delete("occurrence");
    const text = search.toString();
    return `/errors/${counter}${text === "" ? "" : `?${text}`}`;
  };
  const move = (step: number): void => {
    const at = items().findIndex((item) => item.counter === chosen());
    const next = items()[Math.min(items().length - 1, Math.max(0, at + step))];
    if (next !== undefined) navigate(to(next.counter), { replace: true, scroll: false });
  };
  useKeys({
    "j": () => move(1),
    "k": () => move(-1),
    "ArrowDown": () => move(1),
    "ArrowUp": () => move(-1),
    "/": () => search?.focus(),
    "f": () => search?.focus(),
    "Escape": () => (params.counter === undefined ? false : navigate(`/errors${location.search}`)),
  });
  createEffect(() => {
    const item = items().find(({ counter }) => counter === chosen());
    document.title =
      params.counter !== undefined && item !== undefined ? `${item.title} · Skep` : "Errors · Skep";
  });
  const alone = (): boolean => narrow() && chosen() !== null;
  return (
    <>
      <main class="errors" aria-label="Errors" classList={{ alone: alone() }}>
        <Show when={!alone()}>
          <section class="in" aria-label="Items">
            <h1 class="sr">Errors</h1>
            <div class="qq">
              <SearchBox
                ref={(element) => (search = element)}
                label="Filter items"
                placeholder="Filter items"
                text={view.param("text")}
                search={(text) => view.set({ text }, true)}
              />
            </div>
            <Tabs
              label="State"
              tabs={tabs.map((tab) =>
                tab.name === status() && query.data() !== undefined
                  ? { ...tab, count: query.data()?.total ?? 0 }
                  : tab,
              )}
              chosen={status()}
              panel="items"
              onChoose={(name) => view.set({ status: name === "active" ? null : name })}
            />
            <ErrorNote error={query.error()} />
            <div
              class="scroll grow"
              id="items"
              role="tabpanel"
              aria-labelledby={`tab-${status()}`}
              classList={{ dim: query.waiting() }}
            >
              <ul aria-label="Items">
                <For each={items()}>
                  {(item) => (
                    <li>
                      <a
                        class="it"
                        href={to(item.counter)}
                        aria-current={item.counter === chosen() ? "true" : undefined}
                        classList={{ done: item.status !== "active" }}
                      >
                        <ItemLevel level={item.level} />
                        <span class="ti cut" title={item.title}>
                          {item.title}
                        </span>
                        <span class="ct num">{count(item.occurrences)}</span>
                        <span class="cu cut">
                          {[
                            `item ${item.counter}`,
                            item.environment,
                            item.framework ?? item.language,
                          ]
                            .filter((word) => word !== undefined && word !== "")
                            .join(" · ")}
                        </span>
                        <span class="ls" title={fullTime(BigInt(item.last_seen_ns))}>
                          <Show when={item.people}>
                            {(people) => <>{plural(people(), "person", "people")} · </>}
                          </Show>
                          {(query.data(), ago(BigInt(item.last_seen_ns), server.now()))}
                        </span>
                      </a>
                    </li>
                  )}
                </For>
              </ul>
              <Show when={items().length === 0 && !query.waiting() && query.data() !== undefined}>
                <Empty
                  title={
                    view.param("text") !== ""
                      ? `No item's title contains ${view.param("text")}.`
                      : status() === "active"
                        ? "No open errors."
                        : `No ${status()} items.`
                  }
                >
                  <Show
                    when={view.param("text") !== ""}
                    fallback={
                      status() === "active" ? (
                        <>
                          They come through Rollbar's door.{" "}
                          <a class="link" href="/setup">
                            Point an app at it
                          </a>
                        </>
                      ) : (
                        <button class="link" onClick={() => view.set({ status: null })}>
                          Show the open ones
                        </button>
                      )
                    }
                  >
                    <button class="link" onClick={() => view.set({ text: null })}>
                      Show all
                    </button>
                  </Show>
                </Empty>
              </Show>
            </div>
          </section>
        </Show>
        <Show
          when={chosen()}
          fallback={
            <Show when={!narrow()}>
              <article class="de" aria-label="No item" />
            </Show>
          }
        >
          {(counter) => (
            <ItemPanel
              counter={counter()}
              view={view}
              onChanged={() => {
                // The item stays in sight when the list no longer has it.
                if (params.counter === undefined)
                  navigate(to(counter()), { replace: true, scroll: false });
                query.refresh();
              }}
            />
          )}
        </Show>
      </main>
      <Foot
        hints={[
          [["J", "K"], "item"],
          [["[", "]"], "occurrence"],
          [["T"], "trace"],
          [["E"], "resolve"],
          [["M"], "mute"],
          [["?"], "all keys"],
        ]}
      >
        <b>{count(query.data()?.total ?? 0)}</b>{" "}
        {tabs.find(({ name }) => name === status())?.title.toLowerCase()}
      </Foot>
    </>
  );
}
