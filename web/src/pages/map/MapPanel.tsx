// SPDX-License-Identifier: Apache-2.0
// The chosen service or call: its spread of lengths, and the newest spans of the part that is brushed.
import { A } from "@solidjs/router";
import { createMemo, For, Show, type JSX } from "solid-js";
import { ask } from "../../api/client";
import { createQuery } from "../../api/query";
import type { MapEdge, MapExamples, MapNode, ServiceMap } from "../../api/types";
import { travelling, type View } from "../../app/view";
import { count, durationText, percent, plural } from "../../model/format";
import { parseFilter } from "../../model/filter";
import { lengthsOf, lengthsText, spansOf, type Lengths } from "../../model/mapSpans";
import { rangeParams } from "../../model/range";
import { Duration, Moment } from "../../parts/Text";
import { startQuery } from "../../model/spec";
import { LengthBrush } from "./LengthBrush";

type Chosen = { node: MapNode } | { edge: MapEdge };

function chosenOf(map: ServiceMap, id: string): Chosen | null {
  const node = map.nodes.find(({ name }) => name === id);
  if (node !== undefined) return { node };
  const edge = map.edges.find(({ from, to }) => `${from}>${to}` === id);
  return edge === undefined ? null : { edge };
}

export function MapPanel(props: { map: ServiceMap; chosen: string; view: View }): JSX.Element {
  const brush = createMemo(() => lengthsOf(props.view.param("len")));
  const setBrush = (next: Lengths | null): void =>
    props.view.set({ len: next === null ? null : lengthsText(next) });
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
  /** Where the same spans are asked about; null where Explore has no words for them. */
  const exploreHref = (): string | null => {
    const found = chosen();
    if (found === null || spread()?.buckets.length === 0) return null;
    const ofCall = "edge" in found;
    // What tells nothing itself, such as a database, is known to its caller alone.
    const target = ofCall ? found.edge.to : found.node.name;
    const kind = props.map.nodes.find(({ name }) => name === target)?.kind;
    if (kind !== "service") return null;
    const filters = spansOf(
      { service: target, caller: ofCall ? found.edge.from : null },
      brush(),
      parseFilter(props.view.filter()),
    );
    if (filters === null) return null;
    const params = new URLSearchParams({ q: JSON.stringify({ ...startQuery, filters }) });
    for (const [name, value] of Object.entries(rangeParams(props.view.range())))
      if (value !== null) params.set(name, value);
    return `/explore?${params.toString()}`;
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
              <span class="not-s cut">
                {brush() === null ? "drag over the lengths" : "of this length"}
              </span>
              <span class="grow" />
              <Show when={exploreHref()}>
                {(href) => (
                  <A class="link" href={href()}>
                    Explore these
                  </A>
                )}
              </Show>
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
                    <Show when={one.error} fallback={<span />}>
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
