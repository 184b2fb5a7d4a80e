// SPDX-License-Identifier: Apache-2.0
// One field of a comparison: bars of both sides for each value, or columns over a number's range; each is a handle.
import { For, Show, type JSX } from "solid-js";
import type { BubbleUpField, BubbleUpShares, Filter } from "../../api/types";
import {
  binFilters,
  sentenceOf,
  shownValues,
  type ShownValue,
  type Sides,
} from "../../model/bubbleup";
import { percent } from "../../model/format";
import { tickText, unitOfField } from "../../model/units";

export interface Handles {
  onFilter: (...filters: Filter[]) => void;
  onGroup: (field: string) => void;
}

const both = ({ selection, baseline }: BubbleUpShares, sides: Sides): string =>
  `${percent(selection, 1)} of ${sides.selection}, ${percent(baseline, 1)} of ${sides.rest}`;

function without(filter: Filter): Filter {
  if (filter.op === "does-not-exist") return { column: filter.column ?? "", op: "exists" };
  return { column: filter.column ?? "", op: "!=", value: filter.value };
}

function ValueRow(props: {
  value: ShownValue;
  most: number;
  sides: Sides;
  handles: Handles;
}): JSX.Element {
  const wide = (part: number): string => `${(part / props.most) * 100}%`;
  return (
    <li title={both(props.value.shares, props.sides)}>
      <span
        class="cut"
        classList={{ mut: props.value.filter === null || props.value.label === "absent" }}
      >
        {props.value.label}
      </span>
      <span class="two-b" aria-hidden="true">
        <i style={{ width: wide(props.value.shares.selection) }} />
        <i style={{ width: wide(props.value.shares.baseline) }} />
      </span>
      <span class="num">
        {percent(props.value.shares.selection, 1)}
        <span class="sr">
          {" "}
          of {props.sides.selection}, {percent(props.value.shares.baseline, 1)} of{" "}
          {props.sides.rest}
        </span>
      </span>
      <Show when={props.value.filter}>
        {(filter) => (
          <span class="acts">
            <button
              title="Filter to it"
              aria-label={`Filter to ${props.value.label}`}
              onClick={() => props.handles.onFilter(filter())}
            >
              =
            </button>
            <button
              title="Leave it out"
              aria-label={`Leave out ${props.value.label}`}
              onClick={() => props.handles.onFilter(without(filter()))}
            >
              ≠
            </button>
          </span>
        )}
      </Show>
    </li>
  );
}

function Columns(props: { field: BubbleUpField; sides: Sides; handles: Handles }): JSX.Element {
  const bins = (): BubbleUpShares[] => props.field.bins ?? [];
  const most = (): number =>
    Math.max(1e-9, ...bins().flatMap((bin) => [bin.selection, bin.baseline]));
  const unit = () => unitOfField(props.field.name);
  const range = (bin: BubbleUpShares): string =>
    `${tickText(bin.low ?? 0, unit())} – ${tickText(bin.high ?? 0, unit())}`;
  return (
    <>
      <div class="cols">
        <For each={bins()}>
          {(bin) => (
            <button
              title={`${range(bin)}: ${both(bin, props.sides)}`}
              aria-label={`Filter to ${range(bin)}: ${both(bin, props.sides)}`}
              onClick={() => props.handles.onFilter(...binFilters(props.field, bin))}
            >
              <i style={{ height: `${(bin.selection / most()) * 100}%` }} />
              <i style={{ height: `${(bin.baseline / most()) * 100}%` }} />
            </button>
          )}
        </For>
      </div>
      <p class="ends">
        <span>{tickText(bins()[0]?.low ?? 0, unit())}</span>
        <span>{tickText(bins().at(-1)?.high ?? 0, unit())}</span>
      </p>
    </>
  );
}

export function FieldCompared(props: {
  field: BubbleUpField;
  rank: number;
  sides: Sides;
  handles: Handles;
}): JSX.Element {
  const values = (): ShownValue[] => shownValues(props.field);
  const most = (): number =>
    Math.max(1e-9, ...values().flatMap(({ shares }) => [shares.selection, shares.baseline]));
  return (
    <li class="fc">
      <span class="rank">{props.rank}</span>
      <h3 class="cut" title={props.field.name}>
        <button title="Group by it" onClick={() => props.handles.onGroup(props.field.name)}>
          {props.field.name}
        </button>
      </h3>
      <Show when={sentenceOf(props.field)}>
        {(own) => (
          <p class="cut" title={`${own().what}: ${own().selection} against ${own().baseline}`}>
            <b>{own().what}</b>: {own().selection} against {own().baseline}
          </p>
        )}
      </Show>
      <Show when={props.field.kind === "number" && (props.field.bins ?? []).length > 0}>
        <Columns field={props.field} sides={props.sides} handles={props.handles} />
      </Show>
      <ul class="vs">
        <For each={values()}>
          {(value) => (
            <ValueRow value={value} most={most()} sides={props.sides} handles={props.handles} />
          )}
        </For>
      </ul>
    </li>
  );
}
