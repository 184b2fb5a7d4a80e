// SPDX-License-Identifier: Apache-2.0
// Everything about the chosen row: how it came to be here, its fields, the lines and errors under it, the document as
// it was sent.
import { useNavigate } from "@solidjs/router";
import { createMemo, createSignal, Match, Show, Switch, type JSX } from "solid-js";
import type { Row, SiblingGroup, Trace } from "../../api/types";
import { useKeys } from "../../app/keys";
import { changed, travelling } from "../../app/view";
import { joinWords, lookOf } from "../../model/doors";
import { exploreFrom } from "../../model/exploreLink";
import { withTerm } from "../../model/filter";
import { count, durationText, fullTime, plural, shortId } from "../../model/format";
import { parseValue, withBreakdown, withFilter } from "../../model/spec";
import { offsetOf } from "../../model/waterfall";
import { DoorMark } from "../../parts/DoorMark";
import { FieldGroups } from "../../parts/FieldList";
import { groupsOf, type FieldGroup } from "../../parts/fields";
import { Tabs, type Tab } from "../../parts/Tabs";
import { Duration } from "../../parts/Text";
import { Errors, kindWords, Lines, Raw } from "./DetailTabs";
import { Spread } from "./Spread";
import type { TraceState } from "./state";

type TabName = "fields" | "logs" | "error" | "raw";

function ownGroup(row: Row): FieldGroup {
  const fields: [string, string | undefined][] = [
    ["name", row.name],
    ["kind", row.span_kind],
    ["status", row.status],
    ["start", fullTime(BigInt(row.start_ns))],
    ["duration", row.kind === "span" ? durationText(BigInt(row.duration_ns)) : undefined],
    ["trace_id", row.trace_id],
    ["span_id", row.span_id],
    ["parent_id", row.parent_span_id],
    ...(row.links ?? []).map((link): [string, string] => [
      "link",
      `${link.trace_id} ${link.span_id}`,
    ]),
  ];
  const known = fields.filter((field): field is [string, string] => (field[1] ?? "") !== "");
  return { name: row.kind === "span" ? (row.segment ?? "span") : row.kind, fields: known };
}

/** What a folded group says of its members. */
function groupFields(group: SiblingGroup): FieldGroup {
  const text = (ns: string): string => durationText(BigInt(ns));
  return {
    name: "group",
    fields: [
      ["spans", count(group.count)],
      ["first to last", text(group.duration_ns)],
      ["in all", text(group.total_ns)],
      ["shortest", text(group.shortest_ns)],
      ["median", text(group.median_ns)],
      ["longest", text(group.longest_ns)],
    ],
  };
}

/** What the server filters requests by: the fields of the span or segment with which the request came in. */
function isEntry(row: Row): boolean {
  return row.span_kind === "server" || row.segment === "segment" || row.depth === 0;
}

export function Details(props: { state: TraceState; onClose: () => void }): JSX.Element {
  const navigate = useNavigate();
  const [wanted, setWanted] = createSignal("");
  const trace = (): Trace => props.state.trace();
  const row = (): Row | undefined => props.state.detail()?.row;
  const group = (): SiblingGroup | null => props.state.selected()?.group ?? null;
  const logs = (): readonly Row[] => props.state.detail()?.logs ?? [];
  const errors = (): readonly Row[] => props.state.detail()?.errors ?? [];
  const tabs = createMemo<Tab<TabName>[]>(() => [
    { name: "fields", title: "Fields", count: Object.keys(row()?.attributes ?? {}).length },
    { name: "logs", title: "Logs", count: logs().length },
    { name: "error", title: "Error", count: errors().length },
    { name: "raw", title: "Raw" },
  ]);
  const tab = (): TabName =>
    tabs().find(({ name }) => name === props.state.view.param("tab"))?.name ??
    (row()?.kind === "error" ? "error" : "fields");
  const choose = (name: TabName): void => props.state.view.set({ tab: name }, true);
  useKeys({
    "1": () => choose("fields"),
    "2": () => choose("logs"),
    "3": () => choose("error"),
    "4": () => choose("raw"),
  });
  /** Requests are filtered by the fields of their entry; by those of other rows one looks for events. */
  const filter = (name: string, value: string, op: "=" | "!="): void => {
    const chosen = row();
    if (chosen !== undefined && !isEntry(chosen)) {
      const own = { column: name, op, value: parseValue(value) };
      navigate(exploreFrom(location.search, (query) => withFilter(query, own), true));
      return;
    }
    const term = withTerm(props.state.view.filter(), { field: name, op, value });
    navigate(`/requests${changed(travelling(location.search), { filter: term })}`);
  };
  return (
    <Show when={row()}>
      {(chosen) => (
        <>
          <Head row={chosen()} trace={trace()} onClose={props.onClose} />
          <Show when={group()}>
            {(found) => (
              <section class="grp" aria-label="Siblings of one shape">
                <p class="mut">
                  {plural(found().count, "span")} of one shape; the first one's fields below
                </p>
                <Spread group={found()} tall />
                <FieldGroups groups={[groupFields(found())]} />
              </section>
            )}
          </Show>
          <Tabs label="Details" tabs={tabs()} chosen={tab()} panel="details" onChoose={choose} />
          <div
            class="scroll fs grow"
            role="tabpanel"
            id="details"
            aria-labelledby={`tab-${tab()}`}
            tabindex={0}
          >
            <Switch>
              <Match when={tab() === "fields"}>
                <div class="ff">
                  <label class="box">
                    <input
                      aria-label="Filter fields"
                      placeholder="Filter fields and values"
                      value={wanted()}
                      onInput={(event) => setWanted(event.currentTarget.value)}
                    />
                  </label>
                </div>
                <FieldGroups
                  groups={groupsOf(chosen().attributes, wanted())}
                  onFilter={filter}
                  onGroup={(name) =>
                    navigate(exploreFrom(location.search, (query) => withBreakdown(query, name)))
                  }
                />
                <FieldGroups groups={[ownGroup(chosen())]} />
              </Match>
              <Match when={tab() === "logs"}>
                <Lines rows={logs()} trace={trace()} onSelect={(id) => props.state.select(id)} />
              </Match>
              <Match when={tab() === "error"}>
                <Errors rows={errors()} />
              </Match>
              <Match when={tab() === "raw"}>
                <Raw row={chosen()} />
              </Match>
            </Switch>
          </div>
        </>
      )}
    </Show>
  );
}

function Head(props: { row: Row; trace: Trace; onClose: () => void }): JSX.Element {
  const offset = (): bigint => BigInt(Math.max(0, offsetOf(props.trace, props.row.start_ns)));
  const end = (): bigint => offset() + BigInt(props.row.duration_ns);
  const join = () => props.trace.joins.find((one) => one.rows?.includes(props.row.id));
  const why = (): string => {
    const found = join()?.why;
    if (found !== undefined) return found;
    return props.row.trace_id === undefined ? "" : `trace ${shortId(props.row.trace_id)}`;
  };
  return (
    <>
      <div class="top2">
        <button class="link only-s back" onClick={() => props.onClose()}>
          ‹ Waterfall
        </button>
        <h2>
          <DoorMark door={props.row.door} />
          <span class="cut" title={props.row.name}>
            {props.row.name || "no name"}
          </span>
          <Show when={props.row.error}>
            <span class="state err">error</span>
          </Show>
          <span class="grow" />
          <Show when={props.row.kind === "span"}>
            <span class="num">
              <Duration ns={BigInt(props.row.duration_ns)} />
            </span>
          </Show>
        </h2>
        <p>
          {kindWords(props.row)}
          <Show when={props.row.service}>
            {" "}
            · <bdi>{props.row.service}</bdi>
          </Show>{" "}
          ·{" "}
          <Show when={props.row.kind === "span"} fallback={<>at {durationText(offset())}</>}>
            starts at {durationText(offset())},{" "}
            {props.row.open ? "still running" : `ends at ${durationText(end())}`}
          </Show>
        </p>
        <Show when={props.row.kind === "log"}>
          <p class="whole mono">{props.row.name}</p>
        </Show>
      </div>
      <p class="jl">
        <DoorMark door={props.row.door} />
        <span>
          Here{" "}
          <b class="med">
            {props.row.join === "evidence" ? "" : "by "}
            {joinWords[props.row.join]}
          </b>
          <Show when={why() !== ""}>: {why()}</Show>
          <Show when={props.row.also_door}>
            {(door) => <>; also came through {lookOf(door()).name}</>}
          </Show>
        </span>
      </p>
    </>
  );
}
