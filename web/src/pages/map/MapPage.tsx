// SPDX-License-Identifier: Apache-2.0
// Who calls whom, under the filter and the time of the other screens. A service shows how it served, a line how its
// caller saw it; choosing one gives its spread, and a part of the spread the spans behind it.
import { createMemo, createSignal, For, onCleanup, Show, type JSX } from "solid-js";
import { ask } from "../../api/client";
import { createQuery } from "../../api/query";
import type { MapEdge, MapNode, ServiceMap } from "../../api/types";
import { useKeys } from "../../app/keys";
import { narrow } from "../../app/narrow";
import { useServerState } from "../../app/status";
import { useView } from "../../app/view";
import { plural } from "../../model/format";
import { inRows, layOut } from "../../model/mapLayout";
import { bounds } from "../../model/range";
import { FilterBar } from "../../parts/FilterBar";
import { Foot } from "../../parts/Foot";
import { Empty, ErrorNote } from "../../parts/Notes";
import { TimeControl } from "../../parts/TimeControl";
import { MapPanel } from "./MapPanel";
import { edgeWords, nodeWords, shareOfErrors } from "./words";

const box = { width: 240, height: 48, gapX: 80, gapY: 20, edge: 16 };
/** How far a service is set in under its callers where there is one column for all. */
const stepIn = 20;

interface Placed {
  node: MapNode;
  x: number;
  y: number;
  width: number;
}

export function edgeId(edge: MapEdge): string {
  return `${edge.from}>${edge.to}`;
}

/** One under the other, each beneath its first caller; for a phone. */
function listOf(map: ServiceMap, room: number): Map<string, Placed> {
  const names = map.nodes.map(({ name }) => name);
  const byName = new Map(map.nodes.map((node) => [node.name, node]));
  const placed = new Map<string, Placed>();
  for (const { name, depth } of inRows(names, map.edges)) {
    const node = byName.get(name);
    if (node === undefined) continue;
    const x = box.edge + Math.min(depth, 6) * stepIn;
    const y = box.edge + placed.size * (box.height + box.gapY);
    placed.set(name, { node, x, y, width: room - x - box.edge });
  }
  return placed;
}

function placesOf(map: ServiceMap): Map<string, Placed> {
  const spots = layOut(
    map.nodes.map(({ name }) => name),
    map.edges,
  );
  const tallest = Math.max(1, ...spots.map(({ row }) => row + 1));
  const inColumn = new Map<number, number>();
  for (const { column } of spots) inColumn.set(column, (inColumn.get(column) ?? 0) + 1);
  const byName = new Map(map.nodes.map((node) => [node.name, node]));
  const placed = new Map<string, Placed>();
  for (const { name, column, row } of spots) {
    const node = byName.get(name);
    if (node === undefined) continue;
    const lead = (tallest - (inColumn.get(column) ?? 1)) / 2;
    placed.set(name, {
      node,
      x: box.edge + column * (box.width + box.gapX),
      y: box.edge + (lead + row) * (box.height + box.gapY),
      width: box.width,
    });
  }
  return placed;
}

/** Down the caller's left side and into the called one's; back up on the right. */
function pathInList(from: Placed, to: Placed): string {
  const [y1, y2] = [from.y + box.height, to.y + box.height / 2];
  if (y2 > y1 && to.x > from.x) return `M${from.x + 8} ${y1}V${y2}H${to.x}`;
  const [right, back] = [from.x + from.width, to.x + to.width];
  const out = Math.max(right, back) + box.edge / 2;
  return `M${right} ${from.y + box.height / 2}H${out}V${y2}H${back}`;
}

function pathOf(from: Placed, to: Placed): string {
  const [x1, y1] = [from.x + box.width, from.y + box.height / 2];
  const [x2, y2] = [to.x, to.y + box.height / 2];
  if (x2 > x1) {
    const bend = (x2 - x1) / 2;
    return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  }
  // Back to the left: below both.
  const low = Math.max(from.y, to.y) + box.height + 14;
  return `M${from.x + box.width / 2} ${from.y + box.height}C${from.x} ${low} ${to.x + box.width} ${low} ${to.x + box.width / 2} ${to.y + box.height}`;
}

export function MapPage(): JSX.Element {
  const view = useView();
  const server = useServerState();
  const [room, setRoom] = createSignal(innerWidth);
  const onResize = (): unknown => setRoom(innerWidth);
  addEventListener("resize", onResize);
  onCleanup(() => removeEventListener("resize", onResize));
  const query = createQuery<ServiceMap>({
    key: () =>
      `map|${view.filter()}|${JSON.stringify(view.range(), (_, value: unknown) => (typeof value === "bigint" ? String(value) : value))}|${view.param("joins")}`,
    ask: (signal) => {
      const { from, to } = bounds(view.range(), server.now());
      return ask(
        "ServiceMap",
        "map",
        {
          from: String(from),
          to: String(to),
          filter: view.filter(),
          joins: view.param("joins"),
        },
        signal,
      );
    },
    every: () => (view.live() ? 10_000 : null),
  });
  const places = createMemo(() => {
    const map = query.data();
    if (map === undefined) return new Map<string, Placed>();
    return narrow() ? listOf(map, room()) : placesOf(map);
  });
  const chosen = (): string => view.param("on");
  const choose = (id: string): void =>
    view.set({ on: chosen() === id ? null : id, len: null }, true);
  const edges = createMemo(() =>
    (query.data()?.edges ?? []).flatMap((edge) => {
      const [from, to] = [places().get(edge.from), places().get(edge.to)];
      return from === undefined || to === undefined
        ? []
        : [{ edge, path: narrow() ? pathInList(from, to) : pathOf(from, to) }];
    }),
  );
  const most = createMemo(() => Math.max(1, ...edges().map(({ edge }) => edge.count)));
  const size = createMemo(() => {
    const all = [...places().values()];
    return {
      width: Math.max(0, ...all.map(({ x, width }) => x + width)) + box.edge,
      height: Math.max(0, ...all.map(({ y }) => y + box.height)) + box.edge + 14,
    };
  });
  const onKey = (event: KeyboardEvent, id: string): void => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    choose(id);
  };
  useKeys({
    Escape: () => {
      if (view.param("len") !== "") view.set({ len: null });
      else if (chosen() !== "") view.set({ on: null }, true);
      else return false;
      return true;
    },
  });
  document.title = "Map · Skep";
  return (
    <>
      <main class="map" aria-label="Service map">
        <h1 class="sr">Map</h1>
        <div class="q" role="search">
          <FilterBar view={view} error={query.error()} />
          <TimeControl view={view} tick={query.data} keyTaken={() => false} />
          <i class="busy" classList={{ on: query.waiting() }} />
        </div>
        <ErrorNote error={query.error()} />
        <div class="mapbody">
          <div
            class="scroll mapscroll"
            classList={{ dim: query.waiting() }}
            tabindex={0}
            role="group"
            aria-label="Services and their calls"
          >
            <Show
              when={places().size > 0}
              fallback={
                <Show when={query.data()}>
                  <Empty title="No spans in this time.">
                    Take the filter out or choose a longer time.
                  </Empty>
                </Show>
              }
            >
              <svg
                width={size().width}
                height={size().height}
                viewBox={`0 0 ${size().width} ${size().height}`}
                role="group"
                aria-label="Map"
              >
                <For each={edges()}>
                  {({ edge, path }) => (
                    <g
                      class="call"
                      classList={{
                        on: chosen() === edgeId(edge),
                        bad: shareOfErrors(edge) >= 0.01,
                      }}
                      role="button"
                      tabindex={0}
                      aria-label={edgeWords(edge)}
                      aria-pressed={chosen() === edgeId(edge)}
                      onClick={() => choose(edgeId(edge))}
                      onKeyDown={(event) => onKey(event, edgeId(edge))}
                    >
                      <title>{edgeWords(edge)}</title>
                      <path class="hit" d={path} />
                      <path
                        class="ln"
                        d={path}
                        stroke-width={1 + (3 * Math.log1p(edge.count)) / Math.log1p(most())}
                      />
                    </g>
                  )}
                </For>
                <For each={[...places().values()]}>
                  {({ node, x, y, width }) => (
                    <g
                      class={`svc ${node.kind}`}
                      classList={{ on: chosen() === node.name }}
                      transform={`translate(${x} ${y})`}
                      role="button"
                      tabindex={0}
                      aria-pressed={chosen() === node.name}
                      onClick={() => choose(node.name)}
                      onKeyDown={(event) => onKey(event, node.name)}
                    >
                      <rect width={width} height={box.height} rx="4" />
                      <rect
                        class="err"
                        y={box.height - 3}
                        width={width * Math.min(1, shareOfErrors(node))}
                        height="3"
                      />
                      <foreignObject width={width} height={box.height}>
                        <div
                          class="svcname"
                          title={`${node.name}: ${nodeWords(node, query.data())}`}
                        >
                          <b class="cut">{node.name}</b>
                          <span class="cut">{nodeWords(node, query.data())}</span>
                        </div>
                      </foreignObject>
                    </g>
                  )}
                </For>
              </svg>
            </Show>
          </div>
          <Show when={query.data()}>
            {(map) => <MapPanel map={map()} chosen={chosen()} view={view} />}
          </Show>
        </div>
      </main>
      <Foot hints={[[["Esc"], "choose nothing"]]}>
        {plural(query.data()?.nodes.length ?? 0, "service")} · {plural(edges().length, "call")} ·
        read in {(query.data()?.elapsed_ms ?? 0).toFixed(1)} ms
      </Foot>
    </>
  );
}
