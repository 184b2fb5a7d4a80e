// SPDX-License-Identifier: Apache-2.0
// The waterfall with its tools: search inside, what to leave out, the axis and the rows.
import { createSignal, onMount, Show, type JSX } from "solid-js";
import { useKeys } from "../../app/keys";
import { narrow } from "../../app/narrow";
import { SearchIcon } from "../../parts/Icons";
import { Key } from "../../parts/Text";
import { VirtualRows } from "../../parts/VirtualRows";
import { Axis, gridSteps } from "./Axis";
import type { TraceState } from "./state";
import { WaterfallRow } from "./WaterfallRow";

function Check(props: { on: boolean; label: string; onToggle: () => void }): JSX.Element {
  return (
    <button class="ck" role="checkbox" aria-checked={props.on} onClick={() => props.onToggle()}>
      {props.label}
    </button>
  );
}

export function Waterfall(props: { state: TraceState; onOpen: (id: string) => void }): JSX.Element {
  const [scroller, setScroller] = createSignal<HTMLElement>();
  let search: HTMLInputElement | undefined;
  let reveal: ((index: number) => void) | undefined;
  const state = (): TraceState => props.state;
  const at = (): number => {
    const id = state().selected()?.id;
    return state()
      .lines()
      .findIndex((line) => line.row.id === id);
  };
  const choose = (index: number): void => {
    const line = state().lines()[index];
    if (line === undefined) return;
    state().select(line.row.id);
    reveal?.(index);
    requestAnimationFrame(() =>
      document
        .querySelector<HTMLElement>(`[data-row="${line.row.id}"]`)
        ?.focus({ preventScroll: true }),
    );
  };
  const move = (step: number): void => {
    const last = state().lines().length - 1;
    choose(Math.min(last, Math.max(0, at() + step)));
  };
  const nextMatch = (): void => {
    const lines = state().lines();
    const hits = state()
      .found()
      .map((line) => lines.indexOf(line));
    const next = hits.find((index) => index > at()) ?? hits[0];
    if (next !== undefined) choose(next);
  };
  const fold = (folded: boolean): void => {
    const line = state().lines()[at()];
    if (line === undefined) return;
    if (line.parent && state().isFolded(line.row.id) !== folded) state().fold(line.row.id, folded);
    else if (folded && line.row.parent !== undefined) {
      const parent = state()
        .lines()
        .findIndex(({ row }) => row.id === line.row.parent);
      if (parent >= 0) choose(parent);
    }
  };
  const toError = (): void => {
    const lines = state().lines();
    const error = lines.findIndex(({ row }) => row.kind === "error");
    choose(error >= 0 ? error : lines.findIndex(({ row }) => row.error));
  };
  const zoom = (): void => {
    const { from, to } = state().window();
    const line = state().lines()[at()];
    const whole = from <= 0 && to >= state().length();
    if (!whole) state().zoom(null);
    else if (line !== undefined && line.end > line.start) {
      const margin = (line.end - line.start) / 20;
      state().zoom({ from: Math.max(0, line.start - margin), to: line.end + margin });
    }
  };
  onMount(() => {
    if (state().view.param("row") !== "") requestAnimationFrame(() => reveal?.(at()));
  });
  useKeys({
    "j": () => move(1),
    "k": () => move(-1),
    "ArrowDown": () => move(1),
    "ArrowUp": () => move(-1),
    "h": () => fold(true),
    "l": () => fold(false),
    "ArrowLeft": () => fold(true),
    "ArrowRight": () => fold(false),
    "n": nextMatch,
    "!": toError,
    "z": zoom,
    "/": () => search?.focus(),
    "Enter": () => {
      const id = state().selected()?.id;
      if (id !== undefined) props.onOpen(id);
    },
  });
  const hit = (): string => {
    const found = state().found();
    if (state().find() === "") return "";
    const id = state().selected()?.id;
    const index = found.findIndex((line) => line.row.id === id);
    return `${index < 0 ? "–" : index + 1}/${found.length}`;
  };
  const gridWidth = (): string => {
    const { step } = gridSteps(state().window());
    return `${(step / (state().window().to - state().window().from)) * 100}%`;
  };
  const gridStart = (): string => {
    const { ticks } = gridSteps(state().window());
    const { from, to } = state().window();
    return String(((ticks[0] ?? from) - from) / (to - from));
  };
  return (
    <>
      <div class="sub tools">
        <label class="box">
          <SearchIcon />
          <input
            ref={(element) => (search = element)}
            aria-label="Search inside this request"
            placeholder="Search inside"
            spellcheck={false}
            value={state().find()}
            onInput={(event) => state().view.set({ find: event.currentTarget.value }, true)}
            onKeyDown={(event) => {
              if (event.key === "Enter") nextMatch();
              else if (event.key === "Escape") {
                event.preventDefault();
                event.stopPropagation();
                if (state().find() === "") event.currentTarget.blur();
                else state().view.set({ find: null }, true);
              }
            }}
          />
          <span class="mut">{hit()}</span>
          <Key>/</Key>
        </label>
        <Check on={state().shows("logs")} label="Logs" onToggle={() => state().toggle("logs")} />
        <Check on={state().shows("xray")} label="X-Ray" onToggle={() => state().toggle("xray")} />
        <Check
          on={state().shows("slow")}
          label="Only slow path"
          onToggle={() => state().toggle("slow")}
        />
        <span class="grow" />
        <span class="not-s legend">solid = own time, pale = waiting on children</span>
      </div>
      <div
        class="scroll wfs"
        ref={setScroller}
        role="treegrid"
        tabindex={-1}
        aria-label="Spans, segments, log lines and errors"
        aria-rowcount={state().lines().length + 1}
        style={{ "--gw": gridWidth(), "--gs": gridStart() }}
      >
        <Axis lines={state().lines()} window={state().window()} />
        <VirtualRows
          items={state().lines()}
          rowHeight={narrow() ? 42 : 26}
          scroller={scroller}
          reveal={(own) => (reveal = own)}
        >
          {(line, index) => (
            <WaterfallRow
              line={line}
              index={index()}
              window={state().window()}
              selected={line().row.id === state().selected()?.id}
              folded={state().isFolded(line().row.id)}
              find={state().find()}
              onSelect={() => {
                if (narrow()) props.onOpen(line().row.id);
                else state().select(line().row.id);
              }}
              onFold={(folded) => state().fold(line().row.id, folded)}
            />
          )}
        </VirtualRows>
        <Show when={state().trace().truncated}>
          {(left) => (
            <p class="note">
              <b>Long trace</b>
              {left()} more rows are not shown.
            </p>
          )}
        </Show>
      </div>
    </>
  );
}
