// SPDX-License-Identifier: Apache-2.0
// Log lines of every door, newest first; a line unfolds to its fields and leads to the request it belongs to.
import { useLocation, useNavigate } from "@solidjs/router";
import { createMemo, createSignal, For, onMount, Show, type JSX } from "solid-js";
import type { LogLine } from "../../api/types";
import { useKeys } from "../../app/keys";
import { narrow } from "../../app/narrow";
import { travelling, useView } from "../../app/view";
import { exploreFrom } from "../../model/exploreLink";
import { count } from "../../model/format";
import { valueFilter, withBreakdown, withFilter } from "../../model/spec";
import { Foot } from "../../parts/Foot";
import { LiveSwitch } from "../../parts/LiveSwitch";
import { Empty, ErrorNote } from "../../parts/Notes";
import { SearchBox } from "../../parts/SearchBox";
import { TimeControl } from "../../parts/TimeControl";
import { VirtualRows } from "../../parts/VirtualRows";
import { createLines } from "./lines";
import { LineRow } from "./LineRow";

const levels = [
  { name: "All", severity: "" },
  { name: "Info", severity: "9" },
  { name: "Warnings", severity: "13" },
  { name: "Errors", severity: "17" },
];

export function LogsPage(): JSX.Element {
  const view = useView();
  const location = useLocation();
  const navigate = useNavigate();
  const [hovered, setHovered] = createSignal(false);
  const [menu, setMenu] = createSignal(false);
  const [scrolled, setScrolled] = createSignal(false);
  const [wrap, setWrap] = createSignal(false);
  const [scroller, setScroller] = createSignal<HTMLElement>();
  let search: HTMLInputElement | undefined;
  let reveal: ((index: number) => void) | undefined;
  const open = (): string => view.param("line");
  const hold = createMemo(() => hovered() || menu() || scrolled() || open() !== "");
  const lines = createLines(view, hold);
  const traceOf = (id: string): string => `/trace/${id}${travelling(location.search)}`;
  const chosen = (): LogLine | undefined => lines.rows().find((line) => line.id === open());
  const move = (step: number): void => {
    const rows = lines.rows();
    const at = rows.findIndex((line) => line.id === open());
    const next = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step));
    const line = rows[next];
    if (line === undefined) return;
    view.set({ line: line.id }, true);
    reveal?.(next);
  };
  const around = (line: LogLine | undefined): boolean => {
    if (line === undefined) return false;
    const at = BigInt(line.time_ns);
    view.set({
      from: String(at - 2_000_000_000n),
      to: String(at + 2_000_000_000n),
      range: null,
      text: null,
      severity: null,
      source: line.source,
      line: line.id,
    });
    return true;
  };
  useKeys({
    "j": () => move(1),
    "k": () => move(-1),
    "ArrowDown": () => move(1),
    "ArrowUp": () => move(-1),
    "/": () => search?.focus(),
    "f": () => search?.focus(),
    "w": () => setWrap((on) => !on),
    "c": () => around(chosen()),
    "t": () => {
      const id = chosen()?.trace_id;
      if (id === undefined) return false;
      navigate(traceOf(id));
      return true;
    },
    "Escape": () => view.set({ line: null }, true),
  });
  onMount(() => (document.title = "Logs · Skep"));
  const onScroll = (): unknown =>
    setScrolled((narrow() ? scrollY : (scroller()?.scrollTop ?? 0)) > 40);
  onMount(() => addEventListener("scroll", onScroll, { passive: true }));
  return (
    <>
      <main class="logs" aria-label="Logs">
        <h1 class="sr">Logs</h1>
        <div class="q" role="search">
          <SearchBox
            ref={(element) => (search = element)}
            label="Search in lines"
            placeholder="Text inside a line"
            text={view.param("text")}
            search={(text) => view.set({ text, line: null }, true)}
          />
          <Show when={view.param("source")}>
            {(source) => (
              <span class="chip tall">
                <em>source =</em> {source()}
                <button
                  aria-label="All sources"
                  onClick={() => view.set({ source: null, line: null })}
                >
                  ×
                </button>
              </span>
            )}
          </Show>
          <span class="seg" role="group" aria-label="At least this level">
            <For each={levels}>
              {(level) => (
                <button
                  aria-pressed={view.param("severity") === level.severity}
                  onClick={() => view.set({ severity: level.severity, line: null })}
                >
                  {level.name}
                </button>
              )}
            </For>
          </span>
          <TimeControl
            view={view}
            tick={lines.query.data}
            onOpen={setMenu}
            keyTaken={() => chosen()?.trace_id !== undefined}
          />
          <LiveSwitch
            view={view}
            held={lines.waiting()}
            onRelease={() => {
              view.set({ line: null }, true);
              if (narrow()) scrollTo(0, 0);
              else scroller()?.scrollTo(0, 0);
              lines.release();
            }}
          />
          <i class="busy" classList={{ on: lines.query.waiting() }} />
        </div>
        <ErrorNote error={lines.query.error()} />
        <div
          class="scroll ls"
          ref={setScroller}
          tabindex={0}
          role="region"
          aria-label="Log lines, newest first"
          classList={{ dim: lines.query.waiting(), wrap: wrap() }}
          onScroll={onScroll}
          onPointerEnter={(event) => event.pointerType !== "touch" && setHovered(true)}
          onPointerLeave={() => setHovered(false)}
        >
          <VirtualRows
            items={lines.rows()}
            rowHeight={narrow() ? 64 : 22}
            scroller={scroller}
            onEnd={lines.more}
            reveal={(own) => (reveal = own)}
          >
            {(line) => (
              <LineRow
                line={line}
                open={line().id === open()}
                find={view.param("text")}
                traceHref={traceOf}
                onToggle={() => view.set({ line: line().id === open() ? null : line().id }, true)}
                onAround={() => around(line())}
                onSource={(source) => view.set({ source, line: null })}
                onFilter={(name, value, without) =>
                  navigate(
                    exploreFrom(
                      location.search,
                      (query) => withFilter(query, valueFilter(name, value, without)),
                      true,
                    ),
                  )
                }
                onGroup={(name) =>
                  navigate(exploreFrom(location.search, (query) => withBreakdown(query, name)))
                }
              />
            )}
          </VirtualRows>
          <Show
            when={
              lines.rows().length === 0 &&
              !lines.query.waiting() &&
              lines.query.data() !== undefined
            }
          >
            <Empty title="No lines match.">
              <Show
                when={
                  view.param("text") !== "" ||
                  view.param("severity") !== "" ||
                  view.param("source") !== ""
                }
                fallback={
                  <button
                    class="link"
                    onClick={() => view.setRange({ kind: "last", minutes: 1440 })}
                  >
                    Look at the last 24 h
                  </button>
                }
              >
                <button
                  class="link"
                  onClick={() => view.set({ text: null, severity: null, source: null })}
                >
                  Show all lines of this time
                </button>
              </Show>
            </Empty>
          </Show>
        </div>
      </main>
      <Foot
        hints={[
          [["J", "K"], "line"],
          [["T"], "trace"],
          [["W"], "wrap"],
          [["C"], "lines around"],
          [["Space"], "pause"],
          [["?"], "all keys"],
        ]}
      >
        <b>{count(lines.rows().length)}</b> lines shown
        <Show when={lines.query.data()}>
          {(data) => <> · read in {data().elapsed_ms.toFixed(0)} ms</>}
        </Show>
      </Foot>
    </>
  );
}
