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
import { clockText, fullTime, shortId } from "../../model/format";
import { readOccurrence, type OccurrenceView } from "../../model/occurrence";
import { Empty, ErrorNote } from "../../parts/Notes";
import { Stack } from "../../parts/Stack";
import { Key, LongText } from "../../parts/Text";
import { ItemHead } from "./ItemHead";

/** How long the joiner may take until it gives an occurrence up (src/join/window_options.h), and its block to be stored. */
const undecidedNs = 40_000_000_000n;

function undecided(occurrence: Occurrence | undefined, now: bigint): boolean {
  if (occurrence === undefined || occurrence.trace_id !== undefined) return false;
  return now - BigInt(occurrence.time_ns) < undecidedNs;
}

export function ItemPanel(props: {
  counter: number;
  view: View;
  /** Its state is another now. */
  onChanged: () => void;
}): JSX.Element {
  const navigate = useNavigate();
  const server = useServerState();
  const query = createQuery<ItemDetail>({
    key: () => `item|${props.counter}|${props.view.param("occurrence")}`,
    every: (data) => (undecided(data?.occurrence, server.now()) ? 3000 : null),
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
            <ItemHead
              item={shown().item}
              onChanged={() => {
                query.refresh();
                props.onChanged();
              }}
            />
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

function OccurrenceParts(props: {
  item: Item;
  occurrence: Occurrence;
  onWalk: (id: string | undefined) => void;
}): JSX.Element {
  const server = useServerState();
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
                  <span>
                    <LongText text={view().message ?? props.item.title} />
                  </span>
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
              fallback={
                undecided(props.occurrence, server.now())
                  ? "It came just now; which request it belongs to is decided within half a minute."
                  : "No request could be told to belong to this occurrence."
              }
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
