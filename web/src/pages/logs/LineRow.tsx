// SPDX-License-Identifier: Apache-2.0
// One log line, and unfolded under it its fields and the request it belongs to.
import { For, Show, type Accessor, type JSX } from "solid-js";
import type { LogLine } from "../../api/types";
import { copy } from "../../app/notice";
import { joinWords, lookOf, severityLetter } from "../../model/doors";
import { unfilterable } from "../../model/filter";
import { fullTime } from "../../model/format";
import { DoorMark } from "../../parts/DoorMark";
import { valueText } from "../../parts/fields";
import { Found, Level, Moment } from "../../parts/Text";

function valueClass(value: unknown): string {
  if (typeof value === "string") return "s";
  return typeof value === "number" ? "nn" : "";
}

interface Handles {
  onAround: () => void;
  onSource: (source: string) => void;
  onFilter: (name: string, value: unknown, without: boolean) => void;
  onGroup: (name: string) => void;
}

function Unfolded(props: Handles & { line: LogLine; traceHref: string | null }): JSX.Element {
  const fields = (): [string, unknown][] =>
    Object.entries(props.line.attributes ?? {}).sort(([a], [b]) => a.localeCompare(b));
  return (
    <div class="xp">
      <div class="js">
        <p class="whole">{props.line.text}</p>
        <For each={fields()}>
          {([name, value]) => (
            <div>
              <span class="k cut" title={name}>
                {name}
              </span>
              <span class={`v ${valueClass(value)}`}>{valueText(value)}</span>
              <span class="ac">
                <For each={["filter", "leave out"] as const}>
                  {(word) => (
                    <button
                      disabled={unfilterable(valueText(value)) !== null}
                      title={unfilterable(valueText(value)) ?? undefined}
                      onClick={() => props.onFilter(name, value, word === "leave out")}
                    >
                      {word}
                    </button>
                  )}
                </For>
                <button onClick={() => props.onGroup(name)}>group by</button>
                <button onClick={() => copy(valueText(value), name)}>copy</button>
              </span>
            </div>
          )}
        </For>
      </div>
      <div class="pin">
        <p>
          <DoorMark door={props.line.door} /> {lookOf(props.line.door).name}
          <Show when={props.line.stream}>
            , stream <b>{props.line.stream}</b>
          </Show>
        </p>
        <p>{fullTime(BigInt(props.line.time_ns))}</p>
        <Show when={props.traceHref} fallback={<p>Not joined with a request.</p>}>
          {(href) => (
            <>
              <Show when={props.line.join}>
                {(join) => (
                  <p>
                    joined {join() === "evidence" ? "" : "by "}
                    <b>{joinWords[join()]}</b>
                  </p>
                )}
              </Show>
              <a class="ctl" href={href()}>
                Open trace <kbd>T</kbd>
              </a>
            </>
          )}
        </Show>
        <button class="ctl" onClick={() => props.onAround()}>
          Lines around this one <kbd>C</kbd>
        </button>
        <button class="ctl" onClick={() => props.onSource(props.line.source)}>
          Only {props.line.source}
        </button>
      </div>
    </div>
  );
}

export function LineRow(
  props: Handles & {
    line: Accessor<LogLine>;
    open: boolean;
    find: string;
    traceHref: (id: string) => string;
    onToggle: () => void;
  },
): JSX.Element {
  const line = (): LogLine => props.line();
  const href = (): string | null => {
    const id = line().trace_id;
    return id === undefined ? null : props.traceHref(id);
  };
  return (
    <>
      <div
        class={`lr ${severityLetter(line().severity)}`}
        classList={{ op: props.open }}
        data-line={line().id}
      >
        <button
          class="all"
          aria-expanded={props.open}
          aria-label={line().text}
          onClick={() => props.onToggle()}
        />
        <span class="tm">
          <Moment ns={BigInt(line().time_ns)} />
        </span>
        <Level severity={line().severity} />
        <span class="sr2 cut" title={line().source}>
          {line().source}
        </span>
        <span class="ms">
          <Found text={line().text} find={props.find} />
        </span>
        <Show when={href()} fallback={<span />}>
          {(to) => (
            <a class="ot" href={to()}>
              open trace
            </a>
          )}
        </Show>
      </div>
      <Show when={props.open}>
        <Unfolded
          line={line()}
          traceHref={href()}
          onAround={props.onAround}
          onSource={props.onSource}
          onFilter={props.onFilter}
          onGroup={props.onGroup}
        />
      </Show>
    </>
  );
}
