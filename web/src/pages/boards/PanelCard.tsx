// SPDX-License-Identifier: Apache-2.0
// One panel of a board: its name, what it shows, and while the board is edited the means to move, resize and remove it,
// by pointer and by keys.
import { A } from "@solidjs/router";
import { createSignal, Match, Show, Switch, type JSX } from "solid-js";
import type { BoardPanel, BoardQuery } from "../../api/types";
import type { View } from "../../app/view";
import { nudged, placed, withoutPanel, type Position } from "../../model/board";
import { queryText } from "../../model/spec";
import { exploreHref, PanelChart } from "./PanelChart";
import { TextPanel } from "./TextPanel";

export const rowPixels = 76;
export const gapPixels = 8;
const headPixels = 34;

type PanelStyle = "graph" | "table" | "combo";
const arrows: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function PanelCard(props: {
  panel: BoardPanel;
  index: number;
  /** As they stand without a drag that goes on. */
  panels: BoardPanel[];
  query: BoardQuery | undefined;
  view: View;
  editing: boolean;
  /** One column of a phone: panels stand one under the other. */
  stacked: boolean;
  onChange: (panels: BoardPanel[]) => void;
  onPreview: (panels: BoardPanel[] | null) => void;
}): JSX.Element {
  const [drag, setDrag] = createSignal<{ x: number; y: number; size: boolean } | null>(null);
  let card: HTMLElement | undefined;
  const placeOf = (panel: BoardPanel | undefined): Position =>
    panel?.position ?? { x_coordinate: 0, y_coordinate: 0, width: 6, height: 4 };
  const position = (): Position => placeOf(props.panel);
  const title = (): string => {
    const own = props.query;
    if (own !== undefined) return own.name === "" ? queryText(own.query) : own.name;
    return { text: "Text", query: "A query that is gone" }[props.panel.type] ?? props.panel.type;
  };
  const wanted = (event: PointerEvent): Position | null => {
    const start = drag();
    const grid = card?.parentElement?.getBoundingClientRect();
    if (start === null || grid === undefined) return null;
    const dx = Math.round(((event.clientX - start.x) * 12) / grid.width);
    const dy = Math.round((event.clientY - start.y) / (rowPixels + gapPixels));
    const own = placeOf(props.panels[props.index]);
    return start.size
      ? { ...own, width: own.width + dx, height: own.height + dy }
      : { ...own, x_coordinate: own.x_coordinate + dx, y_coordinate: own.y_coordinate + dy };
  };
  const grab = (event: PointerEvent & { currentTarget: HTMLElement }, size: boolean): void => {
    const other = event.target instanceof Element && event.target.closest("button, select, a");
    if (!props.editing || props.stacked || event.button !== 0 || other !== null) return;
    event.preventDefault();
    card?.focus();
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ x: event.clientX, y: event.clientY, size });
  };
  const follow = (event: PointerEvent): void => {
    const next = wanted(event);
    if (next !== null) props.onPreview(placed(props.panels, props.index, next));
  };
  const giveUp = (): void => {
    setDrag(null);
    props.onPreview(null);
  };
  const drop = (event: PointerEvent): void => {
    const next = wanted(event);
    giveUp();
    if (next !== null) props.onChange(placed(props.panels, props.index, next));
  };
  const move = (dx: number, dy: number): void =>
    props.onChange(nudged(props.panels, props.index, dx, dy));
  const resize = (dw: number, dh: number): void => {
    const own = position();
    const next = { ...own, width: own.width + dw, height: own.height + dh };
    props.onChange(placed(props.panels, props.index, next));
  };
  const remove = (): void => props.onChange(withoutPanel(props.panels, props.index));
  const replace = (panel: BoardPanel): void =>
    props.onChange(props.panels.map((own, at) => (at === props.index ? panel : own)));
  const onKey = (event: KeyboardEvent): void => {
    if (!props.editing || event.target !== card) return;
    const step = arrows[event.key];
    if (step !== undefined) (event.shiftKey ? resize : move)(step[0], step[1]);
    else if (event.key === "Delete") remove();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const style = (): PanelStyle => props.panel.query_panel?.query_style ?? "graph";
  const setStyle = (next: PanelStyle): void => {
    const own = props.panel.query_panel;
    if (own !== undefined) replace({ ...props.panel, query_panel: { ...own, query_style: next } });
  };
  return (
    <section
      class="panel"
      classList={{
        grabbed: drag() !== null,
        plain: props.panel.type === "text" && !props.editing,
      }}
      aria-label={title()}
      ref={(element) => (card = element)}
      tabindex={props.editing ? 0 : undefined}
      style={{
        "grid-column": `${position().x_coordinate + 1} / span ${position().width}`,
        "grid-row": `${position().y_coordinate + 1} / span ${position().height}`,
        "--rows": String(position().height),
      }}
      onKeyDown={onKey}
    >
      <Show when={props.panel.type !== "text" || props.editing}>
        <header
          class="row"
          classList={{ grip: props.editing }}
          onPointerDown={(event) => grab(event, false)}
          onPointerMove={follow}
          onPointerUp={drop}
          onPointerCancel={giveUp}
        >
          <h2 class="cut" title={props.query?.description || title()}>
            <Show when={!props.editing && props.query} fallback={title()}>
              {(own) => <A href={exploreHref(own(), props.view)}>{title()}</A>}
            </Show>
          </h2>
          <span class="grow" />
          <Show when={props.editing}>
            <Show when={props.panel.type === "query"}>
              <select
                aria-label="Shown as"
                value={style()}
                onChange={(event) => setStyle(event.currentTarget.value as PanelStyle)}
              >
                <option value="graph">charts</option>
                <option value="table">table</option>
                <option value="combo">both</option>
              </select>
            </Show>
            <span class="acts">
              <button aria-label={`Move ${title()} up`} title="Up" onClick={() => move(0, -1)}>
                ↑
              </button>
              <button aria-label={`Move ${title()} down`} title="Down" onClick={() => move(0, 1)}>
                ↓
              </button>
              <button aria-label={`Remove ${title()}`} title="Remove" onClick={remove}>
                ×
              </button>
            </span>
          </Show>
        </header>
      </Show>
      <Switch
        fallback={<p class="none mut">What this panel shows has no place on the page yet.</p>}
      >
        <Match when={props.query}>
          {(own) => (
            <PanelChart
              query={own()}
              style={style()}
              view={props.view}
              height={position().height * (rowPixels + gapPixels) - gapPixels - headPixels}
            />
          )}
        </Match>
        <Match when={props.panel.type === "text"}>
          <TextPanel
            text={props.panel.text_panel?.content ?? ""}
            editing={props.editing}
            onChange={(content) => replace({ ...props.panel, text_panel: { content } })}
          />
        </Match>
        <Match when={props.panel.type === "query"}>
          <p class="none mut">Its query was deleted. Edit the board to take the panel out.</p>
        </Match>
      </Switch>
      <Show when={props.editing && !props.stacked}>
        <i
          class="size"
          aria-hidden="true"
          onPointerDown={(event) => grab(event, true)}
          onPointerMove={follow}
          onPointerUp={drop}
          onPointerCancel={giveUp}
        />
      </Show>
    </section>
  );
}
