// SPDX-License-Identifier: Apache-2.0
// What this request was: route, status, length, error, who, when, which doors took part.
import { A } from "@solidjs/router";
import { For, Show, type JSX } from "solid-js";
import type { Trace } from "../../api/types";
import { copy } from "../../app/notice";
import { countWords, lookOf } from "../../model/doors";
import { clockText, cutMiddle, day, fullTime, shortId } from "../../model/format";
import { DoorMark } from "../../parts/DoorMark";
import { Duration, Key } from "../../parts/Text";
import { Compare } from "./Compare";

/** Letters of a head; the whole stands in its title. */
const titleMax = 160;
const nameMax = 60;

export function copyLink(): void {
  copy(location.href, "link");
}

export function Header(props: {
  trace: Trace;
  back: string;
  newer: string | undefined;
  older: string | undefined;
  onWalk: (step: -1 | 1) => void;
}): JSX.Element {
  const request = (): Trace["request"] => props.trace.request;
  const words = (): string | undefined =>
    request().error || (request().last_severity ?? 0) >= 17 ? request().last_words : undefined;
  const title = (): string => request().route ?? request().name;
  return (
    <div class="hd">
      <div class="row">
        <A class="link" href={props.back} aria-label="Back to requests">
          Requests
        </A>
        <span class="mut" aria-hidden="true">
          /
        </span>
        <h1 title={title()}>
          <Show when={request().method}>
            <span>{request().method}</span>
          </Show>
          {cutMiddle(title(), titleMax)}
        </h1>
        <Show when={request().status_code}>
          {(code) => (
            <span
              class="state"
              classList={{ err: code() >= 500, wrn: code() >= 400 && code() < 500 }}
            >
              {code()}
            </span>
          )}
        </Show>
        <b class="big num">
          <Duration ns={BigInt(request().duration_ns)} />
        </b>
        <Show when={words()}>
          <span class="err words" title={words()}>
            {words()}
          </span>
        </Show>
      </div>
      <div class="row acts">
        <Compare trace={props.trace} />
        <button class="ctl sm" onClick={copyLink}>
          Copy link <Key>C</Key>
        </button>
        <span class="seg sm">
          <button
            aria-label="Newer request"
            disabled={props.newer === undefined}
            onClick={() => props.onWalk(-1)}
          >
            ↑
          </button>
          <button
            aria-label="Older request"
            disabled={props.older === undefined}
            onClick={() => props.onWalk(1)}
          >
            ↓
          </button>
        </span>
      </div>
      <div class="row meta">
        <span title={request().service}>{cutMiddle(request().service, nameMax)}</span>
        <span title={fullTime(BigInt(props.trace.start_ns))}>
          start <b class="mono">{clockText(BigInt(props.trace.start_ns))}</b>{" "}
          {day(BigInt(props.trace.start_ns))}
        </span>
        <Show when={request().user}>
          <span title={request().user}>
            user <b>{cutMiddle(request().user ?? "", nameMax)}</b>
          </span>
        </Show>
        <span>
          trace{" "}
          <b class="mono" title={props.trace.trace_id}>
            {shortId(props.trace.trace_id)}
          </b>{" "}
          <button
            aria-label={`Copy trace id ${props.trace.trace_id}`}
            onClick={() => copy(props.trace.trace_id, "trace id")}
          >
            copy
          </button>
        </span>
        <For each={props.trace.other_trace_ids ?? []}>
          {(id) => (
            <span>
              joined with{" "}
              <b class="mono" title={id}>
                {shortId(id)}
              </b>
            </span>
          )}
        </For>
      </div>
      <div class="row meta doorsum">
        <For each={props.trace.doors}>
          {(door) => (
            <span class="doorname">
              <DoorMark door={door.door} />
              {lookOf(door.door).name} <b>{countWords(door)}</b>
            </span>
          )}
        </For>
      </div>
    </div>
  );
}
