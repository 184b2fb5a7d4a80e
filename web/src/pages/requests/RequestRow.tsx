// SPDX-License-Identifier: Apache-2.0
// One request of the list. Its route is the link; the whole row opens it.
import { Show, type Accessor, type JSX } from "solid-js";
import type { Request } from "../../api/types";
import { count, durationText, toMs } from "../../model/format";
import { DoorSlots } from "../../parts/DoorMark";
import { Duration, Moment } from "../../parts/Text";
import { percentOf } from "./scale";

function statusClass(code: number): string {
  return `s${Math.floor(code / 100)}`;
}

export function RequestRow(props: {
  request: Accessor<Request>;
  index: number;
  selected: boolean;
  focusable: boolean;
  decades: number;
  p95Ns: bigint | undefined;
  href: string;
  onOpen: () => void;
}): JSX.Element {
  const request = (): Request => props.request();
  const ns = (): bigint => BigInt(request().duration_ns);
  const route = (): string => request().route ?? request().name;
  return (
    <div
      class="rr"
      role="row"
      aria-rowindex={props.index + 2}
      aria-selected={props.selected}
      tabindex={props.focusable ? 0 : -1}
      classList={{ bad: request().error }}
      data-trace={request().trace_id}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        props.onOpen();
      }}
    >
      <span role="gridcell" class="mono c-t">
        <Moment ns={BigInt(request().time_ns)} />
      </span>
      <span role="gridcell" class="c-d">
        <DoorSlots doors={request().doors} />
      </span>
      <span role="gridcell" class="c-f">
        <Show when={request().error}>
          <span class="flag" title="Error">
            !
          </span>
        </Show>
      </span>
      <span
        role="gridcell"
        class="c-r cut"
        title={route() === request().name ? route() : `${route()}\n${request().name}`}
      >
        <Show when={request().method}>
          <span class="verb">{request().method}</span>{" "}
        </Show>
        <a href={props.href} tabindex={-1}>
          {route()}
        </a>
      </span>
      <span role="gridcell" class="c-sv t2 cut" title={request().service}>
        {request().service}
      </span>
      <span role="gridcell" class="c-n num" title={durationText(ns())}>
        <Duration ns={ns()} />
      </span>
      <span role="gridcell" class="bar">
        <i
          class="ib"
          classList={{ open: request().open ?? false }}
          style={{ width: `${percentOf(toMs(ns()), props.decades)}%` }}
        />
        <Show when={props.p95Ns}>
          {(p95) => (
            <i
              class="p"
              title={`P95 of this route: ${durationText(p95())}`}
              style={{ left: `${percentOf(toMs(p95()), props.decades)}%` }}
            />
          )}
        </Show>
      </span>
      <span role="gridcell" class={`c-st status ${statusClass(request().status_code ?? 200)}`}>
        {request().status_code ?? (request().open ? "open" : "")}
      </span>
      <span role="gridcell" class="c-u cut" title={request().user ?? ""}>
        {request().user ?? <span class="mut">–</span>}
      </span>
      <span role="gridcell" class="c-sp num mut">
        {count(request().spans ?? 0)} · {count(request().logs ?? 0)}
      </span>
      <span role="gridcell" class="said cut" title={request().last_words ?? ""}>
        {request().last_words ?? ""}
      </span>
    </div>
  );
}
