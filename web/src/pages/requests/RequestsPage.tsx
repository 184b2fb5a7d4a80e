// SPDX-License-Identifier: Apache-2.0
// What failed or was slow just now: every request, newest first, as one line whichever doors it came through.
import { useLocation, useNavigate } from "@solidjs/router";
import {
  createEffect,
  createMemo,
  createSignal,
  on,
  onCleanup,
  onMount,
  Show,
  type JSX,
} from "solid-js";
import { ask } from "../../api/client";
import { createQuery } from "../../api/query";
import type { Histogram as Buckets } from "../../api/types";
import { useKeys } from "../../app/keys";
import { narrow } from "../../app/narrow";
import { useServerState } from "../../app/status";
import { changed, travelling, useView } from "../../app/view";
import { count, toMs } from "../../model/format";
import { bounds } from "../../model/range";
import { FilterBar } from "../../parts/FilterBar";
import { Foot } from "../../parts/Foot";
import { LiveSwitch } from "../../parts/LiveSwitch";
import { ErrorNote } from "../../parts/Notes";
import { TimeControl } from "../../parts/TimeControl";
import { VirtualRows } from "../../parts/VirtualRows";
import { createRequestsList } from "./list";
import { NothingFound } from "./NothingFound";
import { RequestRow } from "./RequestRow";
import { decadesFor } from "./scale";
import { Summary } from "./Summary";
import { TableHead } from "./TableHead";

export function RequestsPage(): JSX.Element {
  const view = useView();
  const server = useServerState();
  const navigate = useNavigate();
  const location = useLocation();
  const [hovered, setHovered] = createSignal(false);
  const [menu, setMenu] = createSignal(false);
  const [scrolled, setScrolled] = createSignal(false);
  const [scroller, setScroller] = createSignal<HTMLElement>();
  let reveal: ((index: number) => void) | undefined;
  const scrollTop = (): number => (narrow() ? scrollY : (scroller()?.scrollTop ?? 0));

  const selected = (): string => view.param("sel");
  const hold = createMemo(() => hovered() || menu() || scrolled() || selected() !== "");
  const list = createRequestsList(view, hold, scrollTop);
  const buckets = createQuery<Buckets>({
    key: () => `histogram|${list.keyOfList()}|${narrow()}`,
    ask: (signal) => {
      const { from, to } = bounds(view.range(), server.now());
      const params = {
        from: String(from),
        to: String(to),
        filter: view.filter(),
        buckets: narrow() ? 60 : 180,
        fresh: view.live() ? 0 : 1,
      };
      return ask("Histogram", "requests/histogram", params, signal);
    },
    every: () => (view.live() ? 4000 : null),
  });
  const p95 = createMemo(() => {
    const routes = buckets.data()?.routes_p95 ?? [];
    return new Map(
      routes.map(({ route, method, p95_ns }) => [`${method ?? ""} ${route}`, BigInt(p95_ns)]),
    );
  });
  const decades = createMemo(() =>
    decadesFor(Math.max(0, ...list.rows().map((row) => toMs(BigInt(row.duration_ns))))),
  );

  const hrefOf = (id: string): string => `/trace/${id}${travelling(location.search)}`;
  const open = (id: string): void => {
    // The list's own entry remembers the row, so that Back finds it chosen. Not by the router: it would take two steps
    // at once for one, and the list's entry would be lost.
    history.replaceState(
      history.state,
      "",
      location.pathname + changed(location.search, { sel: id }),
    );
    navigate(hrefOf(id));
  };
  const choose = (step: number): void => {
    const rows = list.rows();
    const at = rows.findIndex((row) => row.trace_id === selected());
    const next = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step));
    const row = rows[next];
    if (row === undefined) return;
    view.set({ sel: row.trace_id }, true);
    reveal?.(next);
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`[data-trace="${row.trace_id}"]`)?.focus({
        preventScroll: true,
      }),
    );
  };
  useKeys({
    j: () => choose(1),
    k: () => choose(-1),
    ArrowDown: () => choose(1),
    ArrowUp: () => choose(-1),
    Enter: () => {
      const focused = document.activeElement?.getAttribute("data-trace") ?? selected();
      if (focused !== "") open(focused);
    },
    t: () => (selected() === "" ? false : open(selected())),
    e: () => navigate(`/explore${travelling(location.search)}`),
    Escape: () => view.set({ sel: null }, true),
  });

  const onScroll = (): unknown => setScrolled(scrollTop() > 40);
  onMount(() => {
    addEventListener("scroll", onScroll, { passive: true });
    onCleanup(() => removeEventListener("scroll", onScroll));
    const top = list.keptScroll();
    if (top > 0)
      requestAnimationFrame(() => {
        if (narrow()) scrollTo(0, top);
        else scroller()?.scrollTo(0, top);
      });
    document.title = "Requests · Skep";
  });
  const release = (): void => {
    view.set({ sel: null }, true);
    if (narrow()) scrollTo(0, 0);
    else scroller()?.scrollTo(0, 0);
    list.release();
  };
  createEffect(on(list.keyOfList, () => scroller()?.scrollTo(0, 0), { defer: true }));
  const newest = (): string => {
    const row = list.rows()[0];
    list.query.data();
    if (row === undefined) return "";
    const seconds = toMs(server.now() - BigInt(row.time_ns)) / 1000;
    return ` · newest ${seconds < 60 ? `${Math.max(0, seconds).toFixed(1)} s` : `${count(Math.floor(seconds / 60))} min`} ago`;
  };
  return (
    <>
      <main class="requests" aria-label="Requests">
        <h1 class="sr">Requests</h1>
        <div class="q" role="search">
          <FilterBar view={view} error={list.query.error()} onOpen={setMenu} />
          <TimeControl
            view={view}
            tick={list.query.data}
            onOpen={setMenu}
            keyTaken={() => selected() !== ""}
          />
          <LiveSwitch view={view} held={list.waiting()} onRelease={release} />
          <i class="busy" classList={{ on: list.query.waiting() }} />
        </div>
        <ErrorNote
          error={list.query.error()}
          action={
            <button class="ctl sm" onClick={() => view.setFilter("")}>
              Take the filter out
            </button>
          }
        />
        <Summary
          buckets={buckets.data()}
          onRange={(from, to) => view.setRange({ kind: "between", from, to })}
        />
        <div
          class="scroll rq"
          ref={setScroller}
          tabindex={-1}
          role="grid"
          aria-label="Requests, newest first"
          aria-rowcount={list.complete() ? list.rows().length + 1 : -1}
          aria-busy={list.stale()}
          style={{ "--decade": `${100 / decades()}%` }}
          classList={{ dim: list.stale() }}
          onScroll={onScroll}
        >
          <TableHead decades={decades()} />
          <div
            role="rowgroup"
            onPointerEnter={(event) => event.pointerType !== "touch" && setHovered(true)}
            onPointerLeave={() => setHovered(false)}
          >
            <VirtualRows
              items={list.rows()}
              rowHeight={narrow() ? 58 : 26}
              scroller={scroller}
              onEnd={list.more}
              reveal={(own) => (reveal = own)}
            >
              {(request, index) => (
                <RequestRow
                  request={request}
                  index={index()}
                  selected={request().trace_id === selected()}
                  focusable={selected() === "" ? index() === 0 : request().trace_id === selected()}
                  decades={decades()}
                  p95Ns={p95().get(`${request().method ?? ""} ${request().route ?? ""}`)}
                  href={hrefOf(request().trace_id)}
                  onOpen={() => open(request().trace_id)}
                />
              )}
            </VirtualRows>
          </div>
          <Show
            when={
              list.rows().length === 0 && !list.query.waiting() && list.query.data() !== undefined
            }
          >
            <NothingFound view={view} />
          </Show>
        </div>
      </main>
      <Foot
        hints={[
          [["J", "K"], "move"],
          [["⏎"], "open"],
          [["F"], "filter"],
          [["E"], "explore these"],
          [["T"], "time"],
          [["?"], "all keys"],
        ]}
      >
        <b>{count(list.rows().length)}</b> of{" "}
        <b>{count(Math.max(buckets.data()?.total ?? 0, list.rows().length))}</b> shown
        <Show when={list.query.data()}>
          {(data) => <> · read in {data().elapsed_ms.toFixed(0)} ms</>}
        </Show>
        {newest()}
      </Foot>
    </>
  );
}
