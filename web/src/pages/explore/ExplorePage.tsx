// SPDX-License-Identifier: Apache-2.0
// Any question about any event: the shape (heat map), then the split, then the table; what sets a part of it apart.
import { useNavigate } from "@solidjs/router";
import { createMemo, createSignal, onMount, Show, type JSX } from "solid-js";
import "../../styles/bubbleup.css";
import "../../styles/explore.css";
import { ResultCharts, type ChartsState } from "../../charts/ResultCharts";
import { useKeys, modKey } from "../../app/keys";
import { narrow } from "../../app/narrow";
import { say, sayFailed } from "../../app/notice";
import { useView } from "../../app/view";
import { measuresOf, shapeText, type Group } from "../../model/answer";
import type { HeatBox } from "../../model/heat";
import { compact, groupFilters, queryText, valueFilter, withFilter } from "../../model/spec";
import { Foot } from "../../parts/Foot";
import { Empty, ErrorNote } from "../../parts/Notes";
import { slowField } from "./also";
import { createColumns } from "./columns";
import { createDefined, rowsOf } from "./DefinedRows";
import { EventsTable } from "./EventsTable";
import { ExploreDialogs, type ExploreDialog } from "./ExploreDialogs";
import { InfoBar } from "./InfoBar";
import { NothingThere } from "./NothingThere";
import { inBox, slowestTrace } from "./oneTrace";
import { QueryStrip } from "./QueryStrip";
import { ResultTable } from "./ResultTable";
import { createSaved } from "./saved";
import { createSelected } from "./selected";
import { SelectionPanel } from "./SelectionPanel";
import { createExplore, timesOfRange } from "./state";

export function ExplorePage(): JSX.Element {
  const view = useView();
  const navigate = useNavigate();
  const explore = createExplore(view);
  const columns = createColumns(explore.dataset, () =>
    rowsOf(explore.draft(), "calculated_fields").flatMap(({ name }) => name.trim() || []),
  );
  const defined = createDefined(explore, columns);
  const selected = createSelected(explore, view);
  const saved = createSaved(view, explore.query);
  const [dialog, setDialog] = createSignal<ExploreDialog | null>(null);
  const [place, setPlace] = createSignal<{ key: string; box: HeatBox } | null>(null);
  let panel: HTMLElement | undefined;
  const result = () => explore.answer.data()?.result;
  const asked = () => ({ ...compact(explore.query()), ...timesOfRange(view.range()) });
  const eventsShown = (): boolean => view.param("view") === "events";
  const nothing = (): boolean => {
    const own = result();
    return (
      own !== undefined && (own.data.series ?? []).length === 0 && own.data.results.length === 0
    );
  };
  const columnOfKey = (key: string): string =>
    measuresOfResult().find((own) => own.key === key)?.column ?? "duration_ms";
  const measuresOfResult = createMemo(() => {
    const own = result();
    return own === undefined ? [] : measuresOf(own);
  });

  const openTrace = (query: ReturnType<typeof asked>, order: string | null): void => {
    slowestTrace(explore.dataset(), query, order).then(
      (path) => (path === null ? say("No trace lies here.") : navigate(path)),
      (reason: unknown) => sayFailed("No trace was looked for", reason),
    );
  };
  const openFromHere = (): void => {
    const here = place() ?? explore.selection();
    if (here?.key === "" && explore.selection() !== null)
      openTrace(selected.narrowed(here), slowField(explore.query()));
    else if (here === null) openTrace(asked(), slowField(explore.query()));
    else openTrace(inBox(asked(), columnOfKey(here.key), here.box), columnOfKey(here.key));
  };
  const openSlowest = (group: Group): void => {
    const filters = groupFilters(explore.query().breakdowns ?? [], group.values);
    openTrace(withFilter(asked(), ...filters), slowField(explore.query()));
  };
  const charts: ChartsState = {
    get log() {
      return view.param("log") === "1";
    },
    get earlierS() {
      return explore.query().compare_time_offset_seconds ?? 0;
    },
    get held() {
      return explore.held();
    },
    get against() {
      return explore.against();
    },
    get selection() {
      return explore.selection();
    },
    onLog: (log) => view.set({ log: log ? "1" : null }),
    onHold: explore.hold,
    onCompare: (key) => explore.compare(explore.held() ?? key, key),
    onRange: (from, to) =>
      view.set({
        range: null,
        from: `${from}000000000`,
        to: `${to}000000000`,
        sel: null,
      }),
    onSelect: explore.select,
    onPlace: (key, box) => setPlace(box === null ? null : { key, box }),
  };
  const filterTo = (column: string, value: unknown, without: boolean): void =>
    explore.step((query) => withFilter(query, valueFilter(column, value, without)));
  /** The first press holds a group, the second one compares it with another. */
  const compareWith = (key: string): void => {
    const held = explore.held();
    if (held !== null && held !== key) explore.compare(held, key);
    else {
      explore.hold(key);
      say("Now choose the group to compare it with.");
    }
  };
  useKeys({
    "s": () => setDialog("save"),
    "u": () => (saved.open() === null ? false : setDialog("saved")),
    "x": openFromHere,
    "b": () => {
      const own = result();
      const box = { from: own?.start_time ?? 0, to: own?.end_time ?? 0, low: 0, high: 0 };
      if (explore.selection() !== null) panel?.focus();
      else if (explore.held() !== null && own !== undefined) explore.select({ key: "", box });
      else return false;
      return true;
    },
    "c": () => {
      const row = document.activeElement?.closest<HTMLElement>("tr[data-group]");
      const key = row?.dataset["group"];
      if (key === undefined) return false;
      compareWith(key);
      return true;
    },
    "[": () => history.back(),
    "]": () => history.forward(),
    "Escape": () => {
      if (explore.answer.waiting()) explore.answer.cancel();
      else if (explore.selection() !== null) explore.select(null);
      else if (explore.held() !== null) explore.hold(null);
      else return false;
      return true;
    },
  });
  onMount(() => (document.title = "Explore · Skep"));
  return (
    <>
      <main class="explore" classList={{ two: explore.selection() !== null }} aria-label="Explore">
        <h1 class="sr">Explore</h1>
        <QueryStrip explore={explore} columns={columns} view={view} defined={defined} />
        <InfoBar
          explore={explore}
          columns={columns}
          view={view}
          onDefine={defined.add}
          saved={saved}
          onHistory={() => setDialog("history")}
          onSaved={() => setDialog("saved")}
          onSave={() => setDialog("save")}
          onJson={() => setDialog("json")}
        />
        <ErrorNote error={explore.answer.error()} />
        <div
          class="left scroll"
          tabindex={-1}
          classList={{ dim: explore.answer.waiting() }}
          aria-busy={explore.answer.waiting()}
        >
          <Show
            when={result()}
            fallback={
              <Show when={!explore.answer.waiting()}>
                <Empty title="No answer yet.">
                  {explore.answer.error() === null
                    ? "Run the question above."
                    : "Change the question above, then run it."}
                </Empty>
              </Show>
            }
          >
            {(own) => (
              <Show when={!nothing()} fallback={<NothingThere explore={explore} view={view} />}>
                <ResultCharts
                  result={own()}
                  state={charts}
                  heatHeight={narrow() ? 214 : 272}
                  lineHeight={narrow() ? 164 : 184}
                />
                <div class="ct tabs-line">
                  <span class="seg sm" role="group" aria-label="Below the charts">
                    <button aria-pressed={!eventsShown()} onClick={() => view.set({ view: null })}>
                      Groups
                    </button>
                    <button
                      aria-pressed={eventsShown()}
                      onClick={() => view.set({ view: "events" })}
                    >
                      Events
                    </button>
                  </span>
                </div>
                <Show
                  when={!eventsShown()}
                  fallback={
                    <EventsTable
                      dataset={explore.dataset()}
                      query={asked()}
                      keyOfAnswer={explore.answer.answered() ?? ""}
                    />
                  }
                >
                  <ResultTable
                    result={own()}
                    groups={explore.groups()}
                    slowField={slowField(explore.query())}
                    held={explore.held()}
                    against={explore.against()}
                    onCompare={compareWith}
                    chosen={selected.byGroup()}
                    sort={view.param("sort")}
                    onSort={(sort) => view.set({ sort }, true)}
                    onHold={explore.hold}
                    onSlowest={openSlowest}
                    onFilter={filterTo}
                  />
                </Show>
              </Show>
            )}
          </Show>
        </div>
        <Show when={explore.selection()}>
          <SelectionPanel
            ref={(element) => (panel = element)}
            explore={explore}
            view={view}
            selected={selected}
            onTraces={openFromHere}
          />
        </Show>
      </main>
      <ExploreDialogs
        shown={dialog()}
        explore={explore}
        saved={saved}
        asked={asked()}
        view={view}
        onClose={() => setDialog(null)}
      />
      <Foot
        hints={[
          [[`${modKey}⏎`], "run"],
          [["drag"], "select"],
          [["B"], "compare selection"],
          [["X"], "one trace from here"],
          [["[", "]"], "back, forward"],
          [["?"], "all keys"],
        ]}
      >
        <Show when={result()} fallback={queryText(explore.query())}>
          {(own) => <>{shapeText(own())}</>}
        </Show>
      </Foot>
    </>
  );
}
