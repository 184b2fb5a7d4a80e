// SPDX-License-Identifier: Apache-2.0
// Everything about the chosen row: how it came to be here, its fields, the lines and errors under it, the document as
// it was sent.
import { useNavigate } from "@solidjs/router";
import { createMemo, createSignal, Match, Show, Switch, type JSX } from "solid-js";
import type { Row, Trace } from "../../api/types";
import { useKeys } from "../../app/keys";
import { changed, travelling } from "../../app/view";
import { joinWords, lookOf } from "../../model/doors";
import { withTerm } from "../../model/filter";
import { durationText, fullTime, shortId } from "../../model/format";
import { offsetOf, under } from "../../model/waterfall";
import { DoorMark } from "../../parts/DoorMark";
import { FieldGroups } from "../../parts/FieldList";
import { groupsOf, type FieldGroup } from "../../parts/fields";
import { Tabs, type Tab } from "../../parts/Tabs";
import { Duration } from "../../parts/Text";
import { Errors, kindWords, Lines, Raw } from "./DetailTabs";
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

/** What the server filters requests by: the fields of the span or segment with which the request came in. */
function isEntry(row: Row): boolean {
  return row.span_kind === "server" || row.segment === "segment" || row.depth === 0;
}

function errorsOf(rows: readonly Row[], chosen: string | undefined): Row[] {
  const rank = (one: Row): number =>
    one.id === chosen ? 0 : one.kind === "error" ? 1 : one.kind === "span" ? 2 : 3;
  return rows
    .filter(
      ({ kind, attributes }) => kind === "error" || attributes["exception.type"] !== undefined,
    )
    .sort((a, b) => rank(a) - rank(b));
}

export function Details(props: { state: TraceState; onClose: () => void }): JSX.Element {
  const navigate = useNavigate();
  const [wanted, setWanted] = createSignal("");
  const trace = (): Trace => props.state.trace();
  const row = (): Row | undefined => props.state.selected();
  const beneath = createMemo(() => {
    const chosen = row();
    if (chosen === undefined) return [];
    const from = chosen.kind === "span" ? chosen.id : (chosen.parent ?? chosen.id);
    return under(trace(), from);
  });
  const logs = createMemo(() => beneath().filter(({ kind }) => kind === "log"));
  // The chosen one first, then those with frames of their own, then what spans say of the same.
  const errors = createMemo(() => errorsOf(beneath(), row()?.id));
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
  const filter = (name: string, value: string, op: "=" | "!="): void => {
    const term = withTerm(props.state.view.filter(), { field: name, op, value });
    navigate(`/requests${changed(travelling(location.search), { filter: term })}`);
  };
  return (
    <Show when={row()}>
      {(chosen) => (
        <>
          <Head row={chosen()} trace={trace()} onClose={props.onClose} />
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
                  onFilter={isEntry(chosen()) ? filter : undefined}
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
            {props.row.name}
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
          <Show when={props.row.service}> · {props.row.service}</Show> ·{" "}
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
