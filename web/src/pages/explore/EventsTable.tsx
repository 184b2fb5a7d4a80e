// SPDX-License-Identifier: Apache-2.0
// The events themselves, newest or greatest first; each leads to its trace.
import { A } from "@solidjs/router";
import { createMemo, For, Show, type JSX } from "solid-js";
import { ask } from "../../api/client";
import { createQuery } from "../../api/query";
import type { EventList, EventRow, QuerySpec } from "../../api/types";
import { count, plural } from "../../model/format";
import { DoorMark } from "../../parts/DoorMark";
import { ErrorNote } from "../../parts/Notes";
import { Duration, Moment } from "../../parts/Text";
import type { DoorName } from "../../api/types";
import { columnsOf } from "./eventColumns";

const limit = 200;

/** What an event has in a column; a column called `constructor` is none that every object has. */
function columnOf({ columns }: EventRow, name: string): string {
  return columns !== undefined && Object.hasOwn(columns, name) ? (columns[name] ?? "") : "";
}

export function traceHref(event: EventRow): string | null {
  if (event.trace_id === undefined) return null;
  return `/trace/${event.trace_id}${event.span_id === undefined ? "" : `?row=${event.span_id}`}`;
}

export function EventsTable(props: {
  dataset: string;
  query: QuerySpec;
  keyOfAnswer: string;
}): JSX.Element {
  const columns = createMemo(() => columnsOf(props.query));
  const query = createQuery<EventList>({
    key: () => `events|${props.keyOfAnswer}`,
    ask: (signal) =>
      ask(
        "EventList",
        "explore/rows",
        {
          dataset: props.dataset,
          query: JSON.stringify(props.query),
          columns: columns().length === 0 ? null : JSON.stringify(columns()),
          limit,
        },
        signal,
      ),
  });
  const events = (): EventRow[] => query.data()?.events ?? [];
  const said = (event: EventRow): string =>
    event.body !== undefined && event.body !== "" ? event.body : event.name;
  return (
    <>
      <ErrorNote error={query.error()} />
      <table class="grid ev" aria-label="Events" classList={{ dim: query.waiting() }}>
        <thead>
          <tr>
            <th>Time ↓</th>
            <th>
              <span class="sr">Door</span>
            </th>
            <th>Dataset</th>
            <th>Name</th>
            <th class="num">Duration</th>
            <For each={columns()}>{(name) => <th class="cut">{name}</th>}</For>
          </tr>
        </thead>
        <tbody>
          <For each={events()}>
            {(event) => (
              <tr classList={{ bad: event.error === true }}>
                <td class="k1">
                  <Moment ns={BigInt(event.time_ns)} />
                </td>
                <td class="dr">
                  <DoorMark door={event.door as DoorName} />
                </td>
                <td class="cut k2">{event.dataset}</td>
                <td class="cut k4">
                  <Show when={traceHref(event)} fallback={said(event)}>
                    {(href) => (
                      <A class="link" href={href()} title={said(event)}>
                        {said(event)}
                      </A>
                    )}
                  </Show>
                </td>
                <td class="num k6">
                  <Show when={BigInt(event.duration_ns) > 0n}>
                    <Duration ns={BigInt(event.duration_ns)} />
                  </Show>
                </td>
                <For each={columns()}>
                  {(name) => (
                    <td class="cut mono x" title={columnOf(event, name)}>
                      {columnOf(event, name)}
                    </td>
                  )}
                </For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
      <Show when={query.data()}>
        <p class="none mut">
          {events().length < limit
            ? plural(events().length, "event")
            : `The newest ${count(limit)}.`}
        </p>
      </Show>
    </>
  );
}
