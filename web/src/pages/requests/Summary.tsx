// SPDX-License-Identifier: Apache-2.0
// How many requests, how many failed, how slow, over time: the strip above the list.
import { Show, type JSX } from "solid-js";
import type { Histogram as Buckets } from "../../api/types";
import { Histogram } from "../../charts/Histogram";
import { count, percent } from "../../model/format";
import { Duration } from "../../parts/Text";

export function Summary(props: {
  buckets: Buckets | undefined;
  onRange: (from: bigint, to: bigint) => void;
}): JSX.Element {
  return (
    <div class="hist">
      <dl>
        <dt>Requests</dt>
        <dd>{count(props.buckets?.total ?? 0)}</dd>
        <dt>Errors</dt>
        <dd classList={{ err: (props.buckets?.total_errors ?? 0) > 0 }}>
          {count(props.buckets?.total_errors ?? 0)}{" "}
          <span class="mut">
            {percent(props.buckets?.total_errors ?? 0, props.buckets?.total ?? 0)}
          </span>
        </dd>
        <dt>P95</dt>
        <dd>
          <Show when={props.buckets?.p95_ns} fallback={<span class="mut">–</span>}>
            {(ns) => <Duration ns={BigInt(ns())} />}
          </Show>
        </dd>
      </dl>
      <Histogram data={props.buckets} onRange={props.onRange} />
    </div>
  );
}
