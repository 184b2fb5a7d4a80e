// SPDX-License-Identifier: Apache-2.0
// How this was joined: a line for each join, how it was made and why. Joins by evidence can be taken out; lines that
// could not be told to belong here are offered as lines around, never mixed in.
import { createSignal, For, Show, type JSX } from "solid-js";
import type { Join, LogLine, Trace } from "../../api/types";
import { travelling, type View } from "../../app/view";
import { joinWords, lookOf } from "../../model/doors";
import { plural } from "../../model/format";
import { DoorMark } from "../../parts/DoorMark";
import { Level, Moment } from "../../parts/Text";

function summary(joins: readonly Join[]): string {
  const certain = joins.filter((join) => join.certain).length;
  if (joins.length === 0) return "nothing was joined";
  return `${plural(joins.length, "join")}, ${certain === joins.length ? "all certain" : `${certain} certain`}`;
}

export function Joins(props: { trace: Trace; view: View }): JSX.Element {
  const separated = (): boolean => props.view.param("joins") === "ids";
  const itemOf = (join: Join): number | undefined =>
    props.trace.rows.find((row) => row.item !== undefined && join.rows?.includes(row.id))?.item;
  return (
    <section class="jn" aria-label="How this was joined">
      <div class="sub">
        <h2>How this was joined</h2>
        <span class="not-s">{summary(props.trace.joins)}</span>
        <span class="grow" />
        <Show when={separated()}>
          <span>Joins by evidence are left out.</span>
          <button class="link" onClick={() => props.view.set({ joins: null })}>
            Put back
          </button>
        </Show>
      </div>
      <ul>
        <For each={props.trace.joins}>
          {(join) => (
            <li>
              <span class="doorname">
                <DoorMark door={join.door} />
                {lookOf(join.door).name}
              </span>
              <span class="t2">{join.what}</span>
              <span class="how" classList={{ ev: !join.certain }}>
                {joinWords[join.how]}
              </span>
              <span class="mut why" title={join.why}>
                {join.why}
              </span>
              <span class="do">
                <Show when={join.how === "evidence"}>
                  <button
                    class="link"
                    title="Leave joins by evidence out"
                    onClick={() => props.view.set({ joins: "ids", row: null })}
                  >
                    Separate
                  </button>
                </Show>
                <Show when={itemOf(join)}>
                  {(item) => (
                    <a class="link" href={`/errors/${item()}`}>
                      Open item
                    </a>
                  )}
                </Show>
              </span>
            </li>
          )}
        </For>
      </ul>
      <Show when={props.trace.around.length > 0}>
        <Around lines={props.trace.around} />
      </Show>
    </section>
  );
}

function Around(props: { lines: readonly LogLine[] }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  return (
    <>
      <div class="sub">
        <button class="fold" aria-expanded={open()} onClick={() => setOpen(!open())}>
          <span class="tw">{open() ? "▾" : "▸"}</span>
          <h2>Around</h2>
        </button>
        <span class="cut">
          {plural(props.lines.length, "line")} of the same processes at that time, not told to
          belong here
        </span>
      </div>
      <Show when={open()}>
        <ul class="around">
          <For each={props.lines}>
            {(line) => (
              <li>
                <span class="mono t2">
                  <Moment ns={BigInt(line.time_ns)} />
                </span>
                <Level severity={line.severity} />
                <span class="mono cut" title={line.text}>
                  {line.text}
                </span>
                <Show when={line.trace_id}>
                  {(id) => (
                    <a class="link" href={`/trace/${id()}${travelling(location.search)}`}>
                      its trace
                    </a>
                  )}
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </>
  );
}
