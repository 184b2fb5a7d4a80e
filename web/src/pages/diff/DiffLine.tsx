// SPDX-License-Identifier: Apache-2.0
// One path: its name at its depth, what changed in words, how often and how long on either side.
import { For, Show, type JSX } from "solid-js";
import type { DiffRow } from "../../api/types";
import { durationText } from "../../model/format";

const words: Record<DiffRow["changes"][number], string> = {
  added: "only in B",
  removed: "only in A",
  more: "more often",
  fewer: "less often",
  slower: "slower",
  faster: "faster",
  errors: "fails otherwise",
};

function often(spans: number, traces: number): string {
  const each = spans / Math.max(1, traces);
  return Number.isInteger(each) ? String(each) : each.toFixed(each < 10 ? 2 : 0);
}

export function DiffLine(props: {
  row: DiffRow;
  index: number;
  traces: [number, number];
  longest: number;
}): JSX.Element {
  const wide = (ns: string): string => `${(Number(ns) / props.longest) * 100}%`;
  return (
    <div
      class="dfr"
      role="row"
      aria-level={props.row.depth + 1}
      aria-rowindex={props.index + 2}
      data-path={props.row.name}
    >
      <div class="nm" role="gridcell" style={{ "--dp": Math.min(props.row.depth, 12) }}>
        <span class="cut" classList={{ med: props.row.changes.length > 0 }} title={props.row.name}>
          {props.row.name}
        </span>
        <span class="sv">{props.row.service}</span>
      </div>
      <div class="chs" role="gridcell">
        <For each={props.row.changes}>
          {(change) => <span class={`ch ${change}`}>{words[change]}</span>}
        </For>
      </div>
      <div class="num often" role="gridcell">
        {often(props.row.a.spans, props.traces[0])} <span class="mut">→</span>{" "}
        {often(props.row.b.spans, props.traces[1])}
        <Show when={props.row.a.errors + props.row.b.errors > 0}>
          <span class="err">
            {" "}
            ! {props.row.a.errors} → {props.row.b.errors}
          </span>
        </Show>
      </div>
      <div class="meds" role="gridcell">
        <Show when={props.row.a.spans > 0}>
          <i class="of-a" style={{ width: wide(props.row.a.median_ns) }} />
          <span class="num">{durationText(BigInt(props.row.a.median_ns))}</span>
        </Show>
        <Show when={props.row.b.spans > 0}>
          <i class="of-b" style={{ width: wide(props.row.b.median_ns) }} />
          <span class="num">{durationText(BigInt(props.row.b.median_ns))}</span>
        </Show>
      </div>
    </div>
  );
}
