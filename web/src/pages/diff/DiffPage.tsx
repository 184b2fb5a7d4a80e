// SPDX-License-Identifier: Apache-2.0
// Two traces, or two groups of traces, path by path: what came, what went, what happens more often or takes longer.
import { A, useParams } from "@solidjs/router";
import { createMemo, createSignal, Show, type JSX } from "solid-js";
import { ask } from "../../api/client";
import { createQuery } from "../../api/query";
import type { Diff, DiffRow, DiffSide } from "../../api/types";
import { narrow } from "../../app/narrow";
import { useServerState } from "../../app/status";
import { travelling, useView, type View } from "../../app/view";
import { clockText, count, durationText, plural } from "../../model/format";
import { bounds, rangeParams } from "../../model/range";
import { Foot } from "../../parts/Foot";
import { Empty, ErrorNote } from "../../parts/Notes";
import { TimeControl } from "../../parts/TimeControl";
import { VirtualRows } from "../../parts/VirtualRows";
import { DiffLine } from "./DiffLine";

type SideName = "a" | "b";

/** `side` is undefined until there is an answer. */
function SideHead(props: { name: SideName; side: DiffSide | undefined; view: View }): JSX.Element {
  const filterOf = (): string => props.view.param(`${props.name}_filter`);
  return (
    <div class={`side of-${props.name}`}>
      <b class="letter">{props.name.toUpperCase()}</b>
      <Show
        when={props.side?.request}
        fallback={
          <label class="box">
            <input
              aria-label={`Filter of ${props.name.toUpperCase()}`}
              placeholder="all requests; e.g. duration_ms > 500"
              spellcheck={false}
              value={filterOf()}
              onChange={(event) =>
                props.view.set({ [`${props.name}_filter`]: event.currentTarget.value })
              }
            />
          </label>
        }
      >
        {(request) => (
          <a
            class="link cut"
            href={`/trace/${request().trace_id}${travelling(location.search)}`}
            title={request().trace_id}
          >
            {request().method} {request().route ?? request().name} · {request().status_code}{" "}
            {durationText(BigInt(request().duration_ns))} · {clockText(BigInt(request().time_ns))}
          </a>
        )}
      </Show>
      <Show when={props.side?.request === undefined ? props.side : undefined}>
        {(side) => (
          <span class="mut">
            {plural(side().traces, "trace")}
            {side().more ? ", the newest; there are more" : ""}
          </span>
        )}
      </Show>
    </div>
  );
}

/** Two sides that are the same say nothing: what to choose instead. */
function NothingChosen(props: { view: View }): JSX.Element {
  const choose = (a: string, b: string) => (): void => props.view.set({ a_filter: a, b_filter: b });
  return (
    <Empty title="Both sides are the same requests.">
      Write a filter for A or for B above, or take{" "}
      <button class="link" onClick={choose("error = false", "error = true")}>
        those that failed against the others
      </button>{" "}
      or{" "}
      <button class="link" onClick={choose("duration_ms < 100", "duration_ms >= 100")}>
        those over 100 ms against the quicker ones
      </button>
      . Two single traces are compared from one of them: open it in{" "}
      <A class="link" href={`/requests${travelling(location.search)}`}>
        Requests
      </A>{" "}
      and choose “Compare with …”.
    </Empty>
  );
}

export function DiffPage(): JSX.Element {
  const view = useView();
  const params = useParams<{ a?: string; b?: string }>();
  const server = useServerState();
  const [scroller, setScroller] = createSignal<HTMLElement>();
  const groups = (): boolean => params.a === undefined || params.b === undefined;
  const chosen = (): boolean =>
    groups()
      ? view.param("a_filter").trim() !== view.param("b_filter").trim()
      : params.a !== params.b;
  const query = createQuery<Diff>({
    key: () => {
      if (!chosen()) return null;
      const sides = groups()
        ? [view.param("a_filter"), view.param("b_filter"), rangeParams(view.range())]
        : [params.a, params.b];
      return `diff|${JSON.stringify([...sides, view.param("joins")])}`;
    },
    ask: (signal) => {
      const { from, to } = bounds(view.range(), server.now());
      const joins = view.param("joins");
      return ask(
        "Diff",
        "diff",
        groups()
          ? {
              a_filter: view.param("a_filter"),
              b_filter: view.param("b_filter"),
              from: String(from),
              to: String(to),
              joins,
            }
          : { a: params.a, b: params.b, joins },
        signal,
      );
    },
  });
  const only = (): boolean => view.param("only") === "1";
  const rows = createMemo(() => {
    const all = query.data()?.rows ?? [];
    if (!only()) return all;
    // What differs, and what it hangs under.
    const kept: DiffRow[] = [];
    let depth = 0;
    for (const row of all.toReversed()) {
      if (row.changes.length === 0 && row.depth >= depth) continue;
      depth = row.depth;
      kept.push(row);
    }
    return kept.toReversed();
  });
  const differing = (): number =>
    (query.data()?.rows ?? []).filter((row) => row.changes.length > 0).length;
  const longest = createMemo(() =>
    Math.max(
      1,
      ...(query.data()?.rows ?? []).flatMap(({ a, b }) => [
        Number(a.median_ns),
        Number(b.median_ns),
      ]),
    ),
  );
  document.title = "Compare · Skep";
  return (
    <>
      <main class="diff" aria-label="Compare traces">
        <div class="hd">
          <div class="row">
            <h1>Compare</h1>
            <span class="mut">B against A, by path of service and name</span>
            <span class="grow" />
            <button
              class="ck"
              role="checkbox"
              aria-checked={only()}
              onClick={() => view.set({ only: only() ? null : "1" }, true)}
            >
              Only what differs
            </button>
            <Show when={groups()}>
              <TimeControl view={view} tick={query.data} keyTaken={() => false} />
            </Show>
          </div>
          <Show when={groups() || query.data() !== undefined}>
            <SideHead name="a" side={query.data()?.a} view={view} />
            <SideHead name="b" side={query.data()?.b} view={view} />
          </Show>
          <i class="busy" classList={{ on: query.waiting() && query.error() === null }} />
        </div>
        <ErrorNote error={query.error()} />
        <div
          class="scroll dfs"
          ref={setScroller}
          role={rows().length > 0 ? "treegrid" : "group"}
          tabindex={0}
          aria-label="Paths"
          aria-rowcount={rows().length > 0 ? rows().length + 1 : undefined}
        >
          <Show when={rows().length > 0}>
            <div class="dfh" role="row" aria-rowindex={1}>
              <span role="columnheader">Path</span>
              <span role="columnheader">Change</span>
              <span role="columnheader" class="num">
                {groups() ? "Spans a trace, A → B" : "Spans, A → B"}
              </span>
              <span role="columnheader">Median, A over B</span>
            </div>
          </Show>
          <Show
            when={rows().length > 0}
            fallback={
              <Show
                when={query.data()}
                fallback={
                  <Show when={!chosen()}>
                    <NothingChosen view={view} />
                  </Show>
                }
              >
                <Empty title={only() ? "Nothing differs." : "No spans on either side."}>
                  {only() ? "" : "Change a filter, or choose a longer time."}
                </Empty>
              </Show>
            }
          >
            <VirtualRows items={rows()} rowHeight={narrow() ? 64 : 30} scroller={scroller}>
              {(row, index) => (
                <DiffLine
                  row={row()}
                  index={index()}
                  traces={[query.data()?.a.traces ?? 1, query.data()?.b.traces ?? 1]}
                  longest={longest()}
                />
              )}
            </VirtualRows>
          </Show>
        </div>
      </main>
      <Foot hints={[]}>
        <Show when={query.data()} fallback="nothing compared yet">
          {(diff) => (
            <>
              {plural(rows().length, "path")} · {count(differing())} differ · compared in{" "}
              {diff().elapsed_ms.toFixed(1)} ms
            </>
          )}
        </Show>
      </Foot>
    </>
  );
}
