// SPDX-License-Identifier: Apache-2.0
// One item and one of its occurrences: the stack, the request it belongs to, the person, where it ran.
import { A, useNavigate } from "@solidjs/router";
import { createMemo, createSignal, For, Show, type JSX } from "solid-js";
import { ask } from "../../api/client";
import { createQuery } from "../../api/query";
import type { Item, ItemDetail, Occurrence } from "../../api/types";
import { useKeys } from "../../app/keys";
import { narrow } from "../../app/narrow";
import { copy } from "../../app/notice";
import { useServerState } from "../../app/status";
import type { View } from "../../app/view";
import { joinWords } from "../../model/doors";
import { ago, clockText, day, fullTime, plural, shortId } from "../../model/format";
import { readOccurrence, type OccurrenceView } from "../../model/occurrence";
import { DoorMark } from "../../parts/DoorMark";
import { Empty, ErrorNote } from "../../parts/Notes";
import { Stack } from "../../parts/Stack";
import { Key } from "../../parts/Text";

export function ItemLevel(props: { level: Item["level"] }): JSX.Element {
  const look = (): [letter: string, mark: string] => {
    if (props.level === "critical") return ["E", "!"];
    if (props.level === "error") return ["E", "E"];
    if (props.level === "warning") return ["W", "W"];
    return ["I", props.level === "info" ? "I" : "D"];
  };
  return (
    <span class={`lv ${look()[0]}`} title={props.level}>
      {look()[1]}
    </span>
  );
}

export function ItemPanel(props: { counter: number; view: View }): JSX.Element {
  const navigate = useNavigate();
  const query = createQuery<ItemDetail>({
    key: () => `item|${props.counter}|${props.view.param("occurrence")}`,
    ask: (signal) =>
      ask(
        "ItemDetail",
        `items/${props.counter}`,
        { occurrence: props.view.param("occurrence") },
        signal,
      ),
  });
  const detail = (): ItemDetail | undefined =>
    query.data()?.item.counter === props.counter ? query.data() : undefined;
  const walk = (id: string | undefined): boolean => {
    if (id === undefined) return false;
    props.view.set({ occurrence: id });
    return true;
  };
  useKeys({
    "[": () => walk(detail()?.occurrence?.newer),
    "]": () => walk(detail()?.occurrence?.older),
    "t": () => {
      const id = detail()?.occurrence?.trace_id;
      if (id === undefined) return false;
      navigate(`/trace/${id}`);
      return true;
    },
  });
  return (
    <article class="de" aria-label={`Item ${props.counter}`} classList={{ dim: query.waiting() }}>
      <Show when={narrow()}>
        <A class="link back" href={`/errors${location.search}`}>
          ‹ Errors
        </A>
      </Show>
      <Show
        when={detail()}
        fallback={
          <Show when={query.error()}>
            {(error) => (
              <Empty
                title={
                  error().code === "NOT_FOUND"
                    ? `There is no item ${props.counter}.`
                    : error().message
                }
              />
            )}
          </Show>
        }
      >
        {(shown) => (
          <>
            <ErrorNote error={query.error()} />
            <ItemHead item={shown().item} />
            <Show
              when={shown().occurrence}
              fallback={<Empty title="No occurrence of this item is stored any more." />}
            >
              {(occurrence) => (
                <OccurrenceParts
                  item={shown().item}
                  occurrence={occurrence()}
                  onWalk={(id) => void walk(id)}
                />
              )}
            </Show>
          </>
        )}
      </Show>
    </article>
  );
}

function ItemHead(props: { item: Item }): JSX.Element {
  const server = useServerState();
  return (
    <div class="hd">
      <div class="row">
        <ItemLevel level={props.item.level} />
        <h2 class="title">{props.item.title}</h2>
        <Show when={props.item.status !== "active"}>
          <span class="state">{props.item.status}</span>
        </Show>
      </div>
      <div class="meta">
        <span class="doorname">
          <DoorMark door="rollbar" />
          item <b>{props.item.counter}</b>
        </span>
        <span>
          <b>{plural(props.item.occurrences, "occurrence")}</b>
        </span>
        <Show when={props.item.people}>
          {(people) => (
            <span>
              <b>{plural(people(), "person", "people")}</b>
            </span>
          )}
        </Show>
        <span title={fullTime(BigInt(props.item.first_seen_ns))}>
          first{" "}
          <b>
            {day(BigInt(props.item.first_seen_ns))}{" "}
            {clockText(BigInt(props.item.first_seen_ns)).slice(0, 5)}
          </b>
        </span>
        <span title={fullTime(BigInt(props.item.last_seen_ns))}>
          last <b>{ago(BigInt(props.item.last_seen_ns), server.now())}</b>
        </span>
        <For each={[props.item.environment, props.item.framework, props.item.language]}>
          {(word) => <Show when={word}>{(text) => <span>{text()}</span>}</Show>}
        </For>
      </div>
    </div>
  );
}

function OccurrenceParts(props: {
  item: Item;
  occurrence: Occurrence;
  onWalk: (id: string | undefined) => void;
}): JSX.Element {
  const [raw, setRaw] = createSignal(false);
  const seen = createMemo(() => readOccurrence(props.occurrence.raw));
  const pretty = createMemo(() => {
    try {
      return JSON.stringify(JSON.parse(props.occurrence.raw), null, 2);
    } catch {
      return props.occurrence.raw; // not JSON: shown as it came
    }
  });
  return (
    <div class="scroll grow two" tabindex={0} role="region" aria-label="Occurrence">
      <div class="st">
        <div class="sub">
          <h2>Occurrence</h2>
          <span class="seg sm">
            <button
              aria-label="Newer occurrence"
              disabled={props.occurrence.newer === undefined}
              onClick={() => props.onWalk(props.occurrence.newer)}
            >
              ‹
            </button>
            <button
              aria-label="Older occurrence"
              disabled={props.occurrence.older === undefined}
              onClick={() => props.onWalk(props.occurrence.older)}
            >
              ›
            </button>
          </span>
          <span class="mono" title={fullTime(BigInt(props.occurrence.time_ns))}>
            {clockText(BigInt(props.occurrence.time_ns))}
          </span>
          <span class="grow" />
          <button class="link" aria-pressed={raw()} onClick={() => setRaw(!raw())}>
            {raw() ? "Stack" : "Raw"}
          </button>
          <button class="link" onClick={() => copy(pretty(), "payload")}>
            Copy
          </button>
        </div>
        <Show
          when={!raw() && seen()}
          fallback={
            <pre class="code plain" tabindex={0} aria-label="Payload">
              {pretty()}
            </pre>
          }
        >
          {(view) => (
            <Show
              when={view().exceptions.length > 0}
              fallback={
                <p class="ex message">
                  <span>{view().message ?? props.item.title}</span>
                </p>
              }
            >
              <Stack exceptions={view().exceptions} />
            </Show>
          )}
        </Show>
      </div>
      <div class="sd">
        <section>
          <h2>
            The request
            <Show when={props.occurrence.trace_id}>
              {(id) => (
                <A class="link" href={`/trace/${id()}?row=${props.occurrence.id}`}>
                  Open trace <Key>T</Key>
                </A>
              )}
            </Show>
          </h2>
          <p>
            <Show
              when={props.occurrence.trace_id}
              fallback="No request could be told to belong to this occurrence."
            >
              {(id) => (
                <>
                  trace <span class="mono">{shortId(id())}</span>
                  <Show when={props.occurrence.join}>{(join) => <>, {joinWords[join()]}</>}</Show>
                </>
              )}
            </Show>
          </p>
          <Pairs pairs={seen()?.request} />
        </section>
        <Facts title="Person" pairs={seen()?.person} />
        <Facts title="Where" pairs={seen()?.place} />
        <Facts title="Custom" pairs={seen()?.custom} />
      </div>
    </div>
  );
}

function Pairs(props: { pairs: OccurrenceView["place"] | undefined }): JSX.Element {
  return (
    <dl class="kv">
      <For each={props.pairs ?? []}>
        {([name, value]) => (
          <>
            <dt class="cut" title={name}>
              {name}
            </dt>
            <dd class="cut" title={value}>
              {value}
            </dd>
          </>
        )}
      </For>
    </dl>
  );
}

function Facts(props: { title: string; pairs: OccurrenceView["place"] | undefined }): JSX.Element {
  return (
    <Show when={(props.pairs?.length ?? 0) > 0}>
      <section>
        <h2>{props.title}</h2>
        <Pairs pairs={props.pairs} />
      </section>
    </Show>
  );
}
