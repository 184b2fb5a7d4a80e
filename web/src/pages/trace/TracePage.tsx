// SPDX-License-Identifier: Apache-2.0
// One request: where the time went, where it broke, what joined it. On a phone a row's details are a page of their own.
import { useLocation, useNavigate, useParams } from "@solidjs/router";
import { createEffect, createMemo, Show, type JSX } from "solid-js";
import { ask } from "../../api/client";
import { createQuery } from "../../api/query";
import type { Trace } from "../../api/types";
import { useKeys } from "../../app/keys";
import { narrow } from "../../app/narrow";
import { useServerState } from "../../app/status";
import { changed, travelling, useView } from "../../app/view";
import { Minimap } from "../../charts/Minimap";
import { count, durationText } from "../../model/format";
import { pointsOfLines, pointsOfMinimap } from "../../model/points";
import { Foot, type KeyHint } from "../../parts/Foot";
import { Empty, ErrorNote } from "../../parts/Notes";
import { lastList } from "../requests/list";
import { Details } from "./Details";
import { Findings } from "./Findings";
import { copyLink, Header } from "./Header";
import { Joins } from "./Joins";
import { createTraceState } from "./state";
import { Waterfall } from "./Waterfall";

const hints: KeyHint[] = [
  [["J", "K"], "row"],
  [["H", "L"], "fold"],
  [["N"], "next match"],
  [["!"], "to the error"],
  [["Z"], "zoom to row"],
  [["1", "–", "4"], "tabs"],
  [["Esc"], "back"],
];

export function TracePage(): JSX.Element {
  const view = useView();
  const params = useParams<{ id: string }>();
  const location = useLocation();
  const navigate = useNavigate();
  const server = useServerState();
  const query = createQuery<Trace>({
    key: () => `trace|${params.id}|${view.param("joins")}|${view.param("skew")}`,
    ask: (signal) =>
      ask(
        "Trace",
        `traces/${encodeURIComponent(params.id)}`,
        { joins: view.param("joins"), skew: view.param("skew") },
        signal,
      ),
    ignored: ["elapsed_ms"],
    // A request that is still running, or so young that its doors are still being joined, fills up while one looks.
    every: (trace) => {
      if (trace === undefined) return null;
      const age = server.now() - BigInt(trace.start_ns) - BigInt(trace.duration_ns);
      return trace.request.open === true || age < 30_000_000_000n ? 2000 : null;
    },
  });
  const current = (): Trace | undefined =>
    query.answered()?.startsWith(`trace|${params.id}|`) === true ? query.data() : undefined;
  const back = (): string => `/requests${changed(travelling(location.search), { sel: params.id })}`;
  const neighbour = (step: -1 | 1): string | undefined => {
    const ids = lastList();
    const at = ids.indexOf(params.id);
    return at < 0 ? undefined : ids[at + step];
  };
  const walk = (step: -1 | 1): void => {
    const id = neighbour(step);
    if (id !== undefined) navigate(`/trace/${id}${travelling(location.search)}`);
  };
  useKeys({
    "[": () => walk(-1),
    "]": () => walk(1),
    "c": copyLink,
    "Escape": () => {
      if (narrow() && view.param("row") !== "") view.set({ row: null });
      else if (view.param("find") !== "") view.set({ find: null }, true);
      else navigate(back());
    },
  });
  createEffect(() => {
    const request = current()?.request;
    const name =
      request === undefined
        ? "Trace"
        : `${request.method ?? ""} ${request.route ?? request.name} ${request.status_code ?? ""}`;
    document.title = `${name.trim()} · Skep`;
  });
  return (
    <Show
      when={current()}
      fallback={
        <>
          <main class="trace-none" aria-label="One request">
            <Show when={query.error()}>
              {(error) => (
                <Empty
                  title={
                    error().code === "NOT_FOUND" ? "No such trace is stored." : error().message
                  }
                >
                  <a class="link" href={back()}>
                    Back to requests
                  </a>
                </Empty>
              )}
            </Show>
            <i class="busy" classList={{ on: query.waiting() && query.error() === null }} />
          </main>
          <Foot hints={[]}>{query.error() === null ? "reading" : "nothing shown"}</Foot>
        </>
      }
    >
      {(trace) => {
        const state = createTraceState(view, trace);
        const points = createMemo(() => {
          const { minimap } = trace();
          return minimap === undefined
            ? pointsOfLines(state.lines())
            : pointsOfMinimap(minimap, state.length());
        });
        const alone = (): boolean => narrow() && view.param("row") !== "";
        return (
          <>
            <main class="trace" aria-label="One request" classList={{ alone: alone() }}>
              <Show when={!alone()}>
                <Header
                  trace={trace()}
                  back={back()}
                  newer={neighbour(-1)}
                  older={neighbour(1)}
                  onWalk={walk}
                />
                <Minimap
                  lines={state.lines()}
                  map={trace().minimap}
                  points={points()}
                  length={state.length()}
                  window={state.window()}
                  selected={state.selected()?.id ?? ""}
                  label={`Whole request, 0 to ${durationText(BigInt(Math.round(state.length())))}`}
                  onZoom={state.zoom}
                />
                <section class="wf" aria-label="Waterfall">
                  <ErrorNote error={query.error() ?? state.error()} />
                  <Waterfall
                    state={state}
                    points={points()}
                    onOpen={(id) => state.select(id, narrow())}
                  />
                  <Findings trace={trace()} view={view} />
                  <Joins trace={trace()} view={view} />
                </section>
              </Show>
              <Show when={!narrow() || alone()}>
                <aside class="dt" aria-label="Selected row">
                  <Details state={state} onClose={() => view.set({ row: null })} />
                </aside>
              </Show>
            </main>
            <Foot hints={hints}>
              {count(state.lines().length)} rows ·{" "}
              {durationText(BigInt(Math.round(state.length())))} across · joined in{" "}
              {trace().elapsed_ms.toFixed(1)} ms
            </Foot>
          </>
        );
      }}
    </Show>
  );
}
