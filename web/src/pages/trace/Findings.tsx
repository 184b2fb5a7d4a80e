// SPDX-License-Identifier: Apache-2.0
// What was worked out of the trace: whom the callers were waiting for, clocks that cannot be right (shown as measured,
// corrected only where one asks for it), parents that never came.
import { For, Show, type JSX } from "solid-js";
import { ask } from "../../api/client";
import { createQuery } from "../../api/query";
import type { ClockSkew, PathShare, Trace, TraceLinks } from "../../api/types";
import { changed, travelling, type View } from "../../app/view";
import { durationText, percent, plural, shortId } from "../../model/format";

function length(ns: string): string {
  const value = BigInt(ns);
  return durationText(value < 0n ? -value : value);
}

export function skewWords(skew: ClockSkew): string {
  const shift = BigInt(skew.shift_ns);
  const where = shift < 0n ? "ahead of" : "behind";
  const by = `by ${plural(skew.calls, "call")}, ${skew.outside} of them outside their callers`;
  return `${skew.place}: clock ${length(skew.shift_ns)} ${where} ${skew.against} (${by})`;
}

function boundsWords(skew: ClockSkew): string {
  if (!skew.consistent) return "no one shift fits all of these calls; this is the middle one";
  if (skew.high_ns === undefined) return "at least this much: nobody waited for an answer";
  const [low, high] = [BigInt(skew.low_ns), BigInt(skew.high_ns)];
  return `between ${durationSigned(low)} and ${durationSigned(high)}`;
}

function durationSigned(ns: bigint): string {
  return ns < 0n ? `−${durationText(-ns)}` : durationText(ns);
}

function Path(props: { shares: readonly PathShare[]; all: number }): JSX.Element {
  const all = (): number => props.all;
  return (
    <ul class="path" aria-label="Critical path by span">
      <For each={props.shares}>
        {(share) => (
          <li title={`${share.service}: ${plural(share.rows, "span")} on the path`}>
            <i style={{ width: `${(Number(share.ns) / Math.max(1, all())) * 100}%` }} />
            <span class="cut">{share.name}</span>
            <span class="num">{length(share.ns)}</span>
            <span class="mut num">{percent(Number(share.ns), all())}</span>
          </li>
        )}
      </For>
    </ul>
  );
}

/** Links of its spans to other traces, and of other traces to it. */
function Links(props: { trace: Trace; view: View }): JSX.Element {
  const query = createQuery<TraceLinks>({
    key: () => `links|${props.trace.trace_id}|${props.trace.duration_ns}`,
    ask: (signal) => {
      const start = BigInt(props.trace.start_ns);
      const end = start + BigInt(props.trace.duration_ns) + 1n;
      const range = { from: String(start), to: String(end) };
      return ask("TraceLinks", `traces/${props.trace.trace_id}/links`, range, signal);
    },
  });
  return (
    <Show when={(query.data()?.links.length ?? 0) > 0}>
      <div class="sub">
        <h2>Links</h2>
        <span class="not-s">
          {plural(query.data()?.links.length ?? 0, "link")} to and from other traces
        </span>
      </div>
      <ul class="links">
        <For each={query.data()?.links ?? []}>
          {(link) => (
            <li>
              <span class="mut">{link.incoming ? "linked from" : "links to"}</span>
              <Show when={link.found} fallback={<span class="mut">not stored here</span>}>
                <a
                  class="link cut"
                  href={`/trace/${link.trace_id}${changed(travelling(location.search), { row: link.span_id })}`}
                >
                  {link.service} · {link.name}
                </a>
              </Show>
              <span class="mono mut cut" title={link.trace_id}>
                {shortId(link.trace_id)}
              </span>
              <Show when={link.row}>
                {(row) => (
                  <button class="link" onClick={() => props.view.set({ row: row() })}>
                    its span
                  </button>
                )}
              </Show>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

export function Findings(props: { trace: Trace; view: View }): JSX.Element {
  const shares = (): PathShare[] => (props.trace.critical ?? []).filter(({ ns }) => ns !== "0");
  const skews = (): ClockSkew[] => props.trace.skews ?? [];
  const corrected = (): boolean => props.view.param("skew") === "corrected";
  return (
    <section class="jn found" aria-label="What was found">
      <Show when={skews().length > 0}>
        <div class="sub">
          <h2>Clocks</h2>
          <span class="not-s">
            {corrected() ? "times are moved as said here" : "times are shown as measured"}
          </span>
          <span class="grow" />
          <button
            class="ck"
            role="checkbox"
            aria-checked={corrected()}
            onClick={() => props.view.set({ skew: corrected() ? null : "corrected" }, true)}
          >
            Correct clocks
          </button>
        </div>
        <ul class="skews">
          <For each={skews()}>
            {(skew) => (
              <li>
                <span>{skewWords(skew)}</span>
                <span class="mut">{boundsWords(skew)}</span>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={props.trace.missing}>
        {(missing) => (
          <p class="note">
            <b>{plural(missing(), "parent")} not seen</b>
            {missing() === 1
              ? "A span is named as a parent and did not arrive; what hangs under it stands at the top."
              : "These spans are named as parents and did not arrive; what hangs under them stands at the top."}
          </p>
        )}
      </Show>
      <Links trace={props.trace} view={props.view} />
      <Show when={shares().length > 1}>
        <div class="sub">
          <h2>Critical path</h2>
          <span class="not-s">where the time that was waited for went</span>
        </div>
        <Path shares={shares()} all={Number(props.trace.critical_ns ?? "0")} />
      </Show>
    </section>
  );
}
