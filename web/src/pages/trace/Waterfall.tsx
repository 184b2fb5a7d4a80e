// SPDX-License-Identifier: Apache-2.0
// The waterfall with its tools: search inside, what to leave out, the axis and the rows.
import { createSignal, onMount, Show, type JSX } from "solid-js";
import { useKeys } from "../../app/keys";
import { narrow } from "../../app/narrow";
import { count } from "../../model/format";
import { SearchIcon } from "../../parts/Icons";
import { Key } from "../../parts/Text";
import { VirtualRows } from "../../parts/VirtualRows";
import { awaited } from "../../model/longTrace";
import type { Point } from "../../model/points";
import { Axis, gridSteps } from "./Axis";
import { rowIdOf, type Target } from "./rows";
import type { TraceState } from "./state";
import { WaterfallRow } from "./WaterfallRow";

function Check(props: { on: boolean; label: string; onToggle: () => void }): JSX.Element {
  return (
    <button class="ck" role="checkbox" aria-checked={props.on} onClick={() => props.onToggle()}>
      {props.label}
    </button>
  );
}

export function Waterfall(props: {
  state: TraceState;
  points: readonly Point[];
  onOpen: (id: string) => void;
}): JSX.Element {
  const [scroller, setScroller] = createSignal<HTMLElement>();
  let search: HTMLInputElement | undefined;
  let reveal: ((index: number) => void) | undefined;
  const state = (): TraceState => props.state;
  const at = (): number => {
    const chosen = state().selected();
    return chosen === undefined ? -1 : state().lines().indexOf(chosen);
  };
  const show = (id: string, index: number): void => {
    reveal?.(index);
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`[data-row="${id}"]`)?.focus({ preventScroll: true }),
    );
  };
  const choose = (index: number): void => {
    const line = state().lines()[index];
    if (line === undefined || line === awaited) return;
    state().select(line.id);
    show(line.id, index);
  };
  const move = (step: number): void => {
    const last = state().lines().length - 1;
    choose(Math.min(last, Math.max(0, at() + step)));
  };
  const goTo = async (target: Target): Promise<void> => {
    const place = await state().goTo(target);
    if (place !== null) show(place.id, place.index);
  };
  const nextMatch = (): void => {
    if (state().text().trim() !== "") void goTo({ text: state().text() });
  };
  const fold = (folded: boolean): void => {
    const index = at();
    const line = state().lines()[index];
    if (line === undefined) return;
    if (line.parent && line.open === folded) state().fold(line, folded);
    else if (folded) {
      // The line above that it hangs under.
      const above = state().lines().slice(0, index);
      choose(above.findLastIndex((one) => one !== awaited && one.depth < line.depth));
    }
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
    const row = state().view.param("row");
    if (row === "") return;
    if (at() >= 0) requestAnimationFrame(() => reveal?.(at()));
    else void goTo({ row: rowIdOf(row) });
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
    "!": () => void goTo({ error: true }),
    "z": zoom,
    "/": () => search?.focus(),
    "Enter": () => {
      const id = state().selected()?.id;
      if (id !== undefined) props.onOpen(id);
    },
  });
  const hit = (): string => {
    const hits = state().hits();
    return hits === null ? "" : `${hits.nth ?? "–"}/${count(hits.count)}`;
  };
  const hasGroups = (): boolean =>
    state().trace().page !== undefined || (state().trace().groups?.length ?? 0) > 0;
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
            value={state().text()}
            onInput={(event) => state().view.set({ find: event.currentTarget.value }, true)}
            onKeyDown={(event) => {
              if (event.key === "Enter") nextMatch();
              else if (event.key === "Escape") {
                event.preventDefault();
                event.stopPropagation();
                if (state().text() === "") event.currentTarget.blur();
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
          label="Only critical path"
          onToggle={() => state().toggle("slow")}
        />
        <Show when={hasGroups()}>
          <Check
            on={state().shows("groups")}
            label="Fold like siblings"
            onToggle={() => state().toggle("groups")}
          />
        </Show>
        <span class="grow" />
        <span class="not-s legend">
          solid = own time, pale = waiting on children, line beneath = critical path
        </span>
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
        <Axis points={props.points} window={state().window()} />
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
              selected={line() !== awaited && line().id === state().selected()?.id}
              find={state().text()}
              onSelect={() => {
                if (narrow()) props.onOpen(line().id);
                else state().select(line().id);
              }}
              onFold={(folded) => state().fold(line(), folded)}
              onAwait={(at) => state().want(at)}
            />
          )}
        </VirtualRows>
      </div>
    </>
  );
}
