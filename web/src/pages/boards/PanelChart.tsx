// SPDX-License-Identifier: Apache-2.0
// What a panel shows: the charts of a saved query over the board's time, or its table.
import { useNavigate } from "@solidjs/router";
import { createMemo, Show, type JSX } from "solid-js";
import { createQuery } from "../../api/query";
import { runQuery, type Answer } from "../../api/run";
import type { BoardQuery } from "../../api/types";
import type { View } from "../../app/view";
import { ResultCharts, type ChartsState } from "../../charts/ResultCharts";
import { groupsOf, measuresOf } from "../../model/answer";
import { rangeParams } from "../../model/range";
import {
  allDatasets,
  calculationsOf,
  valueFilter,
  withFilter,
  withoutTimes,
} from "../../model/spec";
import { ErrorNote } from "../../parts/Notes";
import { ResultTable } from "../explore/ResultTable";
import { selectionText, timesOfRange } from "../explore/state";

const refreshMs = 30_000;
const headPixels = 31;

/** The panel's question in Explore, over the board's time. */
export function exploreHref(
  own: BoardQuery,
  view: View,
  more: Record<string, string> = {},
): string {
  const params = new URLSearchParams({ q: JSON.stringify(withoutTimes(own.query)) });
  if (own.dataset !== allDatasets) params.set("dataset", own.dataset);
  if (own.id !== undefined && own.id !== "") params.set("saved", own.id);
  for (const [name, value] of Object.entries({ ...rangeParams(view.range()), ...more }))
    if (value !== null) params.set(name, value);
  return `/explore?${params.toString()}`;
}

export function PanelChart(props: {
  query: BoardQuery;
  style: "graph" | "table" | "combo";
  view: View;
  /** Pixels that there are for it. */
  height: number;
}): JSX.Element {
  const navigate = useNavigate();
  const query = createQuery<Answer>({
    key: () => JSON.stringify(["panel", props.query.query_id, timesOfRange(props.view.range())]),
    ask: (signal) =>
      runQuery(
        {
          dataset: props.query.dataset,
          query: { ...withoutTimes(props.query.query), ...timesOfRange(props.view.range()) },
          remember: false,
        },
        signal,
      ),
    every: () => (props.view.range().kind === "last" ? refreshMs : null),
  });
  const charts: ChartsState = {
    log: false,
    get earlierS() {
      return props.query.query.compare_time_offset_seconds ?? 0;
    },
    get held() {
      return props.view.param("hold") || null;
    },
    selection: null,
    against: null,
    onCompare: null,
    onLog: null,
    onHold: (hold) => props.view.set({ hold }),
    onRange: (from, to) =>
      props.view.set({ range: null, from: `${from}000000000`, to: `${to}000000000` }),
    // A part of a heat map is compared in Explore, where there is room for it.
    onSelect: (selection) => {
      if (selection !== null)
        navigate(exploreHref(props.query, props.view, { sel: selectionText(selection) }));
    },
    onPlace: () => undefined,
  };
  const toExplore = (): void => navigate(exploreHref(props.query, props.view));
  /** The same with a condition more. */
  const toExploreWith = (column: string, value: unknown, without: boolean): void => {
    const filter = valueFilter(column, value, without);
    const query = withFilter(props.query.query, filter);
    navigate(exploreHref({ ...props.query, query }, props.view));
  };
  const count = createMemo(() => {
    const data = query.data();
    return data === undefined
      ? calculationsOf(props.query.query).length
      : measuresOf(data.result).length;
  });
  const tableToo = (): boolean =>
    props.style === "table" ||
    (props.style === "combo" && (props.query.query.breakdowns ?? []).length > 0);
  const chartHeight = (): number => {
    const room = props.style === "combo" && tableToo() ? props.height * 0.66 : props.height;
    return Math.max(96, Math.floor(room / Math.max(1, count())) - headPixels);
  };
  const nothing = (own: Answer): boolean =>
    own.result.data.results.length === 0 && (own.result.data.series ?? []).length === 0;
  return (
    <div class="pc" classList={{ dim: query.waiting() }} aria-busy={query.waiting()}>
      <ErrorNote error={query.error()} />
      <Show when={query.data()}>
        {(own) => (
          <Show when={!nothing(own())} fallback={<p class="none mut">No events in this time.</p>}>
            <Show when={props.style !== "table"}>
              <ResultCharts
                result={own().result}
                state={charts}
                heatHeight={chartHeight()}
                lineHeight={chartHeight()}
                quiet
              />
            </Show>
            <Show when={tableToo()}>
              <ResultTable
                result={own().result}
                groups={groupsOf(own().result)}
                slowField={null}
                held={charts.held}
                against={null}
                onCompare={null}
                chosen={null}
                sort=""
                onSort={toExplore}
                onHold={charts.onHold}
                onSlowest={toExplore}
                onFilter={toExploreWith}
              />
            </Show>
          </Show>
        )}
      </Show>
    </div>
  );
}
