// SPDX-License-Identifier: Apache-2.0
// What the tabs of the details panel show besides fields: lines, errors with their stacks, the document as it was sent.
import { createMemo, For, Show, type JSX } from "solid-js";
import type { Row, Trace } from "../../api/types";
import { copy } from "../../app/notice";
import { lookOf } from "../../model/doors";
import { durationText } from "../../model/format";
import { readOccurrence } from "../../model/occurrence";
import { offsetOf } from "../../model/waterfall";
import { DoorMark } from "../../parts/DoorMark";
import { Stack } from "../../parts/Stack";
import { Level } from "../../parts/Text";

export function kindWords(row: Row): string {
  const door = lookOf(row.door).name;
  if (row.kind === "log") return `${door} line`;
  if (row.kind === "error") return `${door} ${row.door === "rollbar" ? "occurrence" : "error"}`;
  if (row.kind === "event") return `${door} event`;
  if (row.kind === "missing") return "a span that did not arrive";
  return `${door} ${row.segment ?? "span"}`;
}

export function Lines(props: {
  rows: readonly Row[];
  trace: Trace;
  onSelect: (id: string) => void;
}): JSX.Element {
  return (
    <Show when={props.rows.length > 0} fallback={<p class="none mut">No lines under this row.</p>}>
      <ul class="lines">
        <For each={props.rows}>
          {(row) => (
            <li>
              <button onClick={() => props.onSelect(row.id)}>
                <span class="mut num">
                  {durationText(BigInt(Math.max(0, offsetOf(props.trace, row.start_ns))))}
                </span>
                <Level severity={row.severity ?? 0} />
                <span class="mono">{row.name}</span>
              </button>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

export function Errors(props: { rows: readonly Row[] }): JSX.Element {
  const text = (row: Row, name: string): string => {
    const value = row.attributes[name];
    return typeof value === "string" ? value : "";
  };
  return (
    <Show when={props.rows.length > 0} fallback={<p class="none mut">No error under this row.</p>}>
      <For each={props.rows}>
        {(row) => {
          const seen =
            row.kind === "error" && row.raw !== undefined ? readOccurrence(row.raw) : null;
          return (
            <article class="stack">
              <div class="sub">
                <DoorMark door={row.door} />
                <span class="cut">
                  {row.kind === "error" ? row.name : `${kindWords(row)} ${row.name}`}
                </span>
                <span class="grow" />
                <Show when={row.item}>
                  {(item) => (
                    <a class="link" href={`/errors/${item()}?occurrence=${row.id}`}>
                      Open item {item()}
                    </a>
                  )}
                </Show>
              </div>
              <Show
                when={seen !== null && seen.exceptions.length > 0 ? seen.exceptions : null}
                fallback={
                  <>
                    <p class="ex">
                      <b>{text(row, "exception.type") || "Error"}</b>
                      <span>{text(row, "exception.message") || seen?.message || row.name}</span>
                    </p>
                    <Show when={text(row, "exception.stacktrace")}>
                      <pre class="code plain" tabindex={0} aria-label="Stack trace">
                        {text(row, "exception.stacktrace")}
                      </pre>
                    </Show>
                  </>
                }
              >
                {(exceptions) => <Stack exceptions={exceptions()} />}
              </Show>
            </article>
          );
        }}
      </For>
    </Show>
  );
}

export function Raw(props: { row: Row }): JSX.Element {
  const text = createMemo(() => {
    if (props.row.raw === undefined) return JSON.stringify(props.row, null, 2);
    try {
      return JSON.stringify(JSON.parse(props.row.raw), null, 2);
    } catch {
      return props.row.raw; // not JSON: shown as it came
    }
  });
  return (
    <>
      <div class="sub">
        <span>
          {props.row.raw === undefined ? "No document was kept; the row as read" : "As it was sent"}
        </span>
        <span class="grow" />
        <button class="link" onClick={() => copy(text(), "document")}>
          Copy
        </button>
      </div>
      <pre class="code plain" tabindex={0} aria-label="Document">
        {text()}
      </pre>
    </>
  );
}
