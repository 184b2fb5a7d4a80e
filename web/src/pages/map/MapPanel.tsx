// SPDX-License-Identifier: Apache-2.0
// The chosen service or call: its spread of lengths, and the newest spans of the part that is brushed.
import { createEffect, createMemo, createSignal, For, on, Show, type JSX } from "solid-js";
import { ask } from "../../api/client";
import { createQuery } from "../../api/query";
import type { MapEdge, MapExamples, MapNode, ServiceMap } from "../../api/types";
import { travelling, type View } from "../../app/view";
import { count, durationText, percent, plural } from "../../model/format";
import { Duration, Moment } from "../../parts/Text";
import { LengthBrush, type Brushed } from "./LengthBrush";

type Chosen = { node: MapNode } | { edge: MapEdge };

function chosenOf(map: ServiceMap, id: string): Chosen | null {
  const node = map.nodes.find(({ name }) => name === id);
  if (node !== undefined) return { node };
  const edge = map.edges.find(({ from, to }) => `${from}>${to}` === id);
  return edge === undefined ? null : { edge };
}

export function MapPanel(props: { map: ServiceMap; chosen: string; view: View }): JSX.Element {
  const [brush, setBrush] = createSignal<Brushed | null>(null);
  createEffect(
    on(
      () => props.chosen,
      () => setBrush(null),
    ),
  );
  const chosen = createMemo(() => chosenOf(props.map, props.chosen));
  const spread = (): MapNode | MapEdge | null => {
    const found = chosen();
    return found === null ? null : "node" in found ? found.node : found.edge;
  };
  const params = (): Record<string, string | null> => {
    const found = chosen();
    const part = brush();
    return {
      from: props.map.from_ns,
      to: props.map.to_ns,
      filter: props.view.filter(),
      joins: props.view.param("joins"),
      service: found === null ? null : "node" in found ? found.node.name : found.edge.to,
      caller: found !== null && "edge" in found ? found.edge.from : null,
      shortest: part === null ? null : part.from,
      longest: part === null ? null : part.to,
    };
  };
  const examples = createQuery<MapExamples>({
    key: () => (spread() === null ? null : `examples|${JSON.stringify(params())}`),
    ask: (signal) => ask("MapExamples", "map/examples", params(), signal),
  });
  return (
    <aside class="dt mappanel" aria-label="Chosen on the map">
      <Show
        when={spread()}
        fallback={
          <p class="none mut">
            Choose a service to see how it served, or a line to see how its caller saw it.
          </p>
        }
      >
        {(found) => (
          <>
            <div class="top2">
              <h2>
                <span class="cut">
                  {"name" in found() ? (found() as MapNode).name : props.chosen.replace(">", " → ")}
                </span>
              </h2>
              <p>
                {"name" in found() ? "as it served" : "as the caller saw it"} ·{" "}
                {plural(found().count, "span")}, {percent(found().errors, found().count)} failed
                <Show when={found().count > 0}>
                  {" "}
                  · P50 {durationText(BigInt(found().p50_ns))} · P95{" "}
                  {durationText(BigInt(found().p95_ns))}
                </Show>
              </p>
            </div>
            <Show
              when={found().buckets.length > 0}
              fallback={<p class="none mut">It tells nothing itself; choose a line to it.</p>}
            >
              <LengthBrush buckets={found().buckets} brush={brush()} onBrush={setBrush} />
            </Show>
            <div class="sub">
              <h2>Newest</h2>
              <span class="not-s">
                {brush() === null ? "drag over the lengths to narrow them" : "of this length"}
              </span>
              <span class="grow" />
              <Show when={brush()}>
                <button class="link" onClick={() => setBrush(null)}>
                  All lengths
                </button>
              </Show>
            </div>
            <ul class="scroll grow exs" aria-label="Spans" tabindex={0}>
              <For each={examples.data()?.examples ?? []}>
                {(one) => (
                  <li>
                    <a
                      class="link"
                      href={`/trace/${one.trace_id}${travelling(location.search)}${travelling(location.search) === "" ? "?" : "&"}row=${one.span_id}`}
                    >
                      <Moment ns={BigInt(one.time_ns)} />
                    </a>
                    <span class="cut">{one.name}</span>
                    <Show when={one.error}>
                      <span class="err str" title="Error">
                        !
                      </span>
                    </Show>
                    <span class="num">
                      <Duration ns={BigInt(one.duration_ns)} />
                    </span>
                  </li>
                )}
              </For>
            </ul>
            <p class="none mut">{count(examples.data()?.examples.length ?? 0)} shown</p>
          </>
        )}
      </Show>
    </aside>
  );
}
